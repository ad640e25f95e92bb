"""What networks take beside their weights while they compute, told from their configurations:
estimates, of the largest tensors that are there at once. Knows no torch.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from runtime.bundle.manifest import EncoderSpec
from runtime.encoder.config import AudioConfig, EncoderConfig, VisionConfig
from runtime.language_model.gguf_head import GgufHead

_FLOAT = 4
"""Bytes of a number where nothing else is said."""
_TOKEN_TENSORS = 14
"""Tensors of a transformer's width that are there at once: the stream, its norm, queries, keys and
values, the four times wider layer before and after its function."""
_PIXEL_TENSORS = 5
"""Tensors of an autoencoder's second width and the full size that are there at once, as measured
with autoencoders of Stable Diffusion's shape."""
_LATENT_TENSORS = 34
"""Tensors of a denoiser's first width and the size of the latents that are there at once; its
attention keeps no scores. `benchmarks.memory.plan` runs the real networks without numbers."""
_GUIDED = 2
"""Latents that are denoised at once: the wanted and the unwanted."""
_MOST_AT_ONCE = 1 << 21
"""Pixels of a clip that an autoencoder decodes at once; of more, it decodes frame by frame."""
_MEL_BINS, _MEL_FRAMES_PER_S = 64, 100
"""Of the spectrograms that AudioLDM's decoders make."""
_SOUND_TOKENS = 1500
"""Of the encoders of sounds that follow Whisper, for 30 seconds."""
_FRAMES, _SECONDS = 24, 5.0
"""Of a clip and a sound whose length nobody stated."""


def encoder(spec: EncoderSpec, each: int = _FLOAT) -> int:
    """Bytes while the encoder looks at what is largest for it, with `each` for a number.

    Raises:
        KnownError: its configuration is none.
    """
    config = EncoderConfig.from_table(spec.config)
    towers = [tower for tower in (config.vision, config.audio) if tower is not None]
    return max([_tower(tower, each) for tower in towers] + [0])


def mmproj(head: GgufHead) -> int:
    """Bytes while the part of a GGUF model that sees or hears looks at one picture or half a minute
    of sound: the scores of all heads at once, and the stream of a block."""
    return max(_mmproj_tower(head, "vision"), _mmproj_tower(head, "audio"))


def decoder(folder: Path, modality: str, settings: Mapping[str, Any], each: int = _FLOAT) -> int:
    """Bytes while a decoder in diffusers' layout denoises latents or turns them into what is seen
    or heard, whichever is more, with `each` for a number; 0 where its configuration does not tell.
    """
    vae, unet = (_table(folder / name / "config.json") for name in ("vae", "unet"))
    widths = _widths(vae, "decoder_block_out_channels") or _widths(vae, "block_out_channels")
    if not widths:
        return 0
    scale = 2 ** (len(widths) - 1)
    frames = _number(settings, "frames", _FRAMES) if modality == "video" else 1
    pixels = _pixels(modality, settings, unet, scale)
    at_once = pixels if frames * pixels > _MOST_AT_ONCE else frames * pixels
    decoding = _PIXEL_TENSORS * widths[min(1, len(widths) - 1)] * at_once
    inner = (_widths(unet, "block_out_channels") or [0])[0]
    denoising = _LATENT_TENSORS * _GUIDED * inner * frames * pixels / scale**2
    return int(each * max(decoding, denoising))


def _tower(tower: VisionConfig | AudioConfig, each: int) -> int:
    down, across = tower.grid
    crops = tower.crops if isinstance(tower, VisionConfig) else 1
    tokens = tower.clips * crops * (down * across + 1)
    return each * _TOKEN_TENSORS * tokens * tower.width


def _mmproj_tower(head: GgufHead, name: str) -> int:
    width = head.number(f"clip.{name}.embedding_length")
    if name == "vision":
        side = head.number("clip.vision.image_size") / max(head.number("clip.vision.patch_size"), 1)
        tokens = side * side
    else:
        tokens = _SOUND_TOKENS if width else 0
    forward = head.number(f"clip.{name}.feed_forward_length")
    heads = head.number(f"clip.{name}.attention.head_count")
    return int(_FLOAT * (tokens * (5 * width + 2 * forward) + heads * tokens * tokens))


def _pixels(modality: str, settings: Mapping[str, Any], unet: dict[str, Any], scale: int) -> float:
    if modality == "audio":
        return _MEL_BINS * _MEL_FRAMES_PER_S * _number(settings, "seconds", _SECONDS)
    sample = unet.get("sample_size")
    sides = sample if isinstance(sample, list) and len(sample) == 2 else [sample, sample]
    high, wide = (side * scale if isinstance(side, int) else 0 for side in sides)
    return _number(settings, "height", high) * _number(settings, "width", wide)


def _widths(table: Mapping[str, Any], name: str) -> list[int]:
    found = table.get(name)
    whole = isinstance(found, list) and all(isinstance(width, int) for width in found)
    return found if whole and found is not None else []


def _number(settings: Mapping[str, Any], name: str, otherwise: float) -> float:
    found = settings.get(name)
    return found if isinstance(found, int | float) else otherwise


def _table(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
