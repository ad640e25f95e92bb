"""Typos are few, small and never misleading."""

from __future__ import annotations

import numpy as np

from training import typos
from training.pocketworld.captions import read_caption


def test_few_english_sentences_have_a_typo_and_it_states_nothing_new() -> None:
    text, slipped = "draw a small white boat in falling rain", set[str]()
    for number in range(3000):
        typed = typos.sometimes_misspelt(text, np.random.default_rng(number))
        if typed != text:
            slipped.add(typed)
            assert abs(len(typed) - len(text)) <= 1
            assert read_caption(typed).items() <= read_caption(text).items()
    assert len(slipped) > 50
    changed = sum(
        typos.sometimes_misspelt(text, np.random.default_rng(n)) != text for n in range(3000)
    )
    assert 0.04 < changed / 3000 < 0.08
    chinese = "画一艘红船"
    assert {typos.sometimes_misspelt(chinese, np.random.default_rng(n)) for n in range(99)} == {
        chinese
    }


def test_a_slip_never_touches_short_words_or_first_letters() -> None:
    assert set(typos.slips("a red bee")) == set()
    slips = {"bat", "booat", "baot", "bot", "boaat", "bota", "boa", "boatt"}
    assert set(typos.slips("boat")) == slips
    assert not [slip for slip in typos.slips("Draw boats") if slip[0] != "D"]
