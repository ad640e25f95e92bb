"""Whisper's folders are known by the head of their weights, and must be whole."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from runtime.local_models.found import HearingFacts, NotAModelError
from runtime.local_models.hearing import hearing_folder, is_hearing_folder
from tests.installed import model_folder
from tests.runtime.local_models import making


@pytest.mark.parametrize(("n_vocab", "multilingual"), [(51_864, False), (51_865, True)])
def test_the_vocabulary_says_how_many_languages_it_hears(
    tmp_path: Path, n_vocab: int, multilingual: bool
) -> None:
    found = hearing_folder(making.whisper(tmp_path / "ears", n_vocab))

    assert (found.purpose, found.title) == ("hear", "ears")
    assert found.facts == HearingFacts(multilingual, n_vocab)


def test_another_model_for_the_same_library_is_refused(tmp_path: Path) -> None:
    folder = making.whisper(tmp_path, spec="TransformerSpec")

    assert is_hearing_folder(folder)
    with pytest.raises(NotAModelError, match=r"another model .* \(TransformerSpec\)"):
        hearing_folder(folder)


def test_cut_weights_say_how_much_is_missing(tmp_path: Path) -> None:
    weights = making.whisper(tmp_path) / "model.bin"
    size = weights.stat().st_size
    weights.write_bytes(weights.read_bytes()[:-2000])

    with pytest.raises(NotAModelError, match=f"expected {size - 4} bytes, found {size - 2000}"):
        hearing_folder(tmp_path)


@pytest.mark.parametrize("length", [0, 3, 6, 11, 19, 25, 27, 50])
def test_weights_that_end_in_their_head_are_refused(tmp_path: Path, length: int) -> None:
    weights = making.whisper(tmp_path) / "model.bin"
    weights.write_bytes(weights.read_bytes()[:length])

    with pytest.raises(NotAModelError):
        hearing_folder(tmp_path)


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "vocabulary.json"])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    (making.whisper(tmp_path) / name).unlink()

    with pytest.raises(NotAModelError, match=f"with {name} beside"):
        hearing_folder(tmp_path)


def test_a_config_that_is_none_is_refused(tmp_path: Path) -> None:
    (making.whisper(tmp_path) / "config.json").write_text("[]")

    with pytest.raises(NotAModelError, match="in JSON"):
        hearing_folder(tmp_path)


def test_a_real_one_is_read_to_its_end() -> None:
    folder = model_folder("whisper-base")

    found = hearing_folder(folder)

    assert found.facts == HearingFacts(True, 51_865)
    assert json.loads((folder / "config.json").read_text())["lang_ids"]
    assert {file.name for file in found.files} == {
        "model.bin", "config.json", "tokenizer.json", "vocabulary.json",
    }  # fmt: skip
