"""Several spoken texts as one."""

from __future__ import annotations

import numpy as np

from plugins.avatar.visemes import Viseme
from runtime.speech.voice.spoken import RATE_HZ, Spoken, Word, joined


def _second(text: str) -> Spoken:
    samples = np.zeros(RATE_HZ, np.float32)
    return Spoken(samples, RATE_HZ, (Word(text, 0.1, 0.9),), (Viseme(0.0, 1.0, "aa"),), text)


def test_what_follows_comes_later() -> None:
    both = joined([_second("one"), _second("two")])

    assert both.seconds == 2
    assert both.words[1] == Word("two", 1.1, 1.9)
    assert both.visemes[1] == Viseme(1.0, 2.0, "aa")
    assert both.text == "one\ntwo"


def test_nothing_is_an_empty_sound() -> None:
    assert joined([]).seconds == 0
