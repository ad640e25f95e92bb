"""Holds one worker process: starts it, carries its frames, keeps its last words, says why it ended.

Knows processes and the worker's protocol; knows nothing of turns. Imports no torch.
"""

from __future__ import annotations

import contextlib
import queue
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO

import msgspec

from plugins.errors import KnownError, Problem, phrase
from runtime.process.frames import FrameCutError, FrameError, read_frame, write_frame
from runtime.process.reap import end_session, wait_for_end
from runtime.worker import WORKER_ARGUMENT
from runtime.worker.protocol import Report, decode_report

KEPT_LINES, LINE_BYTES = 200, 1000
"""Of the worker's stderr: the newest lines, broken where they are longer."""
END_S = 5.0
"""Seconds that a worker gets to end by itself when it is asked to."""
DRAIN_S = 2.0
"""Seconds that what it said last gets to arrive once it has ended."""
_SIGKILL = 9


def worker_command() -> list[str]:
    """The command line of a worker, from source and in a frozen app."""
    if getattr(sys, "frozen", False):
        return [sys.executable, WORKER_ARGUMENT]
    # -P: a folder `runtime` where the person happens to be must not be taken for ours.
    return [sys.executable, "-P", "-m", "runtime.worker"]


class WorkerProcess:
    """A running worker.

    Threads: start it on a thread that lives as long as the worker shall, since on Linux the kernel
    ends it with that thread, and read `reports` on one thread; the rest from any.
    """

    def __init__(self, command: Sequence[str]) -> None:
        """Start it.

        Raises:
            KnownError: the system does not start it.
        """
        try:
            # Its own session: Ctrl-C in the terminal is for the window, which then stops it, and
            # what its plugins start is ended with it.
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            raise KnownError(
                "the engine's process: expected it to start, found: {error}. Free some "
                "memory, or install Medley again.",
                error=error,
            ) from error
        self._stdin, self._stdout = _pipe(self._process.stdin), _pipe(self._process.stdout)
        self._stderr = _pipe(self._process.stderr)
        self._outgoing: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._incoming: queue.SimpleQueue[Report | KnownError | None] = queue.SimpleQueue()
        self._lines: deque[str] = deque(maxlen=KEPT_LINES)
        self._reaping = threading.Lock()
        self._ended = threading.Event()
        self._reader = _thread(self._read, "engine-reader")
        self._writer = _thread(self._write, "engine-writer")
        self._listener = _thread(self._listen, "engine-stderr")
        self._watcher = _thread(self._watch, "engine-watcher")

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def last_words(self) -> tuple[str, ...]:
        """The newest lines of its stderr, oldest first."""
        return tuple(self._lines)

    def send(self, payload: bytes) -> None:
        """Send one frame, of a size that a frame may have; returns at once."""
        self._outgoing.put(payload)

    def reports(self) -> Iterator[Report]:
        """What it says, until it ends, whoever still holds its pipes then.

        Raises:
            KnownError: it says something that is no report.
        """
        while (report := self._incoming.get()) is not None:
            if isinstance(report, KnownError):
                raise report
            yield report

    def hang_up(self) -> None:
        """Close its command pipe, which ends it soon; returns at once."""
        self._outgoing.put(None)

    def kill(self) -> None:
        """End it now, whatever it does, and all that it started."""
        with self._reaping:
            if not self._ended.is_set():
                end_session(self.pid)

    def bury(self) -> Ended:
        """Wait for its end, which is made to come, and free what it held."""
        self.hang_up()
        if not self._ended.wait(END_S):
            self.kill()
            self._ended.wait(END_S)
        # Threads whose pipe is held by somebody who outlived the worker are left behind.
        for thread in (self._reader, self._writer, self._listener, self._watcher):
            thread.join(DRAIN_S)
        return Ended(self._process.returncode, self.last_words)

    def _watch(self) -> None:
        wait_for_end(self._process)
        with self._reaping:
            end_session(self.pid)
            self._process.wait()
            self._ended.set()
        self._reader.join(DRAIN_S)
        self._incoming.put(None)

    def _read(self) -> None:
        with self._stdout:
            try:
                while (payload := read_frame(self._stdout)) is not None:
                    self._incoming.put(decode_report(payload))
            except FrameCutError:
                pass  # It died in the middle of a word; why is told by its end.
            except (FrameError, msgspec.DecodeError) as error:
                self._incoming.put(
                    KnownError(
                        "the engine's process: expected a report, found {error}. Ask again: "
                        "it starts anew.",
                        error=error,
                    )
                )
            self._incoming.put(None)

    def _write(self) -> None:
        try:
            while (payload := self._outgoing.get()) is not None:
                write_frame(self._stdin, payload)
            self._stdin.close()
        except OSError:
            _close_broken(self._stdin)  # It has ended; that shows where its reports are read.

    def _listen(self) -> None:
        with self._stderr:
            while line := self._stderr.readline(LINE_BYTES):
                text = line.decode("utf-8", "backslashreplace").rstrip()
                if text:
                    self._lines.append(text)


@dataclass(frozen=True)
class Ended:
    """How a worker ended although nobody asked it to."""

    code: int | None
    """As `subprocess` gives it: the exit code, or minus the signal's number; None where the system
    did not end it."""
    last_words: tuple[str, ...] = ()
    """Lines of its stderr."""

    def why(self, what: str = "", plugin: str = "") -> Problem:
        """One sentence or two: what happened and what to do.

        Args:
            what: the id of the renderer that was at work; empty when none was.
            plugin: the name of its plugin; empty for what comes with Medley.
        """
        working: Problem | str = ""
        if plugin:
            working = phrase(
                " while {what} of the plugin {plugin} was at work", what=what, plugin=plugin
            )
        elif what:
            working = phrase(" while {what} was at work", what=what)
        problem = phrase(
            "the engine's process {how}{working}{guess}{said}. {advice}",
            how=self._how(),
            working=working,
            guess=phrase(", perhaps because memory ran out") if self.code == -_SIGKILL else "",
            said=self._said(),
            advice=_not_used(plugin) if plugin else phrase("Ask again: it starts anew."),
        )
        return msgspec.structs.replace(problem, kind="plugin" if plugin else "fault")

    def _said(self) -> Problem | str:
        if not self.last_words:
            return ""
        return phrase("; its last words: {words}", words=self.last_words[-1])

    def _how(self) -> Problem:
        if self.code is None:
            return phrase("does not end")
        if self.code >= 0:
            return phrase("was ended with exit code {code}", code=self.code)
        return phrase(
            "was ended by signal {number} ({name})",
            number=-self.code,
            name=_signal_name(-self.code),
        )


def _not_used(plugin: str) -> Problem:
    return phrase(
        "{plugin} is not used again until Medley is started anew; switch it off for good with "
        "`medley plugins disable {plugin}`.",
        plugin=plugin,
    )


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return "unknown"


def _thread(run: Callable[[], None], name: str) -> threading.Thread:
    thread = threading.Thread(target=run, name=name, daemon=True)
    thread.start()
    return thread


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None  # Popen was asked for a pipe.
    return stream


def _close_broken(stream: IO[bytes]) -> None:
    """Close a stream whose buffer can no longer be written."""
    with contextlib.suppress(OSError):
        stream.close()
