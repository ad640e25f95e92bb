"""A server that listens on this machine: streamable HTTP to loopback addresses, to nothing else."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

import httpx2
from mcp.client._transport import TransportStreams
from mcp.client.streamable_http import streamable_http_client

from desktop.tools.addresses import check_address
from desktop.tools.protocol import Server
from runtime.addresses import is_loopback

MOST_EVENT_BYTES = 64 * 2**20
_CONNECT_S, _READ_S = 10.0, 3600.0
"""A call has its own limit; a stream stays open for as long as the server likes."""


@contextlib.asynccontextmanager
async def http_transport(server: Server) -> AsyncIterator[TransportStreams]:
    """The messages of a server while the context lasts.

    Raises:
        KnownError: its address is not one of this machine.
    """
    check_address(server.name, server.url)
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
            server.url, http_client=client, max_sse_event_size=MOST_EVENT_BYTES
        ) as streams,
    ):
        yield streams


async def _refuse_elsewhere(request: httpx2.Request) -> None:
    host, port = request.url.host, request.url.port
    if not is_loopback(host, port or 80):
        raise httpx2.ConnectError(f"{host} is no address of this computer", request=request)
