"""Captions say what a scene shows, and are read back as they were meant."""

from __future__ import annotations

import numpy as np
import pytest

from training.pocketworld.captions import PHRASES, canonical, read_caption, varied
from training.pocketworld.scene import ATTRIBUTES, SHOWN, Scene, random_scene

MODALITIES = tuple(SHOWN)


def stated(scene: Scene, names: tuple[str, ...]) -> dict[str, str]:
    return {name: getattr(scene, name) for name in names}


@pytest.mark.parametrize("modality", MODALITIES)
def test_a_canonical_caption_states_every_shown_attribute_and_nothing_else(modality: str) -> None:
    rng = np.random.default_rng(1)
    for held_out in (False, True):
        for _ in range(150):
            scene = random_scene(rng, held_out=held_out)
            assert read_caption(canonical(scene, modality)) == stated(scene, SHOWN[modality])


@pytest.mark.parametrize("modality", MODALITIES)
def test_two_scenes_that_look_different_have_different_canonical_captions(modality: str) -> None:
    rng = np.random.default_rng(2)
    captions: dict[str, dict[str, str]] = {}
    for _ in range(800):
        scene = random_scene(rng)
        shown = stated(scene, SHOWN[modality])
        assert captions.setdefault(canonical(scene, modality), shown) == shown


@pytest.mark.parametrize("modality", MODALITIES)
def test_word_positions_of_canonical_captions_are_attribute_slots(modality: str) -> None:
    rng = np.random.default_rng(3)
    lengths = {len(canonical(random_scene(rng), modality).split()) for _ in range(150)}
    assert len(lengths) == 1


def test_every_value_has_phrases_and_every_phrase_is_read_as_its_value() -> None:
    assert {name: set(values) for name, values in PHRASES.items()} == {
        name: set(values) for name, values in ATTRIBUTES.items()
    }
    for name, values in PHRASES.items():
        for value, phrases in values.items():
            assert phrases
            for phrase in phrases:
                assert read_caption(phrase) == {name: value}, phrase
                assert read_caption(f"So: {phrase.upper()}!") == {name: value}, phrase


def test_no_phrase_belongs_to_two_values() -> None:
    phrases = [p for values in PHRASES.values() for ps in values.values() for p in ps]
    assert len(phrases) == len(set(phrases))


@pytest.mark.parametrize("keep", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("modality", MODALITIES)
def test_a_varied_caption_states_exactly_what_it_says(modality: str, keep: float) -> None:
    rng = np.random.default_rng(4)
    for _ in range(200):
        scene = random_scene(rng)
        text, said = varied(scene, modality, rng, keep=keep)
        assert "thing" in said
        assert set(said) <= set(SHOWN[modality])
        assert read_caption(text) == stated(scene, said), text
        if keep == 1.0:
            assert said == SHOWN[modality]
        if keep == 0.0:
            assert said == ("thing",)


def test_what_must_be_mentioned_is_mentioned() -> None:
    rng = np.random.default_rng(5)
    for _ in range(50):
        _, said = varied(random_scene(rng), "image", rng, keep=0.0, mention=("place", "time"))
        assert said == ("thing", "place", "time")


def test_varied_captions_use_every_phrase() -> None:
    rng = np.random.default_rng(6)
    texts = " | ".join(
        varied(random_scene(rng), modality, rng, keep=1.0)[0]
        for modality in ("image", "video")
        for _ in range(600)
    )
    for values in PHRASES.values():
        for phrases in values.values():
            for phrase in phrases:
                assert phrase in texts


def test_words_that_only_contain_a_phrase_are_not_read() -> None:
    assert read_caption("a ballroom with carpets, dogma and bellows") == {}


def test_the_first_statement_of_an_attribute_counts() -> None:
    assert read_caption("a red boat, not a blue car")["thing"] == "boat"
