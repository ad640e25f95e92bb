"""Lines packed into one: what they share once, no padding, and none sees another.

Knows positions; knows no model and no files.

Legend: P positions that all lines share, L positions of a pack, D width.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from training.datasets.examples import Wanted
from training.nextgpt.answer_loss import IGNORE


@dataclass(frozen=True)
class Pack:
    """Lines behind one another, behind what they share; none sees another."""

    states: Tensor
    """[L, D]; of embeddings or of the layers below."""
    lines: Tensor
    """int64 [L]; the number of the line, -1 for what all share."""
    places: Tensor
    """int64 [L]; position in the line."""
    labels: Tensor
    """int64 [L]; the token at this position where it is learned, else `IGNORE`."""
    signals: list[tuple[int, Wanted]]
    """First position and artifact."""

    @property
    def sees(self) -> Tensor:
        """bool [1, 1, L, L]; which position sees which."""
        same = (self.lines[:, None] == self.lines[None, :]) | (self.lines[None, :] == -1)
        order = torch.arange(len(self.lines), device=self.lines.device)
        return (same & (order[:, None] >= order[None, :]))[None, None]


def packed(prefix: Tensor, lines: Sequence[Tensor]) -> Pack:
    """Lines of [*, D] behind a [P, D] prefix; nothing of them is learned yet."""
    lengths = torch.tensor([len(line) for line in lines], dtype=torch.int64)
    numbers = torch.repeat_interleave(torch.arange(len(lines)), lengths)
    places = torch.cat(
        [torch.arange(len(prefix)), *(len(prefix) + torch.arange(n) for n in lengths)]
    )
    whose = torch.cat([torch.full((len(prefix),), -1), numbers])
    states = torch.cat([prefix, *lines])
    return Pack(states, whose, places, torch.full((len(states),), IGNORE), [])


def previous(pack: Pack, positions: Tensor) -> Tensor:
    """The positions after which the tokens at `positions` come: the ones before, and for the first
    of a line the last that is shared."""
    first = pack.lines[positions] != pack.lines[positions - 1]
    shared = int((pack.lines == -1).sum())
    return torch.where(first, torch.full_like(positions, shared - 1), positions - 1)
