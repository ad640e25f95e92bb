"""The server's routes, and what becomes of errors that no route expected."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute

from desktop.serve import embeddings, models, page
from desktop.serve.chat import completions
from desktop.serve.errors import ApiError, from_problem
from desktop.serve.guard import Guard
from desktop.serve.media import generations, images, videos
from desktop.serve.media.artifacts import PATH
from desktop.serve.realtime import route as realtime
from desktop.serve.responses import routes as responses
from desktop.serve.service import Service
from desktop.serve.speech import routes as speech_routes
from plugins.errors import KnownError

_log = logging.getLogger(__name__)


def application(service: Service, port: int, token: str) -> Starlette:
    """The server on a port, for who knows the token."""

    @contextlib.asynccontextmanager
    async def running(_: Starlette) -> AsyncIterator[None]:
        await service.start()
        try:
            yield
        finally:
            service.close()

    app = Starlette(
        routes=[
            Route("/", page.shown),
            Route("/v1/models", models.listed),
            Route("/v1/models/{name:path}", models.one),
            Route("/v1/chat/completions", completions.create, methods=["POST"]),
            Route("/v1/responses", responses.create, methods=["POST"]),
            Route("/v1/responses/{key}", responses.delete, methods=["DELETE"]),
            Route("/v1/responses/{key}", responses.one),
            Route("/v1/responses/{key}/input_items", responses.input_items),
            Route("/v1/responses/{key}/cancel", responses.cancel, methods=["POST"]),
            WebSocketRoute("/v1/realtime", realtime.connected),
            Route("/v1/embeddings", embeddings.create, methods=["POST"]),
            Route("/v1/audio/speech", speech_routes.speech, methods=["POST"]),
            Route("/v1/audio/transcriptions", speech_routes.transcriptions, methods=["POST"]),
            Route("/v1/audio/voices", speech_routes.voices),
            Route("/v1/images/generations", images.generations, methods=["POST"]),
            Route("/v1/images/edits", images.edits, methods=["POST"]),
            Route("/v1/videos", videos.create, methods=["POST"]),
            Route("/v1/videos", videos.listed),
            Route("/v1/videos/{key}", videos.delete, methods=["DELETE"]),
            Route("/v1/videos/{key}", videos.one),
            Route("/v1/videos/{key}/content", videos.content),
            Route("/v1/x_medley/generations", generations.create, methods=["POST"]),
            Route(PATH + "/{key}", models.artifact),
        ],
        middleware=[Middleware(Guard, port=port, token=token)],
        exception_handlers={
            ApiError: _refused,
            KnownError: _known,
            HTTPException: _no_route,
            ClientDisconnect: _nobody,
            Exception: _fault,
        },
        lifespan=running,
    )
    app.state.service = service
    return app


async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, ApiError)
    return error.response()


async def _known(_: Request, error: Exception) -> Response:
    assert isinstance(error, KnownError)
    return from_problem(error.problem).response()


async def _no_route(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    said = f"{request.method} {request.url.path}: {error.detail}. `/` names what there is."
    return ApiError(said, status=error.status_code, headers=error.headers).response()


async def _nobody(_: Request, __: Exception) -> Response:
    return Response(status_code=499)


async def _fault(request: Request, error: Exception) -> Response:
    _log.error("%s %s", request.method, request.url.path, exc_info=error)
    said = f"the server met a fault of its own ({type(error).__name__}). Ask again."
    return ApiError(said, status=500).response()
