"""The example plugin as an installer leaves it, and a reader of its files that shares no code.

The reader measures geometry: area, girth and place of the drawn outline, not how it was written.
"""

from __future__ import annotations

import colorsys
import json
import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from tokenizers import Tokenizer
from transformers import LlamaForCausalLM, PreTrainedTokenizerFast

from tests import tiny_llama

EXAMPLE = Path(__file__).parent.parent / "examples" / "medley-sketch"
CHAT = (
    "{% for m in messages %}{% if m.role == 'user' %}<s><user>{{ m.content }}<assistant>"
    "{% else %}{{ m.content }}</s>{% endif %}{% endfor %}"
)
HUES = {"red": 0, "orange": 19, "yellow": 43, "green": 116, "blue": 198, "purple": 275}
"""Degrees."""


def install(site: Path, patch: pytest.MonkeyPatch) -> None:
    """Make the example plugin known, as if it had been installed into `site`."""
    info = site / "medley_sketch-1.0.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: medley-sketch\nVersion: 1.0.0\n")
    (info / "entry_points.txt").write_text("[medley.plugins]\nsketch = medley_sketch\n")
    patch.syspath_prepend(str(EXAMPLE))
    patch.syspath_prepend(str(site))


@dataclass(frozen=True)
class Measured:
    """What is seen in a sketch."""

    shape: str
    colour: str
    size: str
    place: str


def measure(data: bytes) -> Measured:
    """The one figure of an SVG file."""
    root = ElementTree.fromstring(data)
    assert root.tag.endswith("}svg")
    side = float(root.attrib["width"])
    (path,) = (element for element in root if element.tag.endswith("}path"))
    numbers = [float(text) for text in re.findall(r"-?\d+(?:\.\d+)?", path.attrib["d"])]
    outline = np.array(numbers).reshape(-1, 2) / side
    area, girth, centre = _geometry(outline)
    return Measured(
        shape=_shape(4 * math.pi * area / girth**2),
        colour=_colour(path.attrib["fill"]),
        size=_size(float(np.linalg.norm(outline - outline.mean(axis=0), axis=1).max())),
        place=_place(*centre),
    )


def _geometry(outline: Any) -> tuple[float, float, Any]:
    following = np.roll(outline, -1, axis=0)
    cross = outline[:, 0] * following[:, 1] - following[:, 0] * outline[:, 1]
    girth = float(np.linalg.norm(following - outline, axis=1).sum())
    return abs(float(cross.sum()) / 2), girth, outline.mean(axis=0)


def _shape(roundness: float) -> str:
    """4 pi area / girth^2: 1 for a circle, 0.79 for a square, 0.6 for a triangle."""
    steps = ((0.9, "circle"), (0.7, "square"), (0.5, "triangle"), (0.0, "star"))
    return next(name for least, name in steps if roundness > least)


def _size(reach: float) -> str:
    return "small" if reach < 0.14 else "medium" if reach < 0.23 else "big"


def _place(x: float, y: float) -> str:
    if max(abs(x - 0.5), abs(y - 0.5)) < 0.1:
        return "middle"
    if abs(x - 0.5) > abs(y - 0.5):
        return "left" if x < 0.5 else "right"
    return "top" if y < 0.5 else "bottom"


def _colour(text: str) -> str:
    red, green, blue = (int(text[i : i + 2], 16) / 255 for i in (1, 3, 5))
    hue, saturation, value = colorsys.rgb_to_hsv(red, green, blue)
    if saturation < 0.2:
        return "black"
    if value < 0.6 and hue * 360 < 40:
        return "brown"

    def off(name: str) -> float:
        return abs((hue * 360 - HUES[name] + 180) % 360 - 180)

    return min(HUES, key=off)


def write_chat_model(folder: Path, model: LlamaForCausalLM, *, chat: str | None = CHAT) -> Path:
    """A Hugging Face chat model folder."""
    folder.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(folder)
    tokenizer: Tokenizer = tiny_llama.tokenizer()
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>")
    fast.chat_template = chat
    fast.save_pretrained(folder)
    return folder


def write_requests(folder: Path, wishes: list[str], **more: Any) -> Path:
    """A data folder with one request for a sketch each."""
    folder.mkdir(parents=True, exist_ok=True)
    records = [
        {"conversation": [
            {"from": "human", "value": f"sketch {wish}"},
            {"from": "gpt", "value": "here", "caption": wish, "output_modality": "sketch"},
        ]}
        for wish in wishes
    ]  # fmt: skip
    (folder / "sketches.json").write_text(json.dumps([*records, *more.get("others", ())]))
    return folder
