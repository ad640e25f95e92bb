"""Tiny random decoders in diffusers' own folder layout: real pipelines, a few kilobytes of weights.

Legend: W condition width, T text positions.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from diffusers import (
    AutoencoderKL,
    DDIMScheduler,
    UNet2DConditionModel,
    UNet3DConditionModel,
)
from diffusers.pipelines import AudioLDMPipeline, StableDiffusionPipeline, TextToVideoSDPipeline
from transformers import (
    ClapTextConfig,
    ClapTextModelWithProjection,
    CLIPTextConfig,
    CLIPTextModel,
    CLIPTokenizer,
    RobertaTokenizer,
    SpeechT5HifiGan,
    SpeechT5HifiGanConfig,
)

WIDTH = 16
TEXT_POSITIONS = 8
IMAGE_SHAPE = (TEXT_POSITIONS, WIDTH)
VIDEO_SHAPE = (TEXT_POSITIONS, WIDTH)
AUDIO_SHAPE = (WIDTH,)

_GROUPS: dict[str, Any] = {"norm_num_groups": 4}


def write_image_decoder(folder: Path) -> None:
    """StableDiffusion: 8 x 8 latents, 16 x 16 pixels, conditions of [T, W]."""
    pipeline = StableDiffusionPipeline(
        vae=autoencoder(channels=3),
        text_encoder=clip_text(),
        tokenizer=clip_tokenizer(),
        unet=unet(),
        scheduler=scheduler(),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    pipeline.save_pretrained(folder, safe_serialization=True)


def write_video_decoder(folder: Path) -> None:
    """TextToVideoSD: clips of 32 x 32 pixels, conditions of [T, W]."""
    pipeline = TextToVideoSDPipeline(
        vae=autoencoder(channels=3),
        text_encoder=clip_text(),
        tokenizer=clip_tokenizer(),
        unet=UNet3DConditionModel(
            sample_size=8,
            block_out_channels=(8, 8),
            layers_per_block=1,
            down_block_types=("CrossAttnDownBlock3D", "DownBlock3D"),
            up_block_types=("UpBlock3D", "CrossAttnUpBlock3D"),
            cross_attention_dim=WIDTH,
            attention_head_dim=4,
            **_GROUPS,
        ),
        scheduler=scheduler(),
    )
    pipeline.save_pretrained(folder, safe_serialization=True)


def write_audio_decoder(folder: Path) -> None:
    """AudioLDM with a HiFi-GAN of 16 mel bands at 16 kHz, conditions of [W]."""
    pipeline = AudioLDMPipeline(
        vae=autoencoder(channels=1),
        text_encoder=_clap_text(),
        tokenizer=roberta_tokenizer(),
        unet=UNet2DConditionModel(
            sample_size=8,
            block_out_channels=(8, 16),
            layers_per_block=1,
            down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
            up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
            cross_attention_dim=(8, 16),
            class_embed_type="simple_projection",
            projection_class_embeddings_input_dim=WIDTH,
            class_embeddings_concat=True,
            attention_head_dim=2,
            **_GROUPS,
        ),
        scheduler=scheduler(),
        vocoder=vocoder(),
    )
    pipeline.save_pretrained(folder, safe_serialization=True)


def unet(**changes: Any) -> UNet2DConditionModel:
    """A U-Net of pictures with 8 x 8 latents."""
    settings: dict[str, Any] = {
        "sample_size": 8,
        "block_out_channels": (8, 16),
        "layers_per_block": 1,
        "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D"),
        "up_block_types": ("CrossAttnUpBlock2D", "UpBlock2D"),
        "cross_attention_dim": WIDTH,
        "attention_head_dim": 2,
        **_GROUPS,
    }
    return UNet2DConditionModel(**settings | changes)


def autoencoder(channels: int) -> AutoencoderKL:
    """A VAE of two blocks and four latent channels."""
    return AutoencoderKL(
        in_channels=channels,
        out_channels=channels,
        down_block_types=("DownEncoderBlock2D", "DownEncoderBlock2D"),
        up_block_types=("UpDecoderBlock2D", "UpDecoderBlock2D"),
        block_out_channels=(8, 8),
        latent_channels=4,
        **_GROUPS,
    )


def scheduler() -> DDIMScheduler:
    """As Stable Diffusion is trained with."""
    return DDIMScheduler(
        beta_start=0.00085,
        beta_end=0.012,
        beta_schedule="scaled_linear",
        clip_sample=False,
        set_alpha_to_one=False,
        steps_offset=1,
    )


def _letters() -> dict[str, int]:
    """Ids of single letters after the special tokens; with `</w>` they end a word."""
    pieces = [chr(c) + end for c in range(ord("a"), ord("z") + 1) for end in ("", "</w>")]
    return {piece: 2 + i for i, piece in enumerate(pieces)}


def clip_tokenizer() -> CLIPTokenizer:
    """Knows single letters."""
    vocabulary = {"<|startoftext|>": 0, "<|endoftext|>": 1, **_letters()}
    return CLIPTokenizer(vocab=vocabulary, merges=[], model_max_length=TEXT_POSITIONS)


def clip_text(layers: int = 1) -> CLIPTextModel:
    """CLIP's text encoder, [T, W]."""
    return CLIPTextModel(
        CLIPTextConfig(
            vocab_size=64,
            hidden_size=WIDTH,
            intermediate_size=32,
            num_hidden_layers=layers,
            num_attention_heads=2,
            max_position_embeddings=TEXT_POSITIONS,
            projection_dim=WIDTH,
            bos_token_id=0,
            eos_token_id=1,
            pad_token_id=1,
        )
    ).eval()


def roberta_tokenizer() -> RobertaTokenizer:
    """Knows single letters."""
    special = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")
    letters = ["\u0120", *(chr(c) for c in range(ord("a"), ord("z") + 1))]
    vocabulary = {piece: i for i, piece in enumerate([*special, *letters])}
    return RobertaTokenizer(vocab=vocabulary, merges=[], model_max_length=TEXT_POSITIONS)


def _clap_text() -> ClapTextModelWithProjection:
    return ClapTextModelWithProjection(
        ClapTextConfig(
            vocab_size=64,
            hidden_size=WIDTH,
            intermediate_size=32,
            num_hidden_layers=1,
            num_attention_heads=2,
            max_position_embeddings=TEXT_POSITIONS + 2,
            projection_dim=WIDTH,
            type_vocab_size=1,
            pad_token_id=1,
        )
    ).eval()


def vocoder() -> SpeechT5HifiGan:
    """A HiFi-GAN of 16 mel bands at 16 kHz."""
    return SpeechT5HifiGan(
        SpeechT5HifiGanConfig(
            model_in_dim=16,
            sampling_rate=16000,
            upsample_initial_channel=8,
            upsample_rates=[2, 2],
            upsample_kernel_sizes=[4, 4],
            resblock_kernel_sizes=[3],
            resblock_dilation_sizes=[[1, 3, 5]],
            normalize_before=False,
        )
    ).eval()


def write_all(folder: Path, seed: int = 0) -> None:
    """All three decoders, in `folder`'s subfolders `image`, `audio` and `video`."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        write_image_decoder(folder / "image")
        write_audio_decoder(folder / "audio")
        write_video_decoder(folder / "video")
