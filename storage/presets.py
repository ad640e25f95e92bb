"""Presets: manners of answering with names, for conversations to come."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from storage import limits, manner
from storage.clock import now_ms
from storage.errors import LibraryError, NotFoundError
from storage.file.database import Database, Write
from storage.records import Changed, Made, Preset

LONGEST_NAME = 100
"""Characters of a preset's name."""
MOST = 500
"""Presets that a library keeps."""
_COLUMNS = ("name", "voice", *manner.COLUMNS)


class Presets:
    """Presets, by name."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, preset: Preset) -> Made:
        """Keep a new preset; its id is chosen here.

        Raises:
            LibraryError: its name is empty, too long or taken, or its manner is out of limits.
        """
        row = _checked(preset)
        with self._database.write() as write:
            _check_name(write, row[0], 0)
            (count,) = write.run("SELECT count(*) FROM presets").fetchone()
            if count >= MOST:
                raise LibraryError(
                    "expected at most {most} presets, found as many already. Remove some first.",
                    most=MOST,
                )
            new_id = write.insert(
                f"INSERT INTO presets ({', '.join(_COLUMNS)}, created_ms) "
                f"VALUES ({', '.join('?' * (len(_COLUMNS) + 1))})",
                (*row, now_ms()),
            )
            write.touch("presets")
        return write.made(new_id)

    def all(self) -> list[Preset]:
        """All presets by name."""
        with self._database.read() as connection:
            rows = connection.execute(f"SELECT id, {', '.join(_COLUMNS)} FROM presets").fetchall()
        found = [_preset(row) for row in rows]
        return sorted(found, key=lambda preset: (preset.name.casefold(), preset.id))

    def change(self, preset: Preset) -> Changed:
        """Keep a preset in place of the one with its id.

        Raises:
            NotFoundError: there is none.
            LibraryError: its name is empty, too long or taken, or its manner is out of limits.
        """
        row = _checked(preset)
        with self._database.write() as write:
            _check_name(write, row[0], preset.id)
            sql = f"UPDATE presets SET {', '.join(f'{name} = ?' for name in _COLUMNS)} WHERE id = ?"
            if write.run(sql, (*row, preset.id)).rowcount == 0:
                raise NotFoundError("there is no preset {preset_id}.", preset_id=preset.id)
            write.touch("presets")
        return write.changed

    def remove(self, preset_id: int) -> Changed:
        """Forget a preset; one that is not there does no harm."""
        with self._database.write() as write:
            write.run("DELETE FROM presets WHERE id = ?", (preset_id,))
            write.touch("presets")
        return write.changed


def _checked(preset: Preset) -> tuple[Any, ...]:
    name = " ".join(limits.title(preset.name).split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise LibraryError(
            "expected a preset with a name of 1 to {longest} characters, found {length}. Choose "
            "another name.",
            longest=LONGEST_NAME,
            length=len(name),
        )
    manner.check_manner(preset)
    return name, limits.word(preset.voice), *manner.to_row(preset)


def _check_name(write: Write, name: str, preset_id: int) -> None:
    rows = write.run("SELECT name FROM presets WHERE id <> ?", (preset_id,))
    if any(limits.text(other).casefold() == name.casefold() for (other,) in rows):
        raise LibraryError(
            "there is a preset of the name {name} already. Choose another name.", name=name
        )


def _preset(row: Sequence[Any]) -> Preset:
    id_, name, voice, *columns = row
    kept = msgspec.structs.asdict(manner.from_row(columns))
    return Preset(id=id_, name=limits.title(name)[:LONGEST_NAME], voice=limits.word(voice), **kept)
