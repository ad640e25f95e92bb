"""Dialogues with the states of the frozen layers below, computed once and kept on disk.

All lines begin with the same words, the system text; these are kept once, and are passed once
through the model for as many lines as are packed behind them. Knows sequences, files and the model
that computes; knows no loss.

Legend: P positions that all lines share, L positions of a pack, T positions of all lines of a
file, D model width.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec
import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import save
from torch import Tensor

from training.align.dataset import AlignmentDataset
from training.align.pack import Pack, packed
from training.align.sequences import TrainingSequence
from training.align.upper_model import PRECISION, UpperModel
from training.datasets.examples import Wanted
from training.trainer.progress import write_atomically

ROWS = 128
"""Lines of a file."""
AT_ONCE = 12
"""Lines of a pack whose states are computed."""
PREFIX = "prefix.safetensors"


class CachedLine(msgspec.Struct, frozen=True):
    """One dialogue without its states and what all share."""

    length: int
    learned: list[int]
    """Positions whose tokens are learned."""
    tokens: list[int]
    """Their tokens."""
    signals: list[tuple[int, Wanted]]


class CachedLines:
    """All lines of a run in `folder`, file by file."""

    def __init__(self, folder: Path) -> None:
        self.prefix = _read(folder / PREFIX)
        """[P, D]."""
        self.lines: list[tuple[Tensor, CachedLine]] = []
        """States [length, D], and the line."""
        for meta in sorted(folder.glob("*.json")):
            lines = msgspec.json.decode(meta.read_bytes(), type=list[CachedLine])
            parts = torch.split(
                _read(meta.with_suffix(".safetensors")), [one.length for one in lines]
            )
            self.lines += zip(parts, lines, strict=True)

    @property
    def words(self) -> Tensor:
        """Sorted token ids that are learned anywhere."""
        return torch.tensor(sorted({token for _, line in self.lines for token in line.tokens}))

    def draw(self, count: int, rng: np.random.Generator) -> Pack:
        """`count` lines by chance."""
        picked = rng.choice(len(self.lines), min(count, len(self.lines)), replace=False)
        return self._pack([self.lines[i] for i in picked])

    def packs(self, count: int) -> Iterator[Pack]:
        """Every line once, in order, `count` at a time."""
        for start in range(0, len(self.lines), count):
            yield self._pack(self.lines[start : start + count])

    def _pack(self, some: Sequence[tuple[Tensor, CachedLine]]) -> Pack:
        pack = packed(self.prefix, [states for states, _ in some])
        signals: list[tuple[int, Wanted]] = []
        start = len(self.prefix)
        for _, line in some:
            pack.labels[start + torch.tensor(line.learned)] = torch.tensor(line.tokens)
            signals += [(start + at, wanted) for at, wanted in line.signals]
            start += line.length
        return Pack(pack.states, pack.lines, pack.places, pack.labels, signals)


def fill(
    folder: Path,
    lines: Sequence[TrainingSequence],
    model: UpperModel,
    dataset: AlignmentDataset,
    tell: Callable[[int], None],
) -> None:
    """Compute what is missing; `tell` is called with the number of finished lines."""
    folder.mkdir(parents=True, exist_ok=True)
    shared = shared_length(lines)
    prefix = model.table[torch.tensor(lines[0].ids[:shared])].detach()
    states = model.states_below(packed(prefix, []))
    write_atomically(folder / PREFIX, save({"states": states.contiguous()}))
    for number, start in enumerate(range(0, len(lines), ROWS)):
        meta = folder / f"{number:05d}.json"
        part = lines[start : start + ROWS]
        if not meta.is_file():
            found = [
                _states(prefix, part[at : at + AT_ONCE], model, dataset)
                for at in range(0, len(part), AT_ONCE)
            ]
            content = save({"states": torch.cat(found).contiguous()})
            write_atomically(meta.with_suffix(".safetensors"), content)
            write_atomically(meta, msgspec.json.encode([_cached(one, shared) for one in part]))
        tell(min(start + ROWS, len(lines)))


def shared_length(lines: Sequence[TrainingSequence]) -> int:
    """P: how many tokens all lines begin with alike, before anything is given or learned."""
    first = lines[0].ids
    for at, token in enumerate(first):
        for line in lines:
            begins = min((place for place, _ in line.media), default=len(line.ids))
            if at >= min(begins, len(line.ids)) or line.learned[at] or line.ids[at] != token:
                return at
    return len(first)


@torch.inference_mode()
def _states(
    prefix: Tensor, lines: Sequence[TrainingSequence], model: UpperModel, dataset: AlignmentDataset
) -> Tensor:
    """[T, D] states of the layers below of all positions that are not shared."""
    embeds = []
    for line in lines:
        own = model.table[torch.tensor(line.ids)].clone()
        for at, medium in line.media:
            patches = dataset.patches(medium.modality, [medium])
            positions = model.input_projection(None, patches)[0]
            own[at : at + len(positions)] = positions.to(own.dtype)
        embeds.append(own[len(prefix) :])
    return model.states_below(packed(prefix, embeds))[len(prefix) :]


def _cached(line: TrainingSequence, shared: int) -> CachedLine:
    learned = [i for i, wanted in enumerate(line.learned) if wanted]
    return CachedLine(
        len(line.ids) - shared,
        [i - shared for i in learned],
        [line.ids[i] for i in learned],
        [(at - shared, wanted) for at, wanted in line.signals],
    )


def _read(file: Path) -> Tensor:
    with safe_open(file, framework="pt") as opened:
        states: Tensor = opened.get_tensor("states").to(PRECISION)
    return states
