"""Dialogues as training sequences, in the layout of `runtime.turn.prompt` for the same words.

Words are cut into tokens by llama.cpp with the model's own vocabulary, as at run time. Knows tokens
and templates; knows no model.

Legend: B batch, L positions, K positions of a medium, N signal tokens of an artifact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from runtime.bundle.manifest import TemplateSpec
from runtime.turn.prompt import Tokenizer
from training.datasets.examples import Exchange, Medium, Wanted
from training.nextgpt.answer_loss import IGNORE


@dataclass
class TrainingSequence:
    """One dialogue as positions."""

    ids: list[int] = field(default_factory=list)
    learned: list[bool] = field(default_factory=list)
    media: list[tuple[int, Medium]] = field(default_factory=list)
    """First position and medium; its K positions hold id 0."""
    signals: list[tuple[int, Wanted]] = field(default_factory=list)
    """First position and artifact."""

    def add(self, ids: Sequence[int], *, learned: bool = False) -> None:
        """Append positions."""
        self.ids.extend(ids)
        self.learned.extend([learned] * len(ids))


@dataclass(frozen=True)
class Batch:
    """Padded sequences."""

    ids: Tensor
    """int64 [B, L]."""
    labels: Tensor
    """int64 [B, L]; `IGNORE` where nothing is learned."""
    media: list[tuple[int, int, Medium]]
    """Row, first position, medium."""
    signals: list[tuple[int, int, Wanted]]
    """Row, first position, artifact."""


class LineWriter:
    """Writes dialogues for one model."""

    def __init__(
        self,
        template: TemplateSpec,
        tokenizer: Tokenizer,
        signals: Mapping[str, Sequence[int]],
        positions: int,
    ) -> None:
        """`signals` are token ids by modality, `positions` is K."""
        self._tokenizer = tokenizer
        self._signals = signals
        self._positions = positions
        pieces = {
            name: tokenizer.tokenize(getattr(template, name), parse_special=True)
            for name in (
                "system", "user_open", "user_close", "answer_close", "media_open", "media_close",
            )
        }  # fmt: skip
        self._pieces = pieces
        self._bos = [tokenizer.bos] if template.add_bos and tokenizer.bos is not None else []

    def write(self, exchanges: Sequence[Exchange]) -> TrainingSequence:
        """One sequence; what is learned is the answers and their ends."""
        line = TrainingSequence()
        line.add([*self._bos, *self._pieces["system"]])
        for exchange in exchanges:
            line.add(self._pieces["user_open"])
            for medium in exchange.media:
                self._add_medium(line, medium)
            if exchange.text:
                line.add(self._tokenizer.tokenize(exchange.text))
            line.add(self._pieces["user_close"])
            for part in exchange.answer:
                self._add_answer(line, part)
            line.add(self._pieces["answer_close"], learned=True)
        return line

    def _add_medium(self, line: TrainingSequence, medium: Medium) -> None:
        line.add(self._pieces["media_open"])
        line.media.append((len(line.ids), medium))
        line.add([0] * self._positions)
        line.add(self._pieces["media_close"])

    def _add_answer(self, line: TrainingSequence, part: str | Wanted) -> None:
        if isinstance(part, str):
            line.add(self._tokenizer.tokenize(part), learned=True)
        else:
            line.signals.append((len(line.ids), part))
            line.add(self._signals[part.modality], learned=True)


def batched(lines: Sequence[TrainingSequence]) -> Batch:
    """Padded on the right to the longest."""
    longest = max(len(line.ids) for line in lines)
    ids = torch.zeros((len(lines), longest), dtype=torch.int64)
    labels = torch.full((len(lines), longest), IGNORE)
    for row, line in enumerate(lines):
        own = torch.tensor(line.ids)
        ids[row, : len(own)] = own
        labels[row, : len(own)] = torch.where(torch.tensor(line.learned), own, IGNORE)
    media = [(row, at, medium) for row, line in enumerate(lines) for at, medium in line.media]
    signals = [(row, at, wanted) for row, line in enumerate(lines) for at, wanted in line.signals]
    return Batch(ids, labels, media, signals)
