"""Adds the conversations that another program exported to a library, each whole or not at all."""

from __future__ import annotations

import hashlib
import io
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import msgspec

from storage.errors import ExchangeError, LibraryError
from storage.exchange.foreign.documents import talks
from storage.exchange.foreign.kinds import HEAD, facts_of
from storage.exchange.foreign.shelves import Index, Shelf, shelf_at
from storage.exchange.foreign.talk import File, LeftOut, Missing
from storage.exchange.foreign.tree import manifest_of
from storage.exchange.incoming import take
from storage.exchange.manifest import Manifest, MediumRecord
from storage.file.database import Database
from storage.medium_bytes import MediumFacts, pieces
from storage.records import Changed, Kind, Made

_NAMES = "conversation_asset_file_names.json"
"""Where a newer export of ChatGPT says what its files were called."""
_LARGEST_NAMES = 64 << 20


class Taken(Changed, frozen=True, kw_only=True):
    """The changes that importing another program's conversations made."""

    programs: tuple[str, ...]
    """The programs whose conversations were found."""
    imported: tuple[int, ...]
    """Conversations that came, in the order of the files."""
    skipped: int = 0
    """Conversations that came before, with the same messages."""
    media: int = 0
    """Pictures, sounds, clips and documents that came with them."""
    left_out: tuple[tuple[Missing, int], ...] = ()
    """What did not come along, and how often."""
    refused: tuple[str, ...] = ()
    """Why other conversations did not come, one line each."""

    @property
    def lost(self) -> int:
        """How many things a person may miss: all but what the other program showed nobody."""
        return len(self.refused) + sum(n for kind, n in self.left_out if kind != "hidden")


def take_all(database: Database, path: Path, report: Callable[[int], None]) -> Taken:
    """Add every conversation in a zip file, folder or file that another program wrote. `report` is
    told how many have been looked at, and ends the import by raising; what came till then stays.

    Raises:
        ExchangeError: nothing in it is a conversation that Medley can read.
        LibraryError: the library cannot grow; what came till then stays.
    """
    made, refused, programs = list[Made](), list[LibraryError](), dict[str, None]()
    lost: LeftOut = Counter()
    skipped = media = looked_at = 0
    with shelf_at(path) as shelf:
        files = _Files(shelf)
        for talk in talks(shelf, path, lost):
            looked_at += 1
            report(looked_at)
            if isinstance(talk, ExchangeError):
                refused.append(talk)
                continue
            programs[talk.program] = None
            own: LeftOut = Counter()
            manifest = manifest_of(talk, files.describe, own)
            if manifest is not None and _is_here(database, manifest):
                skipped += 1
                continue
            lost.update(own)
            if manifest is None:
                continue
            try:
                made.append(take(database, files.source(manifest), str(path)))
            except ExchangeError as error:
                refused.append(error)
                continue
            media += len(manifest.media)
    if refused and not programs:
        raise refused[0]
    if not programs:
        raise _nothing(path)
    return Taken(
        kinds=frozenset[Kind]().union(*(one.kinds for one in made)),
        conversations=frozenset(one.id for one in made),
        messages=frozenset[int]().union(*(one.messages for one in made)),
        programs=tuple(programs),
        imported=tuple(one.id for one in made),
        skipped=skipped,
        media=media,
        left_out=tuple((kind, count) for kind, count in sorted(lost.items()) if count),
        refused=tuple(str(error) for error in refused),
    )


class _Described(msgspec.Struct, frozen=True):
    sha256: str
    size: int
    facts: MediumFacts


class _Source:
    """A conversation that was put together, with the files that it names."""

    def __init__(self, manifest: Manifest, files: _Files) -> None:
        self._manifest, self._files = manifest, files

    def manifest(self) -> Manifest:
        """The conversation."""
        return self._manifest

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        """One of its media."""
        with self._files.open_medium(name) as file:
            yield file


class _Files:
    """The media of an export. Each is looked at once, however many conversations show it."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._index = Index(shelf.names())
        self._known: dict[str, _Described | None] = {}
        self._media: dict[str, str | bytes] = {}
        """The name on the shelf or the bytes, by the name in a manifest."""
        self._names = self._names_told()

    def source(self, manifest: Manifest) -> _Source:
        """What the library takes in; the bytes of other conversations' media are let go."""
        needed = {record.file for record in manifest.media}
        self._media = {name: data for name, data in self._media.items() if name in needed}
        return _Source(manifest, self)

    def describe(self, file: File) -> MediumRecord | None:
        """What a file is; None where it is not there, or nothing that Medley shows."""
        if file.data:
            found = _described(io.BytesIO(file.data), file.name)
            where: str | bytes = file.data
        else:
            place = self._index.find(file.place)
            if place is None:
                return None
            if place not in self._known:
                self._known[place] = self._look(place, file.name)
            found, where = self._known[place], place
        if found is None:
            return None
        name = f"media/{found.sha256[:32]}"
        self._media[name] = where
        facts = found.facts
        return MediumRecord(
            found.sha256, found.size, facts.mime, facts.modality, name, facts.width, facts.height
        )

    @contextmanager
    def open_medium(self, name: str) -> Iterator[BinaryIO]:
        """The bytes of what was described."""
        where = self._media[name]
        if isinstance(where, bytes):
            yield io.BytesIO(where)
            return
        with self._shelf.open(where) as file:
            yield file

    def _look(self, place: str, name: str) -> _Described | None:
        try:
            with self._shelf.open(place) as file:
                return _described(file, name or self._names.get(place, place))
        except ExchangeError:
            return None  # It counts as a file that is not there.

    def _names_told(self) -> dict[str, str]:
        if _NAMES not in self._shelf.names():
            return {}
        try:
            with self._shelf.open(_NAMES) as file:
                return msgspec.json.decode(file.read(_LARGEST_NAMES), type=dict[str, str])
        except (ExchangeError, msgspec.MsgspecError, RecursionError):
            return {}


def _described(file: BinaryIO, name: str) -> _Described | None:
    head = file.read(HEAD)
    facts = facts_of(head, name)
    if facts is None:
        return None
    digest, size = hashlib.sha256(head), len(head)
    for piece in pieces(file):
        digest.update(piece)
        size += len(piece)
    return _Described(digest.hexdigest(), size, facts)


def _is_here(database: Database, manifest: Manifest) -> bool:
    with database.read() as connection:
        row = connection.execute(
            "SELECT 1 FROM conversations WHERE uuid = ?", (manifest.uuid,)
        ).fetchone()
    return row is not None


def _nothing(path: Path) -> ExchangeError:
    return ExchangeError(
        "{path}: expected conversations that Medley, ChatGPT, Open WebUI, LM Studio or Jan wrote, "
        "found none. Nothing was imported; name the zip file, folder or JSON file that the program "
        "exported.",
        path=path,
    )
