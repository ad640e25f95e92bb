"""Stands where a worker would: carries frames between its parent and the window's engine.

Knows no frame: bytes go both ways until one side ends.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from desktop.assistant.sharing.place import connect
from runtime.process.own_program import process_command
from runtime.process.pipes import begin_child

_AT_ONCE = 2**16


def connector_command(path: Path) -> list[str]:
    """The command line of a connector, from source and in a frozen app."""
    return process_command("desktop.assistant.sharing.connector", str(path))


def main(words: Sequence[str]) -> NoReturn:
    """Carry frames until one side ends. Never returns."""
    commands, reports = begin_child()
    window = connect(Path(words[0]))
    if window is None:
        print("the window was closed", file=sys.stderr)
        _exit(1)

    def up() -> None:
        while data := os.read(commands.fileno(), _AT_ONCE):
            window.sendall(data)
        window.shutdown(socket.SHUT_WR)

    threading.Thread(target=up, name="up", daemon=True).start()
    try:
        while data := window.recv(_AT_ONCE):
            reports.write(data)
            reports.flush()
    except OSError:
        _exit(1)
    print("the window was closed", file=sys.stderr)
    _exit(0)


def _exit(code: int) -> NoReturn:
    """End at once: a thread may wait for its parent."""
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main(sys.argv[1:])
