"""`POST /v1/x_medley/generations`: an artifact in any modality that a bundle answers in, those of
plugins among them."""

from __future__ import annotations

import time
from typing import Any, Literal

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from desktop.serve.bodies import read_json
from desktop.serve.connection import while_connected
from desktop.serve.errors import ApiError, as_json
from desktop.serve.media.rendering import Parameters, made, signal_settings
from desktop.serve.service import Service
from runtime.messages import ArtifactReady


class GenerationRequest(msgspec.Struct, frozen=True):
    """The body."""

    modality: str
    prompt: str
    model: str | None = None
    seed: int | None = None
    parameters: Parameters = {}
    """Of the renderer, over the bundle's own."""
    response_format: Literal["data", "url"] | None = "data"


async def create(request: Request) -> Response:
    """Make one artifact from words."""
    service: Service = request.app.state.service
    asked = await read_json(request, GenerationRequest)
    bundle = service.bundles.wanted(asked.model)
    if asked.modality == "text":
        raise ApiError(
            "modality: expected another one than text. Ask /v1/chat/completions for words.",
            param="modality",
        )
    try:
        signal_settings(service, bundle, asked.modality)
    except ApiError as error:
        raise ApiError(str(error), code=error.code, param="modality") from error

    async def work() -> ArtifactReady:
        return await made(
            service, bundle, asked.modality, asked.prompt, seed=asked.seed,
            parameters=asked.parameters,
        )  # fmt: skip

    found = await while_connected(request, work())
    told: dict[str, Any] = service.artifacts.keep(found, inline=asked.response_format != "url")
    told["recipe"] = msgspec.Raw(found.recipe.encode())
    model = service.bundles.name(bundle)
    return as_json({"created": int(time.time()), "model": model, "data": [told]})
