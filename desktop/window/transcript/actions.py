"""What a person can do to a message: the slots of the transcript. Knows the assistant, no rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QMimeData, QSize, Qt, QTimer, QUrl, SignalInstance, Slot
from PySide6.QtGui import QDesktopServices, QDrag, QGuiApplication

from desktop.assistant.talking_clips import Manner
from desktop.file_names import readable
from desktop.window.media import addresses
from desktop.window.media.pictures import Picture, decoded, picture_of
from desktop.window.paths import local_path
from desktop.window.session import OpenLibrary, Session
from desktop.window.transcript.details import answer_details, read_details
from storage.records import Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.window.transcript.message_row import Row

MORE_MS = 40
"""Between two portions of a long message."""


class TranscriptActions:
    """Mixed into the transcript, which gives it its session, its conversation and its rows."""

    _session: Session
    conversation: int | None
    rows: Sequence[Row]
    detailsReady: SignalInstance  # noqa: N815  (Qt names signals so)
    saved: SignalInstance
    copied: SignalInstance

    @Slot(str, result=int)
    def rowOf(self, message_id: str) -> int:  # noqa: N802  (QML names slots so)
        """The row of a message; -1 when it is not among those that were read."""
        for at in range(len(self.rows) - 1, -1, -1):
            message = self.rows[at].message
            if message is not None and str(message.id) == message_id:
                return at
        return -1

    @Slot(result="QVariantMap")
    def lastAnswer(self) -> dict[str, str]:  # noqa: N802
        """The newest answer that is over: its `id` and `words`; empty where there is none."""
        for row in reversed(self.rows):
            found = row.message
            if found is not None and found.role == "assistant" and found.state != "streaming":
                return {"id": str(found.id), "words": found.text}
        return {}

    @Slot(str)
    def regenerate(self, message_id: str) -> None:
        """Answer the same question once more, on a branch of its own."""
        self._answer_again(message_id, None)

    @Slot(str, str)
    def regenerateWith(self, message_id: str, bundle: str) -> None:  # noqa: N802
        """The same, by another bundle; the conversation keeps its own."""
        self._answer_again(message_id, bundle)

    def _answer_again(self, message_id: str, bundle: str | None) -> None:
        message = self.message(message_id)
        if message is None:
            return
        wishes = replace(self._session.preferences.wishes(), bundle=bundle)
        number, asks = message.id, message.role == "user"

        def work(now: OpenLibrary) -> None:
            if asks:
                now.assistant.answer(number, wishes)
            else:
                now.assistant.regenerate(number, wishes)

        self._session.ask(work)

    @Slot(str)
    def sayAsVideo(self, message_id: str) -> None:  # noqa: N802
        """Make a clip of a face that says an answer, beside its words."""
        number, speech = int(message_id), self._session.preferences.speech()
        manner = Manner(speech.voice, speech.speed)
        self._session.ask(lambda now: now.assistant.clips.make(number, manner))

    @Slot(str)
    def retry(self, message_id: str) -> None:
        """Try again what failed."""
        self.regenerate(message_id)

    @Slot(str)
    def resume(self, message_id: str) -> None:
        """Go on with an answer that was interrupted in its calls of tools."""
        number, wishes = int(message_id), self._session.preferences.wishes()
        self._session.ask(lambda now: now.assistant.resume(number, wishes), queue="tools")

    @Slot(str, str)
    def editAndResend(self, message_id: str, text: str) -> None:  # noqa: N802
        """Ask in other words, on a branch of its own; media stay."""
        message = self.message(message_id)
        if message is None:
            return
        wishes, number = self._session.preferences.wishes(), message.id
        self._session.ask(lambda now: now.assistant.edit(number, text, wishes))

    @Slot(str, int)
    def chooseBranch(self, message_id: str, index: int) -> None:  # noqa: N802
        """Show another of the messages that stand in this place."""
        number = int(message_id)

        def choose(now: OpenLibrary) -> None:
            siblings = now.library.messages.siblings(number)
            if 0 <= index < len(siblings):
                now.library.messages.choose(siblings[index])

        self._session.ask(choose)

    @Slot()
    def stop(self) -> None:
        """Stop what is being answered here."""
        conversation = self.conversation
        if conversation is not None:
            self._session.ask(lambda now: now.assistant.stop(conversation))

    @Slot(str)
    def showAll(self, message_id: str) -> None:  # noqa: N802
        """Show all of a long message, some of it at a time, so that the window stays awake."""
        at = self.rowOf(message_id)
        row = self.rows[at] if at >= 0 else None

        def go_on() -> None:
            if row is not None and row.show_more():
                QTimer.singleShot(MORE_MS, go_on)

        go_on()

    @Slot(str)
    def showLess(self, message_id: str) -> None:  # noqa: N802
        """Show as much of a long message as at first."""
        at = self.rowOf(message_id)
        if at >= 0:
            self.rows[at].show_less()

    @Slot(str, int)
    def cancelArtifact(self, message_id: str, index: int) -> None:  # noqa: N802
        """Stop one rendering; the rest of its answer goes on."""
        number = int(message_id)
        self._session.ask(lambda now: now.assistant.stop_artifact(number, index))

    @Slot(str, int)
    def vary(self, message_id: str, index: int) -> None:
        """Make an artifact again with another seed, on a branch of its own."""
        self._render(message_id, index, True)

    @Slot(str, int)
    def renderAgain(self, message_id: str, index: int) -> None:  # noqa: N802
        """Make an artifact again as its recipe says, on a branch of its own."""
        self._render(message_id, index, False)

    @Slot(str, QUrl)
    def saveAs(self, media_id: str, url: QUrl) -> None:  # noqa: N802
        """Write a medium into a file."""
        path = local_path(url)
        self._session.ask(
            lambda now: now.library.media.copy_to(media_id, path),
            lambda _: self.saved.emit(media_id, readable(path)),
            queue="files",
        )

    @Slot(str, result=str)
    def suggestedName(self, media_id: str) -> str:  # noqa: N802
        """A file name for a medium."""
        for row in reversed(self.rows):
            if row.shown and (name := row.names().get(media_id)):
                return name
        return ""

    @Slot(str)
    def copyMedia(self, media_id: str) -> None:  # noqa: N802
        """Put a medium on the clipboard: a picture as one, everything as a file."""

        def prepare(now: OpenLibrary) -> tuple[Path, Picture]:
            medium = now.library.media.get(media_id)
            picture = medium.modality == "image"
            shown = picture_of(now, media_id, addresses.SHOWN) if picture else Picture()
            return now.media.path(medium), shown

        def copy(found: tuple[Path, Picture]) -> None:
            QGuiApplication.clipboard().setMimeData(_mime(*found))
            self.copied.emit()

        self._session.ask(prepare, copy, queue="files")

    @Slot(str)
    def dragOut(self, media_id: str) -> None:  # noqa: N802
        """Let a medium be dropped into another program."""

        def drag(path: Path) -> None:
            if QGuiApplication.mouseButtons() & Qt.MouseButton.LeftButton:
                _drag(self, path)

        self._session.ask(lambda now: _path(now, media_id), drag, queue="files")

    @Slot(str)
    def openExternally(self, media_id: str) -> None:  # noqa: N802
        """Open a medium with the program that the person uses for it."""

        def show(path: Path) -> None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

        self._session.ask(lambda now: _path(now, media_id), show, queue="files")

    @Slot(str)
    def copyMessage(self, message_id: str) -> None:  # noqa: N802
        """Put the words of a message on the clipboard."""
        message = self.message(message_id)
        if message is not None:
            QGuiApplication.clipboard().setText(message.text)
            self.copied.emit()

    @Slot(str, int)
    def details(self, message_id: str, index: int) -> None:
        """Tell how an artifact was made; `detailsReady` follows."""
        number = int(message_id)
        ready: Callable[[dict[str, Any]], None] = self.detailsReady.emit
        self._session.ask(lambda now: read_details(now.library, number, index), ready)

    @Slot(str)
    def answerDetails(self, message_id: str) -> None:  # noqa: N802
        """Tell how an answer came about; `detailsReady` follows."""
        message = self.message(message_id)
        if message is not None:
            self.detailsReady.emit(answer_details(message))

    def _render(self, message_id: str, index: int, vary: bool) -> None:
        number, previews = int(message_id), self._session.preferences.previews

        def render(now: OpenLibrary) -> None:
            now.assistant.render(number, index, None, vary, previews)

        self._session.ask(render)

    def message(self, message_id: str) -> Message | None:
        """A message among those that were read."""
        at = self.rowOf(message_id)
        return None if at < 0 else self.rows[at].message


def _path(now: OpenLibrary, media_id: str) -> Path:
    return now.media.path(now.library.media.get(media_id))


def _mime(path: Path, picture: Picture) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    if picture.data:
        mime.setImageData(decoded(picture, QSize()))
    return mime


def _drag(source: Any, path: Path) -> None:
    drag = QDrag(source)
    drag.setMimeData(_mime(path, Picture()))
    drag.exec(Qt.DropAction.CopyAction)
