"""Media: their facts, their bytes, and their small previews.

A medium is named by the SHA-256 of its bytes. It stays while a part of a message or a draft refers
to it (foreign keys hold that); `purge` forgets the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from storage import limits, observations
from storage.atomic_files import write_whole
from storage.clock import DAY_MS, now_ms
from storage.file.database import Database, Write
from storage.medium_bytes import (
    MediumFacts,
    MediumReader,
    Stored,
    claim,
    discard,
    medium_id,
    no_medium,
    store_bytes,
    store_file,
    verified,
)
from storage.reading import MEDIUM_COLUMNS, medium
from storage.records import Changed, MadeMedium, Medium, Observation, Preview

_PAGES = 4096
"""Pages of the file that are given back to the disk at a time: 16 MiB."""


class Media:
    """All media of the library."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add_file(
        self,
        path: Path,
        *,
        mime: str,
        modality: str,
        width: int | None = None,
        height: int | None = None,
        duration_s: float | None = None,
        sha256: str | None = None,
    ) -> MadeMedium:
        """Copy a file into the library; bytes that are there already are not written again. Where
        the hash of a file that nobody else changes is known, it is not read for it again.

        Raises:
            LibraryError: the file cannot be read, or the library cannot grow.
        """
        facts = MediumFacts(mime, modality, width, height, duration_s)
        return self._name(store_file(self._database, path, facts, sha256))

    def add_bytes(
        self,
        data: bytes,
        *,
        mime: str,
        modality: str,
        width: int | None = None,
        height: int | None = None,
        duration_s: float | None = None,
    ) -> MadeMedium:
        """Copy bytes into the library; those that are there already are not written again."""
        facts = MediumFacts(mime, modality, width, height, duration_s)
        return self._name(store_bytes(self._database, data, facts))

    def get(self, sha256: str) -> Medium:
        """The record of a medium, without its bytes.

        Raises:
            NotFoundError: it is not in the library.
        """
        with self._database.read() as connection:
            row = connection.execute(
                f"SELECT {MEDIUM_COLUMNS} FROM media d WHERE d.sha256 = ?", (sha256,)
            ).fetchone()
        if row is None:
            raise no_medium(sha256)
        return medium(row)

    def open(self, sha256: str) -> MediumReader:
        """The bytes as a seekable raw stream that holds one chunk in memory. Close it after use."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT id, size FROM media WHERE sha256 = ?", (sha256,)
            ).fetchone()
        if row is None:
            raise no_medium(sha256)
        return MediumReader(self._database, row[0], limits.count(row[1]))

    def read(self, sha256: str) -> bytes:
        """All bytes at once. For pictures; a clip is better opened or copied."""
        with self.open(sha256) as reader:
            return reader.readall()

    def copy_to(self, sha256: str, path: Path) -> None:
        """Write the bytes into a file, which takes its name only when it is whole.

        Raises:
            DamagedError: what the library holds is no longer what its name says.
            LibraryError: the file cannot be written.
        """
        with self.open(sha256) as reader:
            write_whole(path, verified(reader, sha256, self._database.path))

    def set_preview(self, sha256: str, preview: Preview) -> Changed:
        """Store a small preview of the medium, replacing the former one of its kind."""
        with self._database.write() as write:
            id_, _ = medium_id(write, sha256)
            write.run(
                "INSERT OR REPLACE INTO previews (medium_id, kind, mime, width, height, data) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (id_, preview.kind, preview.mime, preview.width, preview.height, preview.data),
            )
            _touch_users(write, id_)
        return write.changed

    def set_observations(
        self, sha256: str, found: Sequence[Observation], *, complete: bool = True
    ) -> Changed:
        """Keep what readers found in a medium, in place of what was known of it.

        Not `complete`, because a reader was missing or failed: the medium still counts as not read.

        Raises:
            NotFoundError: it is not in the library.
            LibraryError: there is more than a library keeps.
        """
        with self._database.write() as write:
            id_, _ = medium_id(write, sha256)
            observations.replace(write, id_, found)
            read_ms = now_ms() if complete else None
            write.run("UPDATE media SET read_ms = ? WHERE id = ?", (read_ms, id_))
            _touch_users(write, id_)
        return write.changed

    def observations(self, sha256: str, limit: int | None = None) -> tuple[Observation, ...]:
        """The observations of a medium in reading order, at most `limit` of them.

        Raises:
            NotFoundError: it is not in the library.
        """
        with self._database.read() as connection:
            row = connection.execute("SELECT id FROM media WHERE sha256 = ?", (sha256,)).fetchone()
            if row is None:
                raise no_medium(sha256)
            return observations.read(connection, row[0], limit)

    def preview(self, sha256: str, kind: str) -> Preview | None:
        """A preview, or None where there is none of this kind."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT v.kind, v.data, v.mime, v.width, v.height FROM previews v "
                "JOIN media d ON d.id = v.medium_id WHERE d.sha256 = ? AND v.kind = ?",
                (sha256, kind),
            ).fetchone()
        return None if row is None else _preview(row)

    def purge(self, older_than_ms: int = DAY_MS) -> Changed:
        """Forget media that nothing refers to and that came longer ago than `older_than_ms`
        milliseconds, and give their room back to the disk."""
        with self._database.write() as write:
            gone = write.run(
                """
                DELETE FROM media WHERE created_ms <= ? AND sha256 IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM parts p WHERE p.medium_id = media.id)
                AND NOT EXISTS (SELECT 1 FROM draft_media a WHERE a.medium_id = media.id)
                """,
                (now_ms() - older_than_ms,),
            ).rowcount
            if gone:
                write.touch("media")
        if gone:
            self._give_back_room()
        return write.changed

    def _give_back_room(self) -> None:
        """Some pages at a time, so that others write between them."""
        left = None
        while True:
            with self._database.maintenance() as connection:
                # One step frees one page; `execute` would take only the first.
                connection.executescript(f"PRAGMA incremental_vacuum({_PAGES})")
                before, (left,) = left, connection.execute("PRAGMA freelist_count").fetchone()
            if not left or left == before:
                return

    def _name(self, stored: Stored) -> MadeMedium:
        try:
            with self._database.write() as write:
                claim(write, stored)
                write.touch("media")
        except BaseException:
            discard(self._database, stored)
            raise
        return MadeMedium(kinds=write.changed.kinds, sha256=stored.sha256)


def _preview(row: Sequence[Any]) -> Preview | None:
    kind, data, mime, width, height = row
    if not isinstance(data, bytes):
        return None
    return Preview(kind, data, limits.text(mime), limits.pixels(width), limits.pixels(height))


def _touch_users(write: Write, medium_id: int) -> None:
    """Note that the messages with a medium changed."""
    users = write.run(
        "SELECT DISTINCT m.id, m.conversation_id FROM parts p "
        "JOIN messages m ON m.id = p.message_id WHERE p.medium_id = ?",
        (medium_id,),
    ).fetchall()
    write.touch("media", conversations=[c for _, c in users], messages=[m for m, _ in users])
