"""Puts a conversation of another program together as one of Medley's: entries become messages with
branches. Reads no file.

An answer that the other program kept in steps (thought, call, result, words) becomes one message.
Where its steps branch, the branches are messages that follow what they share.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import msgspec

from storage import calls, limits
from storage.exchange.foreign.talk import Call, Entry, File, LeftOut, Piece, Talk, Thought, Words
from storage.exchange.manifest import (
    Manifest,
    MannerRecord,
    MediumRecord,
    MessageRecord,
    PartRecord,
)
from storage.manner import LONGEST_SYSTEM
from storage.records import THINKING, ToolPart

MediumOf = Callable[[File], MediumRecord | None]
"""Finds a file's bytes and says what they are; None where they are not there."""


class _Building(msgspec.Struct):
    """A message that steps are added to."""

    parent: int | None
    entry: Entry
    parts: list[PartRecord]


def manifest_of(talk: Talk, medium_of: MediumOf, left_out: LeftOut) -> Manifest | None:
    """The conversation as Medley imports it; None where it holds no message. What does not come
    along is counted in `left_out`."""
    order = _parents_first(talk)
    left_out["loop"] += len(talk.entries) - len(order)
    before = _shown_before(talk, order)
    following = Counter(before[key] for key in order if talk.entries[key].pieces)
    media: dict[str, MediumRecord] = {}
    messages: list[_Building] = []
    place: dict[str | None, int | None] = {None: None}
    for key in order:
        entry, parent = talk.entries[key], before[key]
        if not entry.pieces:
            place[key] = place[parent]
            continue
        at = place[parent]
        goes_on = (
            at is not None
            and entry.role == messages[at].entry.role == "assistant"
            and following[parent] == 1
        )
        if at is None or not goes_on:
            messages.append(_Building(at, entry, []))
            at = len(messages) - 1
        place[key] = at
        messages[at].parts.extend(_parts(entry.pieces, medium_of, media, left_out))
    if not messages:
        left_out["empty"] += 1
        return None
    leaf, chosen = _active(messages, place.get(talk.current) if talk.current else None)
    return Manifest(
        uuid=_identity(talk, media),
        title=limits.title(talk.title),
        created_ms=talk.created_ms or messages[0].entry.created_ms,
        updated_ms=talk.updated_ms or max(one.entry.created_ms for one in messages),
        leaf=leaf,
        messages=tuple(
            _message(talk, number, one, chosen.get(number)) for number, one in enumerate(messages)
        ),
        media=tuple(media.values()),
        manner=MannerRecord(system=talk.system[:LONGEST_SYSTEM] or None),
    )


def _parents_first(talk: Talk) -> list[str]:
    """All entries that lead back to a beginning; those that follow themselves are missing."""
    following: dict[str | None, list[str]] = {}
    for key, entry in talk.entries.items():
        parent = entry.parent if entry.parent in talk.entries else None
        following.setdefault(parent, []).append(key)
    order: list[str] = []
    waiting = following.get(None, [])[::-1]
    while waiting:
        key = waiting.pop()
        order.append(key)
        waiting.extend(following.get(key, [])[::-1])
    return order


def _shown_before(talk: Talk, order: Sequence[str]) -> dict[str, str | None]:
    """For each entry the nearest one before it that is shown."""
    before: dict[str, str | None] = {}
    for key in order:
        parent = talk.entries[key].parent
        if parent is None or parent not in talk.entries:
            before[key] = None
        else:
            before[key] = parent if talk.entries[parent].pieces else before[parent]
    return before


def _active(messages: Sequence[_Building], at: int | None) -> tuple[int, dict[int, int]]:
    """The end of the active branch through `at`, and which message each one chose."""
    chosen = {one.parent: number for number, one in enumerate(messages) if one.parent is not None}
    leaf = len(messages) - 1 if at is None else at
    upward: int | None = leaf
    while upward is not None and (parent := messages[upward].parent) is not None:
        chosen[parent] = upward
        upward = parent
    while leaf in chosen:
        leaf = chosen[leaf]
    return leaf, chosen


def _message(talk: Talk, number: int, one: _Building, chosen: int | None) -> MessageRecord:
    details = {"imported_from": talk.program}
    if one.entry.model:
        details["model"] = one.entry.model[: limits.LONGEST_TITLE]
    return MessageRecord(
        id=number,
        parent=one.parent,
        role=one.entry.role,
        state="complete",
        created_ms=one.entry.created_ms or talk.created_ms,
        parts=tuple(one.parts),
        chosen=chosen,
        details=details,
    )


def _parts(
    pieces: Sequence[Piece],
    medium_of: MediumOf,
    media: dict[str, MediumRecord],
    left_out: LeftOut,
) -> Iterator[PartRecord]:
    for piece in pieces:
        if isinstance(piece, Words):
            yield PartRecord("text", piece.text)
        elif isinstance(piece, Thought):
            yield PartRecord("text", piece.text, details={THINKING: limits.seconds(piece.seconds)})
        elif isinstance(piece, Call):
            yield _call(piece)
        elif (medium := medium_of(piece)) is not None:
            media.setdefault(medium.sha256, medium)
            yield PartRecord("medium", limits.title(piece.name), medium=medium.sha256)
        else:
            left_out["file"] += 1
            yield PartRecord("text", f"[{limits.title(piece.name or piece.place)}]")


def _call(piece: Call) -> PartRecord:
    """A call; where it is larger than a library keeps, without what it was called with."""
    part = ToolPart(
        0, piece.call_id[: limits.LONGEST_TITLE], limits.title(piece.server),
        limits.title(piece.tool), piece.arguments, piece.state,
        piece.result[: calls.LONGEST_RESULT],
    )  # fmt: skip
    details = calls.packed(part)
    if limits.details_problem(details):
        details = calls.packed(msgspec.structs.replace(part, arguments="{}"))
    return PartRecord("text", part.result, details=details)


def _identity(talk: Talk, media: dict[str, MediumRecord]) -> str:
    """32 hexadecimal digits that are the same whenever the same messages and media come again."""
    digest = hashlib.sha256()
    for one in (talk.program, talk.key, *sorted(talk.entries), "", *sorted(media)):
        digest.update(one.encode("utf-8") + b"\0")
    if not talk.key:
        digest.update(msgspec.json.encode((talk.title, talk.created_ms, talk.entries)))
    return digest.hexdigest()[:32]
