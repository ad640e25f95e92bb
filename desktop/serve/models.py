"""`GET /v1/models`, and what answers brought under `GET /v1/medley/artifacts`."""

from __future__ import annotations

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from desktop.serve.errors import ApiError, as_json
from desktop.serve.service import Service


async def listed(request: Request) -> Response:
    """Every bundle."""
    service: Service = request.app.state.service
    return as_json({"object": "list", "data": await service.models()})


async def one(request: Request) -> Response:
    """One bundle."""
    service: Service = request.app.state.service
    name = service.bundles.name(service.bundles.wanted(request.path_params["name"]))
    for model in await service.models():
        if model["id"] == name:
            return as_json(model)
    raise ApiError(f"model: {name!r} cannot be opened.", status=HTTPStatus.NOT_FOUND)


async def artifact(request: Request) -> Response:
    """A picture, sound or clip that an answer brought."""
    service: Service = request.app.state.service
    kept = service.artifacts.find(request.path_params["key"])
    if kept is None:
        raise ApiError(
            "expected what an answer brought, found none: only the newest are kept. Ask again.",
            status=HTTPStatus.NOT_FOUND,
        )
    headers = {"Content-Disposition": f'inline; filename="{kept.name}"'}
    return Response(kept.data, headers=headers, media_type=kept.mime)
