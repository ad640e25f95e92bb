"""Pocket's decoders, trained from scratch: text encoders, autoencoders, U-Nets, and their media.

Every stage reads other stages' results under `runs` and leaves its own in `folder`. Knows a run's
folders; knows no language model.

Legend: N media, C latent channels, F frames, h x w latent size.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers import AutoencoderTiny
from numpy.typing import NDArray
from torch import Tensor, nn

from plugins.builtin.vocoder import log_mel
from training.pocket import autoencoders, text_encoders, unets
from training.pocket.recipe import Recipe
from training.pocketworld import levels, media_cache
from training.pocketworld.scene import Scene
from training.trainer.stages import START

MEL_MEAN, MEL_SCALE = -5.25, 6.5
"""Log-mel value that becomes 0, and the distance from it that becomes 1."""
VAE_CLIPS = 600
"""Clips whose frames the pictures' autoencoder sees besides the pictures."""
CLEAR = 5.0
"""How many times likelier a picture under a clear sky is drawn than any other."""
NEW_DECODERS: dict[str, Callable[[], nn.Module]] = {
    "picture-vae": partial(autoencoders.new_autoencoder, "picture"),
    "sound-vae": partial(autoencoders.new_autoencoder, "sound"),
    "image-unet": unets.new_image_unet,
    "audio-unet": unets.new_audio_unet,
    "video-unet": lambda: unets.new_video_unet(unets.new_image_unet()),
}
"""Untrained ones, by stage."""
UNET_LR = {"image": 1.2e-3, "audio": 1.2e-3, "video": 8e-4}


def make_data(folder: Path, runs: Path, recipe: Recipe) -> None:
    """All media of Pocketworld's rings that the recipe trains on."""
    for modality, count in recipe.media.items():
        media_cache.make(modality, count, recipe.seed, folder)
    for modality, count in recipe.composed_media.items():
        media_cache.make_compositions(modality, count, recipe.seed, folder)


def as_rows(modality: str, media: NDArray[Any]) -> NDArray[Any]:
    """Media as autoencoders take them: uint8 [N, 3, 64, 64], clips [N, F, 3, 64, 64], and sounds
    as normalised log-mels, float32 [N, 1, 128, 64] in [-1, 1]."""
    if modality != "audio":
        return np.ascontiguousarray(np.moveaxis(media, -1, -3))
    mels = np.stack([log_mel(np.asarray(sound, dtype=np.float32)) for sound in media])
    return np.clip((mels - MEL_MEAN) / MEL_SCALE, -1, 1)[:, None].astype(np.float32)


def latents(
    modality: str, recipe: Recipe, runs: Path, count: int | None = None
) -> tuple[list[Scene], Tensor]:
    """Scenes and latents of the first `count` media of scenes: [N, C, h, w], clips
    [N, C, F, h, w]."""
    scenes, media = media_cache.make(modality, recipe.media[modality], recipe.seed, runs / "data")
    return scenes[:count], _latents(modality, media[:count], runs)


def _latents(modality: str, media: NDArray[Any], runs: Path) -> Tensor:
    rows = as_rows(modality, media)
    frames = rows.reshape(-1, *rows.shape[-3:])
    flat = autoencoders.latents_of(unets.vae_of(modality, runs), frames)
    if modality == "video":
        return flat.reshape(*rows.shape[:2], *flat.shape[1:]).transpose(1, 2).contiguous()
    return flat


def teach_text(stage: str, folder: Path, runs: Path, recipe: Recipe) -> None:
    """The text encoder of a stage in `decoder_text.READS`."""
    start = folder / START / "text_encoder"
    text_encoders.teach(
        stage, folder, steps=recipe.text_steps, batch=recipe.text_batch, seed=recipe.seed,
        begun=start if start.is_dir() else None,
    )  # fmt: skip


def teach_picture_vae(folder: Path, runs: Path, recipe: Recipe) -> None:
    """The autoencoder of pictures and frames: pictures of scenes and compositions, frames of some
    clips, mostly under a clear sky. Rain and snow are chance, which no shape is learned from."""
    subjects, pictures = _both("image", recipe, runs)
    scenes, clips = media_cache.make("video", recipe.clips, recipe.seed, runs / "data")
    every = max(1, recipe.clips // VAE_CLIPS)
    frames = clips[::every]
    skies = [levels.weather_of(subject) for subject in subjects]
    skies += [scene.weather for scene in scenes[::every] for _ in range(frames.shape[1])]
    shares = np.where(np.array(skies) == "clear", CLEAR, 1.0)
    media = np.concatenate([pictures, frames.reshape(-1, *frames.shape[2:])])
    autoencoders.teach(
        "picture", as_rows("image", media), folder, steps=recipe.picture_vae_steps,
        batch=recipe.vae_batch, seed=recipe.seed, chances=shares / shares.sum(),
        begun=_begun_vae(folder),
    )  # fmt: skip


def teach_sound_vae(folder: Path, runs: Path, recipe: Recipe) -> None:
    """The autoencoder of spectrograms, of scenes and compositions."""
    autoencoders.teach(
        "sound", as_rows("audio", _both("audio", recipe, runs)[1]), folder,
        steps=recipe.sound_vae_steps, batch=recipe.vae_batch, seed=recipe.seed,
        begun=_begun_vae(folder),
    )  # fmt: skip


def _begun_vae(folder: Path) -> AutoencoderTiny | None:
    """An autoencoder that learned before, if this one goes on from it."""
    return unets.load_vae(folder / START) if (folder / START).is_dir() else None


def _both(modality: str, recipe: Recipe, runs: Path) -> tuple[list[levels.Subject], NDArray[Any]]:
    """The subjects of all media, scenes before compositions, and the media as one array."""
    data, seed = runs / "data", recipe.seed
    scenes, first = media_cache.make(modality, recipe.media[modality], seed, data)
    more, composed = media_cache.make_compositions(
        modality, recipe.composed_media[modality], seed, data
    )
    return [*scenes, *more], np.concatenate([first, composed])


def teach_unet(modality: str, folder: Path, runs: Path, recipe: Recipe) -> None:
    """A modality's U-Net on the latents of all its media."""
    steps, batch = {
        "image": (recipe.image_steps, recipe.image_batch),
        "audio": (recipe.audio_steps, recipe.audio_batch),
        "video": (recipe.video_steps, recipe.video_batch),
    }[modality]
    subjects, media = _both(modality, recipe, runs)
    kept = _latents(modality, media, runs)
    torch.manual_seed(recipe.seed)
    unets.teach(
        modality, _first_unet(modality, folder, runs), unets.captioner(modality, runs),
        subjects, kept, folder, steps=steps, batch=batch, seed=recipe.seed, lr=UNET_LR[modality],
        average=recipe.unet_average,
    )  # fmt: skip


def _first_unet(modality: str, folder: Path, runs: Path) -> Any:
    """The U-Net to train: one that was trained before, or a new one."""
    if (folder / START).is_dir():
        return unets.load_unet(modality, folder / START).requires_grad_(True)
    if modality == "video":
        return unets.new_video_unet(unets.load_unet("image", runs / "image-unet"))
    return NEW_DECODERS[f"{modality}-unet"]()
