"""What is written tensor by tensor is what safetensors itself reads."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from plugins.errors import Cancelled
from training.importing.safetensors_writer import NAMES, write_tensors


def test_every_type_and_shape_comes_back(tmp_path: Path) -> None:
    state = {str(dtype): torch.ones(3, 2).to(dtype) for dtype in NAMES}
    state |= {"scalar": torch.tensor(7.0), "empty": torch.zeros(0, 4)}
    done: list[int] = []
    planned = {name: (tensor.dtype, tuple(tensor.shape)) for name, tensor in state.items()}
    write_tensors(tmp_path / "a.safetensors", planned, state.__getitem__, done.append)
    found = load_file(tmp_path / "a.safetensors")
    assert found.keys() == state.keys()
    assert all(torch.equal(found[name], state[name]) for name in state)
    assert sum(done) == sum(tensor.nbytes for tensor in state.values())


def test_a_stopped_file_leaves_nothing(tmp_path: Path) -> None:
    def stop(_: int) -> None:
        raise Cancelled

    planned = {"a": (torch.float32, (2,))}
    with pytest.raises(Cancelled):
        write_tensors(tmp_path / "a.safetensors", planned, lambda _: torch.zeros(2), stop)
    with pytest.raises(ValueError, match="another tensor than was planned"):
        write_tensors(tmp_path / "a.safetensors", planned, lambda _: torch.zeros(3))
    assert not list(tmp_path.iterdir())
