"""One picture or clip from words: a turn that must answer in that modality. Knows no HTTP."""

from __future__ import annotations

import re
from collections.abc import Callable

from desktop.serve.errors import ApiError
from desktop.serve.service import Service
from runtime.messages import (
    ArtifactReady,
    MediaPart,
    Message,
    RenderProgress,
    TextPart,
    Turn,
)

Parameters = dict[str, int | float | bool | str]
_SIZE = re.compile(r"(\d{1,5})x(\d{1,5})")
_SEEDS = 2**31


def size_parameters(service: Service, bundle: str, modality: str, size: str | None) -> Parameters:
    """The renderer's parameters for a size as `WIDTHxHEIGHT`; none where it is left open, or where
    the renderer knows one size only and enlarges it.

    Raises:
        ApiError: it is no size.
    """
    if size in (None, "", "auto"):
        return {}
    found = _SIZE.fullmatch(size or "")
    if found is None:
        raise ApiError(
            f"size: expected WIDTHxHEIGHT in pixels or auto, found {str(size)[:40]!r}.",
            param="size",
        )
    signal = signal_settings(service, bundle, modality)
    if "upscale" in signal:
        return {}
    return {"width": int(found[1]), "height": int(found[2])}


def signal_settings(service: Service, bundle: str, modality: str) -> Parameters:
    """What a bundle sets for the renderer of a modality.

    Raises:
        ApiError: the bundle does not answer in it.
    """
    manifest = service.bundles.manifest(bundle)
    signals = {} if manifest is None else manifest.signals
    if modality not in signals:
        known = ", ".join(["text", *signals])
        raise ApiError(
            f"model: expected one that makes {modality}, found {service.bundles.name(bundle)}, "
            f"which makes {known}. Choose another model.",
            param="model",
            code="unsupported_by_model",
        )
    return signals[modality].settings


async def made(
    service: Service,
    bundle: str,
    modality: str,
    prompt: str,
    *,
    media: tuple[MediaPart, ...] = (),
    seed: int | None = None,
    parameters: Parameters | None = None,
    on_progress: Callable[[int, int], None] = lambda step, of: None,
) -> ArtifactReady:
    """What the bundle makes of words, and of media beside them.

    Args:
        service: with the engine.
        bundle: name or folder.
        modality: that is to be made.
        prompt: what is wished.
        media: what a person gave.
        seed: None draws one.
        parameters: of the renderer, over the bundle's own.
        on_progress: told steps.

    Raises:
        ApiError: nothing could be made.
    """
    if not prompt.strip():
        raise ApiError("prompt: expected words, found none.", param="prompt")
    turn = Turn(
        messages=(Message("user", (*media, TextPart(prompt))),),
        allowed=(modality,),
        seed=None if seed is None else seed % _SEEDS,
        parameters={modality: parameters} if parameters else {},
        whole=True,
    )
    found: ArtifactReady | None = None
    answer = await service.engine.ask(turn, bundle)
    try:
        async for event in answer.events():
            if isinstance(event, ArtifactReady):
                found = found or event
            elif isinstance(event, RenderProgress):
                on_progress(event.step, event.of)
    finally:
        answer.leave()
    if found is None:
        raise ApiError(f"nothing was made in {modality}. Ask in other words.", param="prompt")
    return found
