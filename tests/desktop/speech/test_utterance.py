"""What of an utterance was heard at a moment of the playing clock."""

from __future__ import annotations

import pytest

from desktop.speech.protocol import Word
from desktop.speech.utterance import Placed, Utterance

FIRST = Placed("Well, yes.", 1.0, 2.0, (Word("Well", 0.1, 0.4), Word("yes", 0.5, 0.9)))
SECOND = Placed("No words here", 2.0, 3.0, ())


@pytest.mark.parametrize(
    ("clock_s", "heard"),
    [
        (0.5, ""),
        (1.2, ""),
        (1.3, "Well"),
        (1.8, "Well, yes"),
        (2.0, "Well, yes."),
        (2.5, "Well, yes. No wor"),
        (9.0, "Well, yes. No words here"),
    ],
)
def test_words_count_from_their_middle_on(clock_s: float, heard: str) -> None:
    assert Utterance(1, [FIRST, SECOND]).heard(clock_s) == heard


def test_it_is_over_when_nothing_follows_and_all_was_heard() -> None:
    utterance = Utterance(1, [FIRST], waiting=1)

    assert not utterance.over(5.0)
    utterance.complete = True
    assert not utterance.over(5.0)
    utterance.waiting = 0
    assert not utterance.over(1.9)
    assert utterance.over(2.0)
    assert Utterance(2, complete=True).over(0.0)
