"""Positions of a medium that learn to be the words of its caption."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from torch import nn

from runtime.language_model.model import LanguageModel
from tests import tiny_llama
from training.align import caption_words
from training.align.caption_words import CaptionWords
from training.datasets.examples import Medium, Pair

K = 6
PAIRS = [Pair(Medium("image", "a.png"), "a red boat"), Pair(Medium("image", "b.png"), "now")]


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CaptionWords]:
    model = tiny_llama.random_llama(32)
    file = tiny_llama.write_gguf(model, tmp_path_factory.mktemp("words") / "m.gguf")
    with LanguageModel(file, n_ctx=32, n_threads=1) as tokenizer:
        table = model.get_input_embeddings().weight
        yield CaptionWords(PAIRS, table, tokenizer, K)


def test_the_words_themselves_are_right_and_no_distance_away(words: CaptionWords) -> None:
    rows = torch.stack([words.rows[pair.caption] for pair in PAIRS])

    loss, right = words.loss(words.words[rows], [pair.caption for pair in PAIRS])
    worse, wrong = words.loss(-words.words[rows], [pair.caption for pair in PAIRS])

    assert right == 1.0
    assert wrong == 0.0
    assert loss < worse


def test_behind_a_short_caption_stands_the_filler(words: CaptionWords) -> None:
    row = words.rows["now"]

    assert len(row) == K
    assert len(set(row[1:].tolist())) == 1
    assert row[0] != row[1]


def test_a_projection_is_scaled_by_its_last_layer(tmp_path: Path) -> None:
    projection = nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 2))
    given = torch.ones(1, 4)
    before = projection(given).detach()

    caption_words._scale_last(projection, 0.5)

    assert torch.allclose(projection(given), 0.5 * before)
