"""Errors in OpenAI's shape, and what becomes of Medley's own. Knows no route."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

import msgspec
from starlette.responses import Response

from plugins.errors import Kind, Problem

INVALID, SERVER = "invalid_request_error", "server_error"

_BY_KIND: dict[Kind, tuple[HTTPStatus, str | None]] = {
    "": (HTTPStatus.BAD_REQUEST, None),
    "bundle": (HTTPStatus.BAD_REQUEST, "unsupported_by_model"),
    "context": (HTTPStatus.BAD_REQUEST, "context_length_exceeded"),
    "medium": (HTTPStatus.BAD_REQUEST, "invalid_media"),
    "request": (HTTPStatus.BAD_REQUEST, None),
    "memory": (HTTPStatus.SERVICE_UNAVAILABLE, "insufficient_memory"),
    "stopped": (HTTPStatus.SERVICE_UNAVAILABLE, "stopped"),
}
"""Statuses and codes by kind; anything else is the server's own fault."""


class ApiError(Exception):
    """A request that is not answered, as its client is told."""

    def __init__(
        self,
        message: str,
        *,
        status: int = HTTPStatus.BAD_REQUEST,
        code: str | None = None,
        param: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """`param` names the part of the request that is wrong; `code` is for programs."""
        super().__init__(message)
        self.status, self.code, self.param = int(status), code, param
        self.headers = dict(headers or {})

    @property
    def body(self) -> dict[str, dict[str, str | None]]:
        """The JSON object that OpenAI's clients know."""
        kind = SERVER if self.status >= HTTPStatus.INTERNAL_SERVER_ERROR else INVALID
        error = {"message": str(self), "type": kind, "param": self.param, "code": self.code}
        return {"error": error}

    def response(self) -> Response:
        """The whole answer."""
        return as_json(self.body, self.status, self.headers)


def as_json(data: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A response of one JSON object."""
    body = msgspec.json.encode(data)
    return Response(body, status, dict(headers or {}), media_type="application/json")


def from_problem(problem: Problem) -> ApiError:
    """What a client is told of an engine's problem."""
    status, code = _BY_KIND.get(problem.kind, (HTTPStatus.INTERNAL_SERVER_ERROR, None))
    param = "messages" if problem.kind in ("context", "medium") else None
    return ApiError(str(problem), status=status, code=code, param=param)
