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
from tests.tiny_decoders import TEXT_POSITIONS, WIDTH

CHAT = (
    "{% for message in messages %}{{ message['content'] }}{% endfor %}"
    "{% if add_generation_prompt %} ok{% endif %}"
)
"""A chat template of a few letters."""
SECOND = 24
"""Width of the second text encoder of Stable Diffusion XL, which differs from the first's."""
_LETTERS = [chr(c) for c in range(ord("a"), ord("z") + 1)]


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
        tokenizer=_gemma_tokenizer(),
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
        tokenizer=_t5_tokenizer(),
        text_encoder=_t5(),
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
        text_encoder=transformers.Qwen3Model(_qwen3()).eval(),
        tokenizer=_qwen_tokenizer(),
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
        text_encoder=transformers.Qwen3ForCausalLM(_qwen3(layers=28, width=8)).eval(),
        tokenizer=_qwen_tokenizer(),
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


def _audioldm2() -> Any:
    from diffusers.pipelines.audioldm2 import (
        AudioLDM2ProjectionModel,
        AudioLDM2UNet2DConditionModel,
    )

    width = 8
    return diffusers.AudioLDM2Pipeline(
        vae=tiny.autoencoder(channels=1),
        text_encoder=transformers.ClapModel(
            transformers.ClapConfig(
                text_config={
                    "vocab_size": 64,
                    "hidden_size": width,
                    "intermediate_size": 16,
                    "num_hidden_layers": 1,
                    "num_attention_heads": 2,
                    "max_position_embeddings": TEXT_POSITIONS + 2,
                    "type_vocab_size": 1,
                    "pad_token_id": 1,
                    "projection_dim": width,
                },
                audio_config={
                    "spec_size": 8,
                    "window_size": 4,
                    "num_mel_bins": 8,
                    "patch_size": 2,
                    "patch_stride": 2,
                    "patch_embeds_hidden_size": 8,
                    "depths": [1, 1],
                    "num_attention_heads": [1, 1],
                    "num_hidden_layers": 2,
                    "hidden_size": 16,
                    "projection_dim": width,
                },
                projection_dim=width,
            )
        ).eval(),
        tokenizer=tiny.roberta_tokenizer(),
        text_encoder_2=_t5(),
        tokenizer_2=_t5_tokenizer(),
        projection_model=AudioLDM2ProjectionModel(
            text_encoder_dim=width, text_encoder_1_dim=WIDTH, langauge_model_dim=width
        ),
        language_model=transformers.GPT2LMHeadModel(
            transformers.GPT2Config(
                vocab_size=16,
                n_positions=64,
                n_embd=width,
                n_layer=1,
                n_head=2,
                n_inner=16,
                max_new_tokens=4,
            )
        ).eval(),
        feature_extractor=transformers.ClapFeatureExtractor(feature_size=8),
        unet=AudioLDM2UNet2DConditionModel(
            sample_size=8,
            block_out_channels=(8, 16),
            layers_per_block=1,
            norm_num_groups=4,
            down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
            up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
            cross_attention_dim=((None, width, WIDTH), (None, width, WIDTH)),
            attention_head_dim=2,
        ),
        scheduler=tiny.scheduler(),
        vocoder=tiny.vocoder(),
    )


def _stable_audio() -> Any:
    from diffusers.pipelines.stable_audio import StableAudioProjectionModel

    return diffusers.StableAudioPipeline(
        vae=_oobleck(),
        text_encoder=_t5(),
        projection_model=StableAudioProjectionModel(
            text_encoder_dim=WIDTH, conditioning_dim=8, min_value=0, max_value=32
        ),
        tokenizer=_t5_tokenizer(),
        transformer=diffusers.StableAudioDiTModel(
            sample_size=64,
            in_channels=4,
            num_layers=1,
            attention_head_dim=8,
            num_attention_heads=2,
            num_key_value_attention_heads=2,
            out_channels=4,
            cross_attention_dim=8,
            time_proj_dim=8,
            global_states_input_dim=16,
            cross_attention_input_dim=8,
        ),
        scheduler=diffusers.EDMDPMSolverMultistepScheduler(
            solver_order=2, prediction_type="v_prediction", sigma_data=1.0
        ),
    )


def _stable_audio_3() -> Any:
    width = 16
    modules = {
        "vocab_size": 64,
        "hidden_size": width,
        "intermediate_size": 32,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "num_key_value_heads": 2,
        "head_dim": 8,
    }
    config = transformers.T5GemmaConfig(encoder=modules, decoder=modules, is_encoder_decoder=False)
    return diffusers.StableAudio3Pipeline(
        vae=diffusers.AutoencoderSAME(
            patch_size=8,
            encoder_channels=8,
            encoder_c_mults=(1,),
            encoder_strides=(2,),
            encoder_transformer_depths=(1,),
            latent_dim=8,
            dim_heads=4,
            ff_mult=1,
            encoder_sinusoidal_blocks=(0,),
            decoder_sinusoidal_blocks=(0,),
            sampling_rate=8000,
        ),
        text_encoder=transformers.T5GemmaEncoderModel(config).eval(),
        tokenizer=_gemma_tokenizer(),
        duration_embedder=diffusers.StableAudio3DurationEmbedder(output_dim=width, fourier_dim=8),
        transformer=diffusers.StableAudio3DiTModel(
            io_channels=8,
            embed_dim=16,
            depth=1,
            num_heads=2,
            cond_token_dim=width,
            global_cond_dim=width,
            local_add_cond_dim=9,
            timestep_features_dim=8,
            ff_mult=1.0,
            num_memory_tokens=2,
        ),
        scheduler=FlowMatchEulerDiscreteScheduler(stochastic_sampling=True),
    )


def _ace_step() -> Any:
    sizes = {
        "hidden_size": 16,
        "intermediate_size": 32,
        "num_attention_heads": 2,
        "num_key_value_heads": 1,
        "head_dim": 8,
    }
    from diffusers.pipelines.ace_step import AceStepConditionEncoder

    return diffusers.AceStepPipeline(
        vae=diffusers.AutoencoderOobleck(
            encoder_hidden_size=8,
            downsampling_ratios=[2, 4],
            channel_multiples=[1, 2],
            decoder_channels=8,
            decoder_input_channels=4,
            audio_channels=2,
            sampling_rate=800,
        ),
        text_encoder=transformers.Qwen3Model(_qwen3()).eval(),
        tokenizer=_qwen_tokenizer(),
        transformer=diffusers.AceStepTransformer1DModel(
            **sizes,
            num_hidden_layers=1,
            in_channels=12,
            audio_acoustic_hidden_dim=4,
            sliding_window=8,
        ),
        condition_encoder=AceStepConditionEncoder(
            **sizes,
            text_hidden_dim=WIDTH,
            timbre_hidden_dim=4,
            num_lyric_encoder_hidden_layers=1,
            num_timbre_encoder_hidden_layers=1,
            sliding_window=8,
        ),
        scheduler=FlowMatchEulerDiscreteScheduler(num_train_timesteps=1, shift=1.0),
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
        tokenizer=_t5_tokenizer(),
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
        text_encoder=_t5(),
        tokenizer=_t5_tokenizer(),
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


def _oobleck() -> Any:
    return diffusers.AutoencoderOobleck(
        encoder_hidden_size=8,
        downsampling_ratios=[2, 4],
        channel_multiples=[1, 2],
        decoder_channels=8,
        decoder_input_channels=4,
        audio_channels=2,
        sampling_rate=800,
    )


def _t5() -> Any:
    config = transformers.T5Config(
        vocab_size=64, d_model=WIDTH, d_kv=8, d_ff=16, num_layers=1, num_heads=2
    )
    return transformers.T5EncoderModel(config).eval()


def _t5_tokenizer() -> Any:
    pieces = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("\u2581", -2.0)]
    letters = [(letter, -3.0) for letter in _LETTERS]
    return transformers.T5Tokenizer(
        vocab=[*pieces, *letters], extra_ids=0, model_max_length=TEXT_POSITIONS
    )


def _qwen3(layers: int = 2, width: int = WIDTH) -> Any:
    return transformers.Qwen3Config(
        vocab_size=64,
        hidden_size=width,
        intermediate_size=16,
        num_hidden_layers=layers,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=8,
        max_position_embeddings=600,
    )


def _qwen_tokenizer() -> Any:
    pieces = ["<|endoftext|>", "\u0120", *_LETTERS]
    made = transformers.Qwen2Tokenizer(
        vocab={piece: number for number, piece in enumerate(pieces)}, merges=[]
    )
    made.chat_template = CHAT
    return made


def _gemma_tokenizer() -> Any:
    pieces = ["<pad>", "<eos>", "<bos>", "<unk>", "<mask>", "\u2581", *_LETTERS]
    return transformers.GemmaTokenizer(
        vocab={piece: number for number, piece in enumerate(pieces)},
        merges=[],
        model_max_length=TEXT_POSITIONS,
    )


_MAKERS: dict[str, Callable[[], Any]] = {
    "StableDiffusionXLPipeline": _sdxl,
    "LatentConsistencyModelPipeline": _latent_consistency,
    "SanaSprintPipeline": _sana_sprint,
    "PixArtSigmaPipeline": _pixart,
    "ZImagePipeline": _z_image,
    "Flux2KleinPipeline": _flux2_klein,
    "AudioLDM2Pipeline": _audioldm2,
    "StableAudioPipeline": _stable_audio,
    "StableAudio3Pipeline": _stable_audio_3,
    "AceStepPipeline": _ace_step,
    "AnimateDiffPipeline": _animate_diff,
    "WanPipeline": _wan,
    "LTXPipeline": _ltx,
}
CLASSES = tuple(_MAKERS)
"""Names of the classes that can be written."""
