"""`python slow_line.py LISTEN TO DELAY_S`: a line between two ports of this computer that takes its
time in both directions, and is cut when its input says `cut`. Ends with its input."""

from __future__ import annotations

import contextlib
import os
import queue
import socket
import sys
import threading
import time

_PIECE = 2**16
open_ones: list[socket.socket] = []


def carry(source: socket.socket, target: socket.socket, delay_s: float) -> None:
    """One direction of one connection."""
    waiting: queue.Queue[tuple[float, bytes]] = queue.Queue(64)

    def deliver() -> None:
        with contextlib.suppress(OSError):
            while True:
                due, data = waiting.get()
                time.sleep(max(0.0, due - time.monotonic()))
                if not data:
                    target.shutdown(socket.SHUT_WR)
                    return
                target.sendall(data)

    threading.Thread(target=deliver, daemon=True).start()
    data = b"-"
    while data:
        try:
            data = source.recv(_PIECE)
        except OSError:
            data = b""
        waiting.put((time.monotonic() + delay_s, data))


def accept(listening: socket.socket, to: int, delay_s: float) -> None:
    """Connections as they come."""
    while True:
        near, _ = listening.accept()
        try:
            far = socket.create_connection(("127.0.0.1", to))
        except OSError:
            near.close()
            continue
        open_ones.extend((near, far))
        for source, target in ((near, far), (far, near)):
            threading.Thread(target=carry, args=(source, target, delay_s), daemon=True).start()


def main() -> None:
    """Be a line."""
    listen, to, delay_s = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    listening = socket.create_server(("127.0.0.1", listen))
    threading.Thread(target=accept, args=(listening, to, delay_s), daemon=True).start()
    print("open", flush=True)
    for line in sys.stdin:
        if line.strip() == "cut":
            while open_ones:
                one = open_ones.pop()
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
            print("cut", flush=True)
    os._exit(0)


if __name__ == "__main__":
    main()
