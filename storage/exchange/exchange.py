"""Conversations to and from folders, zip files and other libraries.

An import is checked as it is read; one that does not hold what it says changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from storage.atomic_files import kind_of
from storage.clock import sensible_ms
from storage.errors import DamagedError, ExchangeError, LibraryError, NotFoundError
from storage.exchange.foreign.importing import Taken, take_all
from storage.exchange.incoming import take
from storage.exchange.outgoing import ConversationSource, write_conversation
from storage.exchange.packages import MANIFEST, is_package, sink_at, source_at
from storage.file.database import Database
from storage.file.opening import opened_to_read
from storage.records import Changed, Kind, Made

_SQLITE = b"SQLite format 3\0"


class Merged(Changed, frozen=True, kw_only=True):
    """The changes that importing a library made."""

    imported: tuple[int, ...]
    """Conversations that came."""
    skipped: int
    """Conversations that were here already."""
    refused: tuple[str, ...] = ()
    """Why others did not come, one line each."""


def _is_library(path: Path) -> bool:
    if kind_of(path) != "file":
        return False
    try:
        with path.open("rb") as file:
            return file.read(len(_SQLITE)) == _SQLITE
    except OSError:
        return False  # Whoever reads it says why it cannot be read.


class Exchange:
    """The library's door to files."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def export(self, conversation_id: int, target: Path) -> Path:
        """Write a conversation with all branches and media into a new folder, or a new zip file
        where the name ends in `.zip`: `conversation.md` to read, `conversation.json` to import.

        Raises:
            NotFoundError: no such conversation.
            LibraryError: `target` is there already or cannot be written; nothing is left there.
        """
        source = ConversationSource(self._database, conversation_id)
        with sink_at(target) as sink:
            write_conversation(source, sink)
        return target

    def import_conversation(self, path: Path) -> Made:
        """Add the conversation that a folder or a zip file holds.

        Raises:
            ExchangeError: what is there does not serve; nothing was changed.
            LibraryError: the library cannot grow; nothing was changed.
        """
        with source_at(path) as source:
            return take(self._database, source, str(path))

    def import_file(self, path: Path, report: Callable[[int], None] = lambda _: None) -> Taken:
        """Add the conversations in a folder or a file, whoever wrote it: Medley (also the file of
        another library), ChatGPT, Open WebUI, LM Studio or Jan. What came from another program
        before, with the same messages, does not come again. `report` is told how many have been
        looked at; it may raise to end the import, and what came till then stays.

        Raises:
            ExchangeError: what is there does not serve.
            LibraryError: the library cannot grow; what came till then stays.
        """
        if path.name == MANIFEST and kind_of(path) == "file":
            path = path.parent
        if _is_library(path):
            merged = self.import_library(path)
            return Taken(
                kinds=merged.kinds,
                conversations=merged.conversations,
                messages=merged.messages,
                programs=("Medley",),
                imported=merged.imported,
                skipped=merged.skipped,
                refused=merged.refused,
            )
        if not is_package(path):
            return take_all(self._database, path, report)
        made = self.import_conversation(path)
        return Taken(
            kinds=made.kinds,
            conversations=made.conversations,
            messages=made.messages,
            programs=("Medley",),
            imported=(made.id,),
        )

    def import_library(self, path: Path) -> Merged:
        """Add every conversation of another library that is not here, or is newer there; what was
        deleted there stays there.

        One that is here and newer there is added beside the one that is here. Each is added whole;
        one that is damaged there is left out, and `refused` says why.

        Raises:
            LibraryError: the other file is no library, nothing in it serves, or this library cannot
                grow; what came till then stays.
        """
        if kind_of(path) == "file" and path.samefile(self._database.path):
            raise ExchangeError("{path} is this library itself. Name another file.", path=path)
        with opened_to_read(path) as other:
            return self._merge(other)

    def _merge(self, other: Database) -> Merged:
        with other.read() as connection:
            theirs = connection.execute(
                "SELECT id, uuid, updated_ms FROM conversations "
                "WHERE deleted_ms IS NULL ORDER BY id"
            ).fetchall()
        with self._database.read() as connection:
            ours = dict(connection.execute("SELECT uuid, updated_ms FROM conversations"))
        here = {name: sensible_ms(updated) for name, updated in ours.items()}
        wanted = [id_ for id_, name, at in theirs if here.get(name, -1) < sensible_ms(at)]
        made, refused = list[Made](), list[LibraryError]()
        for id_ in wanted:
            try:
                made.append(take(self._database, ConversationSource(other, id_), str(other.path)))
            except (DamagedError, ExchangeError, NotFoundError) as error:
                refused.append(error)
        if refused and not made:
            raise refused[0]
        return Merged(
            kinds=frozenset[Kind]().union(*(one.kinds for one in made)),
            conversations=frozenset(one.id for one in made),
            messages=frozenset[int]().union(*(one.messages for one in made)),
            imported=tuple(one.id for one in made),
            skipped=len(theirs) - len(wanted),
            refused=tuple(str(error) for error in refused),
        )
