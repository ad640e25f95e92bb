"""What the published checkpoint of NExT-GPT is: sizes, tokens and settings. Plain data.

Tests give smaller sizes; all else is the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from runtime.encoder.config import EncoderConfig

MODALITIES = ("image", "video", "audio")
"""In the order in which their tokens were added."""
TOKEN_STEMS = {"image": "IMG", "video": "VID", "audio": "AUD"}
MARKS = ("<Img>", "</Img>")
MARKS_AS_SETS = ("{'<Img>'}", "{'</Img>'}")
"""Names that the marks got where they were added as a Python set: then the tokens never occurred in
training, and `<Img>` was cut like any other text."""
RENDERERS = {modality: f"medley.{modality}" for modality in MODALITIES}
SETTINGS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "image": {"steps": 50, "guidance": 7.5, "width": 512, "height": 512},
        "video": {
            "steps": 50, "guidance": 7.5, "width": 576, "height": 320, "frames": 24, "fps": 8,
        },
        "audio": {"steps": 50, "guidance": 7.5, "seconds": 9.0},
    }
)  # fmt: skip
"""With which the reference draws, by modality."""


@dataclass(frozen=True)
class Sizes:
    """Sizes of a checkpoint; the defaults are those of `nextgpt_7b_tiva_v0`."""

    layers: int = 32
    d_model: int = 4096
    d_ff: int = 11_008
    heads: int = 32
    n_vocab: int = 32_000
    """Tokens of LLaMA, to which the checkpoint adds its own."""
    n_ctx: int = 2048
    rms_eps: float = 1e-6
    rope_base: float = 10_000.0
    lora_rank: int = 32
    lora_scale: float = 1.0
    """Alpha over rank."""
    tokenizer_sha256: str = "9e556afd44213b6bd1be2b850ebbbd98f5481437a8021afaf58ee7fb1818d347"
    """Of LLaMA's tokenizer.model; empty for any."""
    pieces: Mapping[int, str] = field(
        default_factory=lambda: {13: "<0x0A>", 835: "▁###", 2277: "##", 29_937: "#"}
    )
    """Some pieces of its vocabulary by id."""
    encoder: EncoderConfig = field(default_factory=EncoderConfig.huge)
    signals: Mapping[str, int] = field(
        default_factory=lambda: {"image": 4, "video": 24, "audio": 8}
    )
    """Tokens of a signal."""
    conditions: Mapping[str, tuple[int, ...]] = field(
        default_factory=lambda: {"image": (77, 768), "video": (77, 1024), "audio": (512,)}
    )
    """Shapes of the decoders' conditions."""
    d_hidden: int = 512
    projection_heads: int = 4
    projection_layers: int = 4
    d_feedforward: int = 2048

    @property
    def tokens(self) -> tuple[str, ...]:
        """The added tokens in the order of their ids."""
        runs = (f"[{TOKEN_STEMS[m]}{i}]" for m in MODALITIES for i in range(self.signals[m]))
        return (*MARKS, *runs)

    @property
    def whole_vocab(self) -> int:
        """Tokens with the added ones: 32,038."""
        return self.n_vocab + len(self.tokens)

    def signal_ids(self, modality: str) -> tuple[int, ...]:
        """The ids of a modality's signal tokens."""
        first = self.n_vocab + self.tokens.index(f"[{TOKEN_STEMS[modality]}0]")
        return tuple(range(first, first + self.signals[modality]))


PUBLISHED = Sizes()
