"""`/v1/responses`: create, look up, list what was given, delete."""

from __future__ import annotations

from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import Response

from desktop.serve.answering import SILENT, Answering, EventStream, as_event
from desktop.serve.bodies import read_json
from desktop.serve.connection import while_connected
from desktop.serve.errors import ApiError, as_json
from desktop.serve.responses.answer import ResponseAnswer, new_id
from desktop.serve.responses.items import Item
from desktop.serve.responses.request import ResponseRequest, turn_of
from desktop.serve.responses.store import Responses
from desktop.serve.service import Service
from runtime.messages import Event, RenderProgress

MOST_LISTED = 100
"""Items of one page."""


async def create(request: Request) -> Response:
    """Answer what is given, after what was said before."""
    service: Service = request.app.state.service
    asked = await read_json(request, ResponseRequest)
    bundle = service.bundles.wanted(asked.model)
    before = service.responses.said_before(asked.previous_response_id)
    given = [_named(item) for item in service.responses.looked_up(asked.items)]
    attachments = service.attachments()
    try:
        takes_system = service.bundles.takes_system(bundle)
        turn = turn_of(asked, [*before, *given], attachments, takes_system=takes_system)
        answering = await Answering.begin(request, service, turn, bundle, attachments)
    except BaseException:
        attachments.remove()
        raise
    answer = ResponseAnswer(asked, service.bundles.name(bundle), service.artifacts)

    def keep() -> None:
        if asked.store is not False:
            service.responses.keep(answer.response(), given)

    try:
        if not asked.stream:
            with attachments.telling():
                await while_connected(request, _whole(answering, answer))
            answering.leave()
            keep()
            return as_json(answer.response())
        first = await while_connected(request, answering.first())
    except BaseException:
        answering.leave()
        raise

    async def stream() -> AsyncIterator[bytes]:
        async for told in _stream(first, answering, answer):
            yield told
        keep()

    return EventStream(stream(), answering.leave)


async def one(request: Request) -> Response:
    """A response that is kept."""
    if request.query_params.get("stream") == "true":
        raise ApiError("stream: expected false: what is kept comes whole.", param="stream")
    return as_json(_store(request).find(_key(request)).response)


async def delete(request: Request) -> Response:
    """Forget a response."""
    key = _key(request)
    _store(request).remove(key)
    return as_json({"id": key, "object": "response.deleted", "deleted": True})


async def input_items(request: Request) -> Response:
    """What a response was the answer to, the newest first unless `order=asc`."""
    store, query = _store(request), request.query_params
    kept = store.find(_key(request))
    items = [*store.said_before(kept.previous), *kept.given]
    if query.get("order", "desc") != "asc":
        items.reverse()
    if after := query.get("after"):
        ids = [item["id"] for item in items]
        if after not in ids:
            raise ApiError(
                f"after: expected the id of an item, found {after[:80]!r}.", param="after"
            )
        items = items[ids.index(after) + 1 :]
    page = items[: _limit(query.get("limit", "20"))]
    return as_json(
        {
            "object": "list",
            "data": page,
            "first_id": page[0]["id"] if page else None,
            "last_id": page[-1]["id"] if page else None,
            "has_more": len(page) < len(items),
        }
    )


async def cancel(request: Request) -> Response:
    """Nothing runs in the background here."""
    _store(request).find(_key(request))
    raise ApiError(
        "expected a response in the background, found one that is over: to stop an answer, hang up."
    )


def _store(request: Request) -> Responses:
    service: Service = request.app.state.service
    return service.responses


def _key(request: Request) -> str:
    return str(request.path_params["key"])


def _limit(given: str) -> int:
    if not given.isdecimal() or not 1 <= int(given) <= MOST_LISTED:
        raise ApiError(
            f"limit: expected a number from 1 to {MOST_LISTED}, found {given[:20]!r}.",
            param="limit",
        )
    return int(given)


def _named(item: Item) -> Item:
    """An item with an id, as it is kept."""
    if item.get("id"):
        return item
    kind = str(item.get("type", "message"))
    content = item.get("content")
    if kind == "message" and isinstance(content, str):
        name = "output_text" if item.get("role") == "assistant" else "input_text"
        item = {**item, "content": [{"type": name, "text": content}]}
    prefix = {"message": "msg", "function_call": "fc", "function_call_output": "fco"}
    return {"id": new_id(prefix.get(kind, "item")), "type": kind, "status": "completed", **item}


async def _whole(answering: Answering, answer: ResponseAnswer) -> None:
    async for event in answering.events:
        answer.take(event)
    answer.end()


async def _stream(
    first: Event, answering: Answering, answer: ResponseAnswer
) -> AsyncIterator[bytes]:
    """The events. A problem that comes in the middle ends them with `response.failed`."""
    for told in answer.begin():
        yield as_event(told, str(told["type"]))
    error: ApiError | None = None
    try:
        event: Event | None = first
        while event is not None:
            for told in answer.take(event):
                yield as_event(told, str(told["type"]))
            if isinstance(event, RenderProgress):
                yield SILENT.format(event.modality, event.step, event.of).encode()
            event = await anext(answering.events, None)
    except ApiError as found:
        error = found
    for told in answer.end(error):
        yield as_event(told, str(told["type"]))
