"""What Medley remembers of a person, to be read, put into other words, forgotten and exported."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Property, QObject, QUrl, Signal, Slot

from desktop.file_names import readable
from desktop.window.listmodel import RowsModel
from desktop.window.paths import local_path
from desktop.window.session import OpenLibrary, Session
from storage.atomic_files import write_whole
from storage.records import Changed


@dataclass(frozen=True)
class MemoryRow:
    """One memory; its fields are roles."""

    memoryId: int  # noqa: N815  (roles are named as QML names things)
    text: str
    own: bool
    """Whether the person put it into words."""
    time: float
    conversationId: str  # noqa: N815
    """Empty where it came from none, or that was forgotten."""
    messageId: str  # noqa: N815
    title: str


@dataclass(frozen=True)
class _Forgotten:
    """What brings a memory back."""

    text: str
    message: int | None


class Memories(RowsModel[MemoryRow]):
    """All memories, the newest first."""

    exported = Signal(str, arguments=["path"])
    stateChanged = Signal()  # noqa: N815  (Qt names signals so)
    roles = ("memoryId", "text", "own", "time", "conversationId", "messageId", "title")

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._forgotten: _Forgotten | None = None
        session.changed.connect(self._on_change)

    @Slot()
    def refresh(self) -> None:
        """Read them anew."""
        self._session.ask(_read, self._show)

    @Slot(str)
    def add(self, text: str) -> None:
        """Remember something that the person writes."""
        if text.strip():
            self._session.ask(lambda now: now.library.memories.add(text))

    @Slot(int, str)
    def edit(self, memory_id: int, text: str) -> None:
        """Put one into other words; without words it is forgotten."""
        if text.strip():
            self._session.ask(lambda now: now.library.memories.edit(memory_id, text))
        else:
            self.forget(memory_id)

    @Slot(int)
    def forget(self, memory_id: int) -> None:
        """Forget one; `bringBack` undoes it until the next one is forgotten."""
        row = next((row for row in self._rows if row.memoryId == memory_id), None)
        if row is not None:
            message = int(row.messageId) if row.messageId else None
            self._forgotten = _Forgotten(row.text, message)
            self.stateChanged.emit()
        self._session.ask(lambda now: now.library.memories.forget(memory_id))

    @Slot()
    def bringBack(self) -> None:  # noqa: N802  (QML names slots so)
        """Remember again what was forgotten last."""
        forgotten, self._forgotten = self._forgotten, None
        self.stateChanged.emit()
        if forgotten is not None:
            self._session.ask(
                lambda now: now.library.memories.add(forgotten.text, forgotten.message)
            )

    @Slot(QUrl)
    def exportTo(self, url: QUrl) -> None:  # noqa: N802
        """Write them into a Markdown file."""
        path = local_path(url)
        self._session.ask(
            lambda now: write_whole(path, [now.library.memories.export_markdown().encode()]),
            lambda _: self.exported.emit(readable(path)),
            queue="files",
        )

    @Slot()
    def rest(self) -> None:
        """Nobody looks at them any more: what was forgotten stays so."""
        self._forgotten = None
        self.stateChanged.emit()

    def _on_change(self, change: Changed) -> None:
        if "memories" in change.kinds:
            self.refresh()

    def _show(self, rows: list[MemoryRow]) -> None:
        self.update(rows, key=lambda row: row.memoryId)

    forgotten = Property(
        str,
        lambda self: "" if self._forgotten is None else self._forgotten.text,
        notify=stateChanged,
    )


def _read(now: OpenLibrary) -> list[MemoryRow]:
    return [
        MemoryRow(
            one.id,
            one.text,
            one.source == "person",
            float(one.changed_ms),
            "" if one.conversation_id is None else str(one.conversation_id),
            "" if one.message_id is None or one.conversation_id is None else str(one.message_id),
            one.title,
        )
        for one in reversed(now.library.memories.all())
    ]
