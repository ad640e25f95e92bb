"""`POST /v1/embeddings`: words in the shared space of a bundle's encoder."""

from __future__ import annotations

import base64
import struct
from typing import Any, Literal

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from desktop.serve.bodies import read_json
from desktop.serve.connection import while_connected
from desktop.serve.errors import ApiError, as_json
from desktop.serve.service import Service
from runtime.messages import Embedding, TextPart

MOST = 2048
"""Texts of one request."""


class EmbeddingRequest(msgspec.Struct, frozen=True):
    """The body."""

    input: str | list[Any]
    model: str | None = None
    encoding_format: Literal["float", "base64"] | None = "float"
    dimensions: int | None = None


async def create(request: Request) -> Response:
    """Where texts lie."""
    service: Service = request.app.state.service
    asked = await read_json(request, EmbeddingRequest)
    texts = _texts(asked.input)
    bundle = service.bundles.wanted(asked.model)
    manifest = service.bundles.manifest(bundle)
    if manifest is not None and manifest.encoder is None:
        raise ApiError(
            f"model: expected one with an encoder, found {manifest.name}, which has none. Choose "
            "another model, for example pocket.",
            param="model",
            code="unsupported_by_model",
        )

    async def work() -> list[Embedding]:
        return [await service.engine.embed(TextPart(text), bundle) for text in texts]

    found = await while_connected(request, work())
    data = [_told(number, one, asked) for number, one in enumerate(found)]
    usage = {"prompt_tokens": 0, "total_tokens": 0}
    name = service.bundles.name(bundle)
    return as_json({"object": "list", "data": data, "model": name, "usage": usage})


def _texts(given: str | list[Any]) -> list[str]:
    texts = [given] if isinstance(given, str) else given
    if not 1 <= len(texts) <= MOST:
        raise ApiError(f"input: expected 1 to {MOST} texts, found {len(texts)}.", param="input")
    if not all(isinstance(text, str) and text.strip() for text in texts):
        raise ApiError(
            "input: expected texts that are not empty, found something else. Give words rather "
            "than tokens (in LangChain: check_embedding_ctx_length=False).",
            param="input",
        )
    return texts


def _told(number: int, found: Embedding, asked: EmbeddingRequest) -> dict[str, Any]:
    size = len(found.vector) // 4
    if asked.dimensions not in (None, size):
        raise ApiError(
            f"dimensions: expected {size}, the only size of this encoder, found "
            f"{asked.dimensions}.",
            param="dimensions",
        )
    vector: str | list[float] = base64.b64encode(found.vector).decode()
    if asked.encoding_format != "base64":
        vector = list(struct.unpack(f"<{size}f", found.vector))
    told = {"object": "embedding", "index": number, "embedding": vector}
    return {**told, "x_medley": {"space": found.space, "known": found.known}}
