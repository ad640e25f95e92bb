"""Pocket's recipe: all its numbers and stages. Knows no torch and no files."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from pathlib import Path

from training.familiarity.amounts import Amounts
from training.trainer.stages import Stage

DEFAULT_RUNS = Path("runs") / "pocket"
"""The folder of a run, unless another is named."""
_TEXTS = ("picture-text", "audio-text")

STAGES = (
    Stage("data", "nothing; makes Pocketworld's media", minutes=7),
    Stage("picture-text", "text encoder of pictures and clips", result="text_encoder", minutes=4),
    Stage("audio-text", "text encoder of sounds", result="text_encoder", minutes=1),
    Stage("picture-vae", "autoencoder of pictures and frames", ("data",), "vae", 62),
    Stage("image-unet", "denoising pictures", ("data", "picture-text", "picture-vae"), "unet", 83),
    Stage("sound-vae", "autoencoder of spectrograms", ("data",), "vae", 26),
    Stage("audio-unet", "denoising sounds", ("data", "audio-text", "sound-vae"), "unet", 21),
    Stage(
        "video-unet", "denoising clips", ("data", "picture-text", "picture-vae", "image-unet"),
        "unet", 142,
    ),
    Stage("encoder", "binding media to captions", ("data",), "encoder.safetensors", 70),
    Stage("language", "reading and writing", minutes=39),
    Stage("features", "nothing; encodes all media", ("data", "encoder"), minutes=3),
    Stage("stage1", "input projection", ("language", "features", *_TEXTS), minutes=15),
    Stage(
        "stage2", "output projections, signal tokens", ("stage1", "image-unet", "audio-unet"),
        minutes=4,
    ),
    Stage("stage3", "LoRA, embeddings, projections", ("stage2",), minutes=155),
    Stage("stage4", "output projections again", ("stage3", "video-unet"), minutes=7),
    Stage("export", "nothing; writes the bundle", ("stage4",)),
)  # fmt: skip
"""Every step of the recipe, in an order in which each finds what it needs. Clips take longest to
denoise; so they are what the language model's training, the other long one, does not wait for."""


@dataclass(frozen=True)
class Recipe:
    """Steps, batches and learning rates of every stage; widths of every part."""

    seed: int = 7
    # Pocketworld samples made once and reused.
    pictures: int = 16000
    sounds: int = 4000
    clips: int = 16000
    # Media of compositions, for the decoders.
    composed_pictures: int = 5000
    composed_sounds: int = 1500
    composed_clips: int = 3000
    # Decoders' own text encoders.
    text_steps: int = 900
    text_batch: int = 64
    # Autoencoders.
    picture_vae_steps: int = 8000
    sound_vae_steps: int = 1800
    vae_batch: int = 8
    # Latent diffusion.
    image_steps: int = 4500
    image_batch: int = 64
    audio_steps: int = 2200
    audio_batch: int = 32
    video_steps: int = 3000
    video_batch: int = 8
    unet_average: float = 0.998
    """Decay of the moving average of the U-Nets' weights; 0 for the last weights themselves."""
    # Encoder.
    encoder_steps: int = 6000
    encoder_batch: int = 32
    # Language model.
    language_steps: int = 900
    language_batch: int = 40
    # Alignment.
    stage1_steps: int = 1500
    stage2_steps: int = 300
    stage2_denoise_every: int = 10
    stage3_steps: int = 5400
    align_batch: int = 24
    lora_rank: int = 32
    stage4_dialogues: int = 6400
    stage4_steps: int = 900
    stage4_batch: int = 64
    stage4_denoise_every: int = 30
    # What the bundle knows: pictures and as many sounds, clips, and sentences.
    familiar_media: int = 1600
    familiar_clips: int = 800
    familiar_texts: int = 100_000

    @property
    def media(self) -> dict[str, int]:
        """The number of media of scenes, by modality."""
        return {"image": self.pictures, "video": self.clips, "audio": self.sounds}

    @property
    def composed_media(self) -> dict[str, int]:
        """The number of media of compositions, by modality."""
        return {
            "image": self.composed_pictures,
            "video": self.composed_clips,
            "audio": self.composed_sounds,
        }

    @property
    def familiarity(self) -> Amounts:
        """The number of samples with which the bundle's knowledge is measured."""
        return Amounts(self.familiar_media, self.familiar_clips, self.familiar_texts)

    def shared(self, processes: int) -> Recipe:
        """The recipe of one of several processes: a part of each batch that they share."""
        batches = [field.name for field in fields(self) if field.name.endswith("_batch")]
        parts = {name: max(1, getattr(self, name) // processes) for name in batches}
        return replace(self, **parts)

    def shrunk(self) -> Recipe:
        """A copy of the recipe with a few steps per stage, which runs in about a minute."""
        return Recipe(
            pictures=48, sounds=32, clips=16,
            composed_pictures=8, composed_sounds=8, composed_clips=4, text_steps=3, text_batch=8,
            picture_vae_steps=3, sound_vae_steps=3, vae_batch=4,
            image_steps=3, image_batch=4,
            audio_steps=3, audio_batch=4, video_steps=2, video_batch=2, encoder_steps=3,
            encoder_batch=4, language_steps=4, language_batch=4, stage1_steps=3, stage2_steps=3,
            stage2_denoise_every=2, stage3_steps=3, align_batch=4,
            stage4_dialogues=8, stage4_steps=3, stage4_batch=4, stage4_denoise_every=2,
            familiar_media=16, familiar_clips=6, familiar_texts=300,
        )  # fmt: skip
