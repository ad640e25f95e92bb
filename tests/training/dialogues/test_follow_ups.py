"""Follow-ups: edits change what they say, questions are answered from what was shown."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
import pytest

from tests.training.talking import (
    MODALITIES,
    artifacts,
    in_every_language,
    said,
    speaks,
    told_motions,
)
from training.dialogues import dialogues, follow_ups
from training.dialogues.dialogues import Exchange, Medium
from training.dialogues.phrasings import BOOKS
from training.pocketworld.captions import read_caption
from training.pocketworld.scene import ATTRIBUTES, SHOWN, random_scene


def test_edits_never_lead_from_training_scenes_to_held_out_ones() -> None:
    rng = np.random.default_rng(1)
    for _ in range(200):
        scene, modality = random_scene(rng), MODALITIES[int(rng.integers(3))]
        for _ in range(6):
            _, scene, modality = dialogues.edit(scene, modality, rng)
            assert not scene.held_out


@in_every_language
@pytest.mark.parametrize("modality", MODALITIES)
def test_an_edit_changes_only_what_it_says(modality: str, language: str) -> None:
    rng = np.random.default_rng(11)
    names: Counter[str] = Counter()
    targets: Counter[str] = Counter()
    for _ in range(400):
        before = random_scene(rng)
        exchange, after, target = dialogues.edit(before, modality, rng, language)
        (made,) = artifacts(exchange)
        assert (made.scene, made.modality) == (after, target)
        assert speaks(exchange.text) == speaks(said(exchange)) == language
        changed = {n for n in ATTRIBUTES if getattr(after, n) != getattr(before, n)}
        told = read_caption(exchange.text)
        if target == "video" and (motions := told_motions(exchange.text)):
            (told["motion"],) = motions
        assert told.items() <= {n: getattr(after, n) for n in told}.items()
        assert changed & set(SHOWN[modality]) <= set(told)
        targets[target] += 1
        if target == modality:
            assert len(changed) == 1
            names.update(changed)
    assert set(targets) == set(MODALITIES)
    assert set(names) == set(follow_ups.EDITED[modality])


def test_what_an_earlier_medium_showed_is_kept_through_other_media() -> None:
    rng, scene = np.random.default_rng(16), random_scene(np.random.default_rng(16))
    turns = [Exchange((), "draw it", ("Here.", Medium("image", scene)))]
    turns.append(Exchange((), "let me hear it", ("This.", Medium("audio", scene))))
    known = follow_ups.known_of(turns, Medium("audio", scene))
    assert known == {name: getattr(scene, name) for name in SHOWN["image"]}
    drawn = follow_ups.as_medium(scene, "audio", "image", known, rng)
    assert {n: getattr(drawn, n) for n in known} == known
    other = scene.with_(thing="bell" if scene.thing == "drum" else "drum")
    turns.append(Exchange((), "now that", ("This.", Medium("audio", other))))
    assert set(follow_ups.known_of(turns, Medium("audio", other))) == set(SHOWN["audio"])


def test_a_clip_as_a_picture_is_big_and_in_the_middle_unless_it_was_seen_otherwise() -> None:
    rng = np.random.default_rng(17)
    scene = random_scene(rng).with_(size="small", position="left")
    unseen = follow_ups.as_medium(scene, "video", "image", {"motion": "up"}, rng)
    assert (unseen.size, unseen.position) == ("big", "middle")
    seen = follow_ups.as_medium(scene, "video", "image", {"size": "small", "position": "left"}, rng)
    assert seen == scene


def test_a_question_about_the_first_one_is_answered_from_the_first_medium() -> None:
    boat, car = random_scene(np.random.default_rng(1)), random_scene(np.random.default_rng(2))
    turns = [
        Exchange((Medium("audio", boat),), "what is this", ("I hear it.",)),
        Exchange((), "draw a car", ("Here.", Medium("image", car))),
    ]
    asked = 0
    for number in range(400):
        rng = np.random.default_rng(number)
        exchange = follow_ups.follow(turns, turns[1].about[0], rng)
        if "first one" in exchange.text or "first thing" in exchange.text:
            asked += 1
            ((name, value),) = read_caption(said(exchange)).items()
            assert name in SHOWN["audio"]
            assert value == getattr(boat, name)
    assert asked > 5


@in_every_language
@pytest.mark.parametrize("modality", MODALITIES)
def test_a_question_is_answered_with_the_attribute_that_the_medium_shows(
    modality: str, language: str
) -> None:
    rng = np.random.default_rng(12)
    for _ in range(300):
        scene = random_scene(rng)
        exchange = dialogues.question(scene, modality, rng, language)
        ((name, value),) = read_caption(said(exchange)).items()
        assert name in SHOWN[modality]
        assert value == getattr(scene, name)


def test_a_follow_up_is_about_what_was_made_or_shown_last() -> None:
    boat, car = random_scene(np.random.default_rng(1)), random_scene(np.random.default_rng(2))
    shown = Exchange((Medium("audio", boat),), "what is this", ("I hear it.",))
    made = Exchange((), "draw it", ("Here it is.", Medium("image", car), Medium("audio", car)))
    talk = Exchange((), "hello", ("Hello!",))
    last = follow_ups.last_medium
    assert last([talk]) is None
    assert last([shown, talk]) == Medium("audio", boat)
    assert last([shown, made, talk]) == Medium("image", car)


@in_every_language
def test_an_edit_of_a_clip_or_a_sound_never_asks_for_a_picture(language: str) -> None:
    rng = np.random.default_rng(17)
    picture = BOOKS[language].named["image"]
    said_of = [
        exchange.text
        for modality in ("video", "audio")
        for _ in range(300)
        for exchange, _, target in [dialogues.edit(random_scene(rng), modality, rng, language)]
        if target == modality
    ]
    assert len(said_of) > 300
    assert not [text for text in said_of if re.search(picture, text)]
