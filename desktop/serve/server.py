"""Runs the server until it is told to end. Knows uvicorn."""

from __future__ import annotations

import os
import socket
import threading

import uvicorn

from desktop.serve.app import application
from desktop.serve.bodies import LARGEST
from desktop.serve.service import Service

END_S = 3
"""Seconds that open answers have to end."""


def server(service: Service, listening: socket.socket, token: str) -> uvicorn.Server:
    """The server on a socket, not yet running."""
    port = listening.getsockname()[1]
    config = uvicorn.Config(
        application(service, port, token),
        loop="asyncio",
        http="h11",
        ws="websockets-sansio",
        ws_max_size=LARGEST,
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=END_S,
    )
    return uvicorn.Server(config)


def run(
    service: Service, listening: socket.socket, token: str, *, end_with_input: bool = False
) -> None:
    """Serve until Ctrl-C or the end of the process is asked for, or the standard input ends."""
    made = server(service, listening, token)
    if end_with_input:

        def watch() -> None:
            while os.read(0, 4096):
                pass
            made.should_exit = True

        threading.Thread(target=watch, name="input", daemon=True).start()
    made.run(sockets=[listening])
