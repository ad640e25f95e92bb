"""The three latent diffusion decoders: small ones with the architectures of Stable Diffusion,
AudioLDM and ZeroScope.

Each learns to denoise latents (velocity target) under its own frozen text encoder. Knows diffusers
and latents; knows no language model.

Legend: B batch, C latent channels, F frames, h x w latent size, L caption positions, H width.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers import AutoencoderTiny, DDIMScheduler, UNet2DConditionModel, UNet3DConditionModel
from torch import Tensor, nn
from transformers import (
    ClapTextModelWithProjection,
    CLIPTextModel,
    CLIPTokenizer,
    RobertaTokenizer,
)

from training.nextgpt.denoising import plain_loss
from training.pocket import text_encoders
from training.pocket.autoencoders import LATENT_CHANNELS
from training.pocketworld import levels
from training.trainer import devices
from training.trainer.loop import train

CHANNELS = (64, 128)
SOUND_CHANNELS = (64, 96)
FRAMES_RATE = 0.25
"""Learning rate of a clips' U-Net's layers of single frames, which come from pictures, as a share
of that of its layers over time: at the full rate they forget fine shapes, of which eight clips a
step show few."""
VAE_STAGE = {"image": "picture-vae", "audio": "sound-vae", "video": "picture-vae"}
"""The stage of the autoencoder, by modality."""
EMPTY_SHARE = 0.1
"""Share of captions left empty, for classifier-free guidance."""


def new_scheduler() -> DDIMScheduler:
    """Velocity prediction with a schedule that really ends in noise (zero terminal SNR)."""
    return DDIMScheduler(
        beta_schedule="scaled_linear",
        beta_start=0.00085,
        beta_end=0.012,
        prediction_type="v_prediction",
        rescale_betas_zero_snr=True,
        timestep_spacing="trailing",
        clip_sample=False,
        set_alpha_to_one=True,
    )


def new_image_unet() -> UNet2DConditionModel:
    """Stable Diffusion's U-Net: [B, C, 8, 8] latents, [B, L, H] caption states."""
    return UNet2DConditionModel(
        sample_size=8,
        in_channels=LATENT_CHANNELS["picture"],
        out_channels=LATENT_CHANNELS["picture"],
        layers_per_block=1,
        block_out_channels=CHANNELS,
        down_block_types=("CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D"),
        cross_attention_dim=text_encoders.WIDTH,
        attention_head_dim=4,
        norm_num_groups=16,
        use_linear_projection=True,
    )


def new_audio_unet() -> UNet2DConditionModel:
    """AudioLDM's U-Net: [B, C, 16, 8] latents, the caption embedding as class label [B, E]."""
    return UNet2DConditionModel(
        sample_size=(16, 8),
        in_channels=LATENT_CHANNELS["sound"],
        out_channels=LATENT_CHANNELS["sound"],
        layers_per_block=1,
        block_out_channels=SOUND_CHANNELS,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=SOUND_CHANNELS,
        attention_head_dim=4,
        norm_num_groups=16,
        class_embed_type="simple_projection",
        projection_class_embeddings_input_dim=text_encoders.SOUND_WIDTH,
        class_embeddings_concat=True,
    )


def new_video_unet(image_unet: UNet2DConditionModel) -> UNet3DConditionModel:
    """ZeroScope's U-Net, begun from the picture U-Net: new temporal layers start as identities."""
    unet = UNet3DConditionModel(
        sample_size=8,
        in_channels=LATENT_CHANNELS["picture"],
        out_channels=LATENT_CHANNELS["picture"],
        layers_per_block=1,
        block_out_channels=CHANNELS,
        down_block_types=("CrossAttnDownBlock3D", "CrossAttnDownBlock3D"),
        up_block_types=("CrossAttnUpBlock3D", "CrossAttnUpBlock3D"),
        cross_attention_dim=text_encoders.WIDTH,
        attention_head_dim=4,
        norm_num_groups=16,
    )
    state = unet.state_dict()
    for name, tensor in image_unet.state_dict().items():
        if state[name].shape != tensor.shape:
            raise ValueError(
                f"{name}: {tuple(tensor.shape)} does not fit {tuple(state[name].shape)}"
            )
        state[name] = tensor
    for name, tensor in state.items():
        if _over_time(name) and "proj_out" in name:
            state[name] = torch.zeros_like(tensor)
    unet.load_state_dict(state)
    return unet


def rates(unet: nn.Module, lr: float) -> list[dict[str, object]]:
    """Parameter groups of a U-Net: the layers over time of clips at `lr`, and those of single
    frames."""
    over_time: list[nn.Parameter] = []
    frames: list[nn.Parameter] = []
    for name, parameter in unet.named_parameters():
        (over_time if _over_time(name) else frames).append(parameter)
    if not over_time:
        return [{"params": frames, "lr": lr}]
    return [{"params": over_time, "lr": lr}, {"params": frames, "lr": FRAMES_RATE * lr}]


def _over_time(name: str) -> bool:
    """True if a weight of a clips' U-Net joins frames."""
    return "temp_" in name or name.startswith("transformer_in")


def training_caption(subject: levels.Subject, modality: str, rng: np.random.Generator) -> str:
    """Mostly canonical, sometimes free, sometimes empty."""
    draw = rng.random()
    if draw < EMPTY_SHARE:
        return ""
    if draw < 0.8:
        return levels.canonical(subject, modality)
    return levels.varied(subject, modality, rng)[0]


class Captioner:
    """A frozen text encoder that turns captions into what its U-Net is conditioned on."""

    def __init__(self, modality: str, folder: Path) -> None:
        self.modality = modality
        tokenizer_class = RobertaTokenizer if modality == "audio" else CLIPTokenizer
        model_class = ClapTextModelWithProjection if modality == "audio" else CLIPTextModel
        self.tokenizer = tokenizer_class.from_pretrained(folder / "tokenizer")
        self.model = model_class.from_pretrained(folder / "text_encoder").eval()
        self.model.requires_grad_(False)

    @torch.no_grad()
    def __call__(self, captions: Sequence[str]) -> Tensor:
        """[B, L, H] caption states, or [B, E] for sounds."""
        ids = text_encoders.tokenize(self.tokenizer, captions).to(self.model.device)
        if self.modality == "audio":
            return text_encoders.sound_embedding(self.model, ids, self.tokenizer.pad_token_id)
        return text_encoders.sequence_states(self.model, ids)


def captioner(modality: str, runs: Path) -> Captioner:
    """The frozen text encoder of a modality's decoder, from a run, on the machine's device."""
    found = Captioner(modality, runs / text_encoders.STAGE[modality])
    found.model.to(devices.device())
    return found


def teach(
    modality: str, unet: Any, captioner: Captioner, subjects: Sequence[levels.Subject],
    latents: Tensor, folder: Path, *, steps: int, batch: int, seed: int, lr: float, average: float,
) -> None:  # fmt: skip
    """Train a U-Net on latents [N, C, h, w] (or [N, C, F, h, w]) and save it as `unet/`."""
    scheduler = new_scheduler()

    def loss_of(_: int, rng: np.random.Generator) -> dict[str, Tensor]:
        rows = rng.integers(0, len(subjects), batch)
        states = captioner([training_caption(subjects[i], modality, rng) for i in rows])
        denoise_it = partial(denoise, modality, unet, states.to(unet.device))
        kept = latents[torch.from_numpy(rows)].to(unet.device)
        return {"loss": plain_loss(denoise_it, kept, scheduler)}

    train(
        f"{modality} U-Net", unet, loss_of, folder=folder, steps=steps, lr=lr, seed=seed,
        groups=rates(unet, lr), memory=0.999, average=average,
    )  # fmt: skip
    unet.save_pretrained(folder / "unet")


def denoise(modality: str, unet: nn.Module, states: Tensor, noisy: Tensor, times: Tensor) -> Tensor:
    """One call of a U-Net with its own kind of condition."""
    if modality == "audio":
        return unet(noisy, times, encoder_hidden_states=None, class_labels=states).sample
    return unet(noisy, times, encoder_hidden_states=states).sample


PIPELINES = {
    "image": "StableDiffusionPipeline",
    "audio": "AudioLDMPipeline",
    "video": "TextToVideoSDPipeline",
}


def write_decoder(modality: str, parts: dict[str, Any], captioner: Captioner, folder: Path) -> None:
    """A decoder in diffusers' own layout, weights as float16 safetensors."""
    index: dict[str, object] = {"_class_name": PIPELINES[modality], "_diffusers_version": "0.42.1"}
    for name, module in parts.items():
        module.half().save_pretrained(folder / name)
        _forget_origin(folder / name / "config.json")
        library = "transformers" if name == "text_encoder" else "diffusers"
        index[name] = [library, type(module).__name__]
    captioner.tokenizer.save_pretrained(folder / "tokenizer")
    index["tokenizer"] = ["transformers", type(captioner.tokenizer).__name__]
    new_scheduler().save_pretrained(folder / "scheduler")
    index["scheduler"] = ["diffusers", "DDIMScheduler"]
    if modality == "image":
        index |= {"safety_checker": [None, None], "feature_extractor": [None, None]}
        index["requires_safety_checker"] = False
    text = json.dumps(index, indent=2, sort_keys=True)
    (folder / "model_index.json").write_text(text + "\n", encoding="utf-8")


def _forget_origin(config: Path) -> None:
    """Leave out where a part was loaded from: a folder of the machine that trained it."""
    settings = json.loads(config.read_text(encoding="utf-8"))
    settings.pop("_name_or_path", None)
    text = json.dumps(settings, indent=2, sort_keys=True)
    config.write_text(text + "\n", encoding="utf-8")


def load_vae(folder: Path) -> AutoencoderTiny:
    """A trained autoencoder, frozen."""
    return AutoencoderTiny.from_pretrained(folder / "vae").eval().requires_grad_(False)


def vae_of(modality: str, runs: Path) -> AutoencoderTiny:
    """The frozen autoencoder whose latents a modality's U-Net denoises: the U-Net's own copy if it
    has one, else the run's."""
    own = runs / f"{modality}-unet"
    return load_vae(own if (own / "vae").is_dir() else runs / VAE_STAGE[modality])


def load_unet(modality: str, folder: Path) -> Any:
    """A modality's trained U-Net, frozen; `folder` holds its `unet/`."""
    kind = UNet3DConditionModel if modality == "video" else UNet2DConditionModel
    unet = kind.from_pretrained(folder / "unet")
    return unet.eval().requires_grad_(False)
