"""Tiny random pipelines of the classes beside those of `tests.tiny_decoders`, in diffusers' layout.

    write("WanPipeline", folder)

Legend: W condition width, T text positions.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import diffusers
import torch
import transformers
from diffusers import DDIMScheduler, FlowMatchEulerDiscreteScheduler

from tests import tiny_decoders as tiny
from tests import tiny_sound_pipelines as sounds
from tests.tiny_decoders import TEXT_POSITIONS, WIDTH
from tests.tiny_text_parts import gemma_tokenizer, qwen3, qwen_tokenizer, t5, t5_tokenizer

SECOND = 24
"""Width of the second text encoder of Stable Diffusion XL, which differs from the first's."""


def write(name: str, folder: Path, seed: int = 0) -> Path:
    """A pipeline of a class, written by diffusers itself."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        _MAKERS[name]().save_pretrained(folder, safe_serialization=True)
    return folder


def _sdxl() -> Any:
    return diffusers.StableDiffusionXLPipeline(
        vae=tiny.autoencoder(channels=3),
        text_encoder=tiny.clip_text(layers=2),
        text_encoder_2=transformers.CLIPTextModelWithProjection(
            transformers.CLIPTextConfig(
                vocab_size=64,
                hidden_size=SECOND,
                intermediate_size=32,
                num_hidden_layers=2,
                num_attention_heads=2,
                max_position_embeddings=TEXT_POSITIONS,
                projection_dim=SECOND,
                bos_token_id=0,
                eos_token_id=1,
                pad_token_id=1,
            )
        ).eval(),
        tokenizer=tiny.clip_tokenizer(),
        tokenizer_2=tiny.clip_tokenizer(),
        unet=tiny.unet(
            cross_attention_dim=WIDTH + SECOND,
            addition_embed_type="text_time",
            addition_time_embed_dim=8,
            projection_class_embeddings_input_dim=SECOND + 6 * 8,
        ),
        scheduler=tiny.scheduler(),
    )


def _latent_consistency() -> Any:
    return diffusers.LatentConsistencyModelPipeline(
        vae=tiny.autoencoder(channels=3),
        text_encoder=tiny.clip_text(),
        tokenizer=tiny.clip_tokenizer(),
        unet=tiny.unet(time_cond_proj_dim=8),
        scheduler=diffusers.LCMScheduler(
            beta_start=0.00085,
            beta_end=0.012,
            beta_schedule="scaled_linear",
            clip_sample=False,
            set_alpha_to_one=False,
        ),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )


def _sana_sprint() -> Any:
    return diffusers.SanaSprintPipeline(
        tokenizer=gemma_tokenizer(),
        text_encoder=transformers.Gemma2Model(
            transformers.Gemma2Config(
                vocab_size=64,
                hidden_size=WIDTH,
                intermediate_size=32,
                num_hidden_layers=1,
                num_attention_heads=2,
                num_key_value_heads=1,
                head_dim=8,
            )
        ).eval(),
        vae=diffusers.AutoencoderDC(
            latent_channels=4,
            attention_head_dim=2,
            encoder_block_types=("ResBlock", "EfficientViTBlock"),
            decoder_block_types=("ResBlock", "EfficientViTBlock"),
            encoder_block_out_channels=(8, 8),
            decoder_block_out_channels=(8, 8),
            encoder_qkv_multiscales=((), (5,)),
            decoder_qkv_multiscales=((), (5,)),
            encoder_layers_per_block=(1, 1),
            decoder_layers_per_block=(1, 1),
            upsample_block_type="interpolate",
            downsample_block_type="stride_conv",
            decoder_norm_types="rms_norm",
            decoder_act_fns="silu",
            scaling_factor=0.41407,
        ),
        transformer=diffusers.SanaTransformer2DModel(
            patch_size=1,
            in_channels=4,
            out_channels=4,
            num_layers=1,
            num_attention_heads=2,
            attention_head_dim=4,
            num_cross_attention_heads=2,
            cross_attention_head_dim=4,
            cross_attention_dim=8,
            caption_channels=WIDTH,
            sample_size=8,
            qk_norm="rms_norm_across_heads",
            guidance_embeds=True,
        ),
        scheduler=diffusers.SCMScheduler(),
    )


def _pixart() -> Any:
    return diffusers.PixArtSigmaPipeline(
        tokenizer=t5_tokenizer(),
        text_encoder=t5(),
        vae=tiny.autoencoder(channels=3),
        transformer=diffusers.PixArtTransformer2DModel(
            sample_size=8,
            num_layers=1,
            patch_size=2,
            attention_head_dim=8,
            num_attention_heads=2,
            caption_channels=WIDTH,
            in_channels=4,
            out_channels=8,
            cross_attention_dim=16,
            use_additional_conditions=False,
        ),
        scheduler=tiny.scheduler(),
    )


def _z_image() -> Any:
    return diffusers.ZImagePipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(shift=3.0),
        vae=diffusers.AutoencoderKL(**_KL, scaling_factor=0.3611, shift_factor=0.1159),
        text_encoder=transformers.Qwen3Model(qwen3()).eval(),
        tokenizer=qwen_tokenizer(),
        transformer=diffusers.ZImageTransformer2DModel(
            all_patch_size=(2,),
            all_f_patch_size=(1,),
            in_channels=4,
            dim=16,
            n_layers=1,
            n_refiner_layers=1,
            n_heads=2,
            n_kv_heads=2,
            cap_feat_dim=WIDTH,
            axes_dims=[4, 2, 2],
            axes_lens=[256, 32, 32],
        ),
    )


def _flux2_klein() -> Any:
    return diffusers.Flux2KleinPipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(),
        vae=diffusers.AutoencoderKLFlux2(
            block_out_channels=(8, 8),
            layers_per_block=1,
            latent_channels=4,
            norm_num_groups=4,
            down_block_types=("DownEncoderBlock2D",) * 2,
            up_block_types=("UpDecoderBlock2D",) * 2,
        ),
        text_encoder=transformers.Qwen3ForCausalLM(qwen3(layers=28, width=8)).eval(),
        tokenizer=qwen_tokenizer(),
        transformer=diffusers.Flux2Transformer2DModel(
            in_channels=16,
            num_layers=1,
            num_single_layers=1,
            attention_head_dim=16,
            num_attention_heads=2,
            joint_attention_dim=3 * 8,
            timestep_guidance_channels=16,
            axes_dims_rope=(4, 4, 4, 4),
            guidance_embeds=False,
        ),
        is_distilled=False,
    )


def _animate_diff() -> Any:
    return diffusers.AnimateDiffPipeline(
        vae=tiny.autoencoder(channels=3),
        text_encoder=tiny.clip_text(),
        tokenizer=tiny.clip_tokenizer(),
        unet=tiny.unet(),
        motion_adapter=diffusers.MotionAdapter(
            block_out_channels=(8, 16),
            motion_layers_per_block=1,
            motion_norm_num_groups=2,
            motion_num_attention_heads=2,
        ),
        scheduler=DDIMScheduler(beta_schedule="linear", clip_sample=False),
    )


def _wan() -> Any:
    return diffusers.WanPipeline(
        tokenizer=t5_tokenizer(),
        text_encoder=transformers.UMT5EncoderModel(
            transformers.UMT5Config(
                vocab_size=64, d_model=WIDTH, d_kv=8, d_ff=16, num_layers=1, num_heads=2
            )
        ).eval(),
        vae=diffusers.AutoencoderKLWan(
            base_dim=4,
            z_dim=16,
            dim_mult=[1, 1, 1, 1],
            num_res_blocks=1,
            temperal_downsample=[False, True, True],
        ),
        scheduler=diffusers.UniPCMultistepScheduler(
            prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=3.0
        ),
        transformer=diffusers.WanTransformer3DModel(
            patch_size=(1, 2, 2),
            num_attention_heads=2,
            attention_head_dim=12,
            in_channels=16,
            out_channels=16,
            text_dim=WIDTH,
            freq_dim=16,
            ffn_dim=16,
            num_layers=1,
            rope_max_seq_len=32,
        ),
    )


def _ltx() -> Any:
    return diffusers.LTXPipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(),
        vae=diffusers.AutoencoderKLLTXVideo(
            latent_channels=8,
            block_out_channels=(8, 8, 8, 8),
            decoder_block_out_channels=(8, 8, 8, 8),
            layers_per_block=(1, 1, 1, 1, 1),
            decoder_layers_per_block=(1, 1, 1, 1, 1),
            patch_size=4,
            patch_size_t=1,
        ),
        text_encoder=t5(),
        tokenizer=t5_tokenizer(),
        transformer=diffusers.LTXVideoTransformer3DModel(
            in_channels=8,
            out_channels=8,
            num_attention_heads=2,
            attention_head_dim=8,
            cross_attention_dim=16,
            num_layers=1,
            caption_channels=WIDTH,
        ),
    )


_KL: dict[str, Any] = {
    "down_block_types": ("DownEncoderBlock2D", "DownEncoderBlock2D"),
    "up_block_types": ("UpDecoderBlock2D", "UpDecoderBlock2D"),
    "block_out_channels": (8, 8),
    "latent_channels": 4,
    "norm_num_groups": 4,
    "use_quant_conv": False,
    "use_post_quant_conv": False,
}


_MAKERS: dict[str, Callable[[], Any]] = {
    "StableDiffusionXLPipeline": _sdxl,
    "LatentConsistencyModelPipeline": _latent_consistency,
    "SanaSprintPipeline": _sana_sprint,
    "PixArtSigmaPipeline": _pixart,
    "ZImagePipeline": _z_image,
    "Flux2KleinPipeline": _flux2_klein,
    "AudioLDM2Pipeline": sounds.audioldm2,
    "StableAudioPipeline": sounds.stable_audio,
    "StableAudio3Pipeline": sounds.stable_audio_3,
    "AceStepPipeline": sounds.ace_step,
    "AnimateDiffPipeline": _animate_diff,
    "WanPipeline": _wan,
    "LTXPipeline": _ltx,
}
CLASSES = tuple(_MAKERS)
"""Names of the classes that can be written."""
