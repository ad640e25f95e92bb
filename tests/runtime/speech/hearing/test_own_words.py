"""Own words that come back are known by what was being said, however badly they were heard."""

from __future__ import annotations

import pytest

from runtime.speech.hearing.own_words import echoes

STORY = "Once upon a time there was an old miller, who lived alone with his cat"


@pytest.mark.parametrize(
    ("heard", "said"),
    [
        ("there was an old miller", STORY),
        ("There was an old mirror who lived", STORY),
        ("upon a time", STORY),
        ("a light breeze from the rest", "with a light breeze from the west."),
        ("首都是北京", "中国的首都是北京。"),
        ("守都是北京", "中国的首都是北京。"),
    ],
)
def test_own_words_are_known_again(heard: str, said: str) -> None:
    assert echoes(heard, said)


@pytest.mark.parametrize(
    ("heard", "said"),
    [
        ("Wait a moment, please.", STORY),
        ("Stop!", STORY),
        ("No, tell me about dogs.", STORY),
        ("", STORY),
        ("there was an old miller", ""),
        ("停一下", "中国的首都是北京。"),
        ("不是，我问的是日本", "中国的首都是北京。"),
    ],
)
def test_words_of_a_person_are_no_echo(heard: str, said: str) -> None:
    assert not echoes(heard, said)
