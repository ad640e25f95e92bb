"""Typos are few, small and never misleading."""

from __future__ import annotations

import numpy as np

from training.dialogues import typos
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


def test_few_chinese_sentences_have_a_typo_and_it_keeps_what_they_state() -> None:
    text, slipped, changed = "帮我画一张图，画的是一艘红色的小船", set[str](), 0
    for number in range(3000):
        typed = typos.sometimes_misspelt(text, np.random.default_rng(number))
        assert read_caption(typed) == read_caption(text)
        assert abs(len(typed) - len(text)) <= 1
        if typed != text:
            slipped.add(typed)
            changed += 1
    assert "帮我画一张张图，画的是一艘红色的小船" in slipped
    assert len(slipped) > 15
    assert 0.04 < changed / 3000 < 0.08


def test_a_slip_never_touches_short_words_or_first_letters() -> None:
    assert set(typos.slips("a red bee")) == set()
    slips = {"bat", "booat", "baot", "bot", "boaat", "bota", "boa", "boatt"}
    assert set(typos.slips("boat")) == slips
    assert not [slip for slip in typos.slips("Draw boats") if slip[0] != "D"]
    chinese = {"画吧！", "画船船吧！", "画吧船！", "画船！", "画船吧吧！"}
    assert set(typos.slips("画船吧！")) == chinese
