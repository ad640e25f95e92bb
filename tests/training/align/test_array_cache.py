"""Arrays kept on disk: computed once, gone on with after a kill, broken items noted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch

from training.align import array_cache
from training.align.array_cache import Made, Shards

ITEMS = [str(number) for number in range(11)]


@pytest.fixture(autouse=True)
def small_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(array_cache, "ROWS", 4)
    monkeypatch.setattr(array_cache, "OPEN", 1)


def numbers(items: Sequence[str]) -> Made:
    return [np.full((2, 3), int(item), np.float16) for item in items]


def some_broken(items: Sequence[str]) -> Made:
    return ["torn" if item in ("2", "8", "9", "10") else numbers([item])[0] for item in items]


def quiet(_: int) -> None:
    pass


def test_rows_come_back_in_any_order(tmp_path: Path) -> None:
    kept = Shards(tmp_path, ITEMS)
    told: list[int] = []
    kept.fill(numbers, told.append)

    rows = Shards(tmp_path, ITEMS).rows(["10", "0", "5", "5"])

    assert rows.dtype == torch.float32
    assert rows.shape == (4, 2, 3)
    assert rows[:, 0, 0].tolist() == [10, 0, 5, 5]
    assert told == [4, 8, 11]
    assert kept.broken() == {}


def test_what_is_there_is_not_computed_again(tmp_path: Path) -> None:
    def until_killed(items: Sequence[str]) -> Made:
        if "4" in items:
            raise KeyboardInterrupt
        return numbers(items)

    with pytest.raises(KeyboardInterrupt):
        Shards(tmp_path, ITEMS).fill(until_killed, quiet)
    again: list[str] = []

    def noted(items: Sequence[str]) -> Made:
        again.extend(items)
        return numbers(items)

    Shards(tmp_path, ITEMS).fill(noted, quiet)

    assert again == ITEMS[4:]
    assert Shards(tmp_path, ITEMS).rows(["1", "9"])[:, 0, 0].tolist() == [1, 9]


def test_broken_items_keep_their_row_and_their_reason(tmp_path: Path) -> None:
    kept = Shards(tmp_path, ITEMS)
    kept.fill(some_broken, quiet)

    assert kept.broken() == dict.fromkeys(("2", "8", "9", "10"), "torn")
    assert kept.rows(["1", "3"])[:, 0, 0].tolist() == [1, 3]


def test_no_items_need_no_files(tmp_path: Path) -> None:
    kept = Shards(tmp_path, [])
    kept.fill(numbers, quiet)

    assert kept.broken() == {}
    assert list(tmp_path.iterdir()) == []
