"""English words for numbers."""

from __future__ import annotations

import pytest

from runtime.speech.voice.english.numbers import cardinal, one_by_one, ordinal, plural, year


@pytest.mark.parametrize(
    ("digits", "words"),
    [
        ("0", "zero"),
        ("12", "twelve"),
        ("40", "forty"),
        ("105", "one hundred five"),
        ("1,234", "one thousand two hundred thirty four"),
        ("1000000", "one million"),
        ("2000017", "two million seventeen"),
        ("3.14", "three point one four"),
        ("007", "zero zero seven"),
        (".5", "zero point five"),
        ("9" * 18, None),
        ("1" * 19, " ".join(["one"] * 19)),
    ],
)
def test_a_cardinal(digits: str, words: str | None) -> None:
    assert cardinal(digits) == words if words else cardinal(digits).startswith("nine hundred")


@pytest.mark.parametrize(
    ("digits", "words"),
    [("1", "first"), ("12", "twelfth"), ("20", "twentieth"), ("21", "twenty first"),
     ("103", "one hundred third"), ("14", "fourteenth")],
)  # fmt: skip
def test_an_ordinal(digits: str, words: str) -> None:
    assert ordinal(digits) == words


@pytest.mark.parametrize(
    ("digits", "words"),
    [("1984", "nineteen eighty four"), ("1900", "nineteen hundred"), ("2005", "two thousand five"),
     ("2024", "twenty twenty four"), ("1907", "nineteen oh seven"), ("2000", "two thousand")],
)  # fmt: skip
def test_a_year(digits: str, words: str) -> None:
    assert year(digits) == words


def test_digits_one_by_one_and_plurals() -> None:
    assert one_by_one("4-02") == "four zero two"
    assert plural("nineteen eighty") == "nineteen eighties"
    assert plural("six") == "sixes"
