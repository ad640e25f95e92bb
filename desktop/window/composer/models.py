"""Files that a person gives to the window which are models and not media, by their names."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

_ENDINGS = frozenset(
    {".gguf", ".ggml", ".safetensors", ".ckpt", ".pt", ".pth", ".onnx", ".llamafile"}
)
_NAMES = re.compile(r"sha256-[0-9a-f]{64}|model_index\.json|(pytorch_)?model\.bin", re.IGNORECASE)
"""Of files that are models or a part of one."""


_LEVELS, _MOST_FILES = 4, 2000
"""How deep a folder is looked into, and how many of its files are looked at."""


def looks_like_a_model(path: Path) -> bool:
    """True for what is to be added and not attached: a model's file, or a folder that holds one."""
    try:
        names = islice(_files_in(path), _MOST_FILES) if path.is_dir() else [path.name]
    except OSError:
        return False
    return any(_is_a_models_name(name) for name in names)


def _is_a_models_name(name: str) -> bool:
    return os.path.splitext(name)[1].lower() in _ENDINGS or bool(_NAMES.fullmatch(name))


def _files_in(folder: Path) -> Iterator[str]:
    """The names of the files in a folder, not too deep; those that cannot be read are none."""
    root = len(folder.parts)
    for place, folders, files in os.walk(folder):
        if len(Path(place).parts) - root >= _LEVELS:
            folders.clear()
        yield from files
