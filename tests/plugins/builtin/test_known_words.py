"""Closed vocabularies: everyday captions in a small decoder's own words, and what it does not
know."""

from __future__ import annotations

import numpy as np
import pytest

from plugins.builtin.known_words import vocabulary
from plugins.errors import KnownError
from training.pocketworld import captions, levels

MEDIA = ("image", "audio", "video")
SECOND = {"image": 0.0, "audio": 0.4, "video": 0.4}
"""Share of captions of compositions: pictures of it are wrong more often than not."""


@pytest.mark.parametrize(
    ("modality", "caption", "known"),
    [
        ("image", "a kitty on the lawn",
         "a big orange cat in the middle on the grass by day in clear weather"),
        ("image", "An automobile at night-time!",
         "a big red car in the middle on the sand at night in clear weather"),
        ("image", "a picture of a cute little red ship at sea in the rain",
         "a small red boat in the middle on the sea by day in falling rain"),
        ("image", "a purple dog on the left",
         "a big purple dog on the left on the grass by day in clear weather"),
        ("image", "一只黑色的猫在雪地上，晚上",
         "a big black cat in the middle on the snow at night in clear weather"),
        ("audio", "a dog barking", "the sound of a dog in clear weather"),
        ("audio", "a cat meowing in the rain", "the sound of a cat in falling rain"),
        ("audio", "a bell in the distance", "the sound of a quiet bell in clear weather"),
        ("audio", "a dog barking, then thunder", "the sound of a dog, then a storm"),
        ("audio", "a frog after falling rain", "the sound of rain, then a frog"),
        ("audio", "下雨时小狗的声音", "the sound of a dog in falling rain"),
        ("video", "a red car driving on the beach",
         "the red car moving right on the sand by day in clear weather"),
        ("video", "a bird flying up",
         "the blue bird moving up on the grass by day in clear weather"),
        ("video", "a boat crossing the sea",
         "the red boat moving right on the sea by day in clear weather"),
        ("video", "a yellow train moving left quickly",
         "the yellow train moving left fast on the grass by day in clear weather"),
    ],
)  # fmt: skip
def test_everyday_words_become_the_decoder_s_own(modality: str, caption: str, known: str) -> None:
    words = vocabulary("pocketworld", modality)

    assert words.unknown_words(caption) == ()
    assert words.known_caption(caption) == known


@pytest.mark.parametrize(
    ("modality", "caption", "unknown"),
    [
        ("image", "a cat wearing a hat", ("wearing", "hat")),
        ("image", "a Temple at sunset", ("Temple",)),
        ("image", "a boat with a red sail", ("sail",)),
        ("image", "a dog chasing a cat", ("chasing",)),
        ("image", "three small dogs", ("three", "dogs")),
        ("image", "a dog to the left of a cat", ("left",)),
        ("image", "a red and blue ball", ("blue",)),
        ("image", "a dog and a cat", ("cat",)),
        ("image", "a cat in a boat", ("boat",)),
        ("image", "一只戴帽子的猫", ("戴帽子",)),
        ("image", "on the grass at night", ("on the grass", "at night")),
        ("image", "", ("nothing",)),
        ("audio", "piano music", ("piano", "music")),
        ("audio", "the sound of rain", ("rain",)),
        ("video", "a man walking in the rain", ("man",)),
    ],
)
def test_what_the_decoder_does_not_know_is_said_as_it_is_written(
    modality: str, caption: str, unknown: tuple[str, ...]
) -> None:
    words = vocabulary("pocketworld", modality)

    assert words.unknown_words(caption) == unknown
    assert words.known_caption(caption) == ""


@pytest.mark.parametrize("modality", MEDIA)
@pytest.mark.parametrize("language", captions.LANGUAGES)
def test_every_caption_of_pocketworld_is_known_but_counts_and_relations(
    modality: str, language: str
) -> None:
    words, rng = vocabulary("pocketworld", modality), np.random.default_rng(5)

    for number in range(600):
        subject = levels.random_subject(modality, rng, SECOND[modality])
        if number % 2:
            caption = levels.canonical(subject, modality, language)
        else:
            caption = levels.varied(subject, modality, rng, language)[0]
        assert words.unknown_words(caption) == (), caption


@pytest.mark.parametrize("modality", MEDIA)
def test_a_canonical_english_caption_stays_as_it_is(modality: str) -> None:
    words, rng = vocabulary("pocketworld", modality), np.random.default_rng(6)

    for _ in range(400):
        subject = levels.random_subject(modality, rng, SECOND[modality])
        caption = levels.canonical(subject, modality)
        assert words.known_caption(caption) == caption


def test_a_vocabulary_that_is_not_there_is_refused_with_the_known_ones() -> None:
    with pytest.raises(KnownError, match="expected one of pocketworld, found 'narnia'"):
        vocabulary("narnia", "image")
    with pytest.raises(KnownError, match="known_words of smell"):
        vocabulary("pocketworld", "smell")
    with pytest.raises(KnownError, match=r"found '\.\./secret'"):
        vocabulary("../secret", "image")
