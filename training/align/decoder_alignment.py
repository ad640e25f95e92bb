"""Stage 4, decoding-side alignment once more: the language model is finished, so its states at
signal tokens are computed once and the output projections learn from them in large batches.

Knows the model and the material; knows no files but a stage's own folder.

Legend: S artifacts, N signal tokens, D language model width.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from runtime.language_model.model import LanguageModel
from training.align.dataset import AlignmentDataset
from training.align.model import AlignmentModel
from training.align.sequences import batched
from training.align.stages import RESULT, Draw, Rng, similar
from training.datasets.examples import Wanted
from training.nextgpt.model import by_modality, relative_distance
from training.trainer import devices
from training.trainer.loop import train

STAGE = "stage4"
DIALOGUES = 4096
"""The most dialogues; fewer when `steps` of training see fewer."""
BATCH = 64
"""Artifacts of one modality in a step."""
States = dict[str, tuple[Tensor, list[Wanted]]]
"""The [S, N, D] states and what was wanted, by modality."""


def align_decoders(
    folder: Path, alignment: AlignmentModel, dataset: AlignmentDataset, draw: Draw
) -> None:
    """Train the output projections on the finished model and save what was learned to `folder`."""
    plan, model = alignment.plan, alignment.model
    alignment.learn(STAGE)
    known = signal_states(alignment, dataset, draw)

    def loss_of(_: int, rng: Rng) -> dict[str, Tensor]:
        losses: dict[str, Tensor] = {}
        for modality, (states, wanted) in known.items():
            rows = rng.integers(0, len(wanted), BATCH)
            target = dataset.targets(modality, [wanted[i] for i in rows]).to(model.device)
            ids = torch.tensor(plan.specs[modality].token_ids, device=model.device)
            words = model.token_embedding(ids).expand(len(rows), -1, -1)
            picked = states[torch.from_numpy(rows)].to(model.device)
            got = model.output_projections[modality](picked, words)
            losses[modality] = relative_distance(got.reshape(target.shape), target)
        return {"loss": torch.stack(list(losses.values())).sum(), **losses}

    train(
        STAGE, model, loss_of, folder=folder, steps=plan.settings.steps, lr=plan.scale.rates[1],
        seed=plan.settings.seed, weight_decay=0.0,
    )  # fmt: skip
    alignment.save(folder / RESULT)


@torch.inference_mode()
def signal_states(alignment: AlignmentModel, dataset: AlignmentDataset, draw: Draw) -> States:
    """States of the artifacts that `draw` asks for."""
    settings = alignment.plan.settings
    model = alignment.model.to(devices.device())
    states: dict[str, list[Tensor]] = defaultdict(list)
    wanted: dict[str, list[Wanted]] = defaultdict(list)
    count = min(DIALOGUES, settings.steps * BATCH)
    with LanguageModel(alignment.plan.base, n_ctx=32, n_threads=1) as tokenizer:
        writer = dataset.writer(tokenizer)
        for start in range(0, count, settings.batch):
            rng = np.random.default_rng([settings.seed, 91, start])
            batch = batched(similar(lambda: writer.write(draw(rng)), settings.batch, rng))  # noqa: B023
            hidden = model.hidden(batch, dataset).cpu()
            for modality, places in by_modality(batch.signals).items():
                n = len(alignment.plan.specs[modality].token_ids)
                states[modality] += [hidden[row, at : at + n].clone() for row, at, _ in places]
                wanted[modality] += [artifact for _, _, artifact in places]
    return {m: (torch.stack(states[m]), wanted[m]) for m in sorted(states)}
