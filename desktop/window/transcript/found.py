"""What readers found in media, as the transcript shows it under them.

A medium is asked for when it is shown; what is known of it is kept for a while and told anew when
the library knows more. Knows the library's observations and how far readers are; no reader.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from desktop.assistant.progress import ReadingProgress
from desktop.window.session import Session
from storage.records import Changed, Observation

KEPT = 500
"""Media of which it is known what was found."""
LATELY = 16
"""Media about which nothing was known, and that are looked up again when the library changes."""
MOST = 2_000
"""Observations of one medium that are looked at."""
LONGEST = 20_000
"""Characters of one kind that are shown."""
LABELS = 3
"""Labels of a picture that are shown."""
_TIMED = "speech"


@dataclass(frozen=True)
class Line:
    """What readers of one kind found in a medium."""

    kind: str
    """As in `storage.records.Observation`."""
    text: str
    """All of it that is shown, on lines of their own where it has places or times."""
    brief: str
    """The same on one line, for a glance."""
    first: str = ""
    """The first place of a document."""
    last: str = ""
    """The last one."""
    characters: int = 0
    """How long all of it is."""


def lines(found: Sequence[Observation]) -> tuple[Line, ...]:
    """A line for each kind of what was found, in the order in which the kinds came."""
    kinds = dict.fromkeys(one.kind for one in found)
    return tuple(_line(kind, [one for one in found if one.kind == kind]) for kind in kinds)


def _line(kind: str, some: Sequence[Observation]) -> Line:
    characters = sum(len(one.text) for one in some)
    if kind == "label":
        shown = "; ".join(_label(one) for one in some[:LABELS])
        return Line(kind, shown, shown, characters=characters)
    brief = _cut(" ".join(" ".join(one.text.split()) for one in some))
    text = _cut("\n".join(_told(one) for one in some))
    places = [one.place for one in some if one.place]
    first, last = (places[0], places[-1]) if places else ("", "")
    return Line(kind, text, brief, first, last, characters)


def _told(one: Observation) -> str:
    """One observation on a line of its own, with its time where it has one."""
    text = " ".join(one.text.split())
    if one.kind == _TIMED and one.start_s is not None:
        minutes, seconds = divmod(int(one.start_s), 60)
        return f"{minutes}:{seconds:02}  {text}"
    return text


def _label(one: Observation) -> str:
    return one.text if one.confidence is None else f"{one.text}, {100 * one.confidence:.0f} %"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


class Found(QObject):
    """Tells QML what readers found in a medium, and how far they are with it."""

    told = Signal(str, "QVariantList", arguments=["mediaId", "lines"])  # type: ignore[arg-type]
    reading = Signal(str, str, int, int, arguments=["mediaId", "reader", "step", "of"])
    """A reader is at work; an empty name says that all have ended."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._known: OrderedDict[str, tuple[Line, ...]] = OrderedDict()
        """By SHA-256."""
        self._asked: set[str] = set()
        self._at_work: dict[int, str] = {}
        """By answer, the medium that is being read for it."""
        session.changed.connect(self._on_change)
        session.readingProgressed.connect(self._on_reading)
        session.answerEnded.connect(self._on_answered)

    @Slot(str, result="QVariantList")
    def of(self, media_id: str) -> list[dict[str, Any]]:
        """What is known of a medium now; `told` follows where that has to be looked up."""
        if media_id in self._known:
            self._known.move_to_end(media_id)
            return _shown(self._known[media_id])
        self._look([media_id])
        return []

    def _look(self, media_ids: Iterable[str]) -> None:
        for media_id in media_ids:
            if media_id not in self._asked:
                self._asked.add(media_id)
                self._look_up(media_id)

    def _look_up(self, media_id: str) -> None:
        self._session.ask(
            lambda now: lines(now.library.media.observations(media_id, MOST)),
            lambda found: self._take(media_id, found),
            # What is no longer in the library has nothing to tell.
            lambda _: self._asked.discard(media_id),
        )

    def _take(self, media_id: str, found: tuple[Line, ...]) -> None:
        self._asked.discard(media_id)
        before = self._known.get(media_id)
        self._known[media_id] = found
        self._known.move_to_end(media_id)
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
        if found != (before or ()):
            self.told.emit(media_id, _shown(found))
            self._read(media_id)

    def _on_change(self, change: Changed) -> None:
        """What is being read, or was looked at lately in vain, is looked up again."""
        if "media" in change.kinds and change.messages:
            lately = list(self._known.items())[-LATELY:]
            self._look({*self._at_work.values(), *(sha for sha, there in lately if not there)})

    def _on_reading(self, progress: ReadingProgress) -> None:
        before = self._at_work.get(progress.message_id)
        if before not in (None, progress.sha256):
            self._end(str(before))
        self._at_work[progress.message_id] = progress.sha256
        self.reading.emit(progress.sha256, progress.reader, progress.step, progress.of)

    def _on_answered(self, message_id: int) -> None:
        media_id = self._at_work.pop(message_id, None)
        if media_id is not None:
            self._end(media_id)

    def _read(self, media_id: str) -> None:
        """All readers are done with a medium: what they find is kept when the last one is."""
        for answer in [a for a, at_work in self._at_work.items() if at_work == media_id]:
            del self._at_work[answer]
            self.reading.emit(media_id, "", 0, 0)

    def _end(self, media_id: str) -> None:
        self.reading.emit(media_id, "", 0, 0)
        self._look([media_id])


def _shown(found: Sequence[Line]) -> list[dict[str, Any]]:
    return [{name: getattr(line, name) for name in Line.__dataclass_fields__} for line in found]
