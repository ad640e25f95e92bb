"""Asks helper processes what a file is. Decodes nothing itself and imports no media library.

Thread contract: `look` may be called from any thread and waits; some looks go on beside each other,
each in a process of its own, so that a file that takes long holds up no other.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading
from pathlib import Path
from typing import cast

import msgspec

from desktop.assistant.media_probe.protocol import (
    LIMIT_S,
    LOOKER_ARGUMENT,
    Look,
    RefusedFileError,
    Seen,
    Unseen,
    decode_outcome,
    encode,
)
from plugins.errors import KnownError
from runtime.process.frames import FrameError, Sink, Source, read_frame, write_frame

AT_ONCE = 3
"""Looks beside each other; more would only slow each other down."""
_CLOSING = "media are no longer looked at: Medley is closing."


def looker_command() -> list[str]:
    """The command line of a helper, from source and in a frozen app."""
    if getattr(sys, "frozen", False):
        return [sys.executable, LOOKER_ARGUMENT]
    # -P: a folder `desktop` where the person happens to be must not be taken for ours.
    return [sys.executable, "-P", "-m", "desktop.assistant.media_probe.process"]


class Looker:
    """The helper processes. One stays between looks; others come where looks meet."""

    def __init__(self) -> None:
        self._room = threading.BoundedSemaphore(AT_ONCE)
        self._lock = threading.Lock()
        """Guards the three below."""
        self._idle: list[subprocess.Popen[bytes]] = []
        self._busy: set[subprocess.Popen[bytes]] = set()
        self._closed = False

    @property
    def started(self) -> int:
        """How many helpers there are now."""
        with self._lock:
            return len(self._idle) + len(self._busy)

    def start(self) -> None:
        """Have a helper ready for the first look, which comes sooner then.

        Raises:
            KnownError: it cannot be started, or everything was closed.
        """
        self._give_back(self._take())

    def look(self, path: Path, claimed: str = "") -> Seen:
        """What the file is, with what stands for it; `claimed` is what `Look` has.

        Raises:
            RefusedFileError: no picture, sound or clip; broken; or so broken that its decoder
                crashed.
            KnownError: no helper can be started, or everything was closed.
        """
        with self._room:
            process = self._take()
            try:
                outcome = _asked(process, path, claimed)
            finally:
                self._give_back(process)
        if outcome is None:
            raise RefusedFileError(
                f"{path.name}: expected a readable picture, sound or clip, found a file that "
                "brings its decoder down. Choose another file.",
                "broken",
            )
        if isinstance(outcome, Unseen):
            # A person knows the file by its name, not by where a copy of it lies.
            reason = outcome.reason.replace(str(path), path.name).removeprefix("medium ")
            raise RefusedFileError(reason, outcome.kind)
        return outcome

    def close(self) -> None:
        """End the helpers. Looks fail from now on."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
            busy = list(self._busy)
        for process in busy:
            process.kill()  # Whoever waits for it ends it.
            process.wait()
        for process in idle:
            _end(process)

    def _take(self) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._closed:
                raise KnownError(_CLOSING)
            process = self._idle.pop() if self._idle else _started()
            if process.poll() is not None:
                _end(process)
                process = _started()
            self._busy.add(process)
            return process

    def _give_back(self, process: subprocess.Popen[bytes]) -> None:
        with self._lock:
            self._busy.remove(process)
            closed = self._closed
            stays = process.poll() is None and not closed and not self._idle
            if stays:
                self._idle.append(process)
        if not stays:
            _end(process)
        if closed:
            raise KnownError(_CLOSING)


def _started() -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(looker_command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    except OSError as error:
        raise KnownError(
            "the helper that looks at media: expected it to start, found: "
            f"{error}. Free some memory, or install Medley again."
        ) from error


def _asked(process: subprocess.Popen[bytes], path: Path, claimed: str) -> Seen | Unseen | None:
    """What a helper answers; None where it came down, or was ended after the time that a look may
    take. Nothing is asked of it again then."""
    timer = threading.Timer(LIMIT_S, process.kill)
    timer.daemon = True
    timer.start()
    try:
        write_frame(cast(Sink, process.stdin), encode(Look(str(path), claimed)))
        data = read_frame(cast(Source, process.stdout))
        if data is not None:
            return decode_outcome(data)
    except (OSError, FrameError, msgspec.DecodeError):
        pass  # The helper is gone, or writes nonsense.
    finally:
        timer.cancel()
        timer.join()
    process.kill()
    process.wait()
    return None


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()
    process.wait()
