"""`medley models` and `medley doctor`."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.desktop.conftest import Run, error_line


@pytest.fixture
def installed(bundle_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the tiny bundle where a person's own bundles lie."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    folder = tmp_path / "medley" / "bundles" / "tiny"
    shutil.copytree(bundle_folder, folder)
    return folder


def test_bundles_are_listed_with_what_they_answer_in(medley: Run, installed: Path) -> None:
    ran = medley("models", "list")

    assert ran.code == 0
    assert "tiny  Tiny 0" in ran.out
    assert "answers in text, image, audio, video (projected)" in ran.out
    assert str(installed) in ran.out


def test_the_list_as_json_names_sizes_and_licences(medley: Run, installed: Path) -> None:
    found = json.loads(medley("models", "list", "--json").out)["bundles"]

    tiny = next(bundle for bundle in found if bundle["name"] == "tiny")
    assert tiny["licences"] == ["Apache-2.0"]
    assert tiny["bytes"] > 0
    assert tiny["folder"] == str(installed)


def test_a_broken_bundle_is_listed_as_broken(medley: Run, installed: Path) -> None:
    (installed / "bundle.toml").write_text("format = 99")

    ran = medley("models", "list")

    assert ran.code == 0
    assert "tiny  broken: " in ran.out


def test_verify_proves_a_whole_bundle(medley: Run, installed: Path) -> None:
    ran = medley("models", "verify", "tiny")

    assert ran.code == 0, ran.err
    assert "checks passed" in ran.out
    assert "ok    llm.gguf" in ran.out


def test_verify_finds_a_flipped_byte_and_names_the_file(medley: Run, installed: Path) -> None:
    weights = bytearray((installed / "encoder.safetensors").read_bytes())
    weights[-1] ^= 1
    (installed / "encoder.safetensors").write_bytes(weights)

    ran = medley("models", "verify", "tiny")

    assert "encoder.safetensors" in error_line(ran)
    assert "WRONG encoder.safetensors" in ran.out


def test_the_doctor_says_what_the_machine_has_and_what_can_run(
    medley: Run, installed: Path
) -> None:
    ran = medley("doctor")

    assert ran.code == 0, ran.err
    assert "llama.cpp" in ran.out
    assert "tiny can run" in ran.out
    assert "Graphics" in ran.out


def test_the_doctors_report_as_json_has_every_section(medley: Run, installed: Path) -> None:
    report = json.loads(medley("doctor", "--json").out)

    assert report.keys() == {
        "medley", "system", "torch", "llama_cpp", "devices", "codecs", "tools", "bundles"
    }  # fmt: skip
    assert report["system"]["cores"] >= 1
    assert report["codecs"]["h264"] or report["codecs"]["vp9"]


def test_the_doctor_and_the_list_say_what_a_bundle_needs_part_by_part(
    medley: Run, installed: Path
) -> None:
    report = json.loads(medley("doctor", "--json").out)
    tiny = next(bundle for bundle in report["bundles"] if bundle["name"] == "tiny")

    assert tiny["memory"]["largest_turn_bytes"] <= tiny["memory"]["at_once_bytes"]
    assert {part["name"] for part in tiny["memory"]["parts"]} >= {"language model", "decoder image"}
    assert (tiny["memory"]["n_ctx"], tiny["memory"]["n_ctx_wanted"]) == (512, 512)
    said = medley("models", "list").out
    assert "is free; context of 512 tokens" in said


def test_a_bundle_is_tested_step_by_step_and_the_list_knows_it(
    medley: Run, installed: Path
) -> None:
    ran = medley("models", "test", "tiny")

    assert ran.code == 1
    lines = ran.out.splitlines()
    assert [line.split()[1] for line in lines] == [
        "load", "words", "sense", "see", "hear", "image", "audio", "video", "speed", "memory",
    ]  # fmt: skip
    assert lines[0].startswith("ok") and lines[2].startswith("FAILED")
    assert "tested: " in medley("models", "list").out
    listed = json.loads(medley("models", "list", "--json").out)["bundles"]
    tested = next(bundle for bundle in listed if bundle["name"] == "tiny")["tested"]
    assert tested["sees"] is False and tested["decode_per_s"] > 0


def test_a_bundle_that_is_not_there_is_not_tested(medley: Run) -> None:
    ran = medley("models", "test", "nothing")

    assert ran.code == 2
    assert "no bundle" in error_line(ran)
