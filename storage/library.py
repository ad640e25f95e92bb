"""The library's entry point: one object that opens, repairs after a crash, and closes the file.
Knows no SQL of rows.

    library = Library.open()                     # or Library.open(path, read_only=True)
    conversation = library.conversations.new().id
    asked = library.messages.add(conversation, [Text("draw a red boat")]).id
    answer = library.messages.begin_answer(asked)   # an AnswerWriter
    answer.text("Here it is: ")
    answer.begin_artifact(0, "image")
    answer.artifact(0, data, mime="image/png", modality="image", recipe=recipe_json)
    answer.finish({"seed": 7})

Threads: every method may be called from any thread. Writes wait for each other; reads do not wait
for writes. Listeners are called after the commit on the thread that wrote; one that draws hands
over to its own thread. Every write returns the `Changed` that listeners get.

The rooms:

    conversations   Conversations: new, get, list, rename, pin, delete, restore, purge
    messages        Messages: add, ask, edit, begin_answer, begin_rerender, get, get_many, path,
                    siblings, choose, recipe
    media           Media: add_file, add_bytes, get, open, read, copy_to, set_preview, preview,
                    purge
    drafts          Drafts: save, get, clear
    settings        Settings: put, get, forget
    tools           Tools: decide, decision, was_other, decisions, revoke, grant, folders, withdraw,
                    log, ended, logged, note
    memories        Memories: add, all, edit, forget, export_markdown
    reminders       Reminders: add, pending, due, done, remove
    presets         Presets: add, all, change, remove
    search          Search: newest, titles, ranked
    gallery         Gallery: newest
    embeddings      Embeddings: put_medium, put_part, medium_vector, missing, similar
    exchange        Exchange: export, import_conversation, import_library

Beside them stand `purge_expired`, `backup` and `check`; `storage.maintenance.repair` saves what can
be read of a damaged file.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from storage.agent.memories import Memories
from storage.agent.reminders import Reminders
from storage.agent.tools import Tools, close_interrupted_calls
from storage.answers import close_interrupted_answers
from storage.clock import DAY_MS
from storage.conversations import Conversations
from storage.drafts import Drafts
from storage.file.database import Database
from storage.file.opening import Hold, open_to_read, open_to_write
from storage.file.private import default_path as default_path
from storage.media import Media
from storage.medium_bytes import forget_unnamed
from storage.messages import Messages
from storage.presets import Presets
from storage.records import Changed
from storage.search.gallery import Gallery
from storage.search.search import Search
from storage.settings import Settings

if TYPE_CHECKING:
    from storage.embeddings import Embeddings
    from storage.exchange.exchange import Exchange
    from storage.maintenance.health import CheckReport


class Library:
    """An open library. Made by `open`; closed by `close` or the end of a `with` block."""

    def __init__(
        self, database: Database, hold: Hold | None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._database = database
        self._hold = hold
        self.conversations = Conversations(database)
        self.messages = Messages(database, clock)
        self.media = Media(database)
        self.drafts = Drafts(database)
        self.settings = Settings(database)
        self.tools = Tools(database)
        self.memories = Memories(database)
        self.reminders = Reminders(database)
        self.presets = Presets(database)
        self.search = Search(database)
        self.gallery = Gallery(database)

    @classmethod
    def open(cls, path: Path | None = None, *, read_only: bool = False) -> Library:
        """Open the library at `path`, by default the user's own; it is created if it does not
        exist.

        Opened for writing, one process holds it; a file of an older shape is copied and brought up
        to date; answers that a crash cut off are `interrupted`, and what arrived of them is kept.
        Opened with `read_only`, nothing is made, held or changed, and another process may write.

        Raises:
            LibraryError: the file is something else, damaged, newer, held by another process, not
                to be written, or the disk is full. The file is left as it is.
        """
        path = default_path() if path is None else path.absolute()
        if read_only:
            return cls(open_to_read(path), None)
        database, hold = open_to_write(path)
        library = cls(database, hold)
        try:
            close_interrupted_answers(database)
            close_interrupted_calls(database)
            forget_unnamed(database)
        except BaseException:
            library.close()
            raise
        return library

    @property
    def path(self) -> Path:
        """The file."""
        return self._database.path

    @cached_property
    def embeddings(self) -> Embeddings:
        """Embeddings of media and words, and similarity search. Imports numpy on first use."""
        from storage.embeddings import Embeddings

        return Embeddings(self._database)

    @cached_property
    def exchange(self) -> Exchange:
        """Conversations to and from folders, zip files and other libraries."""
        from storage.exchange.exchange import Exchange

        return Exchange(self._database)

    def on_change(self, callback: Callable[[Changed], None]) -> Callable[[], None]:
        """Call `callback` after every write, on the thread that wrote. Returns what undoes it."""
        return self._database.on_change(callback)

    def backup(self, target: Path, progress: Callable[[int, int], None] | None = None) -> None:
        """Copy the whole library into a new file while it is in use.

        `progress` is called with the pages done and all pages.

        Raises:
            LibraryError: `target` is there already, cannot be written, or the disk is full.
        """
        from storage.maintenance.health import backup

        backup(self._database, target, progress)

    def purge_expired(self) -> Changed:
        """Forget for good the conversations that were deleted a month ago, media that nothing has
        used for a day, and reminders that were told a month ago."""
        one, other = self.conversations.purge(), self.media.purge()
        told = self.reminders.purge(30 * DAY_MS)
        return Changed(
            one.kinds | other.kinds | told.kinds,
            one.conversations | other.conversations,
            one.messages | other.messages,
        )

    def check(self, progress: Callable[[str], None] | None = None) -> CheckReport:
        """Read everything and say what contradicts itself; nothing is changed.

        `progress` is told what is being checked, and each medium.
        """
        from storage.maintenance.health import check

        return check(self._database, progress)

    def close(self) -> None:
        """Close the file; twice does no harm. Answers still streaming end as `interrupted`."""
        self._database.close()
        if self._hold is not None:
            self._hold.release()

    def __enter__(self) -> Library:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
