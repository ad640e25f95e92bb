"""The helper process that colours code: some lexers take very long for some code, in steps that
only the end of a process ends.

Reads requests from its standard input and answers on its standard output until the input ends.
Knows lexers; knows no window.
"""

from __future__ import annotations

import msgspec

from runtime.process.own_program import process_command

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
    return process_command("desktop.window.transcript.colouring")


def serve() -> None:
    """Answer requests until the input ends."""
    from desktop.assistant.helper_serving import answer_requests
    from desktop.window.transcript.code import highlighted

    def coloured(request: bytes) -> bytes:
        code = msgspec.msgpack.decode(request, type=Code)
        return msgspec.msgpack.encode(highlighted(code.words, code.language, code.dark) or [])

    answer_requests(coloured, LIMIT_S)


if __name__ == "__main__":
    serve()
