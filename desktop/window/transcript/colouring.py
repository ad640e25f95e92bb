"""The helper process that colours code: some lexers take very long for some code, in steps that
only the end of a process ends.

Reads requests from its standard input and answers on its standard output until the input ends.
Knows lexers; knows no window.
"""

from __future__ import annotations

import os
import signal
import sys

import msgspec

COLOURING_ARGUMENT = "--medley-colouring"
"""What a frozen app is started with to be the helper process."""
LIMIT_S = 3.0
"""Seconds of work after which colouring some code is given up."""
START_S = 20.0
"""Seconds that the helper may take besides, mostly for its own start."""


class Code(msgspec.Struct, frozen=True):
    """Code to be coloured."""

    words: str
    language: str
    dark: bool


def colouring_command() -> list[str]:
    """The command line of the helper, from source and in a frozen app."""
    if getattr(sys, "frozen", False):
        return [sys.executable, COLOURING_ARGUMENT]
    # -P: a folder `desktop` where the person happens to be must not be taken for ours.
    return [sys.executable, "-P", "-m", "desktop.window.transcript.colouring"]


def serve() -> None:
    """Answer requests until the input ends."""
    from desktop.window.transcript.code import highlighted
    from runtime.process.frames import read_frame, write_frame

    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # Whatever a lexer prints must not get between the answers.
    os.dup2(2, 1)
    while (data := read_frame(requests)) is not None:
        code = msgspec.msgpack.decode(data, type=Code)
        _give_up_after(LIMIT_S)
        lines = highlighted(code.words, code.language, code.dark) or []
        _give_up_after(0)
        try:
            write_frame(answers, msgspec.msgpack.encode(lines))
        except BrokenPipeError:
            os._exit(0)  # Nobody listens any more, and what is buffered cannot be written.


def _give_up_after(seconds: float) -> None:
    """End this process after a time, where the system can: its parent, which does the same, may
    have gone. 0 takes it back."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


if __name__ == "__main__":
    serve()
