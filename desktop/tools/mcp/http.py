"""A server that listens on this machine: streamable HTTP to loopback addresses, and to nothing else."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import httpx2
from mcp.client._transport import TransportStreams
from mcp.client.streamable_http import streamable_http_client

from desktop.tools.protocol import Server
from plugins.errors import KnownError

MOST_EVENT_BYTES = 64 * 2**20
_CONNECT_S, _READ_S = 10.0, 3600.0
"""A call has its own limit; a stream stays open for as long as the server likes."""


def checked_address(server: Server) -> str:
    """The address of a server, which is one of this machine.

    Raises:
        KnownError: it is another one, or none.
    """
    try:
        parts = urlsplit(server.url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        parts, host, port = urlsplit(""), "", None
    if parts.scheme not in ("http", "https") or not host:
        raise KnownError(
            "{server}: expected an address such as http://127.0.0.1:3000/mcp, found {url}. "
            "Correct it.",
            server=server.name,
            url=server.url[:200],
        )
    if not _is_loopback(host, port or (443 if parts.scheme == "https" else 80)):
        raise KnownError(
            "{server}: expected an address of this computer, found {host}. Medley connects to "
            "nothing else: start the server here, and give http://127.0.0.1 and its port.",
            server=server.name,
            host=host,
        )
    return server.url


@contextlib.asynccontextmanager
async def http_transport(server: Server) -> AsyncIterator[TransportStreams]:
    """The messages of a server while the context lasts.

    Raises:
        KnownError: its address is not one of this machine.
    """
    address = checked_address(server)
    # No proxy and no `.netrc` of the environment: what is said stays on this machine.
    client = httpx2.AsyncClient(
        headers=server.headers,
        timeout=httpx2.Timeout(_CONNECT_S, read=_READ_S),
        trust_env=False,
        event_hooks={"request": [_refuse_elsewhere]},
    )
    async with (
        client,
        streamable_http_client(
            address, http_client=client, max_sse_event_size=MOST_EVENT_BYTES
        ) as streams,
    ):
        yield streams


async def _refuse_elsewhere(request: httpx2.Request) -> None:
    host, port = request.url.host, request.url.port
    if not _is_loopback(host, port or 80):
        raise httpx2.ConnectError(f"{host} is no address of this computer", request=request)


def _is_loopback(host: str, port: int) -> bool:
    """Whether a name means this machine and nothing else."""
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    if host.lower().rstrip(".") != "localhost" and not host.lower().endswith(".localhost"):
        return False
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        return False
    return all(ipaddress.ip_address(str(one[4][0])).is_loopback for one in found)
