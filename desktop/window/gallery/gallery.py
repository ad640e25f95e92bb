"""The gallery as QML sees it: media of all conversations, the newest first, read when needed.

Follows the library only while it is shown.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Property, QModelIndex, QObject, QTimer, Signal, Slot

from desktop.assistant.media_folder import file_name
from desktop.window.listmodel import Index, RowsModel
from desktop.window.media import addresses
from desktop.window.session import Session
from storage.records import Changed
from storage.search.gallery import Placed

PAGE = 60
READ_MS = 250
"""Between two readings while the library changes."""
MADE = {"": None, "made": True, "given": False}
_ROOT = QModelIndex()


@dataclass(frozen=True)
class Tile:
    """One medium; its fields are roles."""

    partId: str  # noqa: N815  (roles are named as QML names things)
    mediaId: str  # noqa: N815
    modality: str
    thumbnail: str
    name: str
    """A file name."""
    title: str
    """Of its conversation."""
    conversationId: str  # noqa: N815
    messageId: str  # noqa: N815
    made: bool
    time: float
    duration: float
    """Seconds; 0 where it has none."""


class GalleryView(RowsModel[Tile]):
    """What is shown of the gallery."""

    filterChanged = Signal()  # noqa: N815  (Qt names signals so)
    readingChanged = Signal()  # noqa: N815

    roles = tuple(Tile.__dataclass_fields__)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._modality = self._origin = ""
        self._open = self._reading = self._ended = False
        self._asked = 0
        self._last: Placed | None = None
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(READ_MS)
        self._again.timeout.connect(self._read_again)
        session.changed.connect(self._on_change)

    # What QML calls.

    @Slot()
    def open(self) -> None:
        """Show the newest."""
        self._open = True
        self._begin()

    @Slot()
    def close(self) -> None:
        """Nobody looks any more."""
        self._open = False
        self._asked += 1
        self._set_reading(False)
        self.reset([])

    def canFetchMore(self, parent: Index = _ROOT) -> bool:  # noqa: N802  (Qt's name)
        """Whether there may be older ones."""
        return not parent.isValid() and self._open and not self._ended and not self._reading

    def fetchMore(self, parent: Index = _ROOT) -> None:  # noqa: N802  (Qt's name)
        """Read older ones."""
        if self.canFetchMore(parent):
            self._read(PAGE, self._last)

    # Reading.

    def _begin(self) -> None:
        self.reset([])
        self._ended, self._last = False, None
        self._read(PAGE, None)

    def _read_again(self) -> None:
        if self._open:
            self._read(max(PAGE, len(self.rows)), None)

    def _read(self, limit: int, before: Placed | None) -> None:
        self._asked += 1
        asked = self._asked
        modalities = (self._modality,) if self._modality else ()
        made = MADE[self._origin]
        self._set_reading(True)

        def show(found: list[Placed]) -> None:
            if asked != self._asked:
                return
            tiles = [_tile(one) for one in found]
            self._ended = len(found) < limit
            self._last = found[-1] if found else before
            self._set_reading(False)
            if before is None:
                self.update(tiles, key=lambda tile: tile.partId)
            else:
                self.append(tiles)

        def failed(error: Exception) -> None:
            self._set_reading(False)
            self._ended = True
            self._session.announce(error)

        self._session.ask(
            lambda now: now.library.gallery.newest(
                modalities=modalities, made=made, limit=limit, before=before
            ),
            show,
            failed,
            "search",
        )

    def _on_change(self, change: Changed) -> None:
        concerns = change.kinds & {"messages", "media", "conversations"}
        if self._open and concerns and not self._again.isActive():
            self._again.start()

    def _set_reading(self, reading: bool) -> None:
        if reading != self._reading:
            self._reading = reading
            self.readingChanged.emit()

    def _set_modality(self, modality: str) -> None:
        if modality != self._modality:
            self._modality = modality
            self._filter()

    def _set_origin(self, origin: str) -> None:
        if origin != self._origin and origin in MADE:
            self._origin = origin
            self._filter()

    def _filter(self) -> None:
        self.filterChanged.emit()
        if self._open:
            self._begin()

    modality = Property(str, lambda self: self._modality, _set_modality, notify=filterChanged)
    """Only media of this kind; empty for all."""
    origin = Property(str, lambda self: self._origin, _set_origin, notify=filterChanged)
    """`made` in an answer, `given` by the person, or empty for both."""
    reading = Property(bool, lambda self: self._reading, notify=readingChanged)


def _tile(placed: Placed) -> Tile:
    medium = placed.medium
    return Tile(
        str(placed.part_id),
        medium.sha256,
        medium.modality,
        addresses.thumbnail(medium),
        file_name(medium, placed.name, placed.title),
        placed.title,
        str(placed.conversation_id),
        str(placed.message_id),
        placed.made,
        float(placed.created_ms),
        medium.duration_s or 0.0,
    )
