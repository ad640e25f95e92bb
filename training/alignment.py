"""The whole of NExT-GPT as one module for training: input projection, language model, output
projections, and the losses of the three stages.

Knows sequences and tensors; knows no files and no schedule.

Legend: B batch, L positions, D language model width, K positions of a medium, P patch tokens,
E encoder width, N signal tokens, [*C] a decoder's condition.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import torch
from torch import Tensor, nn
from transformers import PreTrainedModel

from runtime.bundle.manifest import InputProjectionSpec, SignalSpec
from runtime.projection import build_input_projection, build_output_projection
from training import decoder_text
from training.dialogues import Medium, shown
from training.encoder import EMBED_DIM
from training.language import D_MODEL, answer_loss
from training.sequences import MEDIA_POSITIONS, SIGNAL_COUNTS, Writer

CONDITION_SHAPES: dict[str, tuple[int, ...]] = {
    "image": (decoder_text.CONTEXT, decoder_text.WIDTH),
    "audio": (decoder_text.SOUND_WIDTH,),
    "video": (decoder_text.CONTEXT, decoder_text.WIDTH),
}
INPUT_PROJECTION = InputProjectionSpec(
    kind="group",
    file="input_projection.safetensors",
    config={
        "width": 128,
        "depths": [2, 1, 1],
        "heads": 4,
        "group_tokens": [16, MEDIA_POSITIONS],
        "output_groups": [16, MEDIA_POSITIONS],
    },
)


def signal_spec(modality: str, ids: Sequence[int], settings: Mapping[str, object]) -> SignalSpec:
    """How Pocket's manifest describes one modality."""
    return SignalSpec(
        token_ids=tuple(ids),
        renderer=f"medley.{modality}",
        decoder=f"decoders/{modality}",
        condition_shape=CONDITION_SHAPES[modality],
        projection=f"output_projection_{modality}.safetensors",
        d_hidden=128,
        n_heads=4,
        n_layers=2,
        d_feedforward=512,
        settings=dict(settings),
    )


Places = Sequence[tuple[int, int, Any]]
"""Row, first position, and a medium or an artifact: anything with a `modality` that the teachers
know."""
Projected = dict[str, tuple[Places, Tensor]]
"""By modality: where its media stand, and the [S, K, D] positions that they take."""


class Sequences(Protocol):
    """What the losses need of a batch; see `training.sequences.Batch`."""

    @property
    def ids(self) -> Tensor: ...
    @property
    def labels(self) -> Tensor: ...
    @property
    def media(self) -> Places: ...
    @property
    def signals(self) -> Places: ...


class Teaching(Protocol):
    """What the losses compare with."""

    def patches(self, modality: str, media: Sequence[Any]) -> Tensor:
        """[B, P, E] patch tokens of media."""
        ...

    def targets(self, modality: str, artifacts: Sequence[Any]) -> Tensor:
        """[B, *C] what the decoder's own text encoder makes of the artifacts' captions."""
        ...


@dataclass(frozen=True)
class Teachers:
    """Pocket's: features of the media at hand and the decoders' own text encoders."""

    features: Mapping[str, Tensor]
    """By modality, float16 [M, P, E] patch tokens of the pool's media."""
    captioners: Mapping[str, Callable[[Sequence[str]], Tensor]]

    def patches(self, modality: str, media: Sequence[Medium]) -> Tensor:
        """[B, P, E], by the media's numbers in the pool."""
        return self.features[modality][torch.tensor([m.index for m in media])].float()

    def targets(self, modality: str, artifacts: Sequence[Medium]) -> Tensor:
        """[B, *C], by the artifacts' full captions."""
        return self.captioners[modality]([shown(m) for m in artifacts])


class NextGpt(nn.Module):
    """Input projection, language model and output projections, trainable together."""

    def __init__(
        self,
        language: PreTrainedModel,
        writer: Writer | None = None,
        *,
        signals: Mapping[str, SignalSpec] | None = None,
        input_projection: InputProjectionSpec = INPUT_PROJECTION,
        d_encoder: int = EMBED_DIM,
        d_model: int = D_MODEL,
    ) -> None:
        """`signals` says what the output projections are for; without it they are Pocket's, with
        the signal tokens of `writer`."""
        super().__init__()
        if signals is None:
            ids = writer.signal_ids if writer is not None else {}
            signals = {m: signal_spec(m, ids[m], {}) for m in SIGNAL_COUNTS}
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
        """What the input projection makes of the media of a batch, [S, K, D] a modality."""
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
        """Where the model computes; batches are moved there."""
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
    """The same places, grouped."""
    grouped: dict[str, list[tuple[int, int, Any]]] = {}
    for place in places:
        grouped.setdefault(place[2].modality, []).append(place)
    return grouped


def relative_distance(got: Tensor, wanted: Tensor) -> Tensor:
    """Mean norm of the row differences over the mean norm of the wanted rows: 0 is perfect."""
    return (got - wanted).norm(dim=-1).mean() / wanted.norm(dim=-1).mean()
