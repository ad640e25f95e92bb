"""The chips above the composer: files that go with the next message. Knows the intake, no draft."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop.assistant.media_probe.protocol import RefusedFileError
from desktop.file_names import readable_name
from desktop.window.listmodel import RowsModel
from desktop.window.media import addresses
from desktop.window.sentences import told
from desktop.window.session import OpenLibrary, Session
from plugins.errors import phrase
from storage.records import Attachment, Medium

MAX_FILES = 32
"""In one message."""


@dataclass(frozen=True)
class Chip:
    """One attachment; its fields are roles."""

    key: str
    name: str
    modality: str = ""
    thumbnail: str = ""
    bytes: float = 0.0
    duration: float = 0.0
    problem: str = ""
    """Why it cannot go with the message, one sentence."""
    refusal: str = ""
    """What that comes down to, one of `looks.Refusal`; empty where it is something else."""
    ready: bool = False
    sha256: str = ""


class Attachments(RowsModel[Chip]):
    """Attachments in the order in which they will be sent."""

    edited = Signal()
    """Something that goes into the message is different."""
    readingChanged = Signal()  # noqa: N815  (Qt names signals so)
    emptied = Signal()
    """All are gone, also those that were taken away."""

    roles = (
        "key", "name", "modality", "thumbnail", "bytes", "duration", "problem", "refusal", "ready",
    )  # fmt: skip

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._numbers_of_chips = count(1)
        self._generation = 0
        self._removed: list[tuple[int, Chip]] = []

    @property
    def reading(self) -> bool:
        """Whether files are still being read."""
        return any(not chip.ready and not chip.problem for chip in self.rows)

    @property
    def parts(self) -> tuple[Attachment, ...]:
        """What goes into the message."""
        return tuple(Attachment(chip.sha256, chip.name) for chip in self.rows if chip.ready)

    def add_file(self, path: Path) -> None:
        """Attach a file; its chip is there at once and ready later, or says what is wrong."""
        self._add(readable_name(path), lambda now: now.intake.file(path))

    def add_picture(self, png: bytes, name: str) -> None:
        """Attach a picture that has no file."""
        self._add(name, lambda now: now.intake.picture(png))

    def clear(self) -> None:
        """Begin without attachments; what is still being read belongs to them."""
        self._generation += 1
        self._removed = []
        self.reset([])
        self.emptied.emit()
        self.readingChanged.emit()

    def put_first(self, media: list[tuple[Medium, str]]) -> None:
        """Show the attachments of a draft, with their names, before those that are there."""
        self.insert(0, [_chip(Chip(self._key(), name), medium) for medium, name in media])
        self.readingChanged.emit()

    def take_away(self, at: int) -> Chip | None:
        """Remove one and return it; `put_back` undoes it. None where there is none."""
        if not 0 <= at < len(self.rows):
            return None
        chip = self.rows[at]
        self._removed.append((at, chip))
        self.drop(at)
        self._changed()
        return chip

    def put_back(self, key: str) -> None:
        """Undo a removal that was not undone."""
        for one in [one for one in self._removed if one[1].key == key]:
            self._removed.remove(one)
            at, chip = one
            self.insert(min(at, len(self.rows)), [chip])
            self._changed()

    def reorder(self, source: int, target: int) -> None:
        """Put one in another place."""
        if self.move(source, target):
            self._changed()

    def _add(self, name: str, work: Callable[[OpenLibrary], Medium]) -> None:
        if len(self.rows) >= MAX_FILES:
            most = phrase(
                "At most {count} files go with one message. Send the others with the next one.",
                count=MAX_FILES,
            )
            self._session.problem.emit(told(most))
            return
        chip = Chip(self._key(), name)
        generation = self._generation
        self.append([chip])
        self.readingChanged.emit()

        def finish(done: Chip) -> None:
            at = next((i for i, row in enumerate(self.rows) if row.key == chip.key), None)
            # What was taken away meanwhile may be put back.
            self._removed = [(i, done if c.key == chip.key else c) for i, c in self._removed]
            if generation == self._generation and at is not None:
                self.replace(at, done)
                self._changed()

        self._session.ask(
            work,
            lambda medium: finish(_chip(chip, medium)),
            lambda error: finish(_refused(chip, error)),
            queue="intake",
        )

    def _changed(self) -> None:
        self.edited.emit()
        self.readingChanged.emit()

    def _key(self) -> str:
        return f"chip-{next(self._numbers_of_chips)}"


def _refused(chip: Chip, error: Exception) -> Chip:
    refusal = error.refusal if isinstance(error, RefusedFileError) else ""
    return replace(chip, problem=told(error), refusal=refusal)


def _chip(chip: Chip, medium: Medium) -> Chip:
    return replace(
        chip,
        modality=medium.modality,
        thumbnail=addresses.thumbnail(medium),
        bytes=float(medium.size),
        duration=medium.duration_s or 0.0,
        ready=True,
        sha256=medium.sha256,
    )
