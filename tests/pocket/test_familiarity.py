"""Pocket describes Pocketworld, damaged as media are, and says of the rest that it is unknown."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from PIL import Image

from plugins.media_files import clip
from runtime.bundle.bundle import Bundle
from runtime.engine import Engine
from runtime.messages import MediaPart, Message, TextPart, Turn, TurnFailed
from tests.pocket.conftest import Answer, ask, said
from training.familiarity.damage import write_damaged
from training.familiarity.media import known_media
from training.familiarity.outlier_sounds import outlier_sound
from training.familiarity.outliers import outlier_clip, outlier_picture
from training.pocketworld.captions import read_caption

SEED = 50_000
"""Of none of the measures."""
SOME = 10
MOST_BYTES = 100_000


def unknown(pocket: Bundle, language: str, modality: str) -> str:
    spec = pocket.manifest.familiarity
    assert spec is not None
    return spec.sentences[language].unknown_medium[modality]


def strange(modality: str, seed: int, folder: Path) -> MediaPart:
    """Something that is not of Pocketworld, as a file."""
    rng, path = np.random.default_rng([SEED, seed]), folder / f"{modality}-{seed}"
    if modality == "image":
        path = path.with_suffix(".png")
        Image.fromarray(outlier_picture(rng)).save(path)
    elif modality == "audio":
        path = path.with_suffix(".wav")
        soundfile.write(path, outlier_sound(rng), 16_000)
    else:
        path = path.with_suffix(".mp4")
        path.write_bytes(clip(outlier_clip(rng), 4).data)
    return MediaPart(modality, str(path))


@pytest.mark.parametrize("modality", ["image", "audio", "video"])
def test_damaged_media_of_pocketworld_are_described_and_strange_ones_are_not(
    modality: str, engine: Engine, pocket: Bundle, tmp_path: Path
) -> None:
    refusal, described, refused = unknown(pocket, "en", modality), 0, 0
    for number, (medium, rng) in enumerate(known_media(modality, SOME, SEED)):
        path = write_damaged(modality, medium, tmp_path / f"own-{modality}-{number}", rng)
        answer = ask(engine, said("what is this?", MediaPart(modality, str(path))))
        described += answer.text != refusal and bool(read_caption(answer.text))
        other = ask(engine, said("what is this?", strange(modality, number, tmp_path)))
        refused += (other.text, other.artifacts) == (refusal, [])
    assert described >= SOME - 1
    assert refused >= SOME - 1


def test_a_photograph_is_refused_in_the_language_of_the_question(
    engine: Engine, pocket: Bundle, tmp_path: Path
) -> None:
    photograph = strange("image", 0, tmp_path)
    for words, language in (("describe this picture", "en"), ("描述这张图片", "zh"), ("", "en")):
        parts = (photograph, TextPart(words)) if words else (photograph,)
        answer = ask(engine, Message("user", parts))
        assert answer.text == unknown(pocket, language, "image")
        assert answer.artifacts == []


def test_a_strange_picture_is_not_turned_into_anything(engine: Engine, tmp_path: Path) -> None:
    asked = said("make this picture move", strange("image", 1, tmp_path))
    assert ask(engine, asked).artifacts == []
    (event,) = engine.answer(Turn((asked,), allowed=("video",), seed=1))
    assert isinstance(event, TurnFailed)
    assert "do not recognise this picture" in str(event.problem)


@pytest.mark.parametrize(
    "words",
    ["what is 17 + 26?", "make me a song", "summarise this text", "what time is it?", "draw a tree",
     "dessine un chat", "画一棵树", "现在几点？"],
)  # fmt: skip
def test_nothing_is_made_and_nothing_pretended_of_what_it_does_not_know(
    words: str, engine: Engine, pocket: Bundle
) -> None:
    answer = ask(engine, said(words))
    spec = pocket.manifest.familiarity
    assert spec is not None
    own = spec.sentences["en" if words.isascii() else "zh"]
    assert answer.text in (own.unknown_words, own.nothing_shown)
    assert answer.artifacts == []


def test_a_picture_without_words_is_described_in_english_as_a_picture(
    engine: Engine, tmp_path: Path
) -> None:
    ((medium, rng),) = known_media("image", 1, SEED)
    path = write_damaged("image", medium, tmp_path / "own", rng)
    answer: Answer = ask(engine, Message("user", (MediaPart("image", str(path)),)))
    assert answer.text.startswith("I see a")
    assert "clip" not in answer.text


def test_what_it_makes_itself_it_recognises(engine: Engine, pocket: Bundle, tmp_path: Path) -> None:
    for words, modality in (
        ("draw a red boat on the sea", "image"),
        ("play the sound of a bell", "audio"),
        ("show a clip of a yellow car moving left", "video"),
    ):
        (made,) = ask(engine, said(words), steps=16).artifacts
        path = tmp_path / f"made{made.extension}"
        path.write_bytes(made.data)
        answer = ask(engine, said("what is this?", MediaPart(modality, str(path))))
        assert answer.text != unknown(pocket, "en", modality)


def test_the_measures_are_small(pocket: Bundle) -> None:
    spec = pocket.manifest.familiarity
    assert spec is not None
    assert pocket.manifest.files[spec.file].size < MOST_BYTES
