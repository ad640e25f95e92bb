"""The whole of NExT-GPT as one module for training: input projection, language model, output
projections, and the losses of the three stages.

Knows sequences and tensors; knows no files and no schedule.

Legend: B batch, L positions, D language model width, K positions of a medium, P patch tokens,
E encoder width, N signal tokens, [*C] a decoder's condition.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from transformers import PreTrainedModel

from runtime.manifest import InputProjectionSpec, SignalSpec
from runtime.projection import build_input_projection, build_output_projection
from training import decoder_text
from training.dialogues import Medium
from training.encoder import EMBED_DIM
from training.language import D_MODEL, next_token_loss
from training.pocketworld.captions import canonical
from training.sequences import MEDIA_POSITIONS, SIGNAL_COUNTS, Batch, Writer

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


@dataclass(frozen=True)
class Teachers:
    """What the losses compare with: features of the media at hand and the decoders' own text
    encoders."""

    features: Mapping[str, Tensor]
    """By modality, float16 [M, P, E] patch tokens of the pool's media."""
    captioners: Mapping[str, Callable[[Sequence[str]], Tensor]]


class NextGpt(nn.Module):
    """Input projection, language model and output projections, trainable together."""

    def __init__(self, language: PreTrainedModel, writer: Writer) -> None:
        super().__init__()
        self.language: PreTrainedModel = language
        self.writer = writer
        self.input_projection = build_input_projection(
            INPUT_PROJECTION, d_encoder=EMBED_DIM, d_model=D_MODEL
        )
        self.output_projections = nn.ModuleDict(
            {
                m: build_output_projection(
                    signal_spec(m, writer.signal_ids[m], {}), d_model=D_MODEL
                )
                for m in SIGNAL_COUNTS
            }
        )

    def losses(self, batch: Batch, teachers: Teachers) -> dict[str, Tensor]:
        """Cross-entropy of the answers, and the caption-target loss of every artifact."""
        embeds = self._embed(batch, teachers)
        out = self.language(
            inputs_embeds=embeds, use_cache=False, output_hidden_states=bool(batch.signals)
        )
        losses = {"text": next_token_loss(out.logits, batch.labels)}
        total = losses["text"]
        for modality, places in by_modality(batch.signals).items():
            conditions = self.conditions(modality, places, out.hidden_states[-1])
            captions = [canonical(m.scene, modality) for _, _, m in places]
            target = teachers.captioners[modality](captions)
            losses[modality] = relative_distance(conditions, target)
            total = total + losses[modality]
        return {"loss": total, **losses}

    def hidden(self, batch: Batch, teachers: Teachers) -> Tensor:
        """[B, L, D] last-layer states, after the final norm."""
        out = self.language(
            inputs_embeds=self._embed(batch, teachers), use_cache=False, output_hidden_states=True
        )
        return out.hidden_states[-1]

    def conditions(
        self, modality: str, places: Sequence[tuple[int, int, Medium]], hidden: Tensor
    ) -> Tensor:
        """[S, *C] conditions of the artifacts that begin at `places`, from [B, L, D] states."""
        ids = torch.tensor(self.writer.signal_ids[modality])
        states = torch.stack([hidden[row, at : at + len(ids)] for row, at, _ in places])
        words = self.token_embedding(ids).expand(len(places), -1, -1)
        projected = self.output_projections[modality](states, words)
        return projected.reshape(len(places), *CONDITION_SHAPES[modality])

    @property
    def token_embedding(self) -> nn.Module:
        """The language model's own input embedding."""
        embedding: nn.Module = self.language.get_input_embeddings()
        return embedding

    def _embed(self, batch: Batch, teachers: Teachers) -> Tensor:
        """[B, L, D]: token embeddings with every medium's K positions put in place."""
        embeds: Tensor = self.token_embedding(batch.ids)
        if not batch.media:
            return embeds
        rows: list[int] = []
        columns: list[int] = []
        values: list[Tensor] = []
        for modality, places in by_modality(batch.media).items():
            pick = torch.tensor([m.index for _, _, m in places])
            patches = teachers.features[modality][pick].float()
            values.append(self.input_projection(None, patches).flatten(0, 1))
            for row, at, _ in places:
                rows += [row] * MEDIA_POSITIONS
                columns += range(at, at + MEDIA_POSITIONS)
        where = (torch.tensor(rows), torch.tensor(columns))
        return embeds.index_put(where, torch.cat(values))


def by_modality(
    places: Sequence[tuple[int, int, Medium]],
) -> dict[str, list[tuple[int, int, Medium]]]:
    """The same places, grouped."""
    grouped: dict[str, list[tuple[int, int, Medium]]] = {}
    for place in places:
        grouped.setdefault(place[2].modality, []).append(place)
    return grouped


def relative_distance(got: Tensor, wanted: Tensor) -> Tensor:
    """Mean norm of the row differences over the mean norm of the wanted rows: 0 is perfect."""
    return (got - wanted).norm(dim=-1).mean() / wanted.norm(dim=-1).mean()
