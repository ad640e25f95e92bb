"""Subjects of both levels: what is drawn, said and made of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from training.pocket.text_encoders import CONTEXT, caption_of, caption_tokenizer, tokenize
from training.pocketworld import levels, media_cache
from training.pocketworld.captions import read_caption
from training.pocketworld.compositions.composition import Composition
from training.pocketworld.compositions.oracle import judges_of
from training.pocketworld.scene import SHOWN, Scene

MODALITIES = ("image", "audio", "video")


def subjects(modality: str, second: float, count: int = 200) -> list[levels.Subject]:
    rng = np.random.default_rng(3)
    return [levels.random_subject(modality, rng, second) for _ in range(count)]


@pytest.mark.parametrize("modality", MODALITIES)
def test_the_share_of_compositions_is_as_asked(modality: str) -> None:
    assert all(isinstance(one, Scene) for one in subjects(modality, 0.0))
    second = subjects(modality, 1.0)
    found = {one.topic for one in second if isinstance(one, Composition)}
    assert len(found) == len(levels.COMPOSITION_TOPICS[modality])
    mixed = sum(isinstance(one, Composition) for one in subjects(modality, 0.3))
    assert 35 < mixed < 85
    assert not any(one.held_out for one in [*second, *subjects(modality, 0.0)])


@pytest.mark.parametrize("modality", MODALITIES)
def test_captions_state_only_what_captions_of_the_modality_may_state(modality: str) -> None:
    rng = np.random.default_rng(8)
    known = set(levels.stated_in(modality))
    assert set(SHOWN[modality]) <= known
    for subject in subjects(modality, 0.5):
        whole, every = levels.canonical(subject, modality), levels.shown(subject, modality)
        text, some = levels.varied(subject, modality, rng)
        assert set(some) <= set(every) <= known
        assert all(every[name] == word for name, word in some.items())
        assert all(word in levels.WORDS[name] for name, word in every.items())
        if isinstance(subject, Scene):
            assert read_caption(whole) == every
            assert read_caption(text) == some


def test_captions_of_compositions_fit_into_the_text_encoders() -> None:
    tokenizer = caption_tokenizer(("image", "video"), 1)
    rng = np.random.default_rng(5)
    texts = [caption_of(m, rng, composed=1.0)[0] for m in ("image", "video") for _ in range(300)]
    ids = tokenize(tokenizer, texts)
    assert ids.shape == (600, CONTEXT)
    assert (ids[:, -1] == tokenizer.pad_token_id).all()


@pytest.mark.parametrize("modality", MODALITIES)
def test_media_of_compositions_are_made_once_and_show_their_words(
    tmp_path: Path, modality: str
) -> None:
    made, media = media_cache.make_compositions(modality, 4, 5, tmp_path)
    again, kept = media_cache.make_compositions(modality, 4, 5, tmp_path)
    other, fresh = media_cache.make_compositions(modality, 4, 5, tmp_path / "elsewhere")
    assert made == again == other
    np.testing.assert_array_equal(media, kept)
    np.testing.assert_array_equal(media, fresh)
    assert isinstance(kept, np.memmap)
    assert media.dtype == (np.float16 if modality == "audio" else np.uint8)
    topics = levels.COMPOSITION_TOPICS[modality]
    assert [one.topic for one in made] == [topics[i % len(topics)] for i in range(4)]
    for one, medium in zip(made, media, strict=True):
        assert word_heard_or_seen(one, medium) == one.word


def word_heard_or_seen(one: Composition, medium: NDArray[Any]) -> str | None:
    judges = judges_of(one)
    if one.modality == "audio":
        found = judges.audio(np.asarray(medium, dtype=np.float32), media_cache.SOUND_RATE)
    else:
        found = judges.image(medium) if one.modality == "image" else judges.video(medium)
    return found.get(one.topic)
