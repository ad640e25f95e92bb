"""Presets as files: Medley's own TOML or JSON, LM Studio's presets, and character cards.

A file is small and is read as data alone. Of another program's preset the system text and the
numbers are taken that Medley knows; of a character card its description. Knows no Qt.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import tomli_w

from desktop.file_names import readable
from plugins.errors import KnownError
from storage.manner import LONGEST_SYSTEM
from storage.records import Manner, Preset

LARGEST = 1_000_000
"""Bytes of a preset's file."""
FORMAT = 1
_LM_STUDIO = "llm.prediction."
_CARD_WORDS = ("system_prompt", "description", "personality", "scenario")
"""Parts of a character card that say who answers."""


class PresetFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a file of Medley's own holds."""

    medley_preset: int
    name: str
    system: str | None = None
    bundle: str | None = None
    tools: bool | None = None
    voice: str = ""
    temperature: float | None = None
    top_p: float | None = None
    max_new_tokens: int | None = None
    think: bool | None = None

    @property
    def preset(self) -> Preset:
        """As the library keeps it."""
        manner = Manner(
            self.system or None, self.temperature, self.top_p, self.max_new_tokens,
            self.bundle or None, self.think, self.tools,
        )  # fmt: skip
        return made(manner, self.name, self.voice)


def made(manner: Manner, name: str, voice: str = "") -> Preset:
    """A preset of a manner of answering."""
    return Preset(**msgspec.structs.asdict(manner), name=name, voice=voice)


def write(preset: Preset, path: Path) -> None:
    """Write a preset, as JSON where the file is called so, else as TOML.

    Raises:
        OSError: the file cannot be written.
    """
    values = {
        "medley_preset": FORMAT,
        "name": preset.name,
        **{k: v for k, v in msgspec.to_builtins(preset.manner).items() if v is not None},
        **({"voice": preset.voice} if preset.voice else {}),
    }
    if path.suffix.lower() == ".json":
        text = msgspec.json.format(msgspec.json.encode(values), indent=2).decode()
    else:
        text = tomli_w.dumps(values, multiline_strings=True)
    path.write_text(text.rstrip("\n") + "\n", "utf-8")


def read(path: Path) -> Preset:
    """The preset of a file; what it is called where it has no name of its own is the file's.

    Raises:
        KnownError: it is none.
        OSError: it cannot be read.
    """
    if path.stat().st_size > LARGEST:
        raise _none(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
        found = msgspec.json.decode(text) if text.lstrip()[:1] == "{" else tomllib.loads(text)
    except (UnicodeDecodeError, msgspec.DecodeError, tomllib.TOMLDecodeError) as error:
        raise _none(path) from error
    if not isinstance(found, dict):
        raise _none(path)
    preset = _own(found, path) or _lm_studio(found) or _card(found)
    if preset is None:
        raise _none(path)
    name = " ".join(preset.name.split())[:100] or readable(Path(path.stem))
    return msgspec.structs.replace(preset, name=name)


def _own(found: Mapping[str, Any], path: Path) -> Preset | None:
    if "medley_preset" not in found:
        return None
    if found["medley_preset"] != FORMAT:
        raise KnownError(
            "{path}: expected a preset of format {format}, found another one. It is from a newer "
            "Medley; export it from an older one, or bring this one up to date.",
            path=readable(path),
            format=FORMAT,
        )
    try:
        return msgspec.convert(found, PresetFile).preset
    except msgspec.ValidationError as error:
        raise _none(path) from error


def _lm_studio(found: Mapping[str, Any]) -> Preset | None:
    """A preset of LM Studio: named fields, each with a value that may be switched off."""
    operation = found.get("operation")
    fields = operation.get("fields") if isinstance(operation, dict) else None
    if not isinstance(fields, list):
        return None
    values: dict[str, Any] = {}
    for field in fields:
        if isinstance(field, dict) and str(field.get("key", "")).startswith(_LM_STUDIO):
            value = field.get("value")
            if isinstance(value, dict) and "checked" in value:
                value = value.get("value") if value["checked"] is True else None
            values[field["key"].removeprefix(_LM_STUDIO)] = value
    manner = Manner(
        _text(values.get("systemPrompt")),
        _number(values.get("temperature")),
        _number(values.get("topPSampling")) or None,
        int(_number(values.get("maxPredictedTokens")) or 0) or None,
    )
    return made(manner, _text(found.get("name")) or "")


def _card(found: Mapping[str, Any]) -> Preset | None:
    """A character card, in which `{{char}}` is who answers and `{{user}}` is who asks."""
    data = found.get("data") if isinstance(found.get("data"), dict) else found
    assert isinstance(data, Mapping)
    name = _text(data.get("name")) or _text(data.get("char_name"))
    parts = [_text(data.get(part)) for part in _CARD_WORDS]
    words = "\n\n".join(part for part in parts if part)
    if not name or not words:
        return None
    for place, meant in (("{{char}}", name), ("{{user}}", "the user")):
        words = words.replace(place, meant)
    return made(Manner(words[:LONGEST_SYSTEM]), name)


def _text(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and type(value) is not bool else None


def _none(path: Path) -> KnownError:
    return KnownError(
        "{path}: expected a preset, found something else. Choose a file that Medley or LM Studio "
        "exported, or a character card as JSON.",
        path=readable(path),
    )
