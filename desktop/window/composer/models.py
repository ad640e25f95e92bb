"""Files that a person gives to the window which are models and not media, by their names."""

from __future__ import annotations

import re
from pathlib import Path

_ENDINGS = frozenset(
    {".gguf", ".ggml", ".safetensors", ".ckpt", ".pt", ".pth", ".onnx", ".llamafile"}
)
_NAMES = re.compile(r"sha256-[0-9a-f]{64}|model_index\.json|(pytorch_)?model\.bin", re.IGNORECASE)
"""Of files that are models or a part of one."""


def looks_like_a_model(path: Path) -> bool:
    """True for what is to be added and not attached: a model's file, or any folder."""
    if path.suffix.lower() in _ENDINGS or _NAMES.fullmatch(path.name):
        return True
    try:
        return path.is_dir()
    except OSError:
        return False
