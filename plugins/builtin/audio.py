"""Sounds, by any AudioLDM pipeline: renderer `medley.audio`.

Knows diffusers' AudioLDMPipeline and the vocoder without weights; knows no language model. The
bundle's setting `vocoder = "griffin-lim"` (with `mel_mean`, `mel_scale`) is for decoders that come
without a trained vocoder.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch  # noqa: TID253
from numpy.typing import NDArray

from plugins.api import Artifact, Parameter, ParameterValue, Recipe
from plugins.builtin import loading
from plugins.builtin.diffusion import (
    DiffusionRenderer,
    Models,
    Reporter,
    common_arguments,
    common_parameters,
    make_artifact,
    new_pipeline,
    tokenize,
)
from plugins.builtin.pictures import (
    decode_small,
    latent_size,
    preview_png,
    vae_scale,
)
from plugins.builtin.vocoder import HOP, SAMPLING_RATE, GriffinLim
from plugins.errors import KnownError
from plugins.media_files import wav

GRIFFIN_LIM = "griffin-lim"


class AudioRenderer(DiffusionRenderer):
    """[width] text embedding or a caption -> WAV."""

    id = "medley.audio"
    version = "1"
    modality = "audio"
    pipeline = "AudioLDMPipeline"
    needed = ("vocoder",)

    def declare(self) -> tuple[Parameter, ...]:
        """Steps, guidance, seconds."""
        rate, hop = self._rate_and_hop()
        rows, _ = latent_size(self.unet_config)
        natural = rows * vae_scale(self.vae_config) * hop / rate
        return (
            *common_parameters(50, 7.5),
            Parameter(
                "seconds", "float", natural, "Length of the sound", min(0.1, natural), 30, unit="s"
            ),
        )

    def condition_shape(self, models: Models) -> tuple[int, ...]:
        """[width], for example [512]."""
        return (models["text_encoder"].config.projection_dim,)

    def encode(self, models: Models, captions: Sequence[str]) -> torch.Tensor:
        """[B, width] of norm 1, as AudioLDM conditions on."""
        encoder = models["text_encoder"]
        tokens = tokenize(models["tokenizer"], captions)
        with torch.no_grad():
            embeds = encoder(
                tokens["input_ids"].to(encoder.device),
                attention_mask=tokens["attention_mask"].to(encoder.device),
            ).text_embeds
        return torch.nn.functional.normalize(embeds, dim=-1)

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

    def generate(
        self,
        models: Models,
        embeddings: tuple[torch.Tensor, torch.Tensor],
        values: Mapping[str, ParameterValue],
        generator: torch.Generator,
        reporter: Reporter,
    ) -> NDArray[Any]:
        """[n] samples."""
        pipeline = new_pipeline(self.pipeline, models)
        output: NDArray[Any] = pipeline(
            **common_arguments(embeddings, values, generator),
            audio_length_in_s=float(values["seconds"]),
            callback=lambda _, __, latents: reporter.step(latents),
        ).audios[0]
        return output

    def preview(self, models: Models, latents: torch.Tensor) -> bytes:
        """The spectrogram: time to the right, pitch upwards, loud is bright."""
        mel = decode_small(models["vae"], latents)
        return preview_png(np.ascontiguousarray(mel.transpose(0, 2, 1)[:, ::-1]))

    def artifact(
        self, output: NDArray[Any], values: Mapping[str, ParameterValue], recipe: Recipe
    ) -> Artifact:
        """A mono WAV at the vocoder's rate."""
        rate, _ = self._rate_and_hop()
        file = wav(np.asarray(output, dtype=np.float32), rate, recipe)
        return make_artifact(file, recipe, duration_s=len(output) / rate)

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

    def _rate_and_hop(self) -> tuple[int, int]:
        """Samples a second, and samples a mel frame."""
        if self._griffin_lim():
            return SAMPLING_RATE, HOP
        config = loading.read_json(self.folder / "vocoder" / "config.json")
        rates = config.get("upsample_rates", [4, 4, 4, 4])
        return int(config.get("sampling_rate", SAMPLING_RATE)), int(np.prod(rates))
