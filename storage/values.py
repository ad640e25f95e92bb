"""Values that contradict the meaning of their column: finds them, and replaces them by sensible
ones.

A time is a time, pixels are pixels, a title is not a book. Knows the columns by the library's own
schema, so that a new table's times and words are looked at without anybody naming them here.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from storage import calls, limits, manner, presets
from storage.agent import memories, reminders, tools
from storage.clock import sensible_ms
from storage.file.schema import tables
from storage.reading import KINDS, ROLES, STATES, one_of

_TOLD = 20
"""Rows of one column that are told."""
_SHOWN = 40
"""Characters of a value that are told."""
_OUT_OF_THE_WAY = 2**32
"""Added to a row's number it makes a place that no other row takes."""
_RAW = "CASE typeof({0}) WHEN 'text' THEN CAST({0} AS BLOB) ELSE {0} END"
"""Words as their bytes, whether or not they can be read."""
_RAW_BYTES = "CASE typeof({0}) WHEN 'blob' THEN x'' END"
"""The SQL expression that reads a blob as an empty one: only its type matters."""


@dataclass(frozen=True)
class _Meaning:
    """The meaning of a column."""

    expected: str
    repaired: Callable[[Any], Any]
    """A sensible value for whatever a row holds; what is sensible stays as it is."""


def problems(connection: sqlite3.Connection) -> Iterator[str]:
    """One line for each value that cannot be what its column means."""
    for table, column, meaning in _columns(connection):
        for row, value in _wrong(connection, table, column, meaning, _TOLD):
            shown = limits.text(value) if isinstance(value, bytes) else value
            yield (
                f"row {row} of {table} has {str(shown)[:_SHOWN]} as its {column}, expected "
                f"{meaning.expected}"
            )


def repair_values(connection: sqlite3.Connection) -> None:
    """Put a sensible value in the place of each that is none, within a transaction of the
    caller's."""
    for table, column, meaning in _columns(connection):
        for row, value in _wrong(connection, table, column, meaning, -1):
            good = meaning.repaired(value)
            if not _put(connection, table, column, row, good):
                # Another row has that place already.
                _put(connection, table, column, row, _OUT_OF_THE_WAY + row)


def _put(connection: sqlite3.Connection, table: str, column: str, row: int, value: Any) -> bool:
    sql = f"UPDATE OR IGNORE {table} SET {column} = ? WHERE rowid = ?"
    return connection.execute(sql, (value, row)).rowcount > 0


def _wrong(
    connection: sqlite3.Connection, table: str, column: str, meaning: _Meaning, most: int
) -> list[tuple[int, Any]]:
    """Rows with values that are not sensible; words come as their bytes."""
    connection.create_function("is_wrong", 2, lambda value, kind: _is_wrong(meaning, value, kind))
    raw = (_RAW_BYTES if meaning is _BYTES else _RAW).format(column)
    return connection.execute(
        f"SELECT rowid, {raw} FROM {table} WHERE {column} IS NOT NULL "
        f"AND is_wrong({raw}, typeof({column})) LIMIT ?",
        (most,),
    ).fetchall()


def _is_wrong(meaning: _Meaning, value: Any, kind: str) -> bool:
    if kind == "text" and meaning is not _BYTES:
        try:
            value = value.decode("utf-8")
        except UnicodeDecodeError:
            return True
    good = meaning.repaired(value)
    return type(good) is not type(value) or good != value


def _columns(connection: sqlite3.Connection) -> Iterator[tuple[str, str, _Meaning]]:
    for table in tables(connection):
        for _, column, kind, *_ in connection.execute(f"PRAGMA table_info({table})").fetchall():
            if meaning := _meaning(table, column, kind):
                yield table, column, meaning


def _meaning(table: str, column: str, kind: str) -> _Meaning | None:
    """The meaning of a column; None for row ids, which are checked as references."""
    if column == "id" or column.endswith("_id"):
        return None
    if column.endswith("_ms"):
        return _TIME
    return _OWN.get(f"{table}.{column}") or _NAMED.get(column) or _KINDS.get(kind)


def _title(value: Any) -> str:
    return limits.text(value)[: limits.LONGEST_TITLE]


def _yes_or_no(value: Any) -> int:
    return value if type(value) is int and value in (0, 1) else 0


def _sha256(value: Any) -> str | None:
    return value if limits.is_sha256(value) else None


def _choice(known: Sequence[str]) -> _Meaning:
    return _Meaning(f"one of {', '.join(known)}", lambda value: one_of(value, known))


def _at_most(longest: int) -> _Meaning:
    return _Meaning(f"at most {longest} characters", lambda value: limits.text(value)[:longest])


_TIME = _Meaning("milliseconds since 1970, at most the year 2200", sensible_ms)
_PIXELS = _Meaning("pixels", limits.pixels)
_SECONDS = _Meaning("seconds", limits.seconds)
_SHARE = _Meaning("a number from 0 to 1", limits.share)
_BYTES = _Meaning("bytes", limits.data)
_FLAG = _Meaning("0 or 1", _yes_or_no)
_NAMED = {
    "width": _PIXELS, "height": _PIXELS, "duration_s": _SECONDS, "start_s": _SECONDS,
    "end_s": _SECONDS, "confidence": _SHARE, "box_left": _SHARE, "box_top": _SHARE,
    "box_right": _SHARE, "box_bottom": _SHARE, "pinned": _FLAG, "searchable": _FLAG,
}  # fmt: skip
_MANNER = {
    "system": _Meaning(
        f"at most {manner.LONGEST_SYSTEM} characters",
        lambda value: manner.system(limits.text(value)),
    ),
    "temperature": _Meaning(f"a number from 0 to {manner.WARMEST:g}", manner.temperature),
    "top_p": _Meaning("a number above 0 up to 1", manner.top_p),
    "max_new_tokens": _Meaning(
        f"a number from 1 to {manner.LONGEST_ANSWER}", manner.max_new_tokens
    ),
    "bundle": _Meaning("the name or folder of a bundle", manner.bundle),
    "think": _Meaning("0 or 1", manner.truth),
    "tools": _Meaning("0 or 1", manner.truth),
}
_OWN = {
    f"{table}.{column}": meaning
    for table in ("conversations", "presets")
    for column, meaning in _MANNER.items()
} | {
    "conversations.title": _Meaning(
        f"a title of at most {limits.LONGEST_TITLE} characters", _title
    ),
    "conversations.uuid": _Meaning("32 hexadecimal digits", limits.identity),
    "media.sha256": _Meaning("64 hexadecimal digits", _sha256),
    "messages.role": _choice(ROLES),
    "messages.state": _choice(STATES),
    "parts.kind": _choice(KINDS),
    "permissions.server": _at_most(tools.LONGEST_NAME),
    "permissions.tool": _at_most(tools.LONGEST_NAME),
    "permissions.definition": _at_most(tools.LONGEST_NAME),
    "permissions.folder": _at_most(tools.LONGEST_PATH),
    "permissions.decision": _choice(tools.DECISIONS),
    "granted_folders.path": _at_most(tools.LONGEST_PATH),
    "granted_folders.writable": _FLAG,
    "tool_log.call": _at_most(tools.LONGEST_NAME),
    "tool_log.server": _at_most(tools.LONGEST_NAME),
    "tool_log.tool": _at_most(tools.LONGEST_NAME),
    "tool_log.arguments": _at_most(tools.LONGEST_ARGUMENTS),
    "tool_log.decision": _choice(tools.ALLOWED),
    "tool_log.state": _choice(calls.STATES),
    "tool_log.seconds": _SECONDS,
    "memories.text": _at_most(memories.LONGEST),
    "memories.source": _choice(memories.SOURCES),
    "reminders.text": _at_most(reminders.LONGEST),
    "presets.name": _at_most(presets.LONGEST_NAME),
    "presets.voice": _at_most(limits.LONGEST_WORD),
}
_KINDS = {
    "TEXT": _Meaning("words in UTF-8", limits.text),
    "INTEGER": _Meaning("a number from 0", limits.count),
    "BLOB": _BYTES,
}
