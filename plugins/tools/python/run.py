"""Runs one program in the sandbox, within bounds of time, memory, processes and output."""

from __future__ import annotations

import contextlib
import os
import stat
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from plugins.errors import Problem, phrase
from plugins.tools.python.sandbox import (
    CPU_S,
    FILE_BYTES,
    MEMORY_BYTES,
    PROCESSES,
    Kind,
    command,
    environment,
    interpreter,
)

TIME_S = 60.0
KEPT_OUTPUT, MOST_OUTPUT = 50_000, 5_000_000
"""Bytes of output that are kept, and after which the program is ended."""
MOST_WRITTEN = 300_000_000
"""Bytes in the working folder."""
MOST_AT_ONCE = PROCESSES // 2
"""Processes at which it is ended; the kernel's own bound is for what is quicker than a look."""
_TICK_S = 0.05


@dataclass(frozen=True)
class Ran:
    """What a program did."""

    code: int
    """Its exit code; negative for a signal."""
    output: str
    """What it printed, errors among it, as far as it is kept."""
    ended: Problem | None = None
    """Why it was ended; None where it ended by itself."""


def run(
    kind: Kind,
    program: str,
    work: Path,
    readable: Sequence[Path],
    cancelled: Callable[[], bool],
    time_s: float = TIME_S,
) -> Ran:
    """Run a program to its end, or to the first bound.

    Args:
        kind: the sandbox.
        program: Python.
        work: its working folder; files that it made are there afterwards.
        readable: folders that it may read.
        cancelled: asked again and again whether it must end.
        time_s: the most seconds.

    Raises:
        OSError: the sandbox does not start.
    """
    inside = Path(__file__).with_name("inside.py").read_text("utf-8")
    limits = [str(one) for one in (MEMORY_BYTES, CPU_S, FILE_BYTES, PROCESSES)]
    words = [interpreter(), "-I", "-c", inside, *limits]
    process = subprocess.Popen(
        command(kind, work, readable, words),
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    with process:
        output = _Output(process.stdout)
        feeder = threading.Thread(target=_feed, args=(process.stdin, program), daemon=True)
        feeder.start()
        try:
            ended = _watched(process, output, work, cancelled, time_s)
        finally:
            _end(process)
        feeder.join()
        return Ran(process.wait(), output.text(), ended)


class _Output:
    """Reads what a program prints, so that it never waits, and keeps the beginning."""

    def __init__(self, stream: IO[bytes] | None) -> None:
        assert stream is not None  # a pipe was asked for
        self._stream, self._kept, self.size = stream, bytearray(), 0
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def text(self) -> str:
        """What was kept, once the stream has ended."""
        self._thread.join()
        text = self._kept.decode("utf-8", "replace")
        left = self.size - len(self._kept)
        return f"{text}\n[{left} more bytes are left out]" if left > 0 else text

    def _read(self) -> None:
        with contextlib.suppress(ValueError, OSError):
            while data := os.read(self._stream.fileno(), 65536):
                self.size += len(data)
                self._kept += data[: max(KEPT_OUTPUT - len(self._kept), 0)]


def _feed(stream: IO[bytes] | None, program: str) -> None:
    assert stream is not None  # a pipe was asked for
    with contextlib.suppress(OSError), stream:
        stream.write(program.encode("utf-8", "replace"))


def _watched(
    process: subprocess.Popen[bytes],
    output: _Output,
    work: Path,
    cancelled: Callable[[], bool],
    time_s: float,
) -> Problem | None:
    begun = time.monotonic()
    while True:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_TICK_S)
            return None
        if cancelled():
            return Problem("it was stopped")
        if time.monotonic() - begun > time_s:
            return phrase("it took more than {seconds} s", seconds=round(time_s))
        if output.size > MOST_OUTPUT:
            return phrase("it printed more than {most} MB", most=MOST_OUTPUT // 1_000_000)
        if _size(work) > MOST_WRITTEN:
            return phrase("it wrote more than {most} MB", most=MOST_WRITTEN // 1_000_000)
        if (why := _too_much(process.pid)) is not None:
            return why


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a program with all that it started: they are in a space of process ids of their own,
    whose first is a child of the sandbox's program and takes all others with it."""
    import psutil

    if process.poll() is None:
        with contextlib.suppress(psutil.Error):
            for first in psutil.Process(process.pid).children():
                with contextlib.suppress(psutil.Error):
                    first.kill()
        process.kill()


def _too_much(pid: int) -> Problem | None:
    """Why all processes of a program together are too many or too large; None where not."""
    import psutil

    count = memory = 0
    with contextlib.suppress(psutil.Error):
        for one in psutil.Process(pid).children(recursive=True):
            count += 1
            with contextlib.suppress(psutil.Error):
                memory += one.memory_info().rss
    if count > MOST_AT_ONCE:
        return phrase("it started more than {most} processes", most=MOST_AT_ONCE)
    if memory > MEMORY_BYTES:
        return phrase("it needed more than {most} MB of memory", most=MEMORY_BYTES // 1_000_000)
    return None


def _size(folder: Path) -> int:
    return sum(size for _, size in files_in(folder))


def files_in(folder: Path) -> Iterator[tuple[Path, int]]:
    """Regular files below a folder with their sizes; no link is followed."""
    for below, _, names, fd in os.fwalk(folder, follow_symlinks=False):
        for name in sorted(names):
            with contextlib.suppress(OSError):
                found = os.stat(name, dir_fd=fd, follow_symlinks=False)
                if stat.S_ISREG(found.st_mode) and found.st_nlink == 1:
                    yield Path(below) / name, found.st_size
