"""Starts the download process and reports its progress. Opens no connection itself.

download = Download(on_report)
download.start(("whisper-base",))
download.cancel()
outcome = download.wait()
"""

from __future__ import annotations

import contextlib
import subprocess
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO

import msgspec

from plugins.errors import KnownError, Problem, phrase
from runtime.catalogue import starter_hook, store
from runtime.catalogue.entry import Entry, chosen, named
from runtime.catalogue.errors import Reason
from runtime.catalogue.offline import refuse_if_forbidden
from runtime.catalogue.protocol import (
    Cancel,
    Cancelled,
    Done,
    Failed,
    Get,
    Had,
    Report,
    decode_report,
    encode,
)
from runtime.process.frames import FrameError, read_frame, write_frame
from runtime.process.own_program import process_command

END_S = 5.0
"""Seconds that the process gets to end by itself."""


@dataclass
class Outcome:
    """The outcome of a download."""

    had: dict[str, Had] = field(default_factory=dict)
    """The version that is now installed, by entry."""
    failed: dict[str, Failed] = field(default_factory=dict)
    """The reason why an entry could not be had, by entry."""
    problems: list[Problem] = field(default_factory=list)
    """Other problems: sentences for the user."""
    cancelled: bool = False


def wanted(names: tuple[str, ...]) -> list[Entry]:
    """The entries that names of entries and groups mean on this machine, now.

    Raises:
        KnownError: a name is unknown.
    """
    import psutil

    free = psutil.virtual_memory().available

    def is_here(name: str) -> bool:
        return store.look(named(name)) is not None

    return chosen(names, is_here, free)


def absent(entries: list[Entry]) -> list[Entry]:
    """The models that are not installed as today's catalogue describes them."""
    found = ((entry, store.look(entry)) for entry in entries)
    return [entry for entry, here in found if here is None or not here.is_current]


def download_command() -> list[str]:
    """The command line of the process, from source and in a frozen app."""
    return process_command("runtime.catalogue.process")


class Download:
    """One download of some entries in a process of its own.

    Threads: `start`, `cancel` and `wait` from any; the callbacks come on a thread of its own.
    """

    def __init__(
        self,
        on_report: Callable[[Report], object] | None = None,
        on_done: Callable[[Outcome], object] | None = None,
    ) -> None:
        """`on_report`: gets every report; `on_done`: gets the outcome, once, at the end."""
        self._on_report, self._on_done = on_report, on_done
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._cancelled = False
        self._outcome = Outcome()
        self._thread: threading.Thread | None = None
        self._ended = threading.Event()

    def start(self, names: tuple[str, ...]) -> None:
        """Begin to fetch what these names mean; returns at once.

        Raises:
            KnownError: a name is unknown, or MEDLEY_OFFLINE forbids it.
        """
        entries = wanted(names)
        if absent(entries):
            refuse_if_forbidden()
        # The process lives on this thread: on Linux the kernel ends it with its starter.
        self._thread = threading.Thread(
            target=self._run, args=(tuple(entry.name for entry in entries),), name="download"
        )
        self._thread.start()

    def cancel(self) -> None:
        """Stop soon, and keep what came; returns at once."""
        with self._lock:
            self._cancelled = True
            if self._process is not None and self._process.stdin is not None:
                _send(self._process.stdin, Cancel())

    def wait(self) -> Outcome:
        """Wait for the end, and return the outcome."""
        if self._thread is not None:
            # Not `join` alone: one that Ctrl-C interrupts takes the thread for ended.
            self._ended.wait()
            self._thread.join()
        return self._outcome

    def _run(self, names: tuple[str, ...]) -> None:
        try:
            self._listen(names)
            self._follow()
        finally:
            try:
                if self._on_done is not None:
                    self._on_done(self._outcome)
            finally:
                self._ended.set()

    def _listen(self, names: tuple[str, ...]) -> None:
        try:
            process = subprocess.Popen(
                download_command(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                # Its own session: Ctrl-C in the terminal is for us, who then cancel.
                start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            told = "expected the download to start, found: {error}. Try again."
            self._fail_rest(names, phrase(told, error=error))
            return
        assert process.stdin is not None and process.stdout is not None
        try:
            with process.stdout:
                with self._lock:
                    self._process = process
                    _send(process.stdin, Get(names))
                    if self._cancelled:
                        _send(process.stdin, Cancel())
                for name in names:
                    starter_hook.prepare(named(name))
                ended = self._take_reports(process.stdout)
        finally:
            with self._lock:
                self._process = None
                # What it was to be told and did not read any more matters to nobody.
                with contextlib.suppress(OSError):
                    process.stdin.close()
            _bury(process)
        if not ended:
            self._fail_rest(
                names,
                phrase(
                    "expected the download to go on, found that its process ended (exit code "
                    "{code}). Fetch it again: it goes on where it was.",
                    code=process.returncode,
                ),
            )

    def _follow(self) -> None:
        """Have the starter's bundle be composed of what is here now."""
        try:
            for name in self._outcome.had:
                starter_hook.after_change(named(name))
        except KnownError as error:
            self._outcome.problems.append(error.problem)

    def _take_reports(self, stream: IO[bytes]) -> bool:
        """Every report until the last one; whether there was a last one."""
        try:
            while (payload := read_frame(stream)) is not None:
                report = decode_report(payload)
                self._note(report)
                if self._on_report is not None:
                    self._on_report(report)
                if isinstance(report, Done | Cancelled):
                    return True
        except (FrameError, msgspec.DecodeError):
            return False  # It died in the middle of a word.
        return False

    def _note(self, report: Report) -> None:
        match report:
            case Had():
                self._outcome.had[report.name] = report
            case Failed():
                self._outcome.failed[report.name] = report
            case Cancelled():
                self._outcome.cancelled = True

    def _fail_rest(self, names: tuple[str, ...], why: Problem) -> None:
        reason: Reason = "tool"
        for name in names:
            if name not in self._outcome.had and name not in self._outcome.failed:
                failed = Failed(name, reason, phrase("model {name}: {why}", name=name, why=why))
                self._outcome.failed[name] = failed
                if self._on_report is not None:
                    self._on_report(failed)


def _send(stream: IO[bytes], command: Get | Cancel) -> None:
    try:
        write_frame(stream, encode(command))
    except (OSError, ValueError):
        return  # It has ended; that shows where its reports are read.


def _bury(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(END_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
