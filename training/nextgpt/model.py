"""NExT-GPT as one module for training: input projection, language model, output projections, and
the losses of the three stages.

Knows sequences and tensors; knows no files and no schedule.

Legend: B batch, L positions, D language model width, K positions of a medium, P patch tokens,
E encoder width, N signal tokens, [*C] a decoder's condition.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import torch
from torch import Tensor, nn
from transformers import PreTrainedModel

from runtime.bundle.manifest import InputProjectionSpec, SignalSpec
from runtime.projection import build_input_projection, build_output_projection
from training.nextgpt.answer_loss import answer_loss

Places = Sequence[tuple[int, int, Any]]
"""Row, first position, and a medium or an artifact: anything with a `modality` that the teachers
know."""
Projected = dict[str, tuple[Places, Tensor]]
"""The places of each modality's media, and the [S, K, D] positions that they take."""


class Sequences(Protocol):
    """The parts of a batch that the losses need; see `training.pocket.sequences.Batch`."""

    @property
    def ids(self) -> Tensor: ...
    @property
    def labels(self) -> Tensor: ...
    @property
    def media(self) -> Places: ...
    @property
    def signals(self) -> Places: ...


class Teaching(Protocol):
    """Sources of the targets that the losses compare with."""

    def patches(self, modality: str, media: Sequence[Any]) -> Tensor:
        """[B, P, E] patch tokens of media."""
        ...

    def targets(self, modality: str, artifacts: Sequence[Any]) -> Tensor:
        """[B, *C] what the decoder's own text encoder makes of the artifacts' captions."""
        ...


class NextGpt(nn.Module):
    """Input projection, language model and output projections, trainable together."""

    def __init__(
        self,
        language: PreTrainedModel,
        *,
        signals: Mapping[str, SignalSpec],
        input_projection: InputProjectionSpec,
        d_encoder: int,
        d_model: int,
    ) -> None:
        """Join a language model with fresh projections.

        Args:
            language: takes and gives states of width `d_model`.
            signals: by modality, its signal tokens and the output projection behind them.
            input_projection: how media become positions of the language model.
            d_encoder: E, the width of the encoder's features.
            d_model: D.
        """
        super().__init__()
        self.language: PreTrainedModel = language
        self.signals = dict(signals)
        self.input_projection = build_input_projection(
            input_projection, d_encoder=d_encoder, d_model=d_model
        )
        self.output_projections = nn.ModuleDict(
            {m: build_output_projection(spec, d_model=d_model) for m, spec in self.signals.items()}
        )

    def losses(
        self, batch: Sequences, teachers: Teaching, projected: Projected | None = None
    ) -> dict[str, Tensor]:
        """Cross-entropy of the answers, and the caption-target loss of every artifact.

        `projected` is what `project` made of the batch, for a caller who has it.
        """
        embeds = self._embed(batch, projected or self.project(batch, teachers))
        said, out = answer_loss(
            self.language, batch.labels.to(embeds.device), inputs_embeds=embeds,
            output_hidden_states=bool(batch.signals),
        )  # fmt: skip
        losses = {"text": said}
        total = losses["text"]
        for modality, places in by_modality(batch.signals).items():
            conditions = self.conditions(modality, places, out.hidden_states[-1])
            target = teachers.targets(modality, [artifact for _, _, artifact in places])
            losses[modality] = relative_distance(conditions, target.to(conditions.device))
            total = total + losses[modality]
        return {"loss": total, **losses}

    def hidden(self, batch: Sequences, teachers: Teaching) -> Tensor:
        """[B, L, D] last-layer states, after the final norm."""
        embeds = self._embed(batch, self.project(batch, teachers))
        # One position's logits, which nobody reads: all of them would take B x L x V numbers.
        out = self.language(
            inputs_embeds=embeds, use_cache=False, output_hidden_states=True, logits_to_keep=1
        )
        return out.hidden_states[-1]

    def project(self, batch: Sequences, teachers: Teaching) -> Projected:
        """The media of a batch, projected to [S, K, D] per modality."""
        found: Projected = {}
        for modality, places in by_modality(batch.media).items():
            patches = teachers.patches(modality, [medium for _, _, medium in places])
            found[modality] = (places, self.input_projection(None, patches.to(self.device)))
        return found

    def conditions(self, modality: str, places: Places, hidden: Tensor) -> Tensor:
        """[S, *C] conditions of the artifacts that begin at `places`, from [B, L, D] states."""
        spec = self.signals[modality]
        ids = torch.tensor(spec.token_ids, device=hidden.device)
        states = torch.stack([hidden[row, at : at + len(ids)] for row, at, _ in places])
        words = self.token_embedding(ids).expand(len(places), -1, -1)
        projected = self.output_projections[modality](states, words)
        return projected.reshape(len(places), *spec.condition_shape)

    @property
    def token_embedding(self) -> nn.Module:
        """The language model's own input embedding."""
        embedding: nn.Module = self.language.get_input_embeddings()
        return embedding

    @property
    def device(self) -> torch.device:
        """The device on which the model computes; batches are moved there."""
        return next(self.parameters()).device

    def _embed(self, batch: Sequences, projected: Projected) -> Tensor:
        """[B, L, D]: token embeddings with every medium's K positions put in place."""
        embeds: Tensor = self.token_embedding(batch.ids.to(self.device))
        if not projected:
            return embeds
        rows: list[int] = []
        columns: list[int] = []
        values: list[Tensor] = []
        for places, positions in projected.values():
            values.append(positions.flatten(0, 1).to(embeds.dtype))
            for row, at, _ in places:
                rows += [row] * positions.shape[1]
                columns += range(at, at + positions.shape[1])
        where = (
            torch.tensor(rows, device=embeds.device),
            torch.tensor(columns, device=embeds.device),
        )
        return embeds.index_put(where, torch.cat(values))


def by_modality(places: Places) -> dict[str, list[tuple[int, int, Any]]]:
    """The places, grouped by modality."""
    grouped: dict[str, list[tuple[int, int, Any]]] = {}
    for place in places:
        grouped.setdefault(place[2].modality, []).append(place)
    return grouped


def relative_distance(got: Tensor, wanted: Tensor) -> Tensor:
    """Mean norm of the row differences over the mean norm of the wanted rows: 0 is perfect."""
    return (got - wanted).norm(dim=-1).mean() / wanted.norm(dim=-1).mean()
