"""Dialogues as training sequences, in the layout of `runtime.turn.prompt` for the same words.

Words are cut into tokens by llama.cpp with the model's own vocabulary, as at run time: a question
together with the pieces of the template around it, and an answer as it goes on behind these. Knows
tokens and templates; knows no model.

Legend: B batch, L positions, K positions of a medium, N signal tokens of an artifact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from runtime.bundle.manifest import TemplateSpec
from runtime.language_model.text.joint_tokens import JointTokenizer, Piece, Tokenizer
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
        self._template = template
        self._joint = JointTokenizer(tokenizer)
        self._signals = signals
        self._positions = positions
        self._bos = [tokenizer.bos] if template.add_bos and tokenizer.bos is not None else []

    def write(self, exchanges: Sequence[Exchange]) -> TrainingSequence:
        """One sequence; what is learned is the answers and their ends."""
        line, template = TrainingSequence(), self._template
        line.add(self._bos)
        waiting: list[Piece] = [(template.system, True)]
        goes_on = False
        for exchange in exchanges:
            waiting.append((template.user_open, True))
            for medium in exchange.media:
                self._add(line, [*waiting, (template.media_open, True)], goes_on)
                line.media.append((len(line.ids), medium))
                line.add([0] * self._positions)
                waiting, goes_on = [(template.media_close, True)], False
            waiting += [(exchange.text, False), (template.user_close, True)]
            goes_on = self._add(line, waiting, goes_on)
            goes_on = self._add_answer(line, exchange.answer, goes_on)
            waiting = []
        return line

    def _add(
        self, line: TrainingSequence, pieces: list[Piece], goes_on: bool, *, learned: bool = False
    ) -> bool:
        """Append pieces that stand together; whether a text behind them goes on."""
        line.add(self._joint.ids(pieces, goes_on=goes_on), learned=learned)
        return self._joint.ends_in_text(pieces, goes_on=goes_on)

    def _add_answer(
        self, line: TrainingSequence, answer: Sequence[str | Wanted], goes_on: bool
    ) -> bool:
        waiting: list[Piece] = []
        for part in answer:
            if isinstance(part, str):
                waiting.append((part, False))
                continue
            self._add(line, waiting, goes_on, learned=True)
            line.signals.append((len(line.ids), part))
            line.add(self._signals[part.modality], learned=True)
            waiting, goes_on = [], False
        waiting.append((self._template.answer_close, True))
        return self._add(line, waiting, goes_on, learned=True)


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
