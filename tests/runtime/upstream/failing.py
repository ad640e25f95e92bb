"""A server that answers as it is told to: for faults that no real one can be made to have."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Told:
    """What the server answers to every request, and what it was asked."""

    status: int = 200
    body: str = ""
    stream: tuple[str, ...] = ()
    """Lines of a stream in place of a body; the connection ends behind the last."""
    waits: threading.Event = field(default_factory=threading.Event)
    """Where `hangs`, the stream goes on once this is set."""
    hangs: bool = False
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)


def chunk(words: str = "", reason: str | None = None, **delta: Any) -> str:
    """A line of a stream."""
    choice = {"index": 0, "delta": {"content": words, **delta}, "finish_reason": reason}
    return "data: " + json.dumps({"choices": [choice]})


@contextlib.contextmanager
def failing() -> Iterator[tuple[str, Told]]:
    """The address of such a server, and what it is told."""
    told = Told()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            told.asked.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self._answer()

        def _answer(self) -> None:
            told.keys.append(self.headers.get("authorization", ""))
            self.send_response(told.status)
            kind = "text/event-stream" if told.stream else "application/json"
            self.send_header("content-type", kind)
            if not told.stream:
                self.send_header("content-length", str(len(told.body.encode())))
            self.end_headers()
            for line in told.stream:
                self.wfile.write(f"{line}\n\n".encode())
                self.wfile.flush()
            if told.hangs:
                told.waits.wait(60)
            self.wfile.write(told.body.encode())

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1", told
    finally:
        told.waits.set()
        server.shutdown()
        server.server_close()
        thread.join()
