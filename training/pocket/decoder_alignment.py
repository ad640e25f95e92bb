"""Stage 4, decoding-side alignment once more: the language model is finished, so its states at
signal tokens are computed once and the output projections learn from them in large batches. The
clip decoder, which stage 2 does not wait for, is used here too.

Knows the model and its losses; knows no decoder but by what it loses.

Legend: S artifacts, N signal tokens, D language model width, [*C] a decoder's condition.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from training.dialogues import dialogues
from training.nextgpt.caption_targets import target_table
from training.nextgpt.model import by_modality, relative_distance
from training.pocket.alignment_stages import Alignment, Denoising
from training.pocket.recipe import Recipe
from training.pocket.sequences import SIGNAL_COUNTS
from training.pocket.shapes import CONDITION_SHAPES
from training.trainer import devices

States = dict[str, tuple[Tensor, list[str]]]
"""The [S, N, D] states of artifacts, and their captions, by modality."""


@torch.inference_mode()
def signal_states(alignment: Alignment, count: int, seed: int) -> States:
    """States of the artifacts in `count` dialogues."""
    states: dict[str, list[Tensor]] = defaultdict(list)
    captions: dict[str, list[str]] = defaultdict(list)
    model = alignment.model.to(devices.device())
    for start in range(0, count, alignment.recipe.align_batch):
        rng = np.random.default_rng([seed, 91, start])
        batch = alignment.batch(
            lambda r: alignment.writer.write(dialogues.dialogue(r, alignment.pool, longest=2)), rng
        )
        hidden = model.hidden(batch, alignment.teachers).cpu()
        for modality, places in by_modality(batch.signals).items():
            n = SIGNAL_COUNTS[modality]
            states[modality] += [hidden[row, at : at + n].clone() for row, at, _ in places]
            captions[modality] += [dialogues.shown(m) for _, _, m in places]
    return {m: (torch.stack(states[m]), captions[m]) for m in sorted(states)}


def stage4(folder: Path, runs: Path, recipe: Recipe) -> None:
    """Only the output projections learn, on the states of the finished language model: towards
    what the decoders' text encoders make of captions, and clips' also by latent denoising."""
    alignment = Alignment(runs, recipe)
    alignment.load("stage3")
    model = alignment.model
    model.requires_grad_(False)
    model.output_projections.requires_grad_(True)
    known = signal_states(alignment, recipe.stage4_dialogues, recipe.seed)
    captioners = alignment.teachers.captioners
    targets = {
        m: target_table(captions, captioners[m], folder / f"targets-{m}.safetensors")
        for m, (_, captions) in known.items()
    }

    clips = Denoising("video", alignment)

    def loss_of(step: int, rng: np.random.Generator) -> dict[str, Tensor]:
        losses: dict[str, Tensor] = {}
        for modality, (states, captions) in known.items():
            rows = rng.integers(0, len(captions), recipe.stage4_batch)
            wanted = targets[modality]([captions[i] for i in rows]).to(model.device)
            ids = torch.tensor(alignment.writer.signal_ids[modality], device=model.device)
            words = model.token_embedding(ids).expand(len(rows), -1, -1)
            picked = states[torch.from_numpy(rows)].to(model.device)
            got = model.output_projections[modality](picked, words)
            shaped = got.reshape(len(rows), *CONDITION_SHAPES[modality])
            losses[modality] = relative_distance(shaped, wanted)
        losses = {"loss": torch.stack(list(losses.values())).sum(), **losses}
        return losses if step % recipe.stage4_denoise_every else clips.added(losses, rng)

    alignment.learn(
        "decoding side again", loss_of, folder, steps=recipe.stage4_steps, lr=1.5e-3,
        weight_decay=0.0,
    )  # fmt: skip
    alignment.save(folder)
