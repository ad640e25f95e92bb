"""Values that are not what their column means: finds them, and puts sensible ones in their place.

A time is a time, pixels are pixels, a title is not a book. Knows the columns by the library's own
schema, so that a new table's times are looked at without anybody naming them here.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from storage import limits
from storage.clock import LATEST_MS, sensible_ms

_TOLD = 20
"""Rows of one column that are told."""
_SHOWN = 40
"""Characters of a value that are told."""


@dataclass(frozen=True)
class _Column:
    table: str
    name: str
    wrong: str
    """SQL that is true of a value, named `{0}`, that is not what the column means."""
    meaning: str
    mended: Callable[[Any], Any]


def problems(connection: sqlite3.Connection) -> Iterator[str]:
    """One line for each value that cannot be what its column means."""
    for column in _columns(connection):
        wrong = column.wrong.format(column.name)
        for row, value in connection.execute(
            f"SELECT rowid, {column.name} FROM {column.table} WHERE {wrong} LIMIT {_TOLD}"
        ):
            yield (
                f"row {row} of {column.table} has {str(value)[:_SHOWN]} as its {column.name}, "
                f"expected {column.meaning}"
            )


def mend(connection: sqlite3.Connection) -> None:
    """Put a sensible value in the place of each that is none, within a transaction of the
    caller's."""
    for column in _columns(connection):
        connection.create_function("mended", 1, column.mended, deterministic=True)
        connection.execute(
            f"UPDATE {column.table} SET {column.name} = mended({column.name}) "
            f"WHERE {column.wrong.format(column.name)}"
        )


def _columns(connection: sqlite3.Connection) -> Iterator[_Column]:
    names = connection.execute(
        "SELECT l.name, i.name FROM pragma_table_list l JOIN pragma_table_info(l.name) i "
        "WHERE l.schema = 'main' AND l.type = 'table' AND l.name NOT LIKE 'sqlite%' "
        "AND l.name NOT LIKE '\\_sqlite%' ESCAPE '\\' ORDER BY l.name, i.cid"
    ).fetchall()
    for table, name in names:
        if name.endswith("_ms"):
            yield _Column(
                table,
                name,
                _not_between("integer", LATEST_MS),
                "milliseconds since 1970, at most the year 2200",
                sensible_ms,
            )
        elif table == "media" and name in ("width", "height"):
            yield _Column(
                table, name, _not_between("integer", limits.MOST_PIXELS), "pixels", limits.pixels
            )
        elif name == "duration_s":
            yield _Column(
                table, name, _not_between("real", limits.LONGEST_S), "seconds", limits.seconds
            )
        elif (table, name) == ("conversations", "title"):
            yield _Column(
                table,
                name,
                f"typeof({{0}}) <> 'text' OR length({{0}}) > {limits.LONGEST_TITLE}",
                f"a title of at most {limits.LONGEST_TITLE} characters",
                limits.title,
            )


def _not_between(kind: str, most: float) -> str:
    return f"{{0}} IS NOT NULL AND (typeof({{0}}) <> '{kind}' OR {{0}} NOT BETWEEN 0 AND {most})"
