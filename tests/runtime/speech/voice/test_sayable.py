"""Patterns that find what they can say."""

from __future__ import annotations

from runtime.speech.voice.sayable import Sayable

SAYABLE = Sayable(
    [
        (r"(?P<first>\d)-(?P<last>\d)", lambda match: f"{match['first']} to {match['last']}"),
        (r"\d", lambda match: f"digit {match.group()}"),
    ]
)


def test_the_first_pattern_that_fits_says_it() -> None:
    said = SAYABLE.pattern.sub(lambda found: SAYABLE.said(found) or "", "3-5 and 7")

    assert said == "3 to 5 and digit 7"
