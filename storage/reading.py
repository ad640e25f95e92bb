"""Makes messages and media from their rows. Reads only, and never the bytes of a medium."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar, get_args

from storage import calls, limits
from storage.clock import sensible_ms
from storage.records import (
    CUT,
    THINKING,
    UNHEARD,
    FailedPart,
    Medium,
    MediumPart,
    Message,
    Part,
    PendingPart,
    Role,
    State,
    TextPart,
    ThinkingPart,
)

T = TypeVar("T")
LOST = "The file was damaged and could not be recovered."
"""The text shown in place of a lost artifact or attachment."""
ROLES, STATES = get_args(Role), get_args(State)
KINDS = ("medium", "pending", "failed", "text")
"""Kinds of parts; a part of unknown kind counts as text if nothing contradicts that."""
_AT_ONCE = 500
MEDIUM_COLUMNS = """
    d.sha256, d.size, d.mime, d.modality, d.width, d.height, d.duration_s,
    (SELECT group_concat(kind, ' ') FROM previews v WHERE v.medium_id = d.id),
    EXISTS (SELECT 1 FROM observations o WHERE o.medium_id = d.id), d.read_ms IS NOT NULL
"""


def medium(row: Sequence[Any]) -> Medium:
    """A medium from its `MEDIUM_COLUMNS`."""
    sha256, size, mime, modality, width, height, duration_s, previews, observed, read = row
    kinds = tuple(sorted(limits.text(previews).split()))
    return Medium(
        sha256, limits.count(size), limits.word(mime), limits.word(modality),
        limits.pixels(width), limits.pixels(height), limits.seconds(duration_s), kinds,
        bool(observed), bool(read),
    )  # fmt: skip


def read_messages(connection: sqlite3.Connection, ids: Sequence[int]) -> list[Message]:
    """The messages that exist, with their parts, in the order of `ids`; missing ids are skipped."""
    found: dict[int, Message] = {}
    for begin in range(0, len(ids), _AT_ONCE):
        some = ids[begin : begin + _AT_ONCE]
        marks = ", ".join("?" * len(some))
        parts = _parts(connection, marks, some)
        rows = connection.execute(
            f"""
            SELECT m.id, m.conversation_id, m.parent_id, m.role, m.state, m.created_ms, m.depth,
                m.error, m.details,
                (SELECT count(*) FROM messages s WHERE s.conversation_id = m.conversation_id
                    AND s.parent_id IS m.parent_id AND s.id < m.id),
                (SELECT count(*) FROM messages s WHERE s.conversation_id = m.conversation_id
                    AND s.parent_id IS m.parent_id)
            FROM messages m WHERE m.id IN ({marks})
            """,
            some,
        )
        for id_, conversation, parent, role, state, created, depth, *more in rows:
            error, details, sibling, siblings = more
            own = tuple(parts.get(id_, ()))
            found[id_] = Message(
                id_, conversation, parent, one_of(role, ROLES), one_of(state, STATES),
                sensible_ms(created), limits.count(depth), own, limits.text(error),
                details_of(details), sibling, siblings,
            )  # fmt: skip
    return [found[id_] for id_ in ids if id_ in found]


def media_of(connection: sqlite3.Connection, message_ids: Iterable[int]) -> dict[int, list[Medium]]:
    """The media of some messages, in order."""
    some = list(message_ids)
    rows = connection.execute(
        f"""
        SELECT p.message_id, {MEDIUM_COLUMNS} FROM parts p JOIN media d ON d.id = p.medium_id
        WHERE p.message_id IN ({", ".join("?" * len(some))}) ORDER BY p.message_id, p.position
        """,
        some,
    )
    found: dict[int, list[Medium]] = {}
    for message_id, *columns in rows:
        if limits.is_sha256(columns[0]):
            found.setdefault(message_id, []).append(medium(columns))
    return found


def one_of(value: T, known: Sequence[T]) -> T:
    """The value if it is known, else the last of the known ones, for files from elsewhere."""
    return value if value in known else known[-1]


def details_of(json: str | None) -> dict[str, Any]:
    """Details written by a maker; empty for anything except a JSON object within the limits."""
    return limits.details(json)


def _parts(connection: sqlite3.Connection, marks: str, ids: Sequence[int]) -> dict[int, list[Part]]:
    rows = connection.execute(
        f"""
        SELECT p.message_id, p.id, p.kind, p.text, p.modality, p.recipe_id, p.details, p.medium_id
        FROM parts p WHERE p.message_id IN ({marks}) ORDER BY p.message_id, p.position
        """,
        ids,
    ).fetchall()
    media = _media(connection, {row[7] for row in rows} - {None})
    found: dict[int, list[Part]] = {}
    for message_id, id_, kind, words, of, recipe_id, details, medium_id in rows:
        text, modality = limits.text(words), limits.word(of)
        part: Part
        if kind == "text":
            part = _words(id_, text, details_of(details))
        elif kind == "medium" and medium_id in media:
            has_recipe = recipe_id is not None
            part = MediumPart(id_, media[medium_id], text, has_recipe, details_of(details))
        elif kind == "medium":  # Its row was lost with a piece of the file.
            part = FailedPart(id_, modality, LOST)
        elif kind == "pending":
            part = PendingPart(id_, modality)
        else:
            part = FailedPart(id_, modality, text, details_of(details))
        found.setdefault(message_id, []).append(part)
    return found


def _words(id_: int, text: str, details: dict[str, Any]) -> Part:
    if calls.TOOL in details:
        return calls.unpacked(id_, text, details)
    if THINKING in details:
        seconds = limits.seconds(details[THINKING])
        return ThinkingPart(id_, text, seconds, details.get(CUT) is True)
    unheard = details.get(UNHEARD)
    return TextPart(id_, text, unheard if isinstance(unheard, str) else "")


def _media(connection: sqlite3.Connection, ids: set[int]) -> dict[int, Medium]:
    rows = connection.execute(
        f"SELECT d.id, {MEDIUM_COLUMNS} FROM media d WHERE d.id IN ({', '.join('?' * len(ids))})",
        list(ids),
    )
    return {id_: medium(columns) for id_, *columns in rows if limits.is_sha256(columns[0])}
