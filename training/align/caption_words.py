"""Encoding-side alignment without the language model: every position of a medium learns to be the
embedding of one word of its caption.

This is the mirror of the decoding side, where output projections learn from the decoders' text
encoders: here the language model's own embeddings of the caption are the targets. It costs no pass
through the language model, which then reads a medium nearly as it reads the caption. Knows pairs
and the input projection; knows no dialogue.

Legend: B pairs of a step, K positions of a medium, D language model width, C token ids that occur.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional

from runtime.language_model.model import LanguageModel
from training.align.dataset import AlignmentDataset
from training.align.stages import Rng, pick_any
from training.datasets.examples import Pair
from training.trainer.loop import train

BATCH = 12
"""Pairs of each modality in a step."""
SHARPNESS = 16.0
"""Factor on cosines before the softmax over the words."""
FILLER = "."
"""The word of positions behind a caption."""


class CaptionWords:
    """The words that the positions of media are to be."""

    def __init__(
        self, pairs: Sequence[Pair], table: Tensor, tokenizer: LanguageModel, k: int
    ) -> None:
        """`table` is the [V, D] matrix of the language model's input embeddings."""
        (filler,) = tokenizer.tokenize(FILLER)
        lines = {p.caption: tokenizer.tokenize(p.caption)[:k] for p in pairs}
        known = sorted({token for line in lines.values() for token in line} | {filler})
        place = {token: row for row, token in enumerate(known)}
        self.rows = {
            caption: torch.tensor([place[t] for t in [*line, *[filler] * (k - len(line))]])
            for caption, line in lines.items()
        }
        self.words = table[torch.tensor(known)].detach().float().clone()
        """[C, D]."""
        self.scale = float(self.words.std())

    def loss(self, positions: Tensor, captions: Sequence[str]) -> tuple[Tensor, Tensor]:
        """How far [B, K, D] positions are from their words, and the share of words that are read
        rightly."""
        wanted = torch.stack([self.rows[caption] for caption in captions]).to(positions.device)
        words = self.words.to(positions.device)
        unit = functional.normalize(words, dim=-1)
        logits = SHARPNESS * functional.normalize(positions, dim=-1) @ unit.T
        said = functional.cross_entropy(logits.flatten(0, 1), wanted.flatten())
        target = words[wanted]
        distance = (positions - target).norm(dim=-1).mean() / target.norm(dim=-1).mean()
        return said + distance, (logits.argmax(dim=-1) == wanted).float().mean()


def learn_words(
    folder: Path,
    projection: nn.Module,
    dataset: AlignmentDataset,
    words: CaptionWords,
    *,
    steps: int,
    lr: float,
    seed: int,
) -> None:
    """Train the input projection; `words.safetensors` in `folder` then holds it.

    Embeddings of words are small numbers, which no learning rate suits that suits the rest: while
    it learns, the projection is larger by `words.scale`.
    """
    groups: dict[str, list[Pair]] = {}
    for pair in dataset.heard_pairs():
        groups.setdefault(pair.medium.modality, []).append(pair)
    projection.requires_grad_(True)

    def loss_of(_: int, rng: Rng) -> Mapping[str, Tensor]:
        losses: dict[str, Tensor] = {}
        read: dict[str, Tensor] = {}
        for modality, pairs in groups.items():
            some = [pick_any(pairs, rng) for _ in range(BATCH)]
            patches = dataset.patches(modality, [pair.medium for pair in some])
            positions = projection(None, patches.to(next(projection.parameters()).device))
            losses[modality], read[f"{modality} right"] = words.loss(
                words.scale * positions, [pair.caption for pair in some]
            )
        return {"loss": torch.stack(list(losses.values())).mean(), **losses, **read}

    train("words", projection, loss_of, folder=folder, steps=steps, lr=lr, seed=seed)
    projection.requires_grad_(False)
    _scale_last(projection, words.scale)
    state = {name: tensor.detach().contiguous() for name, tensor in projection.state_dict().items()}
    save_file(state, folder / "words.safetensors")


def _scale_last(projection: nn.Module, scale: float) -> None:
    """Multiply what the projection gives."""
    *_, last = (part for part in projection.modules() if isinstance(part, nn.Linear))
    with torch.no_grad():
        for parameter in last.parameters():
            parameter.mul_(scale)
