"""`POST /v1/chat/completions`: waits for a place, answers whole or as a stream, and stops when its
client is gone."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import aclosing

import msgspec
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from desktop.serve.bodies import read_json
from desktop.serve.chat.answer import ChatAnswer
from desktop.serve.chat.request import ChatRequest, turn_of
from desktop.serve.connection import while_connected
from desktop.serve.engine import Answer
from desktop.serve.errors import ApiError, as_json
from desktop.serve.media.attachments import Attachments
from desktop.serve.service import Service
from runtime.messages import Event, MediumRead, Reading, RenderProgress

_SILENT = ": {} {} of {}\n\n"
"""A line of a stream that clients skip: it keeps the connection from being taken for dead."""


async def create(request: Request) -> Response:
    """Answer a conversation."""
    service: Service = request.app.state.service
    asked = await read_json(request, ChatRequest)
    bundle = service.bundles.wanted(asked.model)
    attachments = service.attachments()
    try:
        turn = turn_of(asked, attachments, takes_system=service.bundles.takes_system(bundle))
        answer = await while_connected(request, service.engine.ask(turn, bundle))
    except BaseException:
        attachments.remove()
        raise

    def leave() -> None:
        answer.leave()
        attachments.remove()

    chat = ChatAnswer(service.bundles.name(bundle), service.artifacts)
    events = _told(answer, attachments)
    try:
        with attachments.telling():
            if not asked.stream:
                found = await while_connected(request, _whole(events, chat))
                leave()
                return as_json(found)
            first = await while_connected(request, _first(events))
    except BaseException:
        leave()
        raise
    return EventStream(_stream(first, events, chat, asked.tells_usage), leave)


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


async def _told(answer: Answer, attachments: Attachments) -> AsyncIterator[Event]:
    """The events, while what readers found is kept."""
    async with aclosing(answer.events()) as events:  # type: ignore[type-var]
        async for event in events:
            if isinstance(event, MediumRead):
                attachments.read(event)
            yield event


async def _first(events: AsyncIterator[Event]) -> Event:
    """The first event of the answer itself: until it comes the answer may still be a refusal."""
    while isinstance(event := await anext(events), Reading | MediumRead):
        pass
    return event


async def _whole(events: AsyncIterator[Event], chat: ChatAnswer) -> dict[str, object]:
    async for event in events:
        chat.take(event)
    return chat.completion()


async def _stream(
    first: Event, events: AsyncIterator[Event], chat: ChatAnswer, usage: bool
) -> AsyncIterator[bytes]:
    """The chunks. A problem that comes in the middle is told as an event of its own."""
    yield _event(chat.first_chunk())
    try:
        event: Event | None = first
        while event is not None:
            if (delta := chat.take(event)) is not None:
                yield _event(chat.chunk(delta))
            elif isinstance(event, RenderProgress):
                yield _SILENT.format(event.modality, event.step, event.of).encode()
            event = await anext(events, None)
    except ApiError as error:
        yield _event(error.body)
        return
    yield _event(chat.last_chunk())
    if usage:
        yield _event(chat.usage_chunk())
    yield b"data: [DONE]\n\n"


def _event(data: object) -> bytes:
    return b"data: " + msgspec.json.encode(data) + b"\n\n"
