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

_CLOSING = "media are no longer looked at: Medley is closing."


def looker_command() -> list[str]:
    """The command line of the helper, from source and in a frozen app."""
    if getattr(sys, "frozen", False):
        return [sys.executable, LOOKER_ARGUMENT]
    # -P: a folder `desktop` where the person happens to be must not be taken for ours.
    return [sys.executable, "-P", "-m", "desktop.assistant.media_probe.process"]


class Looker:
    """The helper process, started at the first look and again after a file brought it down."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = threading.Event()

    def start(self) -> None:
        """Have the helper ready for the first look, which comes sooner then."""
        with self._lock:
            self._running()

    def look(self, path: Path, claimed: str = "") -> Seen:
        """What the file is, with what stands for it; `claimed` is what `Look` has.

        Raises:
            RefusedFileError: no picture, sound or clip; broken; or so broken that its decoder
                crashed.
            KnownError: the helper cannot be started, or it was closed.
        """
        with self._lock:
            outcome = self._asked(path, claimed)
        if isinstance(outcome, Unseen):
            # A person knows the file by its name, not by where a copy of it lies.
            reason = outcome.reason.replace(str(path), path.name).removeprefix("medium ")
            raise RefusedFileError(reason, outcome.kind)
        return outcome

    def close(self) -> None:
        """End the helper. Looks fail from now on."""
        self._closed.set()
        process = self._process
        if process is not None:
            process.kill()
        with self._lock:
            self._end()

    def _asked(self, path: Path, claimed: str) -> Seen | Unseen:
        process = self._running()
        timer = threading.Timer(LIMIT_S, process.kill)
        timer.daemon = True
        timer.start()
        try:
            write_frame(cast(Sink, process.stdin), encode(Look(str(path), claimed)))
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
            try:
                self._process = subprocess.Popen(
                    looker_command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE
                )
            except OSError as error:
                raise KnownError(
                    "the helper that looks at media: expected it to start, found: "
                    f"{error}. Free some memory, or install Medley again."
                ) from error
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
