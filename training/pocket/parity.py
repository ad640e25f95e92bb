"""Comparison of the exported language model with the trained one: llama.cpp against Hugging Face on
dialogues with media and signals, for the exact export and for its quantizations.

Knows both models; changes neither.

Legend: L positions, D language model width, V vocabulary, K positions of a medium.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from plugins.errors import BugError
from runtime.language_model.chunks import Chunk, MediaChunk, TokenChunk
from runtime.language_model.model import LanguageModel
from training.dialogues import dialogues
from training.gguf.quantize import COMPARED, quantize
from training.pocket.alignment_stages import Alignment
from training.pocket.sequences import MEDIA_POSITIONS, SIGNAL_COUNTS, Batch, TrainingSequence

WORST_EXACT_COSINE = 0.9999
"""The least cosine allowed for any state of the F16 export; float16 rounding stays well above
it."""


@dataclass(frozen=True)
class Agreement:
    """The agreement of a GGUF file with the trained model."""

    format: str
    megabytes: float
    worst_cosine: float
    """The cosine of the state that is least like its counterpart."""
    signal_cosine: float
    """Mean over the states at signal positions, which the output projections read."""
    same_next_token: float
    """Share of dialogues whose most likely next token at the end is the same."""


def check_export(
    alignment: Alignment, exact: Path, folder: Path, *, count: int = 24
) -> list[Agreement]:
    """Compare the F16 file and its quantizations; write `parity.json` to `folder`.

    Raises:
        BugError: the F16 file does not compute what the trained model computes.
    """
    rng = np.random.default_rng([alignment.recipe.seed, 55])
    lines = [alignment.writer.write(dialogues.dialogue(rng, alignment.pool)) for _ in range(count)]
    found = []
    for name in COMPARED:
        path = exact if name == "F16" else folder / f"{name}.gguf"
        if path != exact:
            quantize(exact, path, name)
        found.append(agreement(alignment, name, path, lines))
        print(f"parity {found[-1]}", flush=True)
    (folder / "parity.json").write_text(json.dumps([asdict(one) for one in found], indent=1))
    if found[0].worst_cosine < WORST_EXACT_COSINE:
        raise BugError(f"the exported language model computes something else: {found[0]}")
    return found


def agreement(
    alignment: Alignment, name: str, path: Path, lines: list[TrainingSequence]
) -> Agreement:
    """One file against the trained model."""
    worst, signal, same = 1.0, list[float](), list[bool]()
    with closing(LanguageModel(path, n_ctx=1024)) as exported:
        for line in lines:
            states, next_token = trained_states(alignment, line)
            first, *rest = chunks_of(alignment, line)
            exported.prefill([first])
            got = exported.states(rest)
            likeness = _cosine(got, states[first.positions :])
            worst = min(worst, float(likeness.min()))
            for at, medium in line.signals:
                start = at - first.positions
                signal += likeness[start : start + SIGNAL_COUNTS[medium.modality]].tolist()
            same.append(int(exported.logits().argmax()) == next_token)
    size = path.stat().st_size / 1e6
    return Agreement(name, size, worst, float(np.mean(signal)), float(np.mean(same)))


@torch.inference_mode()
def trained_states(alignment: Alignment, line: TrainingSequence) -> tuple[NDArray[np.float32], int]:
    """[L, D] states of the trained model, and the id of its most likely next token."""
    hidden = alignment.model.hidden(_single(alignment, line), alignment.teachers)
    logits = alignment.language_model.lm_head(hidden[0, -1])
    return hidden[0].numpy(), int(logits.argmax())


def _single(alignment: Alignment, line: TrainingSequence) -> Batch:
    return alignment.writer.batch([line])


@torch.inference_mode()
def chunks_of(alignment: Alignment, line: TrainingSequence) -> list[Chunk]:
    """The line as a prompt; the first chunk is the single token that begins every text."""
    chunks: list[Chunk] = [TokenChunk((line.ids[0],))]
    chunks += _rest(alignment, line)
    return chunks


def _rest(alignment: Alignment, line: TrainingSequence) -> Iterator[Chunk]:
    position = 1
    for at, medium in line.media:
        if at > position:
            yield TokenChunk(tuple(line.ids[position:at]))
        patches = alignment.teachers.features[medium.modality][medium.index][None].float()
        embeddings = alignment.model.input_projection(None, patches)[0].numpy()
        yield MediaChunk(f"{medium.modality}-{medium.index}", embeddings)
        position = at + MEDIA_POSITIONS
    yield TokenChunk(tuple(line.ids[position:]))


def _cosine(one: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.float32]:
    """[L] cosines of two [L, D]."""
    norms = np.linalg.norm(one, axis=-1) * np.linalg.norm(other, axis=-1)
    cosines: NDArray[np.float32] = (one * other).sum(axis=-1) / norms
    return cosines
