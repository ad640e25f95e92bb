"""How an artifact or an answer came about, as far as that was written down. Knows messages."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from desktop.assistant.turns import artifact
from desktop.window.transcript.overview import count, model_of, number, text
from storage.library import Library
from storage.records import Message

_NUMBERS = ("seed", "steps", "guidance")
_TIMES = {"loading": "load_s", "encoding": "encode_s", "firstToken": "first_token_s"}


def answer_details(message: Message) -> dict[str, Any]:
    """How an answer came about: its model, tokens, times, and how full the context is since."""
    details = message.details
    found: dict[str, Any] = {
        "answer": True,
        "model": model_of(message),
        "bundle": text(details, "bundle"),
        "promptTokens": count(details, "prompt_tokens"),
        "newTokens": count(details, "new_tokens"),
        "tokensPerSecond": _speed(details),
        "contextUsed": count(details, "context_tokens"),
        "contextSize": count(details, "n_ctx"),
        "dropped": count(details, "dropped"),
        "seed": details.get("seed") if count(details, "prompt_tokens") else None,
        "made": float(message.created_ms),
        **{name: number(details, key) or None for name, key in _TIMES.items()},
    }
    return {name: value for name, value in found.items() if value not in (None, "", 0)}


def _speed(details: dict[str, Any]) -> float | None:
    """Tokens a second. Older answers tell only how long their words took altogether."""
    if (told := number(details, "tokens_per_second")) is not None:
        return told
    seconds = number(details, "text_s")
    return count(details, "new_tokens") / seconds if seconds else None


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
