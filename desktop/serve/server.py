"""Runs the server until it is told to end. Knows uvicorn."""

from __future__ import annotations

import socket

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


def run(service: Service, listening: socket.socket, token: str) -> None:
    """Serve until Ctrl-C or the end of the process is asked for."""
    server(service, listening, token).run(sockets=[listening])
