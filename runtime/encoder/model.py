"""The encoder: all of ImageBind's towers, and the features that NExT-GPT takes from them.

Knows tensors only; `preprocess` makes them from media. State-dict names are those of
`imagebind_huge.pth`.

Legend: B batch, S clips (times crops), P patch tokens, E embedding width, T frames of a clip,
H and V height and width in pixels, M mel bins, F spectrogram frames, L text positions.
"""

from __future__ import annotations

import os
from typing import NamedTuple

import torch  # noqa: TID253
from torch import Tensor, nn  # noqa: TID253
from torch.nn import functional  # noqa: TID253

from plugins.errors import BugError, KnownError, phrase
from runtime.checkpoints import load_strict
from runtime.encoder.config import AudioConfig, EncoderConfig, TextConfig, VisionConfig
from runtime.encoder.towers import (
    AudioStem,
    LogitScale,
    PatchHead,
    TextHead,
    TextStem,
    Trunk,
    VisionStem,
)

_TOWERS = {"image": "vision", "video": "vision", "audio": "audio", "text": "text"}
_AXES = {"image": 4, "video": 6, "audio": 5, "text": 2}
_LAYOUT = {
    "image": "[B, 3, H, V]",
    "video": "[B, S, 3, T, H, V]",
    "audio": "[B, S, 1, M, F]",
    "text": "[B, L]",
}


class Features(NamedTuple):
    """The encoder's features of a medium."""

    embedding: Tensor
    """[B, E] the whole: unit length per clip, then the mean over clips."""
    patches: Tensor
    """[B, P, E] its parts in order: unit length per token and clip, then the mean over clips."""


class ImageBindEncoder(nn.Module):
    """Pictures, clips, sounds and captions in one space. Only configured towers exist."""

    def __init__(self, config: EncoderConfig) -> None:
        super().__init__()
        self.config = config
        self.modality_preprocessors = nn.ModuleDict()
        self.modality_trunks = nn.ModuleDict()
        self.modality_heads = nn.ModuleDict()
        self.modality_postprocessors = nn.ModuleDict()
        if config.vision is not None:
            self._add_vision(config.vision)
        if config.text is not None:
            self._add_text(config.text)
        if config.audio is not None:
            self._add_audio(config.audio)

    def encode(self, modality: str, media: Tensor) -> Features:
        """Features of a batch of prepared media (see `preprocess`).

        `media` is, by modality: image [B, 3, H, V], video [B, S, 3, T, H, V],
        audio [B, S, 1, M, F], text ids [B, L]. A caption's patch tokens are its positions, and its
        whole is the position of its highest id, which is the end of text.

        Raises:
            KnownError: this encoder has no tower for the modality.
            BugError: a tensor of another layout.
        """
        tower = self._tower(modality)
        if media.ndim != _AXES[modality]:
            raise BugError(
                f"{modality}: expected {_LAYOUT[modality]}, found shape {list(media.shape)}"
            )
        if tower == "text":
            return self._encode_text(media)
        if modality == "image":
            media = media[:, None, :, None]  # [B, 1, 3, 1, H, V]
        batch, clips = media.shape[:2]
        tokens = self._project(tower, media.flatten(0, 1))  # [B * S, 1 + P, E]
        tokens = tokens.reshape(batch, clips, *tokens.shape[1:]).mean(dim=1)
        if tower == "audio" and self.config.audio is not None:
            tokens = tokens * self.config.audio.audio_scale
        return Features(tokens[:, 0], tokens[:, 1:])

    def observe(self, modality: str, media: Tensor) -> tuple[Features, tuple[Tensor, ...]]:
        """As `encode`, and what the layers of the tower say: [B * S, 1 + P, W] each, the position
        of the whole first.

        Raises:
            KnownError, BugError: as `encode`.
        """
        layers: list[Tensor] = []

        def keep(_: nn.Module, __: object, output: Tensor) -> None:
            layers.append(output)

        blocks = self._trunk(modality).blocks
        hooks = [block.register_forward_hook(keep) for block in blocks]
        try:
            features = self.encode(modality, media)
        finally:
            for hook in hooks:
                hook.remove()
        return features, tuple(layers)

    def _trunk(self, modality: str) -> Trunk:
        trunk = self.modality_trunks[self._tower(modality)]
        if not isinstance(trunk, Trunk):
            raise BugError(f"{modality}: its trunk is a {type(trunk).__name__}")
        return trunk

    @property
    def logit_scale(self) -> Tensor:
        """The learned temperature that text is compared with, a scalar of at most 100."""
        self._tower("text")
        scale: Tensor = self.get_submodule("modality_postprocessors.text.1")()
        return scale

    def _tower(self, modality: str) -> str:
        tower = _TOWERS.get(modality)
        if tower is None or tower not in self.modality_trunks:
            known = [name for name, own in _TOWERS.items() if own in self.modality_trunks]
            raise KnownError(
                "encoder: expected one of {known}, found {modality}. Use a bundle whose "
                "encoder has a tower for it.",
                known=", ".join(known) or phrase("no modality"),
                modality=modality,
            )
        return tower

    def _project(self, tower: str, media: Tensor, mask: Tensor | None = None) -> Tensor:
        """Stem, trunk, head: [B, ...] -> [B, L, E], every token of unit length."""
        tokens = self.modality_preprocessors[tower](media)
        tokens = self.modality_trunks[tower](tokens, mask)
        return functional.normalize(self.modality_heads[tower](tokens), dim=-1)

    def _encode_text(self, ids: Tensor) -> Features:
        mask = self.get_buffer("modality_preprocessors.text.mask")
        length = ids.shape[1]
        tokens = self._project("text", ids, mask[:length, :length])
        rows = torch.arange(ids.shape[0], device=ids.device)
        return Features(tokens[rows, ids.argmax(dim=-1)], tokens)

    def _add_vision(self, sizes: VisionConfig) -> None:
        self.modality_preprocessors["vision"] = VisionStem(sizes)
        self.modality_trunks["vision"] = Trunk(
            sizes.width, sizes.depth, sizes.heads, self.config.mlp_ratio, norm_before=True
        )
        self.modality_heads["vision"] = PatchHead(sizes.width, self.config.embed_dim)

    def _add_text(self, sizes: TextConfig) -> None:
        self.modality_preprocessors["text"] = TextStem(sizes)
        self.modality_trunks["text"] = Trunk(
            sizes.width, sizes.depth, sizes.heads, self.config.mlp_ratio
        )
        self.modality_heads["text"] = TextHead(sizes.width, self.config.embed_dim)
        self.modality_postprocessors["text"] = nn.Sequential(
            nn.Identity(), LogitScale(1 / 0.07, learned=True)
        )

    def _add_audio(self, sizes: AudioConfig) -> None:
        self.modality_preprocessors["audio"] = AudioStem(sizes)
        self.modality_trunks["audio"] = Trunk(
            sizes.width, sizes.depth, sizes.heads, self.config.mlp_ratio, bias_kv=True
        )
        self.modality_heads["audio"] = PatchHead(sizes.width, self.config.embed_dim)
        self.modality_postprocessors["audio"] = nn.Sequential(
            nn.Identity(), LogitScale(20.0, learned=False)
        )


def load_encoder(
    config: EncoderConfig,
    path: str | os.PathLike[str],
    *,
    device: str = "cpu",
    dtype: torch.dtype = torch.float32,
) -> ImageBindEncoder:
    """The encoder with its weights, ready to run.

    Raises:
        KnownError: the file's names and shapes are not exactly those of `config`.
    """
    with torch.device("meta"):
        encoder = ImageBindEncoder(config)
    load_strict(encoder, path, what="encoder", device=device, dtype=dtype)
    return encoder.eval()
