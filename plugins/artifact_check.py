"""Checks what a renderer returned: a plugin may return anything. Knows the contract only."""

from __future__ import annotations

import re
from typing import Any

from plugins.api import Artifact, Recipe

_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,12}")


def rubbish(artifact: Any, modality: str) -> str:
    """What is wrong with what a plugin returned; empty when nothing is."""
    if not isinstance(artifact, Artifact):
        return f"a {type(artifact).__name__}"
    if artifact.modality != modality:
        return f"an artifact of {artifact.modality!r}"
    data: Any = artifact.data
    if not isinstance(data, bytes) or not data:
        return "an artifact without bytes"
    extension: Any = artifact.extension
    if not isinstance(extension, str) or not _EXTENSION.fullmatch(extension):
        return f"an artifact with the file name extension {extension!r}"
    recipe: Any = artifact.recipe
    return "" if isinstance(recipe, Recipe) else "an artifact without a recipe"
