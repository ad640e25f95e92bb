"""Answers are judged forgivingly in their wording, and strictly in what they say."""

from __future__ import annotations

import pytest

from benchmarks.everyday.items import KINDS, SETS, Item, load
from benchmarks.everyday.judging import faults, mainly, normal

ITEMS = {item.name: item for kind in KINDS for of in SETS for item in load(kind, of)}


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("capital", "It's **Ottawa**, in Ontario."),
        ("addition", "48 + 37 = 85."),
        ("change", "3 x 4 = 12 dollars, and 20 - 12 = 8 dollars of change."),
        ("metre", "One metre has one hundred centimetres."),
        ("kilogram", "That is 1,000 grams."),
        ("grammar", "She doesn’t like apples."),
        ("spelling", 'The right spelling is "receive"; "recieve" is a common mistake.'),
        ("code-add", "```python\ndef add(a: int, b: int) -> int:\n    return a + b\n```"),
        ("code-print", 'print("hello")'),
        ("shortest", "Ben is the shortest."),
        ("system-shout", "COFFEE."),
        ("to-chinese", "我今天非常高兴。"),
        ("加法", "25加38等于63。"),
        ("公里", "一公里等于１０００米。"),
        ("除法", "9"),
        ("水", "水的化学式是H₂O。"),
        ("年龄", "年龄最小的是小王。"),
        ("循环", "```python\nfor i in range(1, 11):\n    print(i)\n```"),
    ],
)
def test_a_right_answer_is_accepted_in_many_wordings(name: str, answer: str) -> None:
    assert faults(ITEMS[name], answer, ()) == []


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("capital", "The capital of Canada is Toronto, not Ottawa."),
        ("addition", "48 + 37 = 185."),
        ("addition", "48 + 37 = 85.5"),
        ("change", "You get 18 dollars back."),
        ("metre", "There are 1000 centimetres in a metre."),
        ("spelling", 'The right spelling is "recieve".'),
        ("shortest", "Anna is the shortest, since Ben is taller."),
        ("feathers", "No, a sparrow does not have feathers."),
        ("system-one-word", "The sky is blue on a clear day."),
        ("system-shout", "Coffee."),
        ("首都", "The capital of France is Paris (巴黎)."),
        ("除法", "81除以9是8。"),
        ("尾巴", "咪咪没有尾巴。"),
        ("capital", ""),
    ],
)
def test_a_wrong_answer_is_not_accepted(name: str, answer: str) -> None:
    assert faults(ITEMS[name], answer, ()) != []


def test_a_medium_must_be_of_the_right_kind_and_asked_for() -> None:
    both = Item("both", ("Draw a dog and let me hear it.",), media=("image", "audio"))
    assert faults(both, "", ["audio", "image"]) == []
    assert faults(both, "Here it is.", ["image"]) == ["made image instead of image and audio"]
    assert faults(both, "", ["image", "image", "audio"]) != []
    plain = Item("plain", ("What time is it?",))
    assert faults(plain, "I cannot know.", ["image"]) == ["made image instead of nothing"]
    assert faults(plain, " ", []) == ["no words"]


def test_the_language_of_an_answer_is_that_of_most_of_its_words() -> None:
    assert mainly("珠穆朗玛峰（Mount Everest）是最高的山峰。", "zh")
    assert not mainly("The answer is 是的.", "zh")
    assert mainly("The answer is 是的.", "en")
    assert mainly("42", "zh")


def test_texts_are_compared_in_one_form() -> None:
    assert normal("**１，０００** metres") == "1000 metres"
    assert normal("1,000 and 2,50") == "1000 and 2,50"
