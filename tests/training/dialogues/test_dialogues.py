"""Dialogues: what is asked is what is answered, and what is held out stays out."""

from __future__ import annotations

import re
from collections import Counter
from itertools import product

import numpy as np
import pytest

from tests.training.talking import (
    COUNT,
    MODALITIES,
    artifacts,
    in_every_language,
    many,
    pool,
    said,
    speaks,
    told_motions,
)
from training.dialogues import dialogues
from training.dialogues.dialogues import Dialogue, Medium
from training.dialogues.follow_ups import last_medium
from training.dialogues.phrasings import BOOKS
from training.pocketworld.captions import LANGUAGES, PHRASES, read_caption
from training.pocketworld.compositions import captions, captions_zh
from training.pocketworld.compositions.composition import TOPICS
from training.pocketworld.scene import ATTRIBUTES, SHOWN, Scene

WORDS_OF = {"en": captions.PHRASES, "zh": captions_zh.PHRASES}


@pytest.fixture(scope="module")
def training_dialogues() -> list[Dialogue]:
    return list(many())


def held_out_scenes() -> list[Scene]:
    combinations = product(ATTRIBUTES["thing"], ATTRIBUTES["colour"], ATTRIBUTES["place"])
    return [scene for scene in (Scene(*c) for c in combinations) if scene.held_out]


def names_held_out(text: str) -> bool:
    """Whether a sentence states a held-out combination; each sentence is about one scene."""
    combination = ("thing", "colour", "place")
    stated = [read_caption(sentence) for sentence in re.split("[.。]", text)]
    whole = [[s[name] for name in combination] for s in stated if set(combination) <= set(s)]
    return any(Scene(*words).held_out for words in whole)


def test_about_one_combination_in_ten_is_held_out() -> None:
    every = [len(ATTRIBUTES[name]) for name in ("thing", "colour", "place")]
    assert 0.05 < len(held_out_scenes()) / np.prod(every) < 0.15


def test_no_training_dialogue_holds_a_held_out_combination(
    training_dialogues: list[Dialogue],
) -> None:
    for dialogue in training_dialogues:
        for exchange in dialogue:
            media = (*exchange.media, *artifacts(exchange))
            assert not any(medium.subject.held_out for medium in media)
            if any(medium.composition for medium in media):
                continue  # sentences about two things are not read for one combination
            assert not names_held_out(exchange.text), exchange.text
            for part in exchange.answer:
                assert isinstance(part, Medium) or not names_held_out(part), part


def test_an_unstated_attribute_never_completes_a_held_out_combination() -> None:
    rng = np.random.default_rng(2)
    for scene in held_out_scenes()[::2]:
        for names in (("thing",), ("thing", "colour"), ("thing", "place"), ("colour", "place")):
            stated = {name: getattr(scene, name) for name in names}
            made = dialogues.usual(rng, **stated)
            assert not made.held_out
            assert {name: getattr(made, name) for name in names} == stated


def test_a_combination_that_is_stated_whole_is_kept() -> None:
    rng = np.random.default_rng(3)
    for scene in held_out_scenes()[:10]:
        stated = {"thing": scene.thing, "colour": scene.colour, "place": scene.place}
        made = dialogues.usual(rng, **stated)
        assert (made.thing, made.colour, made.place) == tuple(stated.values())


def test_the_same_random_state_gives_the_same_dialogue() -> None:
    for one, other in zip(many(200), many(200), strict=True):
        assert one == other
    assert len(set(many(200))) > 190


@pytest.mark.parametrize("modality", MODALITIES)
def test_a_request_is_answered_with_what_it_states(modality: str) -> None:
    rng = np.random.default_rng(5)
    for _ in range(200):
        exchange = dialogues.request(modality, rng)
        (medium,) = artifacts(exchange)
        assert medium.modality == modality
        assert dialogues.shown(medium, speaks(exchange.text)) in said(exchange)
        if medium.composition:
            continue
        stated = read_caption(exchange.text)
        assert stated
        assert stated == {name: getattr(medium.scene, name) for name in stated}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("modality", MODALITIES)
def test_a_request_for_compositions_is_answered_with_its_word(modality: str, language: str) -> None:
    rng = np.random.default_rng(11)
    seen: Counter[str] = Counter()
    for _ in range(600):
        exchange = dialogues.request(modality, rng, language)
        (composition,) = (medium.composition for medium in artifacts(exchange))
        if composition is None:
            continue
        seen[f"{composition.topic} {composition.word}"] += 1
        phrases = WORDS_OF[language][composition.topic][composition.word]
        told = [re.findall(r"[^{}]+(?![^{]*\})", phrase) for phrase in phrases]
        asked = exchange.text.lower()
        assert any(all(part.strip() in asked for part in parts) for parts in told), asked
        plural = composition.topic == "count" and composition.word != "one"
        assert said(exchange).startswith("Here are") == (plural and language == "en")
    topics = (kind for kind in TOPICS.values() if kind.modality == modality)
    assert set(seen) == {f"{kind.topic} {word}" for kind in topics for word in kind.words}
    assert seen.total() == pytest.approx(600 * dialogues.COMPOSITION_SHARE, rel=0.25)


def test_nobody_follows_up_the_compositions() -> None:
    seen: Counter[bool] = Counter()
    for exchanges in many():
        for turn in exchanges:
            if turn.about:
                composed = turn.about[0].composition is not None
                assert (last_medium([turn]) is None) == composed
                seen[composed] += 1
    assert seen[True] > 20 < seen[False]


def test_a_chinese_request_counts_once() -> None:
    rng = np.random.default_rng(18)
    texts = [dialogues.request(m, rng, "zh").text for m in MODALITIES for _ in range(200)]
    assert sum(bool(re.search("一[张幅段]", text)) for text in texts) > 50
    assert not [text for text in texts if re.search("一[张幅段个]一[艘辆列只个面]", text)]


def test_two_artifacts_of_one_request_are_of_one_scene() -> None:
    rng = np.random.default_rng(6)
    for _ in range(200):
        first, second = artifacts(dialogues.request_two(rng))
        assert first.modality in ("image", "video")
        assert second.modality == "audio"
        assert first.scene == second.scene


@pytest.mark.parametrize("modality", MODALITIES)
def test_a_description_says_all_that_the_medium_shows(modality: str) -> None:
    rng, shelf = np.random.default_rng(7), pool()
    for _ in range(300):
        exchange = dialogues.describe(modality, rng, shelf)
        (medium,) = exchange.media
        assert medium.scene == shelf[modality][medium.index]
        assert artifacts(exchange) == []
        shown = {name: getattr(medium.scene, name) for name in SHOWN[modality]}
        assert read_caption(said(exchange)) == shown


def test_several_media_are_described_in_their_order() -> None:
    rng = np.random.default_rng(8)
    for _ in range(100):
        exchange = dialogues.describe_all(rng, pool())
        language = speaks(exchange.text)
        places = [said(exchange).index(dialogues.shown(m, language)) for m in exchange.media]
        assert places == sorted(places)


def test_a_conversion_keeps_what_the_given_medium_shows() -> None:
    rng = np.random.default_rng(9)
    for _ in range(300):
        exchange = dialogues.turn_into(rng, pool())
        (given,), (made,) = exchange.media, artifacts(exchange)
        assert made.modality != given.modality
        kept = set(SHOWN[given.modality]) & set(SHOWN[made.modality]) - {"motion"}
        for name in kept:
            assert getattr(made.scene, name) == getattr(given.scene, name)


def test_a_conversion_moves_as_it_was_told() -> None:
    rng = np.random.default_rng(10)
    seen: Counter[str] = Counter()
    for _ in range(900):
        exchange = dialogues.turn_into(rng)
        (made,) = artifacts(exchange)
        for motion in told_motions(exchange.text) if made.modality == "video" else ():
            assert made.scene.motion == motion
            seen[motion] += 1
    assert set(seen) == set(ATTRIBUTES["motion"]) - {"still"}
    assert seen["bounce"] > 10


@in_every_language
def test_what_lies_outside_is_refused_and_makes_nothing(language: str) -> None:
    rng, book = np.random.default_rng(13), BOOKS[language]
    answers = {said(dialogues.talk(rng, language)) for _ in range(300)}
    assert answers == {book.refusal, *(answer for _, answer in book.talk)}
    known = {p for values in PHRASES["thing"].values() for p in values}
    for name in book.outside:
        assert not known & set(name.split()), name


def test_a_request_is_answered_in_its_language(training_dialogues: list[Dialogue]) -> None:
    for exchange in (exchange for dialogue in training_dialogues for exchange in dialogue):
        assert speaks(said(exchange)) == speaks(exchange.text), exchange


def test_half_of_the_dialogues_is_chinese_and_few_change_the_language(
    training_dialogues: list[Dialogue],
) -> None:
    spoken = [[speaks(exchange.text) for exchange in dialogue] for dialogue in training_dialogues]
    assert 0.46 < np.mean([languages[0] == "zh" for languages in spoken]) < 0.54
    mixed = np.mean([len(set(languages)) == 2 for languages in spoken])
    assert 0 < mixed < 0.06
    for language in LANGUAGES:
        first = [
            dialogues.dialogue(np.random.default_rng(n), language=language)[0] for n in range(40)
        ]
        assert {speaks(exchange.text) for exchange in first} == {language}


def test_dialogues_are_mostly_short_and_never_longer_than_asked(
    training_dialogues: list[Dialogue],
) -> None:
    lengths = Counter(len(dialogue) for dialogue in training_dialogues)
    assert set(lengths) == set(range(1, 8))
    assert 0.40 < lengths[1] / COUNT < 0.50
    assert 0.10 < sum(lengths[n] for n in (4, 5, 6, 7)) / COUNT < 0.20
    for number in range(200):
        rng = np.random.default_rng(number)
        assert len(dialogues.dialogue(rng, longest=1)) == 1
        assert len(dialogues.dialogue(rng, longest=2)) <= 2


def test_media_are_given_in_later_exchanges_too(training_dialogues: list[Dialogue]) -> None:
    later = [e for dialogue in training_dialogues for e in dialogue[1:] if e.media]
    assert {medium.modality for exchange in later for medium in exchange.media} == set(MODALITIES)
    assert len(later) > 30
