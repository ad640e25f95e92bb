"""Names and licences of models, as their files state them, fit to be shown."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from runtime.language_model.gguf_head import GgufHead

_UNNAMED: Final = frozenset({"model", "models", "tmp", "temp", "hf", "merged", "output", "main"})


def title(path: Path, head: GgufHead) -> str:
    """The name that a GGUF gives itself, or else that of the file."""
    own = clean(head.text("general.name"))
    if len(own) > 2 and own.lower() not in _UNNAMED and not {"/", "\\"} & set(own):
        return own
    return clean(path.stem)


def licence(head: GgufHead) -> str:
    """What a GGUF says about its licence; empty where it says nothing."""
    keys = ("general.license", "general.license.name", "general.license.link")
    stated = [clean(head.text(key)) for key in keys]
    return next((one for one in stated if one and one.lower() != "other"), "")


def clean(text: str, most: int = 80) -> str:
    """A text on one line, without characters that cannot be shown, and not too long."""
    shown = "".join(one if one.isprintable() else " " for one in text)
    return " ".join(shown.split())[:most].strip()
