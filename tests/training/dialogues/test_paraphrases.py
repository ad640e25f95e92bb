"""The same wish in other words: it stays the same wish, and never becomes a held-out phrasing."""

from __future__ import annotations

import re

import numpy as np

from tests.training.talking import in_every_language
from training.dialogues import paraphrases
from training.dialogues.phrasings import BOOKS, all_held_out, chinese, english
from training.pocketworld.captions import read_caption

CURATED = {"en": english.ENGLISH, "zh": chinese.CHINESE}


def spoken(phrase: str, language: str, count: int = 40) -> set[str]:
    rng = np.random.default_rng(14)
    return {paraphrases.paraphrased(phrase, rng, language) for _ in range(count)}


@in_every_language
def test_other_words_keep_the_places_and_state_nothing(language: str) -> None:
    made = 0
    for phrase in BOOKS[language].phrases()[::7]:
        for said in spoken(phrase, language, 12):
            made += said != phrase
            assert re.findall(r"\{.\}", said) == re.findall(r"\{.\}", phrase)
            assert read_caption(said) == read_caption(phrase), said
    assert made > 300


@in_every_language
def test_other_words_never_make_a_held_out_phrasing(language: str) -> None:
    held = all_held_out(language)
    book = CURATED[language]
    for phrase in book.phrases()[::3]:
        if phrase not in held:
            assert not held & spoken(phrase, language, 20)


def test_a_medium_has_other_nouns_where_it_is_a_noun() -> None:
    assert {"draw this video", "draw this movie"} <= {
        s for s in spoken("draw this clip", "en", 200) if s.startswith("draw") and "," not in s
    }
    assert all("sound like" in s for s in spoken("what would this sound like", "en", 200))
    assert all("with sound" in s for s in spoken("film {x} with sound", "en", 200))
    assert any("这张照片" in s for s in spoken("描述这张图片", "zh", 200))


def test_polite_words_stand_around_a_verb_and_small_words_around_anything() -> None:
    asked = spoken("draw {x}", "en", 400)
    assert {"please draw {x}", "could you draw {x} for me"} <= asked
    assert any(s.startswith("ok, ") for s in spoken("what is this", "en", 400))
    assert "what is this for me" not in spoken("could you draw {x} for me", "en", 400)
    assert not any("吗吧" in s for s in spoken("能画{x}吗", "zh", 400))


def test_after_a_chinese_measure_word_the_thing_is_not_counted() -> None:
    assert paraphrases.filled("画一张{x}的图", "一只小狗") == "画一张小狗的图"
    assert paraphrases.filled("画{x}", "一只小狗") == "画一只小狗"
    assert paraphrases.filled("draw {x}", "a dog") == "draw a dog"
