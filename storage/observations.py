"""Observations of media: stored per medium, in order, replaced as a whole. Knows no reader."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any, cast

from storage import limits
from storage.errors import LibraryError
from storage.file.database import Write
from storage.records import Observation

MOST = 20_000
"""Observations of one medium."""
LONGEST = 2_000_000
"""Characters of one."""
LONGEST_NOTE = 400
"""Characters of a kind, a place and a source."""
_COLUMNS = (
    "kind, text, confidence, start_s, end_s, box_left, box_top, box_right, box_bottom, place, "
    "source"
)


def read(
    connection: sqlite3.Connection, medium_id: int, limit: int | None = None
) -> tuple[Observation, ...]:
    """The observations of a medium in their order, the first `limit` of them."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM observations WHERE medium_id = ? ORDER BY position LIMIT ?",
        (medium_id, -1 if limit is None else limit),
    )
    return tuple(_observation(row) for row in rows)


def replace(write: Write, medium_id: int, found: Sequence[Observation]) -> None:
    """Put these in the place of what was known of a medium, within a transaction.

    Raises:
        LibraryError: more or longer than a library keeps.
    """
    if len(found) > MOST or any(_too_long(one) for one in found):
        raise LibraryError(
            "expected at most {most} observations of a medium of {longest} characters each, "
            "found more. Give a smaller file.",
            most=MOST,
            longest=LONGEST,
        )
    write.run("DELETE FROM observations WHERE medium_id = ?", (medium_id,))
    for position, one in enumerate(found):
        box = (None,) * 4 if one.box is None else tuple(min(max(x, 0.0), 1.0) for x in one.box)
        write.run(
            f"INSERT INTO observations (medium_id, position, {_COLUMNS}) "
            f"VALUES (?, ?{', ?' * 11})",
            (
                medium_id, position, one.kind, one.text, one.confidence, one.start_s, one.end_s,
                *box, one.place, one.source,
            ),
        )  # fmt: skip


def _too_long(one: Observation) -> bool:
    notes = (one.kind, one.place, one.source)
    return len(one.text) > LONGEST or any(len(note) > LONGEST_NOTE for note in notes)


def _observation(row: Sequence[Any]) -> Observation:
    kind, text, confidence, start_s, end_s, left, top, right, bottom, place, source = row
    sides = tuple(limits.share(side) for side in (left, top, right, bottom))
    return Observation(
        limits.text(kind)[:LONGEST_NOTE],
        limits.text(text)[:LONGEST],
        limits.share(confidence),
        limits.seconds(start_s),
        limits.seconds(end_s),
        None if None in sides else cast(tuple[float, float, float, float], sides),
        limits.text(place)[:LONGEST_NOTE],
        limits.text(source)[:LONGEST_NOTE],
    )
