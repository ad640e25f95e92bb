"""The sizes by which Pocket's components fit together: conditions, projections, signal tokens.

Legend: M media of the pool, B batch, P patch tokens, E encoder width, [*C] a decoder's condition.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from transformers import PreTrainedModel

from runtime.bundle.manifest import InputProjectionSpec, SignalSpec
from training.dialogues.dialogues import Medium, shown
from training.nextgpt.model import NextGpt
from training.pocket import text_encoders
from training.pocket.encoder import EMBED_DIM
from training.pocket.language_model import D_MODEL
from training.pocket.sequences import MEDIA_POSITIONS, SIGNAL_COUNTS, Writer

CONDITION_SHAPES: dict[str, tuple[int, ...]] = {
    "image": (text_encoders.CONTEXT, text_encoders.WIDTH),
    "audio": (text_encoders.SOUND_WIDTH,),
    "video": (text_encoders.CONTEXT, text_encoders.WIDTH),
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
    """The entry of one modality in Pocket's manifest."""
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


def new_nextgpt(language: PreTrainedModel, writer: Writer) -> NextGpt:
    """Pocket's NExT-GPT around a language model, with the signal tokens of its tokenizer."""
    return NextGpt(
        language,
        signals={m: signal_spec(m, writer.signal_ids[m], {}) for m in SIGNAL_COUNTS},
        input_projection=INPUT_PROJECTION,
        d_encoder=EMBED_DIM,
        d_model=D_MODEL,
    )


@dataclass(frozen=True)
class Teachers:
    """Pocket's: features of the media at hand and the decoders' own text encoders."""

    features: Mapping[str, Tensor]
    """Float16 [M, P, E] patch tokens of the pool's media, by modality."""
    captioners: Mapping[str, Callable[[Sequence[str]], Tensor]]

    def patches(self, modality: str, media: Sequence[Medium]) -> Tensor:
        """[B, P, E], by the media's numbers in the pool."""
        return self.features[modality][torch.tensor([m.index for m in media])].float()

    def targets(self, modality: str, artifacts: Sequence[Medium]) -> Tensor:
        """[B, *C], by the artifacts' full captions."""
        return self.captioners[modality]([shown(m) for m in artifacts])
