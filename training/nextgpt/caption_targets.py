"""Caption targets, computed once and kept on disk: the output of a decoder's own text encoder.

A few thousand captions come again and again, and the text encoder is frozen; so a table of its
answers saves running it at every step. Knows captions and tensors; knows no model by name.

Legend: S captions, [*C] a decoder's condition.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save
from torch import Tensor

from training.trainer.progress import write_atomically

BATCH = 64
"""Captions that the text encoder reads at once."""


class TargetTable:
    """The targets of a fixed set of captions."""

    def __init__(self, captions: Sequence[str], targets: Tensor) -> None:
        self.row = {caption: row for row, caption in enumerate(captions)}
        self.targets = targets

    def __call__(self, captions: Sequence[str]) -> Tensor:
        """[S, *C] targets of captions of the set."""
        return self.targets[torch.tensor([self.row[caption] for caption in captions])]


def target_table(
    captions: Sequence[str], captioner: Callable[[Sequence[str]], Tensor], file: Path
) -> TargetTable:
    """The targets of the captions, each once: read from `file` if it holds exactly these, else
    computed and written there atomically."""
    known = sorted(set(captions))
    key = hashlib.sha256("\n".join(known).encode()).hexdigest()
    targets = _read(file, key)
    if targets is None:
        parts = [captioner(known[i : i + BATCH]).cpu() for i in range(0, len(known), BATCH)]
        targets = torch.cat(parts).contiguous()
        write_atomically(file, save({"targets": targets}, metadata={"captions": key}))
    return TargetTable(known, targets)


def _read(file: Path, key: str) -> Tensor | None:
    if not file.is_file():
        return None
    with safe_open(file, framework="pt") as opened:
        if (opened.metadata() or {}).get("captions") != key:
            return None
        return opened.get_tensor("targets")
