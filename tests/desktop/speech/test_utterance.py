"""What of an utterance was heard at a moment of the playing clock."""

from __future__ import annotations

import pytest

from desktop.speech.protocol import Word
from desktop.speech.utterance import KEPT_S, Placed, Said, Utterance

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


def test_it_is_known_which_words_were_heard_when() -> None:
    said = Said()
    said.add(FIRST)
    said.add(SECOND)
    for tick in range(41):
        said.tick(100 + tick * 0.05, 1.0 + tick * 0.05)
    assert said.between(100.0, 102.0) == "Well yes No words here"
    assert said.between(100.55, 100.7) == "yes"
    assert said.between(90.0, 99.0) == ""


def test_words_that_were_cut_are_not_heard() -> None:
    said = Said()
    said.add(FIRST)
    said.tick(100.0, 1.0)
    said.cut(1.45)
    said.add(Placed("No.", 1.45, 2.0, (Word("No", 0.0, 0.5),)))
    said.tick(102.0, 3.0)
    assert said.between(99.0, 103.0) == "Well No"


def test_words_are_forgotten_with_time() -> None:
    said = Said()
    said.add(FIRST)
    for at in (0.0, 1.0, KEPT_S + 3.0):
        said.tick(at, at)
    assert said.between(-1.0, 2 * KEPT_S) == ""
