"""The presets that come with Medley, in the window's language. Knows no Qt."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import msgspec

from desktop.window.presets.files import FORMAT, PresetFile
from storage.records import Preset

FOLDER = Path(__file__).parent


@cache
def examples(language: str) -> dict[str, Preset]:
    """Presets by key; the English ones where a language has none."""
    path = FOLDER / f"examples_{language}.toml"
    if not path.is_file():
        return examples("en")
    found = tomllib.loads(path.read_text("utf-8"))
    return {
        key: msgspec.convert({"medley_preset": FORMAT, **values}, PresetFile).preset
        for key, values in found.items()
    }
