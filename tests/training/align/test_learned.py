"""Keeping what an alignment taught."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import nn

from plugins.errors import KnownError
from training.align.learned import load_learned, save_learned


def parameters(seed: int, width: int = 3) -> dict[str, nn.Parameter]:
    generator = torch.Generator().manual_seed(seed)
    return {"rows": nn.Parameter(torch.randn(2, width, generator=generator))}


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    learned, others = parameters(1), parameters(2)
    save_learned(learned, tmp_path / "learned.safetensors")

    load_learned(others, tmp_path / "learned.safetensors")

    assert torch.equal(others["rows"], learned["rows"])


@pytest.mark.parametrize("other", [parameters(1, 4), {"columns": parameters(1)["rows"]}])
def test_what_another_run_learned_is_refused(
    tmp_path: Path, other: dict[str, nn.Parameter]
) -> None:
    save_learned(parameters(1), tmp_path / "learned.safetensors")

    with pytest.raises(KnownError, match="expected the 1 tensors of this run, found others"):
        load_learned(other, tmp_path / "learned.safetensors")
