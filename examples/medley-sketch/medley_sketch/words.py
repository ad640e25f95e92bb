"""The renderer's own text encoder: captions become conditions, and conditions become attributes.

Small and exact: every word it knows has a fixed direction, and a caption's condition holds one row
for each slot. A row that a language model's projection gets roughly right is still nearest to its
word. Knows words and numbers only.

Legend: C captions, S slots, W width of a row.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Float32 = NDArray[np.float32]
WIDTH = 16
SLOTS: dict[str, dict[str, tuple[str, ...]]] = {
    "shape": {
        "circle": ("circle", "disc", "round"),
        "square": ("square", "box"),
        "triangle": ("triangle",),
        "star": ("star",),
    },
    "colour": {
        "red": ("red",), "orange": ("orange",), "yellow": ("yellow",), "green": ("green",),
        "blue": ("blue",), "purple": ("purple", "violet"), "brown": ("brown",), "black": ("black",),
    },
    "size": {
        "small": ("small", "little", "tiny"),
        "medium": (),
        "big": ("big", "large", "huge"),
    },
    "place": {
        "left": ("left",), "right": ("right",), "top": ("top", "above"),
        "bottom": ("bottom", "below"), "middle": ("middle", "centre", "center"),
    },
}  # fmt: skip
DEFAULTS = {"shape": "circle", "colour": "black", "size": "medium", "place": "middle"}
SHAPE = (len(SLOTS), WIDTH)
"""S x W, of every condition."""
UNSURE = 0.3
"""A row shorter than this along every word says nothing; the default is drawn."""


def direction(slot: str, value: str) -> Float32:
    """[W]: the unit vector that stands for a value, the same on every machine."""
    digest = hashlib.sha256(f"{slot}:{value}".encode()).digest()
    numbers = np.frombuffer(digest, dtype="<u2").astype(np.float32) / 32767.5 - 1.0
    unit: Float32 = numbers / np.linalg.norm(numbers)
    return unit


def encode(captions: Sequence[str]) -> Float32:
    """[C, S, W]: what each caption asks for; a slot that it does not name has its default."""
    return np.stack([_encode_one(caption) for caption in captions])


def read(condition: Float32) -> dict[str, str]:
    """The attributes nearest to a condition [S, W]."""
    found = {}
    for (slot, values), row in zip(SLOTS.items(), condition, strict=True):
        scores = {value: float(direction(slot, value) @ row) for value in values}
        best = max(scores, key=lambda value: scores[value])
        found[slot] = best if scores[best] > UNSURE else DEFAULTS[slot]
    return found


def named(caption: str) -> dict[str, str]:
    """The attributes that a caption names, defaults for the others; the first word counts."""
    words = re.findall(r"[a-z]+", caption.lower())
    found = dict(DEFAULTS)
    for slot, values in SLOTS.items():
        value_of = {word: value for value, synonyms in values.items() for word in synonyms}
        said = [value_of[word] for word in words if word in value_of]
        found[slot] = said[0] if said else DEFAULTS[slot]
    return found


def _encode_one(caption: str) -> Float32:
    return np.stack([direction(slot, value) for slot, value in named(caption).items()])
