"""Chunks of a prompt, and how much of a cached one is used again."""

from __future__ import annotations

import numpy as np
import pytest

from runtime.language_model.chunks import Cell, MediaChunk, TokenChunk, positions_of, reusable


def medium(key: str, positions: int) -> list[Cell]:
    return MediaChunk(key, np.zeros((positions, 4), np.float32)).cells()


def test_tokens_and_media_take_their_positions() -> None:
    chunks = [TokenChunk((1, 2, 3)), MediaChunk("a", np.zeros((5, 4), np.float32))]

    assert positions_of(chunks) == 8
    assert chunks[0].cells() == [1, 2, 3]
    assert chunks[1].cells()[-1] == ("a", 4, 5, 5)


@pytest.mark.parametrize(
    ("cached", "wanted", "kept"),
    [
        ([], [1, 2], 0),
        ([1, 2, 3], [1, 2, 9, 9], 2),
        ([1, 2, 3], [1, 2, 3], 2),
        ([1, *medium("a", 3), 7], [1, *medium("a", 3), 7, 8], 5),
        ([1, *medium("a", 3)], [1, *medium("b", 3), 7], 1),
        ([1, *medium("a", 3)][:3], [1, *medium("a", 3), 7], 1),
        ([1, *medium("a", 3)], [1, *medium("a", 3)], 1),
    ],
)
def test_the_shared_beginning_is_reused_but_never_half_a_medium(
    cached: list[Cell], wanted: list[Cell], kept: int
) -> None:
    assert reusable(cached, wanted) == kept
