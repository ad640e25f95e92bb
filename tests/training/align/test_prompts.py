"""Exchanges from plain captions."""

from __future__ import annotations

import numpy as np
import pytest

from training.align.prompts import describe, request
from training.datasets.examples import Medium, Pair, Wanted


@pytest.mark.parametrize("modality", ["image", "audio", "video", "sketch"])
def test_a_pair_is_described_by_its_caption(modality: str) -> None:
    pair = Pair(Medium(modality, "x"), "a red boat")

    exchange = describe(pair, np.random.default_rng(0))

    assert exchange.media == (pair.medium,)
    assert exchange.answer == ("a red boat",)
    assert exchange.text


@pytest.mark.parametrize("modality", ["image", "audio", "video", "sketch"])
def test_a_request_states_the_caption_and_the_answer_names_it_first(modality: str) -> None:
    wanted = Wanted(modality, "a red boat")

    texts = set()
    for seed in range(20):
        exchange = request(wanted, np.random.default_rng(seed))
        texts.add(exchange.text)
        assert exchange.media == ()
        assert exchange.answer == ("Here is a red boat", wanted)
    assert len(texts) > 1
    assert all("a red boat" in text for text in texts)
