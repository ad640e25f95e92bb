"""Tiny random pipelines that make sounds, beside those of `tests.tiny_decoders`."""

from __future__ import annotations

from typing import Any

import diffusers
import transformers
from diffusers import FlowMatchEulerDiscreteScheduler

from tests import tiny_decoders as tiny
from tests.tiny_decoders import TEXT_POSITIONS, WIDTH
from tests.tiny_text_parts import gemma_tokenizer, qwen3, qwen_tokenizer, t5, t5_tokenizer


def audioldm2() -> Any:
    """AudioLDM 2."""
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
        text_encoder_2=t5(),
        tokenizer_2=t5_tokenizer(),
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


def stable_audio() -> Any:
    """Stable Audio Open."""
    from diffusers.pipelines.stable_audio import StableAudioProjectionModel

    return diffusers.StableAudioPipeline(
        vae=_oobleck(),
        text_encoder=t5(),
        projection_model=StableAudioProjectionModel(
            text_encoder_dim=WIDTH, conditioning_dim=8, min_value=0, max_value=32
        ),
        tokenizer=t5_tokenizer(),
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


def stable_audio_3() -> Any:
    """Stable Audio 3."""
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
        tokenizer=gemma_tokenizer(),
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


def ace_step() -> Any:
    """ACE-Step."""
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
        text_encoder=transformers.Qwen3Model(qwen3()).eval(),
        tokenizer=qwen_tokenizer(),
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
