"""`GET /v1/realtime`: a WebSocket for one session."""

from __future__ import annotations

import asyncio
import contextlib

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from desktop.serve.errors import ApiError
from desktop.serve.realtime.session import Session
from desktop.serve.service import Service

MOST = 16
"""Sessions at once."""


async def connected(socket: WebSocket) -> None:
    """Serve one client until it is gone."""
    service: Service = socket.app.state.service
    try:
        if len(service.sessions) >= MOST:
            raise ApiError(
                f"expected at most {MOST} sessions at once, found as many. Connect again later.",
                status=503,
                code="queue_full",
            )
        bundle = service.bundles.wanted(socket.query_params.get("model"))
    except ApiError as error:
        await socket.send_denial_response(error.response())
        return
    offered = socket.scope.get("subprotocols", [])
    await socket.accept(subprotocol="realtime" if "realtime" in offered else None)

    async def send(event: bytes) -> None:
        if socket.client_state is WebSocketState.CONNECTED:
            await socket.send_text(event.decode())

    session = Session(service, bundle, send)
    task = asyncio.current_task()
    assert task is not None
    service.sessions.add(task)
    try:
        await session.begin()
        while True:
            message = await socket.receive()
            if message["type"] == "websocket.disconnect":
                break
            await session.take((message.get("text") or "").encode() or message.get("bytes") or b"")
    except WebSocketDisconnect:
        pass
    finally:
        service.sessions.discard(task)
        with contextlib.suppress(WebSocketDisconnect):
            await session.close()
