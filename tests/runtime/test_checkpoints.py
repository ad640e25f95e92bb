"""Weights load only where names and shapes are exactly those expected."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from plugins.errors import KnownError
from runtime.checkpoints import load_strict


def saved(folder: Path, **tensors: torch.Tensor) -> Path:
    path = folder / "part.safetensors"
    save_file(tensors, path)
    return path


def module() -> nn.Linear:
    with torch.device("meta"):
        return nn.Linear(3, 2)


def test_a_fitting_file_fills_a_module_of_the_meta_device(tmp_path: Path) -> None:
    weight, bias = torch.ones(2, 3, dtype=torch.float16), torch.zeros(2, dtype=torch.float16)
    made = module()

    load_strict(made, saved(tmp_path, weight=weight, bias=bias), what="part")

    assert made.weight.dtype == torch.float32
    assert made(torch.ones(3)).tolist() == [3.0, 3.0]


def test_every_problem_is_listed(tmp_path: Path) -> None:
    path = saved(tmp_path, weight=torch.ones(3, 2), more=torch.ones(1))

    with pytest.raises(KnownError) as caught:
        load_strict(module(), path, what="part")

    for words in ("missing bias [2]", "left over more [1]", "expected [2, 3], found [3, 2]"):
        assert words in str(caught.value)


def test_a_missing_file_and_one_of_another_kind_are_named(tmp_path: Path) -> None:
    other = tmp_path / "other.safetensors"
    other.write_bytes(b"no tensors")

    with pytest.raises(KnownError, match=r"expected the weights file gone\.safetensors"):
        load_strict(module(), tmp_path / "gone.safetensors", what="part")
    with pytest.raises(KnownError, match="cannot be read as one"):
        load_strict(module(), other, what="part")
