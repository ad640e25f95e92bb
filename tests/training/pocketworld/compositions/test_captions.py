"""What is said about compositions, in both languages."""

from __future__ import annotations

import numpy as np
import pytest

from training.pocketworld.captions import LANGUAGES, read_caption
from training.pocketworld.compositions import captions, captions_zh
from training.pocketworld.compositions.captions import canonical, plural, varied
from training.pocketworld.compositions.composition import (
    TOPICS,
    Composition,
    Count,
    Loudness,
    Order,
    Relation,
    Speed,
    random_composition,
)
from training.pocketworld.scene import THINGS, Scene

BOAT = Scene("boat", "red", "sea", motion="left")
DRUM = BOAT.with_(thing="drum", colour="orange")
RAIN = BOAT.with_(thing="bell", weather="rain")


@pytest.mark.parametrize(
    ("composition", "english", "chinese"),
    [
        (Count(BOAT, "three"), "three red boats on the sea by day in clear weather",
         "三艘红色的船，在海上，白天，晴天"),
        (Count(DRUM, "two"), "two orange drums on the sea by day in clear weather",
         "两面橙色的鼓，在海上，白天，晴天"),
        (Count(DRUM, "one"), "one orange drum on the sea by day in clear weather",
         "一面橙色的鼓，在海上，白天，晴天"),
        (Relation(BOAT, "left", DRUM),
         "a red boat to the left of an orange drum on the sea by day in clear weather",
         "红色的船在橙色的鼓左边，在海上，白天，晴天"),
        (Loudness(RAIN, "loud"), "the sound of a loud bell in falling rain", "下雨时很响的铃铛声"),
        (Order(RAIN, "voice first"), "the sound of a bell, then rain", "先是铃铛的声音，然后下雨"),
        (Order(RAIN.with_(weather="storm"), "weather first"), "the sound of a storm, then a bell",
         "先是暴风雨，然后是铃铛的声音"),
        (Speed(BOAT, "fast"), "the red boat moving left fast on the sea by day in clear weather",
         "一艘红色的船，快速向左移动，在海上，白天，晴天"),
    ],
)  # fmt: skip
def test_a_canonical_caption_has_its_fixed_words(
    composition: Composition, english: str, chinese: str
) -> None:
    assert canonical(composition) == english
    assert canonical(composition, "zh") == chinese


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_varied_caption_states_the_word_and_what_it_says_it_states(
    topic: str, language: str
) -> None:
    known = {"en": captions.PHRASES, "zh": captions_zh.PHRASES}[language][topic]
    texts = set()
    for seed in range(30):
        wanted = random_composition(topic, np.random.default_rng(seed))
        text, names = varied(wanted, np.random.default_rng(seed), language=language)
        pieces = [piece for phrase in known[wanted.word] for piece in [phrase.split("{")[0]]]
        assert any(piece in text for piece in pieces), text
        assert {topic, "thing"} <= set(names) <= set(wanted.shown)
        read = read_caption(text.replace("ies", "y"))
        first = [name for name in ("place", "time") if name in names]
        assert all(read[name] == wanted.shown[name] for name in first), text
        texts.add(text)
    assert len(texts) > 25


def test_both_languages_state_the_same() -> None:
    for topic in TOPICS:
        wanted = random_composition(topic, np.random.default_rng(3))
        stated = {varied(wanted, np.random.default_rng(4), language=one)[1] for one in LANGUAGES}
        assert len(stated) == 1


def test_every_thing_has_its_plural() -> None:
    assert [plural(noun) for noun in ("boat", "puppy", "bumblebee", "bus stop")] == [
        "boats", "puppies", "bumblebees", "bus stops",
    ]  # fmt: skip
    for thing in THINGS:
        text = canonical(Count(BOAT.with_(thing=thing), "three"))
        assert text.startswith(f"three red {thing}s on")


def test_articles_fit_their_words() -> None:
    scene = BOAT.with_(thing="car", colour="orange")
    texts = {
        varied(Speed(scene, "slow"), np.random.default_rng(seed), keep=share)[0]
        for seed in range(30)
        for share in (0.0, 1.0)
    }
    assert any(text.startswith("an orange car ") for text in texts)
    assert any(text.startswith("an automobile ") for text in texts)
    assert not any(text.startswith(("a orange", "a automobile")) for text in texts)
