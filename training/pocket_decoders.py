"""Pocket's decoders from nothing: text encoders, autoencoders, U-Nets, and the media they learn on.

Every stage reads other stages' results under `runs` and leaves its own in `folder`. Knows a run's
folders; knows no language model.

Legend: N media, C latent channels, F frames, h x w latent size.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from plugins.vocoder import log_mel
from training import autoencoder, decoder_text, decoders, world_data
from training.pocketworld.scene import Scene
from training.recipe import Recipe
from training.stages import START

MEL_MEAN, MEL_SCALE = -5.25, 6.5
"""Log-mel value that becomes 0, and the distance from it that becomes 1."""
VAE_FRAMES = 600
"""Clips whose frames the pictures' autoencoder sees besides the pictures."""
UNET_LR = {"image": 1.2e-3, "audio": 1.2e-3, "video": 8e-4}


def make_data(folder: Path, runs: Path, recipe: Recipe) -> None:
    """All media of Pocketworld that the recipe trains on."""
    for modality, count in recipe.media.items():
        world_data.make(modality, count, recipe.seed, folder)


def pictures(recipe: Recipe, runs: Path) -> tuple[list[Scene], NDArray[np.uint8]]:
    """Scenes and uint8 [N, 3, 64, 64]."""
    scenes, media = world_data.make("image", recipe.pictures, recipe.seed, runs / "data")
    return scenes, np.ascontiguousarray(media.transpose(0, 3, 1, 2))


def spectrograms(
    recipe: Recipe, runs: Path, count: int | None = None
) -> tuple[list[Scene], NDArray[np.float32]]:
    """Scenes and normalised log-mels, float32 [N, 1, 128, 64] in [-1, 1]; the first `count`."""
    scenes, media = world_data.make("audio", recipe.sounds, recipe.seed, runs / "data")
    mels = np.stack([log_mel(np.asarray(sound, dtype=np.float32)) for sound in media[:count]])
    normal = np.clip((mels - MEL_MEAN) / MEL_SCALE, -1, 1)[:, None].astype(np.float32)
    return scenes[:count], normal


def clips(recipe: Recipe, runs: Path) -> tuple[list[Scene], NDArray[np.uint8]]:
    """Scenes and uint8 [N, 8, 3, 64, 64]."""
    scenes, media = world_data.make("video", recipe.clips, recipe.seed, runs / "data")
    return scenes, np.ascontiguousarray(media.transpose(0, 1, 4, 2, 3))


def latents(
    modality: str, recipe: Recipe, runs: Path, count: int | None = None
) -> tuple[list[Scene], Tensor]:
    """Scenes and latents of the first `count` media of a run: [N, C, h, w], clips
    [N, C, F, h, w]."""
    if modality == "audio":
        scenes, mels = spectrograms(recipe, runs, count)
        return scenes, autoencoder.latents_of(decoders.load_vae(runs / "sound-vae"), mels)
    scenes, media = pictures(recipe, runs) if modality == "image" else clips(recipe, runs)
    frames: NDArray[Any] = media[:count].reshape(-1, *media.shape[-3:])
    flat = autoencoder.latents_of(decoders.load_vae(runs / "picture-vae"), frames)
    if modality == "video":
        flat = flat.reshape(-1, media.shape[1], *flat.shape[1:]).transpose(1, 2).contiguous()
    return scenes[:count], flat


def teach_text(stage: str, folder: Path, runs: Path, recipe: Recipe) -> None:
    """The text encoder of a stage in `decoder_text.READS`."""
    decoder_text.teach(
        stage, folder, steps=recipe.text_steps, batch=recipe.text_batch, seed=recipe.seed
    )


def _pictures_and_frames(recipe: Recipe, runs: Path) -> NDArray[np.uint8]:
    """uint8 [N, 3, 64, 64]: every picture, and the frames of some clips."""
    frames = clips(recipe, runs)[1][:: max(1, recipe.clips // VAE_FRAMES)]
    return np.concatenate([pictures(recipe, runs)[1], frames.reshape(-1, *frames.shape[2:])])


def teach_picture_vae(folder: Path, runs: Path, recipe: Recipe) -> None:
    """The autoencoder of pictures and frames."""
    autoencoder.teach(
        "picture", _pictures_and_frames(recipe, runs), folder,
        steps=recipe.picture_vae_steps, batch=recipe.vae_batch, seed=recipe.seed,
    )  # fmt: skip


def teach_sound_vae(folder: Path, runs: Path, recipe: Recipe) -> None:
    """The autoencoder of spectrograms."""
    autoencoder.teach(
        "sound", spectrograms(recipe, runs)[1], folder, steps=recipe.sound_vae_steps,
        batch=recipe.vae_batch, seed=recipe.seed,
    )  # fmt: skip


def refine_pictures(folder: Path, runs: Path, recipe: Recipe) -> None:
    """A larger decoder for the pictures' autoencoder."""
    autoencoder.refine(
        "picture", decoders.load_vae(runs / "picture-vae"), _pictures_and_frames(recipe, runs),
        folder, steps=recipe.picture_decoder_steps, batch=recipe.vae_batch, seed=recipe.seed,
    )  # fmt: skip


def teach_unet(modality: str, folder: Path, runs: Path, recipe: Recipe) -> None:
    """A modality's U-Net on the latents of all its media."""
    scenes, kept = latents(modality, recipe, runs)
    steps, batch = {
        "image": (recipe.image_steps, recipe.image_batch),
        "audio": (recipe.audio_steps, recipe.audio_batch),
        "video": (recipe.video_steps, recipe.video_batch),
    }[modality]
    torch.manual_seed(recipe.seed)
    decoders.teach(
        modality, _first_unet(modality, folder, runs), decoders.captioner(modality, runs), scenes,
        kept, folder, steps=steps, batch=batch, seed=recipe.seed, lr=UNET_LR[modality],
        average=recipe.unet_average,
    )  # fmt: skip


def _first_unet(modality: str, folder: Path, runs: Path) -> Any:
    """What learns: a U-Net that has learned before, or a new one."""
    if (folder / START).is_dir():
        return decoders.load_unet(modality, folder / START).requires_grad_(True)
    if modality == "video":
        return decoders.new_video_unet(decoders.load_unet("image", runs / "image-unet"))
    return decoders.new_image_unet() if modality == "image" else decoders.new_audio_unet()
