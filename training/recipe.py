"""The numbers of Pocket's recipe in one place. Knows no torch and no files."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Recipe:
    """Steps, batches and learning rates of every stage; widths of every part."""

    seed: int = 7
    # Pocketworld samples made once and reused.
    pictures: int = 12000
    sounds: int = 4000
    clips: int = 3000
    # Decoders' own text encoders.
    text_steps: int = 300
    text_batch: int = 64
    # Autoencoders.
    picture_vae_steps: int = 700
    sound_vae_steps: int = 500
    vae_batch: int = 16
    picture_decoder_steps: int = 1200
    # Latent diffusion.
    image_steps: int = 1400
    image_batch: int = 64
    audio_steps: int = 700
    audio_batch: int = 32
    video_steps: int = 300
    video_batch: int = 8
    # Encoder.
    encoder_steps: int = 2000
    encoder_batch: int = 32
    # Language model.
    language_steps: int = 650
    language_batch: int = 40
    # Alignment.
    stage1_steps: int = 500
    stage2_steps: int = 400
    stage2_denoise_every: int = 10
    stage3_steps: int = 1000
    align_batch: int = 32
    lora_rank: int = 32
    polish_dialogues: int = 6400
    polish_steps: int = 900
    polish_batch: int = 64

    def shrunk(self) -> Recipe:
        """The same recipe with a few steps each: runs every stage in about a minute."""
        return Recipe(
            pictures=48, sounds=32, clips=16, text_steps=3, text_batch=8,
            picture_vae_steps=3, picture_decoder_steps=3, sound_vae_steps=3, vae_batch=4,
            image_steps=3, image_batch=4,
            audio_steps=3, audio_batch=4, video_steps=2, video_batch=2, encoder_steps=3,
            encoder_batch=4, language_steps=4, language_batch=4, stage1_steps=3, stage2_steps=3,
            stage2_denoise_every=2, stage3_steps=3, align_batch=4,
            polish_dialogues=8, polish_steps=3, polish_batch=4,
        )  # fmt: skip
