"""`POST /v1/images/generations` and `/v1/images/edits`."""

from __future__ import annotations

import base64
import time
from typing import Any, Literal

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from desktop.serve.bodies import read_form, read_json
from desktop.serve.connection import while_connected
from desktop.serve.errors import ApiError, as_json
from desktop.serve.media.rendering import made, signal_settings, size_parameters
from desktop.serve.service import Service
from runtime.messages import ArtifactReady, MediaPart

MOST = 8
"""Pictures of one request."""


class ImageRequest(msgspec.Struct, frozen=True):
    """The body. Wishes that no renderer here knows, such as `quality`, are ignored."""

    prompt: str
    model: str | None = None
    n: int | None = 1
    size: str | None = None
    response_format: Literal["b64_json", "url"] | None = "b64_json"
    output_format: Literal["png"] | None = "png"
    stream: bool | None = False
    seed: int | None = None
    steps: int | None = None


async def generations(request: Request) -> Response:
    """Pictures from words."""
    service: Service = request.app.state.service
    asked = await read_json(request, ImageRequest)
    return as_json(await while_connected(request, _pictures(service, request, asked, ())))


async def edits(request: Request) -> Response:
    """Pictures from words and pictures: the bundle looks at them, and makes new ones."""
    service: Service = request.app.state.service
    form = await read_form(request)
    asked = form.to(ImageRequest)
    if "mask" in form.files:
        raise ApiError(
            "mask: expected none: a picture is made anew as a whole. Leave it out.", param="mask"
        )
    form.file("image")
    given = form.files.get("image", []) + form.files.get("image[]", [])
    attachments = service.attachments()
    try:
        media = tuple(
            attachments.add(data, "image", _suffix(name), f"image[{number}]")
            for number, (name, data) in enumerate(given)
        )
        with attachments.telling():
            found = await while_connected(request, _pictures(service, request, asked, media))
        return as_json(found)
    finally:
        attachments.remove()


async def _pictures(
    service: Service, request: Request, asked: ImageRequest, media: tuple[MediaPart, ...]
) -> dict[str, Any]:
    count = asked.n or 1
    if not 1 <= count <= MOST:
        raise ApiError(f"n: expected a number from 1 to {MOST}, found {count}.", param="n")
    if asked.stream:
        raise ApiError("stream: expected false: pictures come whole.", param="stream")
    bundle = service.bundles.wanted(asked.model)
    signal_settings(service, bundle, "image")
    parameters = size_parameters(service, bundle, "image", asked.size)
    if asked.steps is not None:
        parameters["steps"] = asked.steps
    pictures: list[ArtifactReady] = []
    for number in range(count):
        seed = None if asked.seed is None else asked.seed + number
        pictures.append(
            await made(
                service, bundle, "image", asked.prompt, media=media, seed=seed,
                parameters=parameters,
            )
        )  # fmt: skip
    first = pictures[0]
    told: dict[str, Any] = {
        "created": int(time.time()),
        "data": [_told(service, request, asked, picture) for picture in pictures],
        "output_format": first.extension.lstrip("."),
    }
    if first.width and first.height:
        told["size"] = f"{first.width}x{first.height}"
    return told


def _told(
    service: Service, request: Request, asked: ImageRequest, picture: ArtifactReady
) -> dict[str, Any]:
    told: dict[str, Any] = {"seed": picture.seed}
    if asked.response_format == "url":
        told["url"] = str(request.base_url).rstrip("/") + service.artifacts.keep(picture)["url"]
    else:
        told["b64_json"] = base64.b64encode(picture.data).decode()
    if picture.caption:
        told["revised_prompt"] = picture.caption
    return told


def _suffix(name: str) -> str:
    return name[name.rfind(".") :] if "." in name else ""
