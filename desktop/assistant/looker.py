"""Asks the helper process what a file is. Decodes nothing itself and imports no media library.

Thread contract: `look` may be called from any thread and waits; looks come one after the other.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading
from pathlib import Path
from typing import cast

import msgspec

from desktop.assistant.looks import LOOKER_ARGUMENT, Look, Seen, Unseen, decode_outcome, encode
from plugins.errors import KnownError
from runtime.worker.frames import FrameError, Sink, Source, read_frame, write_frame

LIMIT_S = 120.0
"""Seconds after which a look at one file is given up."""
_CLOSING = "media are no longer looked at: Medley is closing."


def looker_command() -> list[str]:
    """The command line of the helper, from source and in a frozen app."""
    if getattr(sys, "frozen", False):
        return [sys.executable, LOOKER_ARGUMENT]
    # -P: a folder `desktop` where the person happens to be must not be taken for ours.
    return [sys.executable, "-P", "-m", "desktop.assistant.looking"]


class Looker:
    """The helper process, started at the first look and again after a file brought it down."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = threading.Event()

    def look(self, path: Path) -> Seen:
        """What the file is, with what stands for it.

        Raises:
            KnownError: no picture, sound or clip; broken; or so broken that its decoder crashed.
        """
        with self._lock:
            outcome = self._asked(path)
        if isinstance(outcome, Unseen):
            raise KnownError(outcome.reason)
        return outcome

    def close(self) -> None:
        """End the helper. Looks fail from now on."""
        self._closed.set()
        process = self._process
        if process is not None:
            process.kill()
        with self._lock:
            self._end()

    def _asked(self, path: Path) -> Seen | Unseen:
        process = self._running()
        timer = threading.Timer(LIMIT_S, process.kill)
        timer.daemon = True
        timer.start()
        try:
            write_frame(cast(Sink, process.stdin), encode(Look(str(path))))
            data = read_frame(cast(Source, process.stdout))
            if data is not None:
                return decode_outcome(data)
        except (OSError, FrameError, msgspec.DecodeError):
            pass  # The helper is gone, which the end of this method says.
        finally:
            timer.cancel()
            timer.join()
        self._end()
        return Unseen(
            f"{path.name}: expected a readable picture, sound or clip, found a file that brings "
            "its decoder down. Choose another file."
        )

    def _running(self) -> subprocess.Popen[bytes]:
        if self._closed.is_set():
            raise KnownError(_CLOSING)
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._process = subprocess.Popen(
                looker_command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
            if self._closed.is_set():
                # Closed in this moment: whoever closed saw no helper yet.
                self._end()
                raise KnownError(_CLOSING)
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        process.wait()
