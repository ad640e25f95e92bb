"""Questions that a server asks the person in the middle of a call: bounded, and a few at most."""

from __future__ import annotations

import contextvars
import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import anyio
import msgspec
from anyio.to_thread import run_sync
from mcp.client.session import ClientRequestContext
from mcp_types import (
    INVALID_REQUEST,
    ElicitRequestFormParams,
    ElicitRequestParams,
    ElicitRequestURLParams,
    ElicitResult,
    ErrorData,
)

from desktop.tools.mcp.hidden_text import visible
from desktop.tools.protocol import Elicited
from desktop.tools.source import Job
from plugins.errors import Cancelled

MOST_QUESTIONS = 5
"""Of one call; later ones are declined without asking."""
LONGEST_MESSAGE = 2_000
_MOST_SCHEMA_BYTES, _MOST_FIELDS = 16_384, 24
_FIELD_TYPES = ("string", "number", "integer", "boolean", "array")
_DECLINED = ElicitResult(action="decline")


class Asking:
    """A call in which its server may ask."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.asked = 0
        """Questions so far."""
        self.one_by_one = anyio.Lock()
        """A person is asked one question at a time."""


_asking: contextvars.ContextVar[Asking] = contextvars.ContextVar("asking")


class Elicitor:
    """Passes the questions of one server to the person.

    Threads: the event loop's.
    """

    def __init__(self, server: str) -> None:
        self._server = server
        self._calls: list[Asking] = []
        # As many persons' answers as calls there may be are waited for at once.
        self._limiter = anyio.CapacityLimiter(64)

    @contextmanager
    def during(self, job: Job) -> Iterator[Asking]:
        """A call, during which the server may ask."""
        asking = Asking(job)
        self._calls.append(asking)
        token = _asking.set(asking)
        try:
            yield asking
        finally:
            _asking.reset(token)
            self._calls.remove(asking)

    async def ask(
        self, context: ClientRequestContext, params: ElicitRequestParams
    ) -> ElicitResult | ErrorData:
        """The person's answer to a question of the server.

        The newer protocol asks within the task of the call; the older one does not say in which
        call it asks: it is taken to be the newest.
        """
        asking = _asking.get(None) or (self._calls[-1] if self._calls else None)
        if asking is None:
            return ErrorData(code=INVALID_REQUEST, message="questions are answered during calls")
        if isinstance(params, ElicitRequestURLParams):
            return await self.ask_to_open(asking, params.message, params.url)
        return await self._ask_form(asking, params)

    async def ask_to_open(self, asking: Asking, message: str, url: str) -> ElicitResult:
        """Ask the person to open an address."""
        shown = visible(url)
        if urlsplit(shown).scheme not in ("http", "https") or shown != url or len(url) > 2_000:
            return _DECLINED
        answer = await self._answer(asking, message, url=url)
        return _DECLINED if answer is None else ElicitResult(action=answer.action)

    async def _ask_form(self, asking: Asking, params: ElicitRequestFormParams) -> ElicitResult:
        schema = params.requested_schema
        if not _is_form(schema):
            return _DECLINED
        text = visible(msgspec.json.encode(schema).decode("utf-8", "replace"))
        if len(text) > _MOST_SCHEMA_BYTES:
            return _DECLINED
        answer = await self._answer(asking, params.message, schema=text)
        if answer is None or answer.action != "accept":
            return _DECLINED if answer is None else ElicitResult(action=answer.action)
        content = _defaults(schema) | json.loads(answer.content or "{}")
        return ElicitResult(action="accept", content=content)

    async def _answer(
        self, asking: Asking, message: str, *, schema: str = "", url: str = ""
    ) -> Elicited | None:
        """The answer; None where it was asked too often already, or the call is stopped."""
        asking.asked += 1
        if asking.asked > MOST_QUESTIONS:
            return None
        text = visible(message)[:LONGEST_MESSAGE]
        question = partial(asking.job.elicit, self._server, text, schema, url)
        try:
            async with asking.one_by_one:
                return await run_sync(question, abandon_on_cancel=True, limiter=self._limiter)
        except Cancelled:
            return None


def _defaults(schema: dict[str, Any]) -> dict[str, Any]:
    """What a form holds where a person leaves fields as they are."""
    fields = schema.get("properties", {}).items()
    return {name: field["default"] for name, field in fields if "default" in field}


def _is_form(schema: dict[str, Any]) -> bool:
    """Whether it is a flat object of texts, numbers, choices and switches."""
    fields = schema.get("properties", {})
    return (
        schema.get("type") == "object"
        and isinstance(fields, dict)
        and len(fields) <= _MOST_FIELDS
        and all(
            isinstance(one, dict) and one.get("type") in _FIELD_TYPES for one in fields.values()
        )
    )
