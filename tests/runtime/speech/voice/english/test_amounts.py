"""Money, times, dates and units as English words."""

from __future__ import annotations

import pytest

from runtime.speech.voice.english.amounts import AMOUNT, amount


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("$5.50", "five dollars and fifty cents"),
        ("$1", "one dollar"),
        ("£0.01", "one penny"),
        ("-$2.01", "minus two dollars and one cent"),
        ("$1.5 million", "one point five million dollars"),
        ("€3K", "three thousand euros"),
        ("10:30 a.m.", "ten thirty A M"),
        ("9:05", "nine oh five"),
        ("12:00", "twelve o'clock"),
        ("14:00", "fourteen hundred"),
        ("7 pm", "seven P M"),
        ("16:9", "sixteen to nine"),
        ("March 5, 2024", "March fifth twenty twenty four"),
        ("5 May 2020", "the fifth of May twenty twenty"),
        ("Sept. 3rd", "September third"),
        ("2024-05-03", "May third twenty twenty four"),
        ("1990s", "nineteen nineties"),
        ("'80s", "eighties"),
        ("1984", "nineteen eighty four"),
        ("1990-1995", "nineteen ninety to nineteen ninety five"),
        ("50%", "fifty percent"),
        ("1 km", "one kilometer"),
        ("80 km/h", "eighty kilometers per hour"),
        ("-3°C", "minus three degrees Celsius"),
        ("2.5 GHz", "two point five gigahertz"),
        ("16GB", "sixteen gigabytes"),
        ("6 ft", "six feet"),
        ("21st", "twenty first"),
        ("3/4", "three quarters"),
        ("1.2.3", "one point two point three"),
        ("10x", "ten times"),
        ("555-1234", "five five five one two three four"),
        ("1,234", "one thousand two hundred thirty four"),
        ("24/7", "twenty four seven"),
        ("½", "and one half"),
    ],
)
def test_it_is_said_as_people_say_it(text: str, words: str) -> None:
    match = AMOUNT.search(text)

    assert match is not None
    assert match.group() == text
    assert amount(match) == words


@pytest.mark.parametrize("text", ["", "no number", "May I", "am pm", "a/b", "$", "12:", "99:99"])
def test_anything_else_stays_or_is_a_plain_number(text: str) -> None:
    assert "  " not in AMOUNT.sub(amount, text)
