"""Sizes of an encoder, as the manifest's `[encoder] config` table gives them.

Knows no torch. Every default is that of `imagebind_huge` as NExT-GPT uses it, so naming a tower
with an empty table gives the full-size one; a tower that is not named does not exist.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Self

import msgspec

from plugins.errors import KnownError, Problem, listed, phrase

Spread = Literal["ends", "within"]
"""Where the clips of a long medium lie. `ends`: from the first possible one to the last, as
PyTorchVideo places them since 2022. `within`: as its version 0.1.5 does, which leaves the end out.
NExT-GPT names both versions as its own, so a checkpoint has to be tried with each."""


class VisionConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Pictures and clips."""

    image_size: int = 224
    """Pixels; height and width."""
    patch: int = 14
    """Pixels; height and width of a patch."""
    frames_per_clip: int = 2
    """All frames of a clip become one layer of patches; a picture is repeated to as many."""
    width: int = 1280
    depth: int = 32
    heads: int = 16
    clips: int = 5
    """Stretches of a video that are looked at, evenly placed."""
    clip_seconds: float = 2.0
    crops: int = 3
    """1: the middle; 3: also both ends of the longer side."""
    spread: Spread = "ends"

    @property
    def grid(self) -> tuple[int, int]:
        """Patches down and across."""
        side = self.image_size // self.patch
        return side, side


class AudioConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Sounds."""

    sample_rate: int = 16_000
    """Hertz."""
    mel_bins: int = 128
    target_frames: int = 204
    """Frames of the spectrogram; shorter clips are padded, longer ones cut."""
    frame_length_ms: float = 25.0
    frame_shift_ms: float = 10.0
    kernel: int = 16
    stride: int = 10
    width: int = 768
    depth: int = 12
    heads: int = 12
    clips: int = 3
    clip_seconds: float = 2.0
    mean: float = -4.268
    """Mean of the log mel spectrogram that is subtracted."""
    std: float = 9.138
    audio_scale: float = 1.0
    """Factor on normalised features: 1 as NExT-GPT uses ImageBind, 20 in ImageBind itself."""
    spread: Spread = "ends"

    @property
    def grid(self) -> tuple[int, int]:
        """Patches over mel bins and over frames."""
        return (
            (self.mel_bins - self.kernel) // self.stride + 1,
            (self.target_frames - self.kernel) // self.stride + 1,
        )


class TextConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Captions."""

    vocab: int = 49_408
    context: int = 77
    """Positions."""
    width: int = 1024
    depth: int = 24
    heads: int = 16


class EncoderConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole encoder."""

    embed_dim: int = 1024
    mlp_ratio: int = 4
    vision: VisionConfig | None = None
    audio: AudioConfig | None = None
    text: TextConfig | None = None

    @classmethod
    def huge(cls) -> Self:
        """`imagebind_huge` with its vision, audio and text towers."""
        return cls(vision=VisionConfig(), audio=AudioConfig(), text=TextConfig())

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> Self:
        """The configuration from the manifest's table.

        Raises:
            KnownError: an unknown name, a value of the wrong kind, or sizes that cannot work.
        """
        try:
            config = msgspec.convert(dict(table), type=cls)
        except msgspec.ValidationError as error:
            raise KnownError(
                "encoder settings: {error}. Correct the [encoder] table of bundle.toml.",
                error=error,
            ) from error
        problems = _problems(config)
        if problems:
            raise KnownError(
                "encoder settings: {problems}. Correct the [encoder] table of bundle.toml.",
                problems=listed(problems, len(problems)),
            )
        return config

    def to_table(self) -> dict[str, Any]:
        """The table for a manifest; the inverse of `from_table`."""
        table: dict[str, Any] = msgspec.to_builtins(self)
        return {name: value for name, value in table.items() if value is not None}

    def hears(self, modality: str) -> bool:
        """True if this encoder has a tower for `image`, `audio`, `video` or `text`."""
        towers = {
            "image": self.vision,
            "video": self.vision,
            "audio": self.audio,
            "text": self.text,
        }
        return towers.get(modality) is not None


def _problems(config: EncoderConfig) -> list[Problem]:
    """Settings that cannot work, one sentence each."""
    problems = _not_positive("embed_dim", config.embed_dim)
    problems += _not_positive("mlp_ratio", config.mlp_ratio)
    for name in ("vision", "audio", "text"):
        tower = getattr(config, name)
        if tower is None:
            continue
        for field in tower.__struct_fields__:
            if field not in ("mean", "spread"):
                problems += _not_positive(f"{name}.{field}", getattr(tower, field))
        if not problems and tower.width % tower.heads:
            problems.append(
                phrase(
                    "{name}.heads {heads} does not divide width {width}",
                    name=name,
                    heads=tower.heads,
                    width=tower.width,
                )
            )
    return problems or _layout_problems(config)


def _layout_problems(config: EncoderConfig) -> list[Problem]:
    problems = []
    vision, audio = config.vision, config.audio
    if vision is not None and vision.image_size % vision.patch:
        problems.append(
            phrase(
                "vision.patch {patch} does not divide {image_size} pixels",
                patch=vision.patch,
                image_size=vision.image_size,
            )
        )
    if vision is not None and vision.crops not in (1, 3):
        problems.append(phrase("vision.crops must be 1 or 3, found {crops}", crops=vision.crops))
    if audio is not None and min(audio.mel_bins, audio.target_frames) < audio.kernel:
        problems.append(
            phrase(
                "audio.kernel {kernel} is larger than the spectrogram {mel_bins} x {target_frames}",
                kernel=audio.kernel,
                mel_bins=audio.mel_bins,
                target_frames=audio.target_frames,
            )
        )
    return problems


def _not_positive(name: str, value: float) -> list[Problem]:
    if value > 0:
        return []
    return [phrase("{name} must be above 0, found {value}", name=name, value=value)]
