"""Sounds, by any pipeline of sounds in the table: renderer `medley.audio`.

Knows samples and the vocoder without weights; knows no language model. The bundle's setting
`vocoder = "griffin-lim"` (with `mel_mean`, `mel_scale`) is for AudioLDM decoders that come without
a trained vocoder.

Legend: n samples, c channels.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch  # noqa: TID253
from numpy.typing import NDArray

from plugins.api import Artifact, Parameter, ParameterValue, Recipe
from plugins.builtin.diffusion import DiffusionRenderer, make_artifact
from plugins.builtin.pictures import (
    decode_small,
    latent_size,
    preview_png,
    vae_scale,
)
from plugins.builtin.text import Models
from plugins.builtin.vocoder import HOP, SAMPLING_RATE, GriffinLim
from plugins.errors import KnownError
from plugins.media_files import wav

GRIFFIN_LIM = "griffin-lim"


class AudioRenderer(DiffusionRenderer):
    """Arrays or a caption -> WAV."""

    id = "medley.audio"
    version = "1"
    modality = "audio"

    def declare(self) -> tuple[Parameter, ...]:
        """Steps, guidance, seconds."""
        natural, most = self.row.seconds or self._trained_seconds(), self.row.most_seconds
        least = min(0.1, natural)
        length = Parameter(
            "seconds", "float", natural, "Length of the sound", least, most, unit="s"
        )
        return (*self.common_parameters(), length)

    def arguments(self, values: Mapping[str, ParameterValue]) -> dict[str, Any]:
        """How long the sound is."""
        return {self.row.seconds_argument: float(values["seconds"])}

    def without(self) -> tuple[str, ...]:
        """The vocoder, when the bundle asks for the one without weights."""
        return ("vocoder",) if self._griffin_lim() else ()

    def extra(self, device: str) -> Models:
        """The vocoder without weights."""
        if not self._griffin_lim():
            return {}
        settings = self.decoder.settings
        mean, scale = settings.get("mel_mean", 0.0), settings.get("mel_scale", 1.0)
        return {"vocoder": GriffinLim(float(mean), float(scale))}

    def preview(self, models: Models, latents: torch.Tensor) -> bytes:
        """The spectrogram: time to the right, pitch upwards, loud is bright."""
        mel = decode_small(models["vae"], latents)
        return preview_png(np.ascontiguousarray(mel.transpose(0, 2, 1)[:, ::-1]))

    def artifact(
        self, output: NDArray[Any], values: Mapping[str, ParameterValue], recipe: Recipe
    ) -> Artifact:
        """A WAV of [n] or [c, n] samples."""
        rate, samples = self._rate(), np.asarray(output, dtype=np.float32).T
        return make_artifact(wav(samples, rate, recipe), recipe, duration_s=len(samples) / rate)

    def _griffin_lim(self) -> bool:
        asked = self.decoder.settings.get("vocoder")
        if asked not in (None, GRIFFIN_LIM):
            raise KnownError(
                "{id}: expected the setting vocoder to be {griffin_lim} or absent, found "
                "{asked}; correct bundle.toml.",
                id=self.id,
                griffin_lim=repr(GRIFFIN_LIM),
                asked=repr(asked),
            )
        return asked is not None

    def _rate(self) -> int:
        """Samples a second."""
        if self._griffin_lim():
            return SAMPLING_RATE
        component, setting = self.row.rate
        return int(self.config(f"{component}/config.json").get(setting, SAMPLING_RATE))

    def _trained_seconds(self) -> float:
        """The length of the spectrograms that the denoiser was trained for."""
        hop = HOP
        if not self._griffin_lim():
            config = self.config("vocoder/config.json")
            hop = int(np.prod(config.get("upsample_rates", [4, 4, 4, 4])))
        rows, _ = latent_size(self.denoiser_config)
        return rows * vae_scale(self.vae_config) * hop / self._rate()
