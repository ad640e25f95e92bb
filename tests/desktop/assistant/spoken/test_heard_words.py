"""What was heard, as it was spoken, is found again in what was written."""

from __future__ import annotations

import pytest

from desktop.assistant.spoken.heard_words import heard_length, language_of

WRITTEN = "The **capital** of Australia is [Canberra](https://x.org). It lies inland."


@pytest.mark.parametrize(
    ("text", "heard", "kept"),
    [
        (WRITTEN, "", ""),
        (WRITTEN, "The capital", "The **capital**"),
        (WRITTEN, "The capital of Australia is Canberra.", WRITTEN[:42]),
        (WRITTEN, "The capital of Australia is Canberra. It lies", WRITTEN[:-8]),
        ("Sure! `x = 1` is code. Then more.", "Sure! is code.", "Sure! `x = 1` is code."),
        ("澳大利亚的首都。它在内陆。", "澳大利亚的首都。", "澳大利亚的首都。"),
        ("澳大利亚的首都是堪培拉。", "澳大利亚", "澳大利亚"),
        ("One, two, one, two, three", "One, two, one", "One, two, one,"),
        ("Twelve of 12", "Twelve of twelve", "Twelve of"),
        ("Nothing alike", "quite other words", ""),
    ],
)
def test_the_heard_words_end_where_they_end_in_the_text(text: str, heard: str, kept: str) -> None:
    assert text[: heard_length(text, heard)] == kept


def test_the_language_of_a_text_is_that_of_its_letters() -> None:
    assert [language_of(text) for text in ("Hello", "你好", "你好 Python", "42")] == [
        "en",
        "zh",
        "zh",
        "en",
    ]
