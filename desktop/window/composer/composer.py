"""The composer: what a person is writing, kept as it is typed, and sending it.

A draft is saved a moment after the last letter, and at once where the conversation changes, so that
it is there again after whatever happens.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import (
    Property,
    QBuffer,
    QByteArray,
    QIODevice,
    QMimeData,
    QObject,
    QTimer,
    QUrl,
    Signal,
    Slot,
)
from PySide6.QtGui import QGuiApplication, QImage, QImageWriter

from desktop.assistant.assistant import Sent
from desktop.assistant.turns import AnswerPreferences
from desktop.window.composer.attachments import Attachments
from desktop.window.composer.models import looks_like_a_model
from desktop.window.paths import local_path
from desktop.window.sentences import told
from desktop.window.session import OpenLibrary, Session
from plugins.errors import Problem, phrase
from storage.records import Draft, Manner, Medium, NewPart, Text

SAVE_MS = 200
"""After the last letter before the draft is saved."""
EVERYTHING = ("text", "image", "audio", "video")
PASTED = "pasted.png"
PASTED_AS = (
    "image/png", "image/jpeg", "image/webp", "image/gif", "image/bmp", "image/tiff",
)  # fmt: skip
"""What a clipboard may hold that goes in as it is, the best first."""


class Composer(QObject):
    """What goes into the next message of the open conversation."""

    textChanged = Signal()  # noqa: N815  (Qt names signals so)
    stateChanged = Signal()  # noqa: N815
    allowedChanged = Signal()  # noqa: N815
    sent = Signal()
    emptied = Signal()
    """The attachments are gone, and with them what was taken away."""
    attachmentRemoved = Signal(str, str, arguments=["key", "name"])  # noqa: N815
    """One was taken away, which `undoRemoveAttachment` brings back by its key."""
    refused = Signal(str, arguments=["reason"])
    asked = Signal(object)
    """`Sent`: the conversation and the message that were made."""
    modelsGiven = Signal(object)  # noqa: N815
    """Paths of models, which nobody can be asked about."""
    stopping = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.attachments_model = Attachments(session, self)
        self.manner: Callable[[], Manner] = Manner
        """How a conversation is to be answered that does not exist yet."""
        self._conversation: int | None = None
        self._text = ""
        self._busy = self._sending = False
        self._available: tuple[str, ...] = EVERYTHING
        self._refused: frozenset[str] = frozenset()
        """Modalities that the answer may not hold."""
        self._typed = self._loads = 0
        self._waiting: list[Path] = []
        self._save = QTimer(self)
        self._save.setSingleShot(True)
        self._save.setInterval(SAVE_MS)
        self._save.timeout.connect(self._save_draft)
        self.attachments_model.edited.connect(self._save_soon)
        self.attachments_model.emptied.connect(self.emptied)
        self.attachments_model.readingChanged.connect(self.stateChanged)
        session.opened.connect(self._on_opened)

    # What the window tells.

    def open(self, conversation: int | None) -> None:
        """Show the draft of another conversation."""
        self.flush()
        self._conversation = conversation
        self._set_text("")
        self.attachments_model.clear()
        self._load_draft()

    def follow(self, conversation: int) -> None:
        """Go on in the conversation that was begun here by speaking: the switches stay."""
        refused = self._refused
        self.open(conversation)
        if refused:
            self._refused = refused
            self._edited()
            self.allowedChanged.emit()

    def set_busy(self, busy: bool) -> None:
        """Whether the open conversation is being answered."""
        if busy != self._busy:
            self._busy = busy
            self.stateChanged.emit()

    def set_available(self, modalities: tuple[str, ...]) -> None:
        """What the engine can answer in; all there is while nobody knows."""
        known = modalities or EVERYTHING
        if known != self._available:
            self._available = known
            self.allowedChanged.emit()

    def wishes(self) -> AnswerPreferences:
        """How the next message is to be answered."""
        return self._session.preferences.wishes(self._allowed())

    def flush(self) -> None:
        """Save the draft now, if it waits to be."""
        if self._save.isActive():
            self._save.stop()
            self._save_draft()

    def attach(self, paths: list[Path]) -> None:
        """Attach files, now or as soon as the library is open. Models are no attachments."""
        models = [path for path in paths if looks_like_a_model(path)]
        if models:
            self.modelsGiven.emit(models)
            paths = [path for path in paths if path not in models]
        if self._session.now is None:
            self._waiting += paths
            return
        for path in paths:
            self.attachments_model.add_file(path)

    # What QML calls.

    @Slot()
    def send(self) -> None:
        """Send what was written; the composer is empty again at once."""
        if not self._can_send():
            return
        text, attachments = self._text.strip(), self.attachments_model.parts
        parts: list[NewPart] = [*attachments, *([Text(text)] if text else [])]
        before = Draft(self._text, attachments, self._options())
        media = [(chip.sha256, chip.name) for chip in self.attachments_model.rows if chip.ready]
        self._set_text("")
        self.attachments_model.clear()
        self._save.stop()
        self._ask(parts, before, media)

    @Slot(str)
    def sendPrompt(self, text: str) -> None:  # noqa: N802  (QML names slots so)
        """Send these words at once; what was being written stays."""
        if text.strip() and not self._busy and not self._sending:
            self._ask([Text(text.strip())], None, [])

    @Slot()
    def stop(self) -> None:
        """Stop what is being answered in the open conversation."""
        self.stopping.emit()

    @Slot("QVariantList")
    def addFiles(self, urls: list[QUrl | str]) -> None:  # noqa: N802
        """Attach files; addresses that are no files of this machine are refused."""
        paths = []
        for url in urls:
            address = url if isinstance(url, QUrl) else QUrl(str(url))
            if address.isLocalFile():
                paths.append(local_path(address))
            else:
                self._refuse(phrase("Only files of this machine can be attached; save it first."))
        self.attach(paths)

    @Slot(result=bool)
    def paste(self) -> bool:
        """Attach the picture or the files on the clipboard; False when there are none."""
        return self._paste(QGuiApplication.clipboard().mimeData())

    @Slot(result=bool)
    def canPasteMedia(self) -> bool:  # noqa: N802
        """Whether the clipboard holds a picture or files."""
        data = QGuiApplication.clipboard().mimeData()
        return data is not None and (data.hasImage() or bool(_local_files(data)))

    @Slot(int, int)
    def moveAttachment(self, source: int, target: int) -> None:  # noqa: N802
        """Put an attachment in another place."""
        self.attachments_model.reorder(source, target)

    @Slot(int)
    def removeAttachment(self, row: int) -> None:  # noqa: N802
        """Take an attachment away; `undoRemoveAttachment` brings it back."""
        taken = self.attachments_model.take_away(row)
        if taken is not None:
            self.attachmentRemoved.emit(taken.key, taken.name)

    @Slot(str)
    def undoRemoveAttachment(self, key: str) -> None:  # noqa: N802
        """Bring back an attachment that was taken away."""
        self.attachments_model.put_back(key)

    @Slot(str, bool)
    def setAllowed(self, modality: str, allowed: bool) -> None:  # noqa: N802
        """Say whether the answer may hold a modality. The last one left stays allowed."""
        refused = self._refused - {modality} if allowed else self._refused | {modality}
        if refused != self._refused and set(self._available) - refused:
            self._refused = frozenset(refused)
            self._edited()
        self.allowedChanged.emit()

    @Slot()
    def resetAllowed(self) -> None:  # noqa: N802
        """Allow everything."""
        self._refused = frozenset()
        self._edited()
        self.allowedChanged.emit()

    # Sending.

    def _can_send(self) -> bool:
        chips = self.attachments_model.rows
        something = bool(self._text.strip()) or any(chip.ready for chip in chips)
        return (
            something
            and not self.attachments_model.reading
            and not (self._busy or self._sending)
            and self._session.now is not None
        )

    def _ask(
        self, parts: list[NewPart], before: Draft | None, media: list[tuple[str, str]]
    ) -> None:
        if self._session.now is None:
            return
        conversation = self._conversation
        wishes = self.wishes()
        kept = Draft(options=self._options()) if before is not None else None
        manner = self.manner()
        self._sending = True
        self.stateChanged.emit()

        def work(now: OpenLibrary) -> Sent:
            sent = now.assistant.send(conversation, parts, wishes, manner)
            if kept is not None:
                now.library.drafts.clear(conversation)
                now.library.drafts.save(sent.conversation_id, kept)
            return sent

        def done(sent: Sent) -> None:
            self._sending = False
            self.stateChanged.emit()
            if conversation == self._conversation:
                self._conversation = sent.conversation_id
                if self._text or self.attachments_model.rows:
                    self._edited()  # What was begun meanwhile belongs to the conversation now.
            self.asked.emit(sent)
            self.sent.emit()

        def failed(error: Exception) -> None:
            self._sending = False
            self.stateChanged.emit()
            if before is not None and conversation == self._conversation:
                self._give_back(before, media)
            self._refuse(error)

        self._session.ask(work, done, failed)

    def _give_back(self, draft: Draft, media: list[tuple[str, str]]) -> None:
        """What could not be sent is in the composer again."""
        self._set_text(f"{draft.text}\n{self._text}".strip() if self._text else draft.text)
        self._session.ask(
            lambda now: [(now.library.media.get(sha), name) for sha, name in media],
            self.attachments_model.put_first,
        )
        self._edited()

    def _refuse(self, why: Problem | Exception) -> None:
        reason = told(why)
        self.refused.emit(reason)
        self._session.problem.emit(reason)

    def _allowed(self) -> tuple[str, ...] | None:
        """None where everything is allowed."""
        allowed = tuple(m for m in self._available if m not in self._refused)
        return None if allowed == self._available else allowed

    def _paste(self, data: QMimeData | None) -> bool:
        if data is None:
            return False
        if files := _local_files(data):
            self.attach(files)
            return True
        for mime in PASTED_AS:
            if data.hasFormat(mime):
                self.attachments_model.add_picture(bytes(data.data(mime).data()), PASTED)
                return True
        # A picture in yet another format Qt would decode here, whatever it is.
        foreign = any(name.startswith("image/") for name in data.formats())
        image = data.imageData() if data.hasImage() and not foreign else None
        if not isinstance(image, QImage) or image.isNull():
            return False
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        QImageWriter(buffer, QByteArray(b"png")).write(image)
        self.attachments_model.add_picture(bytes(buffer.data().data()), PASTED)
        return True

    # The draft.

    def _on_opened(self) -> None:
        waiting, self._waiting = self._waiting, []
        if not self._text:
            self._load_draft(lambda: self.attach(waiting))
        else:
            self.attach(waiting)

    def _load_draft(self, after: object = None) -> None:
        """Show the draft; what was typed or attached before it came stays."""
        self._loads += 1
        load_number, conversation, typed = self._loads, self._conversation, self._typed

        def load(now: OpenLibrary) -> tuple[Draft, list[tuple[Medium, str]]]:
            draft = now.library.drafts.get(conversation)
            media = [(now.library.media.get(a.sha256), a.name) for a in draft.attachments]
            return draft, media

        def show(found: tuple[Draft, list[tuple[Medium, str]]]) -> None:
            draft, media = found
            is_latest = load_number == self._loads and conversation == self._conversation
            if is_latest:
                if self.attachments_model.rows or typed != self._typed:
                    self._save_soon()
                self.attachments_model.put_first(media)
            if is_latest and typed == self._typed:
                self._set_text(draft.text)
                refused = draft.options.get("refused")
                self._refused = frozenset(refused if isinstance(refused, list) else [])
                self.allowedChanged.emit()
            if callable(after):
                after()

        self._session.ask(load, show)

    def _save_draft(self) -> None:
        if not self._session.preferences.keep_drafts:
            return
        conversation = self._conversation
        draft = Draft(self._text, self.attachments_model.parts, self._options())
        self._session.ask(lambda now: now.library.drafts.save(conversation, draft))

    def _options(self) -> dict[str, list[str]]:
        return {"refused": sorted(self._refused)} if self._refused else {}

    def _edited(self) -> None:
        self._typed += 1
        self._save_soon()

    def _save_soon(self) -> None:
        self._save.start()
        self.stateChanged.emit()

    def _type(self, text: str) -> None:
        if text != self._text:
            self._set_text(text)
            self._edited()

    def _set_text(self, text: str) -> None:
        if text != self._text:
            self._text = text
            self.textChanged.emit()
            self.stateChanged.emit()

    text = Property(str, lambda self: self._text, _type, notify=textChanged)
    attachments = Property(QObject, lambda self: self.attachments_model, constant=True)
    canSend = Property(bool, _can_send, notify=stateChanged)  # noqa: N815
    busy = Property(bool, lambda self: self._busy or self._sending, notify=stateChanged)
    reading = Property(bool, lambda self: self.attachments_model.reading, notify=stateChanged)
    available = Property(list, lambda self: list(self._available), notify=allowedChanged)
    allowed = Property(
        list,
        lambda self: [m for m in self._available if m not in self._refused],
        notify=allowedChanged,
    )


def _local_files(data: QMimeData) -> list[Path]:
    return [local_path(url) for url in data.urls() if url.isLocalFile()]
