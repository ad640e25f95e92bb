"""Checks what a renderer returned: a plugin may return anything. Knows the contract only."""

from __future__ import annotations

import math
import re
from typing import Any

from plugins.api import Artifact, Recipe
from plugins.errors import KnownError, Problem, phrase
from plugins.recipe_fields import recipe_fields

MOST_PIXELS = 2**24
"""The most pixels of one side."""
LONGEST_S = 366 * 24 * 3600.0
"""Seconds of a sound or a clip: a year."""
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,12}")
_MIME = re.compile(r"[a-z]{1,20}/[A-Za-z0-9.+-]{1,80}")
_SHOWN = 60


def rubbish(artifact: Any, modality: str) -> Problem | None:
    """The problem of a plugin's result; empty if there is none."""
    if not isinstance(artifact, Artifact):
        return phrase("a {type_name}", type_name=type(artifact).__name__)
    if artifact.modality != modality:
        return phrase("an artifact of {modality}", modality=_short(artifact.modality))
    data: Any = artifact.data
    if not isinstance(data, bytes) or not data:
        return phrase("an artifact without bytes")
    if not _fits(_EXTENSION, artifact.extension):
        return phrase(
            "an artifact with the file name extension {extension}",
            extension=_short(artifact.extension),
        )
    if not _fits(_MIME, artifact.mime):
        return phrase("an artifact with the mime type {mime}", mime=_short(artifact.mime))
    return _measures(artifact) or _recipe(artifact.recipe, modality)


def _fits(pattern: re.Pattern[str], value: Any) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _measures(artifact: Artifact) -> Problem | None:
    for name in ("width", "height"):
        value = getattr(artifact, name)
        if value is not None and (type(value) is not int or not 0 < value <= MOST_PIXELS):
            return phrase("an artifact with the {name} {value}", name=name, value=_short(value))
    duration: Any = artifact.duration_s
    if duration is None or (type(duration) in (int, float) and 0 <= duration <= LONGEST_S):
        return None
    return phrase("an artifact with the duration {duration}", duration=_short(duration))


def _recipe(recipe: Any, modality: str) -> Problem | None:
    if not isinstance(recipe, Recipe):
        return phrase("an artifact without a recipe")
    try:
        recipe_fields(recipe.to_json())
    except KnownError as error:
        return phrase("one with a recipe that cannot be used again ({error})", error=error)
    except Exception as error:  # noqa: BLE001  a field may be anything, and say no when asked
        return phrase(
            "one with a recipe that cannot be written ({type_name})", type_name=type(error).__name__
        )
    return (
        None
        if recipe.modality == modality
        else phrase("a recipe for {modality}", modality=_short(recipe.modality))
    )


def _short(value: Any) -> str:
    if type(value) in (int, float) and not (math.isfinite(value) and abs(value) < 2**63):
        return "without an end"
    return ascii(value)[:_SHOWN] if isinstance(value, str | int | float) else type(value).__name__
