"""Pocket's decoders from nothing, in order: text encoders, autoencoders, U-Nets.

Each stage leaves its result in its own folder and a `done` file, and is skipped when that is there.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import torch
from diffusers import UNet2DConditionModel
from numpy.typing import NDArray

from plugins.vocoder import log_mel
from training import autoencoder, decoder_text, decoders, world_data
from training.pocketworld.scene import Scene
from training.recipe import Recipe
from training.stages import Stages

MEL_MEAN, MEL_SCALE = -5.25, 6.5
"""Log-mel value that becomes 0, and the distance from it that becomes 1."""


def teach_decoders(stages: Stages, recipe: Recipe) -> None:
    """Run or skip every decoder stage."""
    runs = stages.folder
    for modality in ("image", "audio", "video"):
        teach_text = partial(
            decoder_text.teach,
            modality,
            steps=recipe.text_steps,
            batch=recipe.text_batch,
            seed=recipe.seed,
        )
        stages.run(f"{modality}-text", teach_text)
    stages.run("picture-vae", lambda folder: _teach_picture_vae(recipe, runs, folder))
    stages.run("image-unet", lambda folder: _teach_image(recipe, runs, folder))
    stages.run("sound-vae", lambda folder: _teach_sound_vae(recipe, runs, folder))
    stages.run("audio-unet", lambda folder: _teach_audio(recipe, runs, folder))
    stages.run("video-unet", lambda folder: _teach_video(recipe, runs, folder))
    stages.run("picture-decoder", lambda folder: _refine_pictures(recipe, runs, folder))


def pictures(recipe: Recipe, runs: Path) -> tuple[list[Scene], NDArray[np.uint8]]:
    """Scenes and uint8 [N, 3, 64, 64]."""
    scenes, media = world_data.make("image", recipe.pictures, recipe.seed, runs / "data")
    return scenes, np.ascontiguousarray(media.transpose(0, 3, 1, 2))


def spectrograms(recipe: Recipe, runs: Path) -> tuple[list[Scene], NDArray[np.float32]]:
    """Scenes and normalised log-mels, float32 [N, 1, 128, 64] in [-1, 1]."""
    scenes, media = world_data.make("audio", recipe.sounds, recipe.seed, runs / "data")
    mels = np.stack([log_mel(np.asarray(sound, dtype=np.float32)) for sound in media])
    return scenes, np.clip((mels - MEL_MEAN) / MEL_SCALE, -1, 1)[:, None].astype(np.float32)


def clips(recipe: Recipe, runs: Path) -> tuple[list[Scene], NDArray[np.uint8]]:
    """Scenes and uint8 [N, 8, 3, 64, 64]."""
    scenes, media = world_data.make("video", recipe.clips, recipe.seed, runs / "data")
    return scenes, np.ascontiguousarray(media.transpose(0, 1, 4, 2, 3))


def _pictures_and_frames(recipe: Recipe, runs: Path) -> NDArray[np.uint8]:
    """uint8 [N, 3, 64, 64]: every picture, and the frames of some clips."""
    frames = clips(recipe, runs)[1][:: max(1, recipe.clips // 600)]
    return np.concatenate([pictures(recipe, runs)[1], frames.reshape(-1, *frames.shape[2:])])


def _teach_picture_vae(recipe: Recipe, runs: Path, folder: Path) -> None:
    autoencoder.teach(
        "picture", _pictures_and_frames(recipe, runs), folder,
        steps=recipe.picture_vae_steps, batch=recipe.vae_batch, seed=recipe.seed,
    )  # fmt: skip


def _refine_pictures(recipe: Recipe, runs: Path, folder: Path) -> None:
    autoencoder.refine(
        "picture", decoders.load_vae(runs / "picture-vae"), _pictures_and_frames(recipe, runs),
        folder, steps=recipe.picture_decoder_steps, batch=recipe.vae_batch, seed=recipe.seed,
    )  # fmt: skip


def _teach_sound_vae(recipe: Recipe, runs: Path, folder: Path) -> None:
    autoencoder.teach(
        "sound", spectrograms(recipe, runs)[1], folder, steps=recipe.sound_vae_steps,
        batch=recipe.vae_batch, seed=recipe.seed,
    )  # fmt: skip


def _teach_image(recipe: Recipe, runs: Path, folder: Path) -> None:
    scenes, media = pictures(recipe, runs)
    latents = autoencoder.latents_of(decoders.load_vae(runs / "picture-vae"), media)
    torch.manual_seed(recipe.seed)
    decoders.teach(
        "image", decoders.new_image_unet(), decoders.Captioner("image", runs / "image-text"),
        scenes, latents, folder, steps=recipe.image_steps, batch=recipe.image_batch,
        seed=recipe.seed,
    )  # fmt: skip


def _teach_audio(recipe: Recipe, runs: Path, folder: Path) -> None:
    scenes, media = spectrograms(recipe, runs)
    latents = autoencoder.latents_of(decoders.load_vae(runs / "sound-vae"), media)
    torch.manual_seed(recipe.seed)
    decoders.teach(
        "audio", decoders.new_audio_unet(), decoders.Captioner("audio", runs / "audio-text"),
        scenes, latents, folder, steps=recipe.audio_steps, batch=recipe.audio_batch,
        seed=recipe.seed,
    )  # fmt: skip


def _teach_video(recipe: Recipe, runs: Path, folder: Path) -> None:
    scenes, media = clips(recipe, runs)
    count, frames = media.shape[:2]
    flat = autoencoder.latents_of(
        decoders.load_vae(runs / "picture-vae"), media.reshape(-1, *media.shape[2:])
    )
    latents = flat.reshape(count, frames, *flat.shape[1:]).transpose(1, 2).contiguous()
    torch.manual_seed(recipe.seed)
    image_unet = UNet2DConditionModel.from_pretrained(runs / "image-unet" / "unet")
    decoders.teach(
        "video", decoders.new_video_unet(image_unet),
        decoders.Captioner("video", runs / "video-text"), scenes, latents, folder,
        steps=recipe.video_steps, batch=recipe.video_batch, seed=recipe.seed, lr=8e-4,
    )  # fmt: skip
