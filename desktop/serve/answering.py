"""One turn that is answered for one request: its place in the queue, its events, its end.

Knows no shape in which an answer is told.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import aclosing

import msgspec
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from desktop.serve.connection import while_connected
from desktop.serve.engine import Answer
from desktop.serve.media.attachments import Attachments
from desktop.serve.service import Service
from runtime.messages import Event, MediumRead, Reading, Turn

SILENT = ": {} {} of {}\n\n"
"""A line of a stream that clients skip: it keeps the connection from being taken for dead."""


class Answering:
    """A turn and its media. `leave` it at the end, however that comes."""

    def __init__(self, answer: Answer, attachments: Attachments) -> None:
        self._answer, self._attachments = answer, attachments
        self.events = self._told()
        """What comes; see `Answer.events`."""

    @classmethod
    async def begin(
        cls, request: Request, service: Service, turn: Turn, bundle: str, attachments: Attachments
    ) -> Answering:
        """Wait for a place in the queue.

        Raises:
            ApiError: too many wait, or the request is too large.
            ClientDisconnect: nobody waits any more.
        """
        answer = await while_connected(request, service.engine.ask(turn, bundle))
        return cls(answer, attachments)

    async def first(self) -> Event:
        """The first event of the answer itself: until it comes the answer may still be a refusal.

        Raises:
            ApiError: it is one.
        """
        with self._attachments.telling():
            while isinstance(event := await anext(self.events), Reading | MediumRead):
                pass
            return event

    def leave(self) -> None:
        """Nobody reads on: the turn stops within a token, and its media are removed."""
        self._answer.leave()
        self._attachments.remove()

    async def _told(self) -> AsyncIterator[Event]:
        """The events, while what readers found is kept."""
        async with aclosing(self._answer.events()) as events:  # type: ignore[type-var]
            async for event in events:
                if isinstance(event, MediumRead):
                    self._attachments.read(event)
                yield event


class EventStream(StreamingResponse):
    """Server-sent events; `leave` is called at the end, however it comes."""

    def __init__(self, events: AsyncIterator[str | bytes], leave: Callable[[], None]) -> None:
        headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
        super().__init__(events, headers=headers, media_type="text/event-stream")
        self._leave = leave

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._leave()


def as_event(data: object, name: str = "") -> bytes:
    """One event of a stream."""
    head = f"event: {name}\n".encode() if name else b""
    return head + b"data: " + msgspec.json.encode(data) + b"\n\n"
