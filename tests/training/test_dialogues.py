"""Dialogues: what is asked is what is answered, and what is held out stays out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

import numpy as np
import pytest

from training import dialogues, phrasings
from training.dialogues import Dialogue, Exchange, Medium
from training.pocketworld.captions import PHRASES, canonical, read_caption
from training.pocketworld.scene import ATTRIBUTES, SHOWN, Scene, random_scene

MODALITIES = ("image", "audio", "video")
COUNT = 1500


def pool() -> dict[str, list[Scene]]:
    rng = np.random.default_rng(0)
    return {modality: [random_scene(rng) for _ in range(60)] for modality in MODALITIES}


def many(count: int = COUNT) -> Iterator[Dialogue]:
    """Dialogues without and with media at hand."""
    shelf = pool()
    for number in range(count):
        yield dialogues.dialogue(np.random.default_rng(number), shelf if number % 2 else None)


@pytest.fixture(scope="module")
def training_dialogues() -> list[Dialogue]:
    return list(many())


def artifacts(exchange: Exchange) -> list[Medium]:
    return [part for part in exchange.answer if isinstance(part, Medium)]


def said(exchange: Exchange) -> str:
    return " ".join(part for part in exchange.answer if isinstance(part, str))


def held_out_scenes() -> list[Scene]:
    combinations = product(ATTRIBUTES["thing"], ATTRIBUTES["colour"], ATTRIBUTES["place"])
    return [scene for scene in (Scene(*c) for c in combinations) if scene.held_out]


def names_held_out(text: str) -> bool:
    """Whether a sentence states a held-out combination; each sentence is about one scene."""
    combination = ("thing", "colour", "place")
    stated = [read_caption(sentence) for sentence in text.split(".")]
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
            for medium in (*exchange.media, *artifacts(exchange)):
                assert not medium.scene.held_out
            assert not names_held_out(exchange.text), exchange.text
            for part in exchange.answer:
                assert isinstance(part, Medium) or not names_held_out(part), part


def test_edits_never_lead_from_training_scenes_to_held_out_ones() -> None:
    rng = np.random.default_rng(1)
    for _ in range(200):
        scene, modality = random_scene(rng), MODALITIES[int(rng.integers(3))]
        for _ in range(6):
            _, scene, modality = dialogues.edit(scene, modality, rng)
            assert not scene.held_out


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


def patterns(templates: tuple[str, ...]) -> list[re.Pattern[str]]:
    """Each template around any caption, as people type it."""
    made = []
    for template in templates:
        before, after = template.split("{x}")
        made.append(re.compile(re.escape(before) + "an? .+" + re.escape(after) + "[.?!]?"))
    return made


def test_held_out_phrasings_never_occur_in_training(training_dialogues: list[Dialogue]) -> None:
    held = {modality: patterns(templates) for modality, templates in phrasings.HELD_OUT.items()}
    for modality, templates in phrasings.HELD_OUT.items():
        for template, pattern in zip(templates, held[modality], strict=True):
            assert pattern.fullmatch(template.format(x="a red boat on the sea"))
    texts = {exchange.text.lower() for dialogue in training_dialogues for exchange in dialogue}
    for pattern in (p for found in held.values() for p in found):
        assert not [text for text in texts if pattern.fullmatch(text)]


def test_polite_words_never_make_a_held_out_phrasing() -> None:
    rng, held = (
        np.random.default_rng(14),
        [pattern for templates in phrasings.HELD_OUT.values() for pattern in patterns(templates)],
    )
    families = (phrasings.DRAW, phrasings.HEAR, phrasings.CLIP)
    families += (phrasings.SEE_AND_HEAR, phrasings.FILM_AND_HEAR)
    dressed = 0
    for phrase in (phrase for family in families for phrase in family):
        for _ in range(60):
            asked = dialogues.polite(phrase, rng)
            dressed += asked != phrase
            text = asked.format(x="a red boat")
            assert not any(pattern.fullmatch(text) for pattern in held), text
    assert dressed > 200


def test_training_uses_every_phrasing_of_requests(training_dialogues: list[Dialogue]) -> None:
    texts = "\n".join(exchange.text.lower() for d in training_dialogues for exchange in d)
    for template in (*phrasings.DRAW, *phrasings.HEAR, *phrasings.CLIP):
        before, after = map(re.escape, template.split("{x}"))
        assert re.search(f"^{before}an? .+{after}[.?!]?$", texts, re.MULTILINE), template


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
        stated = read_caption(exchange.text)
        assert stated
        assert stated == {name: getattr(medium.scene, name) for name in stated}
        assert canonical(medium.scene, modality) in said(exchange)


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
        places = [said(exchange).index(dialogues.shown(medium)) for medium in exchange.media]
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
    told = 0
    for _ in range(400):
        exchange = dialogues.turn_into(rng)
        (made,) = artifacts(exchange)
        words = re.findall(r"\b(left|right|up|down)\b", exchange.text.lower())
        if words:
            told += 1
            assert made.scene.motion == words[0]
    assert told > 30


def test_an_edit_changes_only_what_it_says() -> None:
    rng = np.random.default_rng(11)
    for _ in range(400):
        before, modality = random_scene(rng), MODALITIES[int(rng.integers(3))]
        exchange, after, target = dialogues.edit(before, modality, rng)
        (made,) = artifacts(exchange)
        assert (made.scene, made.modality) == (after, target)
        changed = {n for n in ATTRIBUTES if getattr(after, n) != getattr(before, n)}
        stated = read_caption(exchange.text)
        assert changed <= set(stated) | {"motion"}
        if target == modality:
            assert len(changed) == 1


@pytest.mark.parametrize("modality", MODALITIES)
def test_a_question_is_answered_with_the_attribute_that_the_medium_shows(modality: str) -> None:
    rng = np.random.default_rng(12)
    for _ in range(300):
        scene = random_scene(rng)
        exchange = dialogues.question(scene, modality, rng)
        ((name, value),) = read_caption(said(exchange)).items()
        assert name in SHOWN[modality]
        assert value == getattr(scene, name)


def test_what_lies_outside_is_refused_and_makes_nothing() -> None:
    rng = np.random.default_rng(13)
    answers = {said(dialogues.talk(rng)) for _ in range(300)}
    assert phrasings.REFUSAL in answers
    assert answers == {phrasings.REFUSAL, *(answer for _, answer in phrasings.TALK)}
    known = {p for values in PHRASES["thing"].values() for p in values}
    for name in phrasings.OUTSIDE:
        assert not known & set(name.split()), name


def test_no_dialogue_is_longer_than_asked(training_dialogues: list[Dialogue]) -> None:
    assert {len(dialogue) for dialogue in training_dialogues} == {1, 2, 3}
    for number in range(300):
        rng = np.random.default_rng(number)
        assert len(dialogues.dialogue(rng, longest=1)) == 1
        assert len(dialogues.dialogue(rng, longest=2)) <= 2


def test_a_follow_up_is_about_what_was_made_or_shown_last() -> None:
    boat, car = random_scene(np.random.default_rng(1)), random_scene(np.random.default_rng(2))
    shown = Exchange((Medium("audio", boat),), "what is this", ("I hear it.",))
    made = Exchange((), "draw it", ("Here it is.", Medium("image", car), Medium("audio", car)))
    talk = Exchange((), "hello", ("Hello!",))
    last = dialogues._last_medium
    assert last([talk]) is None
    assert last([shown, talk]) == Medium("audio", boat)
    assert last([shown, made, talk]) == Medium("image", car)
