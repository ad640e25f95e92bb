"""What every part of the window shares: the library, the assistant, the queues, the choices.

Opens the library without keeping the first frame waiting, and turns what happens on other threads
into signals on this one. Knows no view.
"""

from __future__ import annotations

import contextlib
import logging
import shutil
from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

from desktop.assistant import preferences as prefs
from desktop.assistant.agent.agent import Agent
from desktop.assistant.agent.host import Host
from desktop.assistant.answer import Watcher
from desktop.assistant.assistant import Assistant, EngineChoice
from desktop.assistant.engines import is_here
from desktop.assistant.media_folder import MediaFolder
from desktop.assistant.media_import import MediaImport
from desktop.assistant.media_probe.client import MediaProbe
from desktop.assistant.previews import Previews
from desktop.assistant.semantic_search import Meaning
from desktop.window import sentences, window_state
from desktop.window.queues import Jobs, Queue
from desktop.window.sentences import told
from desktop.window.tools.host import WindowHost
from desktop.window.window_state import Place
from runtime.worker.client import EngineState
from storage.errors import LibraryError
from storage.library import Library, default_path
from storage.records import Changed

_log = logging.getLogger(__name__)
T = TypeVar("T")
SHOWN_FOLDER = "shown"
"""Beside the library: copies of media for players and other programs, while the window is open."""


class OpenLibrary:
    """What there is once the library is open."""

    def __init__(
        self,
        library: Library,
        watcher: Watcher,
        on_state: Callable[[EngineState], None],
        choice: EngineChoice | None,
        asking: Executor | None = None,
        host: Host | None = None,
    ) -> None:
        """`asking` is where questions are made ready for the engine; see `Assistant`. `host` does
        for tools what lies in the window's hands."""
        self.library = library
        self.preferences = prefs.load(library)
        chosen = choice or self.preferences.choice()
        self.media_probe, self.preview_probe = MediaProbe(), MediaProbe()
        """One for what comes in, which is waited for; one for what is only to be shown."""
        self.folder = library.path.with_name(SHOWN_FOLDER)
        shutil.rmtree(self.folder, ignore_errors=True)
        self.media = MediaFolder(library, self.folder)
        self.previews = Previews(library, self.preview_probe, self.media)
        self.intake = MediaImport(library, self.media_probe, self.previews)
        # The last: it has a thread, which only `close` ends.
        self.assistant = Assistant(library, chosen, watcher, on_state, asking)
        self.agent.host, self.agent.take = host, self.intake.file
        self.agent.resembling = Meaning(self.assistant).like
        self.agent.language = sentences.language

    @property
    def agent(self) -> Agent:
        """The tools of answers."""
        return self.assistant.agent

    def end_looks(self) -> None:
        """End what looks at media; whoever waits for a look is told so."""
        self.media_probe.close()
        self.preview_probe.close()

    def close(self) -> None:
        """Everything, in the order in which it depends on each other."""
        with contextlib.ExitStack() as stack:
            stack.callback(shutil.rmtree, self.folder, ignore_errors=True)
            stack.callback(self.library.close)
            stack.callback(self.assistant.close)
            stack.callback(self.end_looks)


class Session(QObject):
    """The window's own state beneath every view."""

    opened = Signal()
    failed = Signal(str)
    changed = Signal(object)
    progressed = Signal(object)
    readingProgressed = Signal(object)  # noqa: N815  (Qt names signals so)
    answerEnded = Signal(int)  # noqa: N815
    engineChanged = Signal(object)  # noqa: N815
    preferencesChanged = Signal()  # noqa: N815
    problem = Signal(str)
    consentChanged = Signal(int)  # noqa: N815
    """Calls of a message began to wait for the person, or no longer do."""
    callProgressed = Signal(object)  # noqa: N815
    """`CallProgress` of a call that runs."""
    toolsChanged = Signal(object)  # noqa: N815
    """`Tools`: there are others now."""

    _everyChange = Signal(object)  # noqa: N815
    _everyState = Signal(object)  # noqa: N815

    def __init__(
        self,
        path: Path | None = None,
        choice: EngineChoice | None = None,
        parent: QObject | None = None,
    ) -> None:
        """Nothing is opened yet.

        Args:
            path: the library; None is the person's own.
            choice: the engine, in place of the one that was chosen in the settings.
            parent: Qt's owner.
        """
        super().__init__(parent)
        self.jobs = Jobs(self)
        self.host = WindowHost(self.jobs.post)
        self._path = default_path() if path is None else path
        self._choice = choice
        look = window_state.read(self._look_file)
        self.preferences = window_state.preferences_of(look)
        self.place = look.place
        self.now: OpenLibrary | None = None
        self._opening = False
        self.on_words: Callable[[int, str], None] = lambda message_id, words: None
        """Told, on a thread of the assistant, by which words an answer's message grew."""
        self.on_ended: Callable[[int], None] = lambda message_id: None
        """Told, on the same thread and after its words, which answer is over."""
        queued = Qt.ConnectionType.QueuedConnection
        self._everyChange.connect(self._relay_change, queued)
        self._everyState.connect(self._relay_state, queued)

    def open(self) -> None:
        """Open the library; `opened` or `failed` follows."""
        if self.now is None and not self._opening:
            self._opening = True
            # Closed before it is open, the window has no part in it: it closes itself.
            self.jobs.run("library", self._open, self._is_open, self._is_not, OpenLibrary.close)

    def ask(
        self,
        work: Callable[[OpenLibrary], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        queue: Queue = "library",
    ) -> None:
        """Have `work` done on a queue. Without `failed` a problem is announced.

        Nothing happens while the library is not open.
        """
        now = self.now
        if now is not None:
            self.jobs.run(queue, lambda: work(now), done, failed or self.announce)

    def see(
        self,
        media_id: str,
        work: Callable[[OpenLibrary], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None],
        queue: Queue = "pictures",
    ) -> None:
        """As `ask`, for work that needs a medium that was looked at: it is done on `queue` where
        that is so already, and else where others do not wait for the look."""

        def soon(now: OpenLibrary) -> tuple[T] | None:
            known = now.previews.known(now.library.media.get(media_id))
            return (work(now),) if known else None

        def take(found: tuple[T] | None) -> None:
            if found is None:
                self.ask(work, done, failed, "looks")
            else:
                done(found[0])

        self.ask(soon, take, failed, queue)

    def ready_looks(self) -> None:
        """Have media that are being made looked at without delay once they are there."""

        def unready(_: Exception) -> None:
            """The first look says what keeps the helper from starting."""

        self.ask(lambda now: now.preview_probe.start(), failed=unready, queue="looks")

    def announce(self, error: Exception) -> None:
        """Say what went wrong."""
        self.problem.emit(told(error))

    def prefer(self, **values: Any) -> None:
        """Change preferences; they hold at once and are kept soon after."""
        preferences = self.preferences
        for name, value in values.items():
            preferences = prefs.changed(preferences, name, value)
        if preferences == self.preferences:
            return
        self.preferences = preferences
        self.preferencesChanged.emit()
        self.ask(lambda now: prefs.save(now.library, preferences))
        self.keep_look()

    def keep_look(self, place: Place | None = None) -> None:
        """Keep how the window looks, and where it is, for its next first frame."""
        self.place = place or self.place
        look = window_state.of(self.preferences, self.place)
        self.ask(lambda _: window_state.write(self._look_file, look))

    @property
    def default_bundle(self) -> str:
        """Name or folder of the bundle that answers where a conversation has no choice of its
        own."""
        return (self._choice or self.preferences.choice()).bundle

    @property
    def remote(self) -> str:
        """Name of the other computer on which answers are made; empty is this one."""
        return (self._choice or self.preferences.choice()).remote

    def start_engine(self, bundle: str = "") -> None:
        """Start the engine early, or have it open a bundle when it has nothing else to do, so that
        the first answer comes sooner. Empty, or one that is not here, is the one that answers by
        default."""
        elsewhere = bool(self.remote)
        self.ask(lambda now: now.assistant.start(bundle if elsewhere or is_here(bundle) else ""))

    def use_engine(self) -> None:
        """Be answered as the preferences say from now on."""
        self._choice, choice = None, self.preferences.choice()

        def use(now: OpenLibrary) -> None:
            now.assistant.use(choice)
            now.assistant.start()

        self.ask(use, queue="asking")

    def close(self) -> None:
        """Save everything and end every thread and process. The window is gone by then."""
        now, self.now = self.now, None
        self.host.close()
        with contextlib.ExitStack() as stack:
            if now is not None:
                stack.callback(now.close)
                now.end_looks()
            stack.callback(self.jobs.wait)
            self.jobs.stop()
            self.jobs.wait("library")
            if now is not None:
                # Other queues wait for the engine, which ends only now: what was asked for last is
                # asked.
                now.assistant.close()

    @property
    def _look_file(self) -> Path:
        return self._path.with_name(window_state.FILE)

    def _open(self) -> OpenLibrary:
        library = Library.open(self._path)
        watcher = Watcher(
            self.progressed.emit,
            self._ended,
            lambda problem: self.problem.emit(told(problem)),
            self.readingProgressed.emit,
            lambda message_id, words: self.on_words(message_id, words),
            consent=self.consentChanged.emit,
            call_progress=self.callProgressed.emit,
            tools=self.toolsChanged.emit,
        )
        try:
            asking = self.jobs.executor("asking")
            now = OpenLibrary(
                library, watcher, self._everyState.emit, self._choice, asking, self.host
            )
        except BaseException:
            library.close()
            raise
        library.on_change(self._everyChange.emit)
        return now

    def _ended(self, message_id: int) -> None:
        self.on_ended(message_id)
        self.answerEnded.emit(message_id)

    def _is_open(self, now: OpenLibrary) -> None:
        self._opening = False
        self.now = now
        self.preferences = now.preferences
        self.preferencesChanged.emit()
        self.opened.emit()

    def _is_not(self, error: Exception) -> None:
        self._opening = False
        if not isinstance(error, LibraryError | OSError):
            _log.error("the library could not be opened", exc_info=error)
        self.failed.emit(told(error))

    @Slot(object)
    def _relay_change(self, change: Changed) -> None:
        with contextlib.suppress(RuntimeError):
            self.changed.emit(change)

    @Slot(object)
    def _relay_state(self, state: EngineState) -> None:
        self.engineChanged.emit(state)
