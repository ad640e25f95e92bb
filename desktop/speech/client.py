"""Speech as the window and the terminal see it: starts the process, watches it, starts it anew.

What `state` says is derived from what came in the last half second, not from what was asked for.
Imports no Qt and no numpy.

Threads: every method may be called from any thread and returns at once (`close` waits for the
process to end). Both callbacks come on threads of the client's own; they must be quick, and must
not call `close`.
"""

from __future__ import annotations

import contextlib
import logging
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from desktop.speech.protocol import (
    Clause,
    Command,
    Configure,
    Deaf,
    EndSaying,
    EndTurn,
    Failed,
    FirstSound,
    Hush,
    Interrupted,
    Level,
    ListDevices,
    Listen,
    Listening,
    Loaded,
    Loading,
    Played,
    Prepare,
    Report,
    Say,
    Settings,
    Spoken,
    StopListening,
    UtteranceId,
    decode_report,
    encode,
)
from plugins.errors import KnownError, Problem, phrase, problem_of
from runtime.process.child import END_S, ChildProcess, ended_unasked
from runtime.process.own_program import process_command

_log = logging.getLogger(__name__)
FRESH_S = 0.5
"""For so many seconds what came last is true."""
TICK_S = 0.1
SHORT_LIFE_S = 5.0
MOST_DEATHS = 3
"""So many short lives in a row, and the process stays down until something is asked of it."""
WHAT = phrase("the speech process")


@dataclass(frozen=True)
class SpeechState:
    """What is so."""

    process: Literal["off", "starting", "up", "down"] = "off"
    hears: bool = False
    """Whether sound came from the microphone in the last half second."""
    speaks: bool = False
    """Whether something was heard from the loudspeaker in the last half second."""
    prepares: bool = False
    """Whether what hears is still being loaded: what is said meanwhile is kept."""
    device: str = ""
    """Name of the microphone that is open."""


def speech_command() -> list[str]:
    """The command line of a speech process, from source and in a frozen app."""
    return process_command("desktop.speech")


class SpeechClient:
    """One microphone, one voice, in a process of their own."""

    def __init__(
        self,
        settings: Settings,
        on_report: Callable[[Report], None],
        on_state: Callable[[SpeechState], None] = lambda _: None,
        folder: Path | None = None,
    ) -> None:
        """Nothing is started yet.

        Args:
            settings: how to hear and speak.
            on_report: told everything that the process says.
            on_state: told every change of `state`.
            folder: where the private folder for recordings is made; None is the system's choice.
        """
        self._settings = settings
        self._on_report, self._on_state = on_report, on_state
        self._parent_folder = folder
        self._folder: Path | None = None
        self._lock = threading.Condition()
        self._telling = threading.RLock()
        self._state = SpeechState()
        self._process: ChildProcess[Report] | None = None
        self._threads: list[threading.Thread] = []
        self._unsent: list[Command] = []
        self._wanted = self._closing = False
        self._listen: Listen | None = None
        self._open: dict[UtteranceId, str] = {}
        """Utterances that are not over, with what was heard of them."""
        self._loading: set[str] = set()
        self._heard_at = self._spoke_at = 0.0
        self._deaths = 0

    @property
    def state(self) -> SpeechState:
        """What is so now."""
        return self._state

    @property
    def pid(self) -> int | None:
        """The process's id; None while there is none."""
        process = self._process
        return None if process is None else process.pid

    def configure(self, settings: Settings) -> None:
        """Hear and speak in another way from now on."""
        with self._lock:
            self._settings = settings
            if self._process is not None:
                self._process.send(encode(Configure(str(self._private()), settings)))

    def prepare(self, hearing: bool = True, voice: bool = True) -> None:
        """Load models early, so that the first words come sooner."""
        self._send(Prepare(hearing, voice))

    def listen(self, hands_free: bool = True) -> None:
        """Open the microphone; `Listening` and what is heard are reported."""
        with self._lock:
            self._listen = Listen(hands_free)
            self._send(self._listen)

    def end_turn(self) -> None:
        """What was said until now is the turn."""
        self._send(EndTurn())

    def stop_listening(self) -> None:
        """Give the microphone back."""
        with self._lock:
            self._listen = None
            if self._process is not None:
                self._send(StopListening())

    def say(self, utterance: UtteranceId, text: str, language: str = "") -> None:
        """Speak a clause after those before it."""
        with self._lock:
            self._open.setdefault(utterance, "")
            self._send(Say(utterance, text, language))

    def end_saying(self, utterance: UtteranceId) -> None:
        """No clause of this utterance follows."""
        with self._lock:
            self._open.setdefault(utterance, "")
            self._send(EndSaying(utterance))

    def hush(self) -> None:
        """Be silent at once."""
        with self._lock:
            if self._process is not None:
                self._send(Hush())

    def list_devices(self) -> None:
        """Have `Devices` reported."""
        self._send(ListDevices())

    def recording(self, name: str) -> Path:
        """The file of a recording that `Heard` named; whoever takes it removes it."""
        return self._private() / Path(name).name

    def close(self) -> None:
        """End the process and the threads. Twice does no harm."""
        with self._lock:
            self._closing = True
            self._lock.notify_all()
            process, threads = self._process, self._threads
        if process is not None:
            process.hang_up()
        for thread in threads:
            thread.join(END_S)
        if (process := self._process) is not None:
            process.kill()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _send(self, command: Command) -> None:
        with self._lock:
            if self._closing:
                return
            if self._process is not None:
                self._process.send(encode(command))
                return
            # Where the wish to listen is kept it is sent to every process.
            if not isinstance(command, Listen):
                self._unsent.append(command)
            self._wanted = True
            if not self._threads:
                self._threads = [
                    threading.Thread(target=run, name=name, daemon=True)
                    for run, name in ((self._run, "speech-client"), (self._watch, "speech-watch"))
                ]
                for thread in self._threads:
                    thread.start()
            self._lock.notify_all()

    def _run(self) -> None:
        """The client's thread: one process after the other."""
        while self._is_wanted():
            begun = time.monotonic()
            self._change(SpeechState("starting"))
            problem = self._live()
            short = time.monotonic() - begun < SHORT_LIFE_S
            self._deaths = self._deaths + 1 if short else 0
            self._bury(problem)
        self._change(SpeechState())

    def _is_wanted(self) -> bool:
        with self._lock:
            self._lock.wait_for(lambda: self._wanted or self._closing)
            self._wanted = False
            return not self._closing

    def _live(self) -> Problem:
        """A process's life; returns why it ended."""
        try:
            process = ChildProcess(speech_command(), decode_report, WHAT)
            self._greet(process)
        except (KnownError, OSError) as error:
            return problem_of(error)
        problem: Problem | None = None
        try:
            for report in process.reports():
                self._take(report)
        except KnownError as error:
            problem = error.problem
            process.kill()
        code = process.bury()
        return problem or ended_unasked(WHAT, code, process.last_words)

    def _greet(self, process: ChildProcess[Report]) -> None:
        with self._lock:
            process.send(encode(Configure(str(self._private()), self._settings)))
            if self._listen is not None:
                process.send(encode(self._listen))
            for command in self._unsent:
                process.send(encode(command))
            self._unsent.clear()
            self._process = process
            if self._closing:
                process.hang_up()

    def _private(self) -> Path:
        with self._lock:
            if self._folder is None:
                self._folder = Path(
                    tempfile.mkdtemp(prefix="medley-speech-", dir=self._parent_folder)
                )
            return self._folder

    def _bury(self, problem: Problem) -> None:
        """After a process's end: what was being said is over, and who listened listens again."""
        with self._lock:
            self._process = None
            self._loading.clear()
            self._heard_at = self._spoke_at = 0.0
            lost, self._open = self._open, {}
            closing = self._closing
            again = self._listen is not None and self._deaths < MOST_DEATHS
            if self._deaths >= MOST_DEATHS:
                self._listen, self._deaths = None, 0
            self._wanted = self._wanted or again
        if closing:
            return
        self._change(SpeechState("down"))
        self._tell(Failed("process", "died", problem))
        for utterance, heard in lost.items():
            self._tell(Interrupted(utterance, heard, "lost"))

    def _take(self, report: Report) -> None:
        now = time.monotonic()
        with self._lock:
            match report:
                case Listening() | Level():
                    self._heard_at = now
                case Deaf():
                    self._heard_at = 0.0
                case Failed():
                    self._loading.discard(report.part)
                    if report.part == "microphone":
                        self._heard_at = 0.0
                case Loading():
                    self._loading.add(report.part)
                case Loaded():
                    self._loading.discard(report.part)
                case FirstSound():
                    self._spoke_at = now
                case Played():
                    self._spoke_at = now
                    self._open[report.utterance] = report.heard
                case Spoken() | Interrupted():
                    self._spoke_at = 0.0
                    self._open.pop(report.utterance, None)
                case Clause():
                    pass
        if isinstance(report, Spoken | Interrupted):
            # Who is told that nobody speaks any more knows by then why.
            self._tell(report)
            self._judge()
        else:
            self._judge(report.device if isinstance(report, Listening) else None)
            self._tell(report)

    def _watch(self) -> None:
        """What came half a second ago and not since is true no more."""
        while not self._closing:
            with self._lock:
                self._lock.wait_for(lambda: self._closing, TICK_S)
            if self._process is not None:
                self._judge()

    def _judge(self, device: str | None = None) -> None:
        with self._lock:
            if self._process is None:
                return
            now = time.monotonic()
            state = SpeechState(
                "up",
                now - self._heard_at < FRESH_S,
                now - self._spoke_at < FRESH_S,
                "hearing" in self._loading,
                self._state.device if device is None else device,
            )
        self._change(state)

    def _change(self, state: SpeechState) -> None:
        with self._telling:
            if not state.hears:
                state = replace(state, device="")
            if state == self._state:
                return
            self._state = state
            with _logged():
                self._on_state(state)

    def _tell(self, report: Report) -> None:
        with self._telling, _logged():
            self._on_report(report)


@contextlib.contextmanager
def _logged() -> Iterator[None]:
    """What a callback raises must not end the thread that all else depends on."""
    try:
        yield
    except Exception:  # noqa: BLE001
        _log.exception("a speech callback failed")
