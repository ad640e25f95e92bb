"""Kokoro's folders are known by what their model takes, and every voice must be one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from runtime.local_models.found import NotAModelError, VoiceFacts
from runtime.local_models.onnx_head import input_names
from runtime.local_models.voices import is_voice_folder, voice_folder
from tests.installed import model_folder
from tests.runtime.local_models import making


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return making.kokoro(tmp_path / "voice")


def test_the_voices_and_their_languages_are_told(folder: Path) -> None:
    found = voice_folder(folder)

    assert is_voice_folder(folder)
    assert (found.purpose, found.title, len(found.files)) == ("speak", "voice", 7)
    assert found.facts == VoiceFacts(("af_heart", "jf_alpha", "zf_xiaoxiao"), ("en", "zh"))


def _write(name: str, data: bytes) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_bytes(data)


MODEL = "kokoro-v1.0.onnx"
WHOLE = making.onnx(["tokens", "style", "speed"], 300)
WRONG: dict[str, tuple[Callable[[Path], object], str]] = {
    "another model": (_write(MODEL, making.onnx(["ids", "style", "speed"])), "takes something"),
    "no model": (_write(MODEL, b"hello"), "a model in ONNX"),
    "a cut model": (_write(MODEL, WHOLE[:-9]), "not to its end"),
    "no dictionary": (lambda one: (one / "us_gold.json").unlink(), "with us_gold.json beside"),
    "no phonemes": (_write("vocab.json", b"{}"), "the phonemes of the voice"),
    "phonemes that are no JSON": (_write("vocab.json", b"{"), "in JSON"),
    "an empty voice": (_write("voices/af_heart.bin", b""), "found 0 bytes"),
    "a cut voice": (_write("voices/af_heart.bin", bytes(2047)), "found 2047 bytes"),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_a_folder_that_is_not_whole_says_why(folder: Path, what: str) -> None:
    change, words = WRONG[what]
    change(folder)

    with pytest.raises(NotAModelError) as caught:
        voice_folder(folder)

    assert words in str(caught.value)


def test_a_model_is_read_without_its_weights(tmp_path: Path) -> None:
    path = tmp_path / "m.onnx"
    path.write_bytes(making.onnx(["tokens", "a", "b"], 5_000_000))

    assert input_names(path) == {"tokens", "a", "b"}


@pytest.mark.parametrize("length", range(len(WHOLE)))
def test_a_model_cut_anywhere_is_refused(tmp_path: Path, length: int) -> None:
    path = tmp_path / "m.onnx"
    path.write_bytes(WHOLE[:length])

    try:
        assert input_names(path) == frozenset()  # Only its first parts are there, whole.
    except NotAModelError:
        assert length not in (0, 2, 9)


def test_a_real_one_is_known() -> None:
    found = voice_folder(model_folder("kokoro-82m"))

    assert isinstance(found.facts, VoiceFacts)
    assert set(found.facts.languages) == {"en", "zh"} and found.bytes > 90e6
