"""The three stages on the user's own data: the examples that each draws, and how it is trained.

Stage 1 describes media, stage 2 asks for artifacts, stage 3 holds dialogues. Knows the model, the
material and the loop; knows no files but a stage's own folder.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
from torch import Tensor

from runtime.language_model.model import LanguageModel
from training.align.dataset import AlignmentDataset
from training.align.model import AlignmentModel
from training.align.prompts import describe, request
from training.align.sequences import TrainingSequence, batched
from training.datasets.examples import Dialogue, Exchange, media_of, wanted_of
from training.trainer.loop import train

T = TypeVar("T")
Rng = np.random.Generator
Draw = Callable[[Rng], Sequence[Exchange]]
PAIRS_AMONG_DIALOGUES = 0.2
"""Share of stage 3 that stays with plain pairs, so that what was learned before is not lost."""
PAIRS_ALONE = 0.5
"""The share of stage 3 for plain pairs if only pairs cover some modality."""
RESULT = "trained.safetensors"


class StageLosses:
    """Draws sequences for every stage."""

    def __init__(self, dataset: AlignmentDataset) -> None:
        """Sort the examples by what they teach."""
        dialogues = dataset.dialogues()
        self.described = _sorted(dataset.heard_pairs(), lambda p: p.medium.modality)
        self.wished = _sorted(dataset.renderable_captions(), lambda w: w.modality)
        self.asked = [d for d in dialogues if wanted_of(d)]
        self.looked = [d for d in dialogues if media_of(d) and not wanted_of(d)]
        self.talked = dialogues

    def draws(self, stage: str) -> Draw | None:
        """The function that draws a stage's examples; None if the data has nothing for the
        stage."""
        if stage == "stage1":
            return self._mixed([self._describe if self.described else None, _of(self.looked)])
        if stage in ("stage2", "stage4"):
            return self._mixed([self._request if self.wished else None, _of(self.asked)])
        pairs = self._mixed(
            [self._describe if self.described else None, self._request if self.wished else None]
        )
        talks = _of(self.talked)
        if pairs is None or talks is None:
            return talks or pairs
        share = self._share_of_pairs()
        return lambda rng: pairs(rng) if rng.random() < share else talks(rng)

    def _share_of_pairs(self) -> float:
        talked = {w.modality for d in self.asked for w in wanted_of(d)}
        looked = {m.modality for d in self.talked for m in media_of(d)}
        covered = self.wished.keys() <= talked and self.described.keys() <= looked
        return PAIRS_AMONG_DIALOGUES if covered else PAIRS_ALONE

    def _describe(self, rng: Rng) -> Sequence[Exchange]:
        return (describe(_pick(self.described, rng), rng),)

    def _request(self, rng: Rng) -> Sequence[Exchange]:
        return (request(_pick(self.wished, rng), rng),)

    def _mixed(self, draws: Sequence[Draw | None]) -> Draw | None:
        found = [draw for draw in draws if draw is not None]
        return (lambda rng: found[int(rng.integers(len(found)))](rng)) if found else None


def train_stage(
    stage: str, folder: Path, alignment: AlignmentModel, dataset: AlignmentDataset, draw: Draw
) -> None:
    """Train one stage and save what was learned to `folder`."""
    plan, settings = alignment.plan, alignment.plan.settings
    alignment.learn(stage)
    with LanguageModel(plan.base, n_ctx=32, n_threads=1) as tokenizer:
        writer = dataset.writer(tokenizer)

        def loss_of(_: int, rng: Rng) -> dict[str, Tensor]:
            lines = similar(lambda: writer.write(draw(rng)), settings.batch, rng)
            return alignment.model.losses(batched(lines), dataset)

        train(
            stage, alignment.model, loss_of, folder=folder, steps=settings.steps,
            lr=plan.scale.rates[int(stage[-1]) - 1], seed=settings.seed, weight_decay=0.0,
        )  # fmt: skip
    alignment.save(folder / RESULT)


def similar(make: Callable[[], TrainingSequence], count: int, rng: Rng) -> list[TrainingSequence]:
    """`count` sequences of similar length, cut from twice as many: little padding."""
    many = sorted((make() for _ in range(2 * count)), key=lambda line: len(line.ids))
    start = int(rng.integers(2)) * count
    return many[start : start + count]


def pick_any(items: Sequence[T], rng: Rng) -> T:
    """Any of the items."""
    return items[int(rng.integers(len(items)))]


def _of(dialogues: Sequence[Dialogue]) -> Draw | None:
    return (lambda rng: pick_any(dialogues, rng).exchanges) if dialogues else None


def _sorted(items: Sequence[T], key: Callable[[T], str]) -> dict[str, list[T]]:
    found: dict[str, list[T]] = {}
    for item in items:
        found.setdefault(key(item), []).append(item)
    return found


def _pick(groups: Mapping[str, Sequence[T]], rng: Rng) -> T:
    """Any item of any group: every modality is as likely as another."""
    return pick_any(groups[pick_any(list(groups), rng)], rng)
