"""Names and licences of models, as their files state them, fit to be shown."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from runtime.language_model.gguf_head import GgufHead
from runtime.local_models.found import NotAModelError
from runtime.local_models.heads import first_bytes
from runtime.local_models.snapshots import REPOSITORY

_UNNAMED: Final = frozenset({"model", "models", "tmp", "temp", "hf", "merged", "output", "main"})

_LARGEST_README: Final = 65_536
_LICENCE: Final = re.compile(r"^license:[ \t]*(\S[^\n]*)$", re.MULTILINE)


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


def folder_title(folder: Path) -> str:
    """The name of a folder; of one in a cache of Hugging Face, that of the repository."""
    above = folder.parent
    if above.name == "snapshots" and above.parent.name.startswith(REPOSITORY):
        return clean(above.parent.name.rpartition("--")[2])
    return clean(folder.name)


def folder_licence(folder: Path) -> str:
    """What a folder says about its licence; empty where it says nothing."""
    try:
        head = first_bytes(folder / "README.md", _LARGEST_README).decode("utf-8", "replace")
    except NotAModelError:
        return ""
    found = _LICENCE.search(head.partition("\n---")[0]) if head.startswith("---") else None
    return clean(found[1].strip("\"' ")) if found else ""
