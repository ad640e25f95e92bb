"""Who may ask: programs of this computer that know the token, and no web page.

The address that a request names (`Host`) must be this server's own, so that no name of a stranger
can be made to lead here; a page of another site (`Origin`) is refused; everything but the page on
`/` needs the token.
"""

from __future__ import annotations

import hmac
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from desktop.serve.errors import ApiError

OPEN_PATHS = frozenset({"/"})
"""What may be read without a token: it tells nothing secret."""
_NAMES = ("127.0.0.1", "localhost")


class Guard:
    """Refuses requests before anything of them is read."""

    def __init__(self, app: ASGIApp, port: int, token: str) -> None:
        self._app, self._token = app, token.encode()
        self._hosts = {f"{name}:{port}" for name in _NAMES}
        self._origins = {f"http://{host}" for host in self._hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        try:
            self._check(Headers(scope=scope), scope["path"])
        except ApiError as error:
            await error.response()(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _check(self, headers: Headers, path: str) -> None:
        host = headers.get("host", "")
        if host.lower() not in self._hosts:
            raise ApiError(
                f"Host: expected {' or '.join(sorted(self._hosts))}, found {host[:100]!r}. Use "
                "one of these addresses.",
                status=HTTPStatus.FORBIDDEN,
                code="host_not_allowed",
            )
        origin = headers.get("origin")
        if origin is not None and origin.lower() not in self._origins:
            raise ApiError(
                f"Origin: expected no web page of another site, found {origin[:100]!r}. Ask from "
                "a program instead.",
                status=HTTPStatus.FORBIDDEN,
                code="origin_not_allowed",
            )
        if path not in OPEN_PATHS:
            self._check_token(headers.get("authorization", ""))

    def _check_token(self, given: str) -> None:
        scheme, _, token = given.partition(" ")
        known = scheme.lower() == "bearer" and hmac.compare_digest(
            token.strip().encode(), self._token
        )
        if not known:
            raise ApiError(
                "expected the token of this server as `Authorization: Bearer TOKEN` (an OpenAI "
                f"client's api_key), found {'another one' if given else 'none'}. `medley serve` "
                "says where it lies.",
                status=HTTPStatus.UNAUTHORIZED,
                code="invalid_api_key",
                headers={"WWW-Authenticate": "Bearer"},
            )
