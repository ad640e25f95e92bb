"""Presets as files: written and read again, those of other programs, and what is none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from desktop.window.presets import files
from desktop.window.presets.examples import examples
from plugins.errors import KnownError
from storage.manner import check_manner
from storage.records import Manner, Preset

SYSTEM = "Say \"arr\".\nThen stop; \\ and ''' are fine.\t海盗"
FULL = files.made(Manner(SYSTEM, 0.7, 0.9, 640, "/models/mine", True, False), "Pirate", "af_heart")


@pytest.mark.parametrize("ending", ["toml", "json"])
@pytest.mark.parametrize("preset", [FULL, Preset(name="Plain")])
def test_a_preset_survives_a_file(tmp_path: Path, ending: str, preset: Preset) -> None:
    path = tmp_path / f"preset.{ending}"

    files.write(preset, path)

    assert files.read(path) == preset


def test_the_file_can_be_read_by_a_person(tmp_path: Path) -> None:
    files.write(Preset(name="Poet", system="Answer in rhymes.\nAlways."), tmp_path / "poet.toml")

    assert (tmp_path / "poet.toml").read_text("utf-8") == (
        'medley_preset = 1\nname = "Poet"\nsystem = """\nAnswer in rhymes.\nAlways."""\n'
    )


def test_a_preset_of_lm_studio_is_read(tmp_path: Path) -> None:
    def field(key: str, value: Any) -> dict[str, Any]:
        return {"key": f"llm.prediction.{key}", "value": value}

    found = _read(tmp_path, {
        "identifier": "@local:pirate", "name": "Pirate", "changed": True,
        "operation": {"fields": [
            field("systemPrompt", "Talk like a pirate."), field("temperature", 0.4),
            field("topPSampling", {"checked": True, "value": 0.8}),
            field("maxPredictedTokens", {"checked": False, "value": 512}),
            field("topKSampling", 40),
        ]},
        "load": {"fields": []},
    })  # fmt: skip

    assert found == Preset(name="Pirate", system="Talk like a pirate.", temperature=0.4, top_p=0.8)


@pytest.mark.parametrize("wrapped", [True, False])
def test_a_character_card_is_read(tmp_path: Path, wrapped: bool) -> None:
    card = {
        "name": "Ada", "description": "{{char}} counts with {{user}}.", "personality": "precise",
        "first_mes": "Hello.",
    }  # fmt: skip

    found = _read(tmp_path, {"spec": "chara_card_v2", "data": card} if wrapped else card)

    assert found == Preset(name="Ada", system="Ada counts with the user.\n\nprecise")


def test_what_has_no_name_is_called_as_its_file(tmp_path: Path) -> None:
    assert _read(tmp_path, {"operation": {"fields": []}}).name == "given"


@pytest.mark.parametrize(
    "text",
    [
        b"", b"{", b"[]", b"x = ", b"\xff\xfe", b'{"name": "x"}', b"medley_preset = 1",
        b'medley_preset = 1\nname = "x"\ntemperature = "hot"',
        b'medley_preset = 1\nname = "x"\nunknown = 1', b" " * (files.LARGEST + 1),
    ],
)  # fmt: skip
def test_what_is_none_is_said_in_a_sentence(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "given.toml"
    path.write_bytes(text)

    with pytest.raises(KnownError, match="expected a preset, found something else"):
        files.read(path)


def test_a_newer_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "new.toml").write_text('medley_preset = 2\nname = "x"\n')

    with pytest.raises(KnownError, match="newer Medley"):
        files.read(tmp_path / "new.toml")


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_presets_that_come_with_medley_can_be_used(language: str) -> None:
    found = examples(language)

    assert list(found) == ["translator", "explain", "code", "proof"]
    for preset in found.values():
        check_manner(preset)
        assert preset.system and not preset.bundle
    assert examples("fr") == examples("en")


def _read(folder: Path, value: Any) -> Preset:
    path = folder / "given.json"
    path.write_text(json.dumps(value))
    return files.read(path)
