"""Texts in English, Chinese and both."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from runtime.speech.voice.english.lexicon import Lexicon
from runtime.speech.voice.phonemes import language_of, sounded


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Hello", "en"),
        ("你好", "zh"),
        ("我用 Python 写了一个程序", "zh"),
        ("The word 你好 means hello", "en"),
        ("123", "en"),
    ],
)
def test_the_language_is_that_of_most_of_the_text(text: str, language: str) -> None:
    assert language_of(text) == language


def test_each_script_is_said_in_its_language(lexicon: Lexicon) -> None:
    words = sounded("我用 Python 写了2个程序，very good。", lexicon)

    by_text = {word.text: word.phonemes for word in words}
    assert "".join(by_text) == "我用Python写了2个程序verygood"
    assert by_text["Python"] == "pˈIθˌɑn"
    assert by_text["2"] == sounded("两", lexicon)[0].phonemes


def test_units_in_a_chinese_text_are_chinese(lexicon: Lexicon) -> None:
    words = sounded("温度是-3°C，用GPT-4跑了5km和16GB。", lexicon)

    by_text = {word.text: word.phonemes for word in words}
    whole = "".join(word.symbols for word in sounded("零下三摄氏度", lexicon)).split()
    assert {"-3°C", "GPT", "4", "5km", "16", "GB"} <= by_text.keys()
    assert by_text["-3°C"].split() == whole


def test_numbers_belong_to_the_language_around_them(lexicon: Lexicon) -> None:
    english, chinese = sounded("about 5 people", lexicon), sounded("大约5人", lexicon)

    assert english[1].phonemes == "fˈIv"
    assert chinese[-2].phonemes.startswith("u")
    assert sounded("25", lexicon, "zh")[0].phonemes != sounded("25", lexicon, "en")[0].phonemes


def test_the_model_knows_every_phoneme(lexicon: Lexicon, voice_folder: Path) -> None:
    known = json.loads((voice_folder / "vocab.json").read_text("utf-8"))["vocab"]
    text = (
        "你好，今天天气怎么样？我们去日本吃饭，绿色的云，女儿学习，远处的熊猫很绝。"
        "The quick brown fox jumps over the lazy dog; thought, measure, church, judge, butter, boy."
    )

    unknown = {s for word in sounded(text, lexicon) for s in word.symbols if s not in known}

    assert unknown == set()
