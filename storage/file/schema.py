"""Comparison of a file's schema with the one that the library's steps make. Reads no rows of users.

A file may come from anybody, and a view or a trigger in it runs when its tables are used. So the
list of what a file holds is compared with what the steps make before anything else is read.
"""

from __future__ import annotations

import contextlib
import functools
import sqlite3
from collections.abc import Sequence

from storage.errors import Phrase, phrase
from storage.file import migrations
from storage.file.migrations import RECORD, Step

_Thing = tuple[str, str, str]
"""Kind, name and table of something in a schema."""
_LIST = "SELECT type, name, tbl_name, sql FROM sqlite_master"


def problem(connection: sqlite3.Connection, done: Sequence[Step]) -> Phrase | None:
    """The first difference from the schema that the file's steps make; None if there is none."""
    found, expected = _things(connection), _made_by(tuple(done))
    for kind, name, table in found.keys() - expected.keys():
        if not (_is_sqlites_own(kind, name) or (table == RECORD and kind in ("table", "index"))):
            return phrase(
                "it holds a {kind} {name} that Medley does not make", kind=kind, name=_short(name)
            )
    for thing, sql in expected.items():
        if thing not in found:
            return phrase("its {kind} {name} is missing", kind=thing[0], name=thing[1])
        if found[thing] != sql:
            return phrase(
                "its {kind} {name} is not as Medley makes it", kind=thing[0], name=thing[1]
            )
    return None


def anything(connection: sqlite3.Connection) -> bool:
    """True if there is anything at all in the file."""
    return connection.execute(_LIST).fetchone() is not None


def record_problem(connection: sqlite3.Connection) -> Phrase | None:
    """Why the record of the steps cannot be read without harm; None where it can, or is not there.

    Whoever wrote it may be an older or a newer program; nothing but a plain table is harmless.
    """
    for kind, name, table, sql in connection.execute(_LIST):
        words = str(sql).upper().split()[:2]
        if name == RECORD and (kind != "table" or words != ["CREATE", "TABLE"]):
            return phrase("its {kind} {name} is not as Medley makes it", kind=kind, name=name)
        if table == RECORD and kind == "trigger":
            return phrase(
                "it holds a {kind} {name} that Medley does not make", kind=kind, name=_short(name)
            )
    return None


def tables(connection: sqlite3.Connection) -> list[str]:
    """The tables of a library that hold what a person has, in the order in which they came to be:
    neither SQLite's own nor those of indexes, which grow with the rows."""
    return [
        name
        for name, kind in connection.execute(
            "SELECT l.name, l.type FROM pragma_table_list l JOIN sqlite_master s USING (name) "
            "WHERE l.schema = 'main' ORDER BY s.rowid"
        )
        if kind == "table" and not name.startswith(("sqlite_", "_sqlite_"))
    ]


def first_tables() -> set[str]:
    """The tables that every library has had since the first."""
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as first:
        migrations.STEPS[0].run(first)
        return set(tables(first))


@functools.lru_cache(maxsize=8)
def _made_by(steps: tuple[Step, ...]) -> dict[_Thing, str]:
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as empty:
        for step in steps:
            step.run(empty)
        return {
            thing: sql for thing, sql in _things(empty).items() if not _is_sqlites_own(*thing[:2])
        }


def _things(connection: sqlite3.Connection) -> dict[_Thing, str]:
    return {(kind, name, table): sql for kind, name, table, sql in connection.execute(_LIST)}


def _is_sqlites_own(kind: str, name: str) -> bool:
    """Its counters and statistics, and the indexes behind UNIQUE."""
    return kind in ("table", "index") and name.startswith("sqlite_")


def _short(name: str) -> str:
    return repr(name[:40])
