"""Keeps what an alignment taught a model, as float32 in a safetensors file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from plugins.errors import KnownError
from runtime.media import shown


def save_learned(learned: Mapping[str, Tensor], file: Path) -> None:
    """Save these parameters, by name."""
    save_file({n: t.detach().float().cpu().contiguous() for n, t in learned.items()}, file)


def load_learned(learned: Mapping[str, Tensor], file: Path) -> None:
    """Load what `save_learned` wrote into these parameters.

    Raises:
        KnownError: it is of another run.
    """
    state = load_file(file)
    same = state.keys() == learned.keys()
    if not same or any(learned[n].shape != t.shape for n, t in state.items()):
        raise KnownError(
            f"{shown(file)}: expected the {len(learned)} tensors of this run, found others; begin "
            "the run again in another folder."
        )
    with torch.no_grad():
        for name, tensor in state.items():
            learned[name].copy_(tensor)
