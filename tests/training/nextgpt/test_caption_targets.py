"""Caption targets are computed once and kept."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
import torch
from torch import Tensor

from training.nextgpt.caption_targets import BATCH, target_table


class Counting:
    """A text encoder that counts what it reads."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def __call__(self, captions: Sequence[str]) -> Tensor:
        self.read += captions
        return torch.tensor([[float(len(caption)), float(ord(caption[0]))] for caption in captions])


def test_every_caption_is_read_once_and_its_target_found_again(tmp_path: Path) -> None:
    captions = [f"{letter} thing {number}" for letter in "abc" for number in range(BATCH)] * 2
    encoder = Counting()
    table = target_table(captions, encoder, tmp_path / "t.safetensors")
    assert sorted(encoder.read) == sorted(set(captions))
    wanted = Counting()(captions)
    torch.testing.assert_close(table(captions), wanted)

    again = target_table(captions, encoder, tmp_path / "t.safetensors")
    assert len(encoder.read) == len(set(captions))
    assert torch.equal(again(captions), table(captions))
    assert [path.name for path in tmp_path.iterdir()] == ["t.safetensors"]


def test_other_captions_have_targets_of_their_own(tmp_path: Path) -> None:
    file = tmp_path / "t.safetensors"
    target_table(["a boat"], Counting(), file)
    table = target_table(["a boat", "the car"], Counting(), file)
    torch.testing.assert_close(table(["the car"]), Counting()(["the car"]))


def test_a_text_encoder_that_fails_leaves_no_table(tmp_path: Path) -> None:
    def failing(captions: Sequence[str]) -> Tensor:
        raise OSError("the power went")

    with pytest.raises(OSError, match="power"):
        target_table(["a boat"], failing, tmp_path / "t.safetensors")
    assert list(tmp_path.iterdir()) == []
