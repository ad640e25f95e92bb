"""Captions say what a scene shows, in two languages, and are read back as they were meant."""

from __future__ import annotations

import numpy as np
import pytest

from training.pocketworld import captions_zh
from training.pocketworld.captions import (
    BY_LANGUAGE,
    LANGUAGES,
    alone,
    canonical,
    read_caption,
    varied,
    words_of,
)
from training.pocketworld.scene import ATTRIBUTES, SHOWN, Scene, random_scene

MODALITIES = tuple(SHOWN)
in_every_language = pytest.mark.parametrize("language", LANGUAGES)
of_every_modality = pytest.mark.parametrize("modality", MODALITIES)


def stated(scene: Scene, names: tuple[str, ...]) -> dict[str, str]:
    return {name: getattr(scene, name) for name in names}


@in_every_language
@of_every_modality
def test_a_canonical_caption_states_every_shown_attribute_and_nothing_else(
    modality: str, language: str
) -> None:
    rng = np.random.default_rng(1)
    for held_out in (False, True):
        for _ in range(250):
            scene = random_scene(rng, held_out=held_out)
            caption = canonical(scene, modality, language)
            assert read_caption(caption) == stated(scene, SHOWN[modality]), caption


@in_every_language
@of_every_modality
def test_two_scenes_that_look_different_have_different_canonical_captions(
    modality: str, language: str
) -> None:
    rng = np.random.default_rng(2)
    captions: dict[str, dict[str, str]] = {}
    for _ in range(600):
        scene = random_scene(rng)
        shown = stated(scene, SHOWN[modality])
        assert captions.setdefault(canonical(scene, modality, language), shown) == shown


@of_every_modality
def test_word_positions_of_english_canonical_captions_are_attribute_slots(modality: str) -> None:
    rng = np.random.default_rng(3)
    lengths = {len(canonical(random_scene(rng), modality).split()) for _ in range(150)}
    assert len(lengths) == 1


@in_every_language
@of_every_modality
def test_attributes_stand_in_the_same_order_in_every_canonical_caption(
    modality: str, language: str
) -> None:
    rng = np.random.default_rng(3)
    captions = [canonical(random_scene(rng), modality, language) for _ in range(150)]
    assert len({tuple(read_caption(caption)) for caption in captions}) == 1
    assert len({len(words_of(caption)) for caption in captions}) == 1


def test_english_is_the_language_of_captions_unless_another_is_asked_for() -> None:
    rng, scene = np.random.default_rng(4), random_scene(np.random.default_rng(4))
    assert canonical(scene, "image") == canonical(scene, "image", "en")
    assert canonical(scene, "image").isascii()
    assert varied(scene, "image", rng)[0].isascii()
    assert not canonical(scene, "image", "zh").isascii()
    assert not varied(scene, "image", rng, language="zh")[0].isascii()


def test_chinese_canonical_captions_read_as_chinese() -> None:
    boat = Scene("boat", "red", "sea", "night", "rain", "big", "left", "bounce")
    assert canonical(boat, "image", "zh") == "一艘红色的大船，在左边，在海上，夜晚，下雨"
    assert canonical(boat, "video", "zh") == "一艘红色的船，蹦蹦跳跳，在海上，夜晚，下雨"
    assert canonical(boat, "audio", "zh") == "下雨时船的声音"


@in_every_language
def test_every_value_has_phrases_and_every_phrase_is_read_as_its_value(language: str) -> None:
    known = BY_LANGUAGE[language]
    assert {n: set(values) for n, values in known.items()} == {
        n: set(values) for n, values in ATTRIBUTES.items()
    }
    for name, values in known.items():
        for value, phrases in values.items():
            assert phrases
            for phrase in phrases:
                assert read_caption(phrase) == {name: value}, phrase
                assert read_caption(f"So: {phrase.upper()}!") == {name: value}, phrase


def test_no_phrase_belongs_to_two_values() -> None:
    phrases = [
        p for known in BY_LANGUAGE.values() for values in known.values() for ps in values.values()
        for p in ps
    ]  # fmt: skip
    assert len(phrases) == len(set(phrases))


@in_every_language
def test_an_attribute_alone_states_itself(language: str) -> None:
    rng = np.random.default_rng(7)
    for name, values in ATTRIBUTES.items():
        for value in values:
            assert read_caption(alone(name, value, language)) == {name: value}
            for _ in range(5):
                assert read_caption(alone(name, value, language, rng)) == {name: value}
    assert alone("thing", "car", "en") == "a car"
    assert alone("thing", "car", "zh") == "一辆汽车"
    assert set(captions_zh.MEASURE) == set(ATTRIBUTES["thing"])


@in_every_language
@pytest.mark.parametrize("keep", [0.0, 0.5, 1.0])
@of_every_modality
def test_a_varied_caption_states_exactly_what_it_says(
    modality: str, keep: float, language: str
) -> None:
    rng = np.random.default_rng(4)
    for _ in range(400):
        scene = random_scene(rng)
        text, said = varied(scene, modality, rng, language=language, keep=keep)
        assert "thing" in said
        assert set(said) <= set(SHOWN[modality])
        assert read_caption(text) == stated(scene, said), text
        if keep == 1.0:
            assert said == SHOWN[modality]
        if keep == 0.0:
            assert said == ("thing",)


@in_every_language
def test_what_must_be_mentioned_is_mentioned(language: str) -> None:
    rng, mention = np.random.default_rng(5), ("place", "time")
    for _ in range(50):
        scene = random_scene(rng)
        said = varied(scene, "image", rng, language=language, keep=0.0, mention=mention)[1]
        assert said == ("thing", "place", "time")


@in_every_language
def test_varied_captions_use_every_phrase(language: str) -> None:
    rng = np.random.default_rng(6)
    texts = " | ".join(
        varied(random_scene(rng), modality, rng, language=language, keep=1.0)[0]
        for modality in ("image", "video")
        for _ in range(700)
    )
    for values in BY_LANGUAGE[language].values():
        for phrases in values.values():
            for phrase in phrases:
                assert phrase in texts


def test_words_that_only_contain_a_phrase_are_not_read() -> None:
    assert read_caption("a ballroom with carpets, dogma and bellows") == {}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("向左移动", {"motion": "left"}),
        ("在左边向右移动", {"position": "left", "motion": "right"}),
        ("雪地上下雪时的白猫", {"place": "snow", "weather": "snowfall", "colour": "white",
                             "thing": "cat"}),
        ("白天的黑狗", {"time": "day", "colour": "black", "thing": "dog"}),
        ("黄昏的黄球", {"time": "sunset", "colour": "yellow", "thing": "ball"}),
        ("大海上的一辆小汽车", {"place": "sea", "size": "small", "thing": "car"}),
        ("下大雨时的时钟", {"weather": "rain", "thing": "clock"}),
        ("暴风雨中的火车", {"weather": "storm", "thing": "train"}),
        ("画一只red的猫", {"colour": "red", "thing": "cat"}),
    ],
)  # fmt: skip
def test_chinese_words_that_share_characters_are_told_apart(
    text: str, meant: dict[str, str]
) -> None:
    assert read_caption(text) == meant


def test_the_first_statement_of_an_attribute_counts() -> None:
    assert read_caption("a red boat, not a blue car")["thing"] == "boat"
    assert read_caption("红船，不是蓝色的汽车")["colour"] == "red"


def test_a_text_is_cut_at_the_borders_of_its_phrases() -> None:
    assert words_of("画一艘红色的大船。") == ["画一艘", "红色", "的", "大", "船", "。"]
    assert words_of("谢谢") == ["谢谢"]
    assert words_of("") == []
