"""The engine as the window sees it: starts the worker process, watches it and starts it anew.

Imports no torch, no Qt and no numpy. Knows the worker's protocol.

Threads: every method may be called from any thread and returns at once (`close` waits for the
process to end, `Future.result` for its answer). Both callbacks, and what futures do when they are
done, come on one thread of the client's own, one after the other; they must be quick, and must not
call `close`. In Qt: emit a signal there.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path

import msgspec

from plugins.errors import BugError, KnownError, Problem, phrase
from runtime.messages import Embedding, Event, MediaPart, TextPart, Turn, TurnDone, TurnFailed
from runtime.process.child import END_S
from runtime.process.frames import MAX_FRAME_BYTES
from runtime.worker.child import WorkerProcess, worker_command
from runtime.worker.futures import outcome, settle
from runtime.worker.protocol import (
    Ask,
    Command,
    Embed,
    Embedded,
    EmbedFailed,
    Lost,
    NotOpened,
    Open,
    ParameterValue,
    Prepare,
    Refused,
    Render,
    Report,
    Stop,
    StopArtifact,
    TurnEvent,
    TurnId,
    TurnStarted,
    Working,
    encode,
    encode_request,
)
from runtime.worker.requests import Requests
from runtime.worker.state import EngineState
from runtime.worker.suspects import Suspects
from runtime.worker.telling import tell
from runtime.worker.transfer import FileTransfer

__all__ = ["EngineClient", "EngineState"]

_turn_ids = itertools.count(1)
"""Shared by all clients: a turn of one is never taken for a turn of another."""


class EngineClient:
    """One engine in a process of its own."""

    def __init__(
        self,
        bundle: str | Path,
        *,
        device: str = "auto",
        memory_budget: int | None = None,
        threads: int | None = None,
        on_event: Callable[[TurnId, Event], None],
        on_state: Callable[[EngineState], None],
        folder: Path | None = None,
        suspended: Collection[str] = (),
        command: Callable[[], Sequence[str]] = worker_command,
        place: str = "",
    ) -> None:
        """Nothing is started yet. Each worker reads anew which plugins the person switched on.

        Args:
            bundle: a bundle's name or folder.
            device: `auto`, `cpu`, `cuda` or `cuda:N`.
            memory_budget: bytes for everything that is loaded; see `runtime.opening`.
            threads: to compute with; None is the number of physical cores.
            on_event: told every event of every turn; the last is `TurnDone` or `TurnFailed`, come
                what may.
            on_state: told every change of `state`.
            folder: where the private folder for large things is made; None is the system's choice.
            suspended: names of plugins that ended an engine before and are not to be used.
            command: the command line of each worker, or of what stands where one would.
            place: name of the machine on which it runs; empty is this one.
        """
        self.place = place
        self._wish = Open(str(bundle), "", device, memory_budget, threads)
        self._on_event, self._on_state = on_event, on_state
        self._parent_folder, self._command = folder, command
        self._lock = threading.Condition()
        self._state = EngineState()
        self._thread: threading.Thread | None = None
        self._process: WorkerProcess | None = None
        self._handover: FileTransfer | None = None
        self._wanted = self._restarting = self._closing = False
        self._lost: set[TurnId] = set()
        """What was open when the worker was ended to be started anew."""
        self._unsent: list[bytes] = []
        self._requests = Requests()
        self._not_opened: NotOpened | None = None
        self._suspects, self._last_words = Suspects(suspended), tuple[str, ...]()

    @property
    def state(self) -> EngineState:
        """The latest state."""
        return self._state

    @property
    def suspended(self) -> tuple[str, ...]:
        """Names of the plugins that ended an engine and are not used again."""
        return self._suspects.names

    @property
    def pid(self) -> int | None:
        """The worker's process id; None while there is none."""
        return None if (process := self._process) is None else process.pid

    @property
    def last_words(self) -> tuple[str, ...]:
        """The newest lines that the worker wrote to its stderr, oldest first: for a report."""
        with self._lock:
            return self._last_words if self._process is None else self._process.last_words

    def start(self) -> None:
        """Start the worker and load the language model early; every request does so by itself."""
        with self._lock:
            self._want()

    def ask(self, turn: Turn, bundle: str = "") -> TurnId:
        """Answer a turn after those asked before it. Its events come to `on_event`, the first
        perhaps before this method has returned.

        Args:
            turn: the messages so far and how to answer.
            bundle: name or folder of the bundle that answers. It is opened in place of another
                once what was asked before is answered; where it cannot be the turn fails and the
                other can still be used. Empty is the one that is open.

        Raises:
            KnownError: the turn is larger than a message may be.
        """
        return self._request(lambda turn_id: Ask(turn_id, turn, bundle), bundle)

    def prepare(self, turn: Turn | None, bundle: str = "") -> None:
        """Open a bundle and read a turn that is still being spoken, when nothing else is to be
        done: what a later turn has in common with it is answered sooner."""
        with self._lock:
            payload = encode(Prepare(next(_turn_ids), turn, bundle))
            if len(payload) <= MAX_FRAME_BYTES:
                self._want(bundle)
                self._send(payload)

    def render(
        self,
        recipe: str,
        *,
        seed: int | None = None,
        parameters: Mapping[str, ParameterValue] | None = None,
        previews: bool = True,
        bundle: str = "",
    ) -> TurnId:
        """Make an artifact from its recipe, without the language model, as a turn of its own whose
        answer is one artifact, with index 0.

        Args:
            recipe: JSON, as `ArtifactReady.recipe` has it.
            seed: None is the recipe's own; another one varies the artifact.
            parameters: over the recipe's own, for example `{"steps": 30}`.
            previews: whether `RenderProgress` brings previews.
            bundle: name or folder of the bundle whose decoders render it, as in `ask`.

        Raises:
            KnownError: the recipe is larger than a message may be.
        """
        changes = dict(parameters or {})
        return self._request(
            lambda turn: Render(turn, recipe, seed, changes, previews, bundle), bundle
        )

    def embed(self, content: TextPart | MediaPart) -> Future[Embedding]:
        """Where words or a medium lie in the encoder's shared space, for search by meaning.

        Worked on when no turn waits. A future that is cancelled in time is not worked on. Its
        `result` raises KnownError: no encoder for it, no such medium, or the engine went down.
        """
        future: Future[Embedding] = Future()
        turn = self._request(lambda turn: Embed(turn, content), future=future)
        future.add_done_callback(lambda done: self.stop(turn) if done.cancelled() else None)
        return future

    def stop(self, turn: TurnId) -> None:
        """Stop a turn within a token or a diffusion step; it ends with `TurnDone(finish="stopped")`
        unless it is over already."""
        self._say(turn, Stop(turn))

    def stop_artifact(self, turn: TurnId, index: int) -> None:
        """Stop one artifact of a running turn, which gets `ArtifactFailed`; the rest goes on."""
        self._say(turn, StopArtifact(turn, index))

    def media_folder(self) -> Path:
        """A private folder for media that a turn is to name as files; it is removed by `close`.
        Raises KnownError where it cannot be made."""
        return self._private().media

    def restart(self) -> None:
        """End the worker now and start a fresh one. Open turns fail, those asked later do not."""
        with self._lock:
            if self._process is not None:
                self._restarting = True
                self._lost = self._requests.ids
                self._process.kill()
                self._process = None
            self._want()

    def close(self) -> None:
        """End the worker and the client's threads. Open turns fail. Twice does no harm."""
        with self._lock:
            self._closing = True
            self._lock.notify_all()
            thread, process = self._thread, self._process
        if process is not None:
            process.hang_up()
        if thread is not None:
            thread.join(END_S)
            if (process := self._process) is not None:
                process.kill()
            thread.join(END_S)
        if self._handover is not None:
            self._handover.remove()

    def __enter__(self) -> EngineClient:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _request(
        self,
        make: Callable[[TurnId], Command],
        bundle: str = "",
        future: Future[Embedding] | None = None,
    ) -> TurnId:
        """Send a command that has an answer."""
        with self._lock:
            turn = next(_turn_ids)
            payload = encode_request(make(turn))
            self._want(bundle)
            self._requests.add(turn, future)
            self._send(payload)
        return turn

    def _say(self, turn: TurnId, command: Command) -> None:
        """Send a command about a turn that is not over."""
        with self._lock:
            if turn in self._requests:
                self._send(encode(command))

    def _send(self, payload: bytes) -> None:
        if self._process is None:
            self._unsent.append(payload)
        else:
            self._process.send(payload)

    def _want(self, bundle: str = "") -> None:
        """Have a worker started unless there is one. It opens the bundle of the first request."""
        if self._closing:
            raise BugError("the engine client is closed")
        if bundle and not self._unsent:
            self._wish = msgspec.structs.replace(self._wish, bundle=bundle)
        if self._process is None:
            self._wanted = True
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="engine-client", daemon=True)
            self._thread.start()
        self._lock.notify_all()

    def _run(self) -> None:
        """The client's thread: one worker after the other."""
        while self._is_wanted():
            self._publish(EngineState(phase="starting", suspended=self._suspects.names))
            self._bury(self._live())
        self._publish(EngineState())

    def _is_wanted(self) -> bool:
        with self._lock:
            self._lock.wait_for(lambda: self._wanted or self._closing)
            self._wanted = False
            return not self._closing

    def _live(self) -> Problem:
        """A worker's life; returns why it ended."""
        self._suspects.begin()
        self._not_opened = None
        try:
            process = self._launch()
        except KnownError as error:
            return error.problem
        problem: Problem | None = None
        try:
            for report in process.reports():
                if isinstance(report, Refused):
                    problem = report.problem
                    self._not_opened = NotOpened(self._wish.bundle, problem, former=False)
                elif isinstance(report, Lost):
                    problem = report.problem
                else:
                    self._take(report)
        except KnownError as error:
            problem = error.problem
            process.kill()
        ended = process.ended()
        self._last_words = ended.last_words
        asked_for = self._closing or self._restarting or problem is not None
        return problem or self._suspects.blame(ended, asked_for=asked_for)

    def _launch(self) -> WorkerProcess:
        folder = str(self._private().folder)
        process = WorkerProcess(self._command())
        suspended = self._suspects.names
        wish = msgspec.structs.replace(self._wish, folder=folder, suspended_plugins=suspended)
        process.send(encode(wish))
        with self._lock:
            self._process = process
            for payload in self._unsent:
                process.send(payload)
            self._unsent.clear()
            if self._closing:
                process.hang_up()
        return process

    def _private(self) -> FileTransfer:
        with self._lock:
            if self._handover is None:
                self._handover = FileTransfer.make(self._parent_folder)
            return self._handover

    def _bury(self, problem: Problem) -> None:
        """After a worker's end: everything that waited for it fails."""
        with self._lock:
            self._process = None
            restarting, self._restarting = self._restarting, False
            self._wanted = restarting
            lost = self._lost
            if self._closing or not restarting:
                lost = self._requests.ids
                self._unsent.clear()
            turns, futures = self._requests.lose(lost)
            if self._closing or restarting:
                problem = phrase("the engine was stopped before this was finished. Ask again.")
        for turn in turns:
            tell(self._on_event, turn, TurnFailed(problem))
        for future in futures:
            settle(future, KnownError(problem))
        if not self._closing and not restarting:
            names, refused = self._suspects.names, self._not_opened
            self._publish(EngineState("down", problem, suspended=names, not_opened=refused))

    def _take(self, report: Report) -> None:
        if isinstance(report, Working):
            self._suspects.note(report)
            return
        self._publish(self._state.after(report))
        match report:
            case TurnStarted():
                with self._lock:
                    self._requests.begin(report.id)
                self._publish(self._state)
            case TurnEvent():
                self._happened(report)
            case Embedded() | EmbedFailed():
                with self._lock:
                    future = self._requests.take(report.id)
                if future is not None:
                    settle(future, outcome(report))

    def _happened(self, report: TurnEvent) -> None:
        event = self._private().unpack(report)
        if isinstance(event, TurnDone | TurnFailed):
            with self._lock:
                self._requests.end(report.id)
        tell(self._on_event, report.id, event)
        self._publish(self._state)

    def _publish(self, state: EngineState) -> None:
        """Make `state` the state, with what waits counted, and tell it if it differs."""
        with self._lock:
            state = state.counted(self._requests.begun)
            if state == self._state:
                return
            self._state = state
        tell(self._on_state, state)
