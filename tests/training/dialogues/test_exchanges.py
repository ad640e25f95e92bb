"""Parts of dialogues: usual scenes, typed sentences, answers with artifacts."""

from __future__ import annotations

import numpy as np
import pytest

from training.dialogues.exchanges import USUAL_COLOUR, Exchange, Medium, made, shown, usual, written
from training.pocketworld.compositions.composition import random_composition
from training.pocketworld.scene import Scene

BOAT = Scene("boat", "red", "sea")


def test_a_usual_scene_keeps_what_is_stated_and_is_mostly_usual() -> None:
    rng = np.random.default_rng(0)
    scenes = [usual(rng, thing="boat") for _ in range(100)]

    assert {scene.thing for scene in scenes} == {"boat"}
    assert not any(scene.held_out for scene in scenes)
    assert sum(scene.colour == USUAL_COLOUR["boat"] for scene in scenes) > 60


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_answer_names_the_artifact_before_it(language: str) -> None:
    words, medium = made("image", BOAT, language)

    assert medium == Medium("image", BOAT)
    assert isinstance(words, str) and shown(Medium("image", BOAT), language) in words


def test_an_artifact_of_a_composition_keeps_it() -> None:
    composition = random_composition("count", np.random.default_rng(1))

    _, medium = made("image", composition)

    assert isinstance(medium, Medium)
    assert medium.subject == composition


def test_an_exchange_is_about_what_it_made_else_about_what_was_given() -> None:
    given, artifact = Medium("audio", BOAT), Medium("image", BOAT)

    assert Exchange((given,), "draw it", ("ok", artifact)).about == (artifact,)
    assert Exchange((given,), "what is it?", ("a boat",)).about == (given,)


def test_sentences_keep_their_words() -> None:
    rng = np.random.default_rng(0)

    typed = {written("draw a boat", rng) for _ in range(50)}

    assert len(typed) > 1
    assert all(text.lower().startswith("draw a boat") for text in typed)
