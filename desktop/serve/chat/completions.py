"""`POST /v1/chat/completions`: waits for a place, answers whole or as a stream, and stops when its
client is gone."""

from __future__ import annotations

from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import Response

from desktop.serve.answering import SILENT, Answering, EventStream, as_event
from desktop.serve.bodies import read_json
from desktop.serve.chat.answer import ChatAnswer
from desktop.serve.chat.request import ChatRequest, turn_of
from desktop.serve.connection import while_connected
from desktop.serve.errors import ApiError, as_json
from desktop.serve.service import Service
from runtime.messages import Event, RenderProgress


async def create(request: Request) -> Response:
    """Answer a conversation."""
    service: Service = request.app.state.service
    asked = await read_json(request, ChatRequest)
    bundle = service.bundles.wanted(asked.model)
    attachments = service.attachments()
    try:
        turn = turn_of(asked, attachments, takes_system=service.bundles.takes_system(bundle))
        answering = await Answering.begin(request, service, turn, bundle, attachments)
    except BaseException:
        attachments.remove()
        raise
    inline = asked.x_medley.artifacts == "data"
    chat = ChatAnswer(service.bundles.name(bundle), service.artifacts, inline=inline)
    try:
        if not asked.stream:
            with attachments.telling():
                found = await while_connected(request, _whole(answering, chat))
            answering.leave()
            return as_json(found)
        first = await while_connected(request, answering.first())
    except BaseException:
        answering.leave()
        raise
    return EventStream(_stream(first, answering, chat, asked.tells_usage), answering.leave)


async def _whole(answering: Answering, chat: ChatAnswer) -> dict[str, object]:
    async for event in answering.events:
        chat.take(event)
    return chat.completion()


async def _stream(
    first: Event, answering: Answering, chat: ChatAnswer, usage: bool
) -> AsyncIterator[bytes]:
    """The chunks. A problem that comes in the middle is told as an event of its own."""
    yield as_event(chat.first_chunk())
    try:
        event: Event | None = first
        while event is not None:
            if (delta := chat.take(event)) is not None:
                yield as_event(chat.chunk(delta))
            elif isinstance(event, RenderProgress):
                yield SILENT.format(event.modality, event.step, event.of).encode()
            event = await anext(answering.events, None)
    except ApiError as error:
        yield as_event(error.body)
        return
    yield as_event(chat.last_chunk())
    if usage:
        yield as_event(chat.usage_chunk())
    yield b"data: [DONE]\n\n"
