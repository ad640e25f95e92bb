"""The model of the voice: what it gives, and what is said where a file is wrong."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from plugins.errors import KnownError
from runtime.speech.voice import Voice, voices_of
from runtime.speech.voice.kokoro import STEP, Kokoro, model_file, read_style
from runtime.speech.voice.spoken import Sounded
from runtime.speech.voice.timing import symbols, timed

_TOLD = r"expected .*, found.* `medley models get starter`"


@pytest.fixture
def copy(voice_folder: Path, tmp_path: Path) -> Path:
    """A folder with the files of the voice, as links."""
    shutil.copytree(voice_folder, tmp_path / "voice", copy_function=os.link)
    return tmp_path / "voice"


def _replace(path: Path, content: bytes) -> None:
    path.unlink()
    path.write_bytes(content)


def test_the_lengths_of_the_phonemes_add_up_to_the_sound(voice_folder: Path) -> None:
    model = Kokoro.open(voice_folder)
    phonemes = model.known("həlˈO wˈɜɹld.")

    said = model.say(phonemes, read_style(voice_folder / "voices" / "af_heart.bin"), 1.0)

    assert said.steps is not None
    assert len(said.steps) == len(phonemes) + 2
    assert said.steps.sum() * STEP == len(said.samples)


def test_a_file_without_lengths_still_speaks(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runtime.speech.voice.kokoro._LENGTHS", "/encoder/no_such_tensor")
    words = [Sounded("Hello", "həlˈO"), Sounded("world", "wˈɜɹld", ".")]

    model = Kokoro.open(copy)
    said = model.say("həlˈO wˈɜɹld.", read_style(copy / "voices" / "af_heart.bin"), 1.0)
    phonemes = timed(symbols(words), said)

    assert said.steps is None
    starts = [one.start_s for one in phonemes]
    assert starts == sorted(starts)
    assert 0 < starts[0] < phonemes[-1].end_s < len(said.samples) / 24_000


def test_sound_that_is_made_in_one_is_that_of_the_whole_model(voice_folder: Path) -> None:
    import onnxruntime

    phonemes, style = "həlˈO wˈɜɹld.", read_style(voice_folder / "voices" / "af_heart.bin")
    whole = onnxruntime.InferenceSession(model_file(voice_folder).read_bytes())
    model = Kokoro.open(voice_folder)
    tokens = [[0, *(model._vocabulary[one] for one in phonemes), 0]]
    given = {"tokens": tokens, "style": style[len(phonemes) - 1][None], "speed": [1.0]}
    dtypes = {"tokens": np.int64, "style": np.float32, "speed": np.float32}

    (expected,) = whole.run(None, {key: np.array(given[key], dtypes[key]) for key in given})

    np.testing.assert_allclose(model.say(phonemes, style, 1.0).samples, expected.ravel(), atol=0.02)


@pytest.mark.parametrize(
    "name", ["kokoro-v1.0.int8.onnx", "vocab.json", "us_gold.json", "us_silver.json", "voices"]
)
def test_a_missing_file_is_told_in_one_sentence(name: str, copy: Path) -> None:
    path = copy / name
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()

    with pytest.raises(KnownError, match=_TOLD):
        Voice.open(copy)


@pytest.mark.parametrize("name", ["kokoro-v1.0.int8.onnx", "vocab.json", "us_gold.json"])
@pytest.mark.parametrize("content", [b"", b"not it", b"[]", b"\xff\xfe\x00"])
def test_a_broken_file_is_told_in_one_sentence(name: str, content: bytes, copy: Path) -> None:
    _replace(copy / name, content)

    with pytest.raises(KnownError, match=_TOLD) as told:
        Voice.open(copy)

    assert "\n" not in str(told.value)


def test_a_broken_voice_is_told_when_it_is_to_speak(copy: Path) -> None:
    _replace(copy / "voices" / "bf_emma.bin", b"x" * 1000)

    with pytest.raises(KnownError, match=r"bf_emma\.bin: expected a voice"):
        Voice.open(copy).speak("Hello.", "bf_emma")


def test_voices_have_a_language_and_a_sex(voice_folder: Path) -> None:
    found = {one.name: (one.language, one.sex) for one in voices_of(voice_folder)}

    assert next(iter(found)) == "af_heart"
    assert found["zm_yunxi"] == ("zh", "m")
    assert found["bf_emma"] == ("en", "f")


def test_a_style_has_a_row_for_every_length(voice_folder: Path) -> None:
    style = read_style(voice_folder / "voices" / "af_heart.bin")

    assert style.shape == (510, 256)
    assert np.isfinite(style).all()
