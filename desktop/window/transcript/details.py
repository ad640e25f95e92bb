"""How an artifact or an answer came about, as far as that was written down. Knows messages."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from desktop.assistant.answer_saving import PLACE
from desktop.assistant.turns import artifact
from desktop.window.transcript.overview import count, model_of, number, place_of, text
from storage.library import Library
from storage.records import Message

_NUMBERS = ("seed", "steps", "guidance")
_SHORTEST_S = 0.05
"""Of what does not happen with every answer and is not worth a line otherwise."""


def answer_details(message: Message) -> dict[str, Any]:
    """How an answer came about: its model, tokens, times, and how full the context is since."""
    details = message.details
    found: dict[str, Any] = {
        "answer": True,
        "model": model_of(message),
        "bundle": text(details, "bundle"),
        "place": place_of(message),
        "promptTokens": count(details, "prompt_tokens"),
        "newTokens": count(details, "new_tokens"),
        "tokensPerSecond": number(details, "tokens_per_second") or None,
        "contextUsed": count(details, "context_tokens"),
        "contextSize": count(details, "n_ctx"),
        "dropped": count(details, "dropped"),
        "seed": _seed(details),
        "made": float(message.created_ms),
        "loading": _time(details, "load_s"),
        "encoding": _time(details, "encode_s"),
        "firstToken": number(details, "first_token_s"),
    }
    return {name: value for name, value in found.items() if value not in (None, "", 0)}


def _seed(details: dict[str, Any]) -> str:
    """The seed of words that a language model wrote."""
    seed = details.get("seed")
    return str(seed) if isinstance(seed, int) and count(details, "prompt_tokens") else ""


def _time(details: dict[str, Any], name: str) -> float | None:
    """Seconds; None for what took no time to speak of."""
    found = number(details, name)
    return found if found is not None and found >= _SHORTEST_S else None


def read_details(library: Library, message_id: int, index: int) -> dict[str, Any]:
    """How an artifact was made and what it is, as far as that is known.

    Raises:
        LibraryError: there is no such artifact.
    """
    message = library.messages.get(message_id)
    part = artifact(message, index)
    medium = part.medium
    found: dict[str, Any] = {
        "modality": medium.modality,
        "mime": medium.mime,
        "bytes": float(medium.size),
        "width": medium.width,
        "height": medium.height,
        "duration": medium.duration_s,
        "made": float(message.created_ms),
        "bundle": part.details.get("bundle"),
        "place": text(part.details, PLACE),
        "renderer": part.details.get("renderer"),
        "renderSeconds": part.details.get("render_s"),
        **_from_recipe(library.messages.recipe(part.id)),
    }
    bundle = found.get("bundle")
    if isinstance(bundle, str):
        found["licence"] = _licences(bundle)
    return {name: value for name, value in found.items() if value not in (None, "")}


def _from_recipe(text: str | None) -> dict[str, Any]:
    """What the recipe says; recipes of other programs may say anything."""
    try:
        recipe = json.loads(text) if text else {}
    except ValueError:
        return {}
    if not isinstance(recipe, dict):
        return {}
    parameters = recipe.get("parameters")
    known = {**(parameters if isinstance(parameters, dict) else {}), "seed": recipe.get("seed")}
    found = {name: known.get(name) for name in _NUMBERS}
    return {**found, "rendererVersion": recipe.get("renderer_version")}


def _licences(bundle: str) -> str:
    """Those of an installed bundle, by its name alone: a recipe may come from anybody."""
    from plugins.errors import KnownError
    from runtime.bundle.bundle import list_bundles, read_manifest

    folders = {entry.name: entry.folder for entry in list_bundles()}
    if bundle not in folders:
        return ""  # The bundle is no longer here; what it made still is.
    try:
        licences = read_manifest(folders[bundle]).licences
    except (KnownError, msgspec.MsgspecError):
        return ""
    return ", ".join(sorted({licence.spdx for licence in licences}))
