"""Sentences of the engine, in the language of the question."""

from __future__ import annotations

import pytest

from runtime.messages import Message, TextPart
from runtime.turn.wording import language_of, said


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("draw a cat", "en"),
        ("画一只猫", "zh"),
        ("draw 猫", "en"),
        ("画一只 cat", "zh"),
        ("", "en"),
        ("123 !?", "en"),
    ],
)
def test_the_language_of_a_message(text: str, language: str) -> None:
    assert language_of(Message("user", (TextPart(text),))) == language


def test_a_missing_language_falls_back_to_english() -> None:
    assert said({"en": "yes", "zh": "是"}, "zh") == "是"
    assert said({"en": "yes"}, "zh") == "yes"
    assert said({}, "zh") == ""
