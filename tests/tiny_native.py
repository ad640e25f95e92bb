"""Tiny random pipelines whose text encoder is the tiny Qwen3: real Z-Image and FLUX.2 klein.

Legend: D width of Qwen3.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from diffusers import (
    AutoencoderKL,
    AutoencoderKLFlux2,
    FlowMatchEulerDiscreteScheduler,
    Flux2KleinPipeline,
    Flux2Transformer2DModel,
    ZImagePipeline,
    ZImageTransformer2DModel,
)
from transformers import Qwen3ForCausalLM

from tests import tiny_qwen3

LAYERS = 28
"""FLUX.2 klein asks for the states behind 9, 18 and 27 of them."""
_BLOCKS: dict[str, Any] = {
    "down_block_types": ("DownEncoderBlock2D", "DownEncoderBlock2D"),
    "up_block_types": ("UpDecoderBlock2D", "UpDecoderBlock2D"),
    "block_out_channels": (8, 8),
    "norm_num_groups": 4,
    "latent_channels": 4,
}


def z_image(text_encoder: Qwen3ForCausalLM | None = None) -> ZImagePipeline:
    """Z-Image: conditions [N, D]."""
    transformer = ZImageTransformer2DModel(
        in_channels=4,
        dim=32,
        n_layers=2,
        n_refiner_layers=1,
        n_heads=2,
        n_kv_heads=2,
        cap_feat_dim=tiny_qwen3.WIDTH,
        axes_dims=[4, 6, 6],
        axes_lens=[1024, 64, 64],
    )
    return ZImagePipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(shift=3.0),
        vae=_same(lambda: AutoencoderKL(**_BLOCKS, shift_factor=0.1, scaling_factor=0.4)),
        text_encoder=text_encoder,
        tokenizer=None if text_encoder is None else tiny_qwen3.tokenizer(),
        transformer=_random(transformer),
    )


def flux2_klein(text_encoder: Qwen3ForCausalLM | None = None) -> Flux2KleinPipeline:
    """FLUX.2 klein: conditions [512, 3 * D]."""
    transformer = Flux2Transformer2DModel(
        in_channels=16,
        num_layers=1,
        num_single_layers=1,
        attention_head_dim=16,
        num_attention_heads=2,
        joint_attention_dim=3 * tiny_qwen3.WIDTH,
        axes_dims_rope=(4, 4, 4, 4),
        guidance_embeds=False,
    )
    return Flux2KleinPipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=True),
        vae=_same(lambda: AutoencoderKLFlux2(**_BLOCKS)),
        text_encoder=text_encoder,
        tokenizer=None if text_encoder is None else tiny_qwen3.tokenizer(),
        transformer=_random(transformer),
        is_distilled=True,
    )


def write(pipeline: ZImagePipeline | Flux2KleinPipeline, folder: Path) -> Path:
    """The pipeline's folder, as published ones are."""
    pipeline.save_pretrained(folder, safe_serialization=True)
    return folder


def _same(make: Callable[[], torch.nn.Module]) -> Any:
    """A network with the weights that it has every time."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        return make().eval()


def _random(model: torch.nn.Module) -> Any:
    """Weights under which the condition moves every pixel."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(7)
        for parameter in model.parameters():
            torch.nn.init.normal_(parameter, std=0.15)
    return model.eval()
