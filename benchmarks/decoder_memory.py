"""How much memory decoders of true size take: the weights of each part, by meta tensors.

Nothing is loaded or fetched: each part is built without numbers, at the sizes that its makers
publish. Text encoders are told apart, since they are needed for captions alone and leave memory
before the denoiser where both do not fit.

    python -m benchmarks.decoder_memory
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import diffusers
import torch
import transformers

from plugins import checkpoints

Sizes = Mapping[str, Any]
_HALF = 2
"""Bytes of a number in float16 or bfloat16."""
_T5_XXL = {
    "d_model": 4096, "d_kv": 64, "d_ff": 10240, "num_layers": 24, "num_heads": 64,
    "feed_forward_proj": "gated-gelu",
}  # fmt: skip
_QWEN3_4B = {
    "vocab_size": 151936, "hidden_size": 2560, "intermediate_size": 9728, "num_hidden_layers": 36,
    "num_attention_heads": 32, "num_key_value_heads": 8, "head_dim": 128,
    "tie_word_embeddings": True,
}  # fmt: skip
_GEMMA2_2B = {
    "vocab_size": 256000, "hidden_size": 2304, "intermediate_size": 9216, "num_hidden_layers": 26,
    "num_attention_heads": 8, "num_key_value_heads": 4, "head_dim": 256,
}  # fmt: skip
_T5_BASE = {"d_model": 768, "d_kv": 64, "d_ff": 3072, "num_layers": 12, "num_heads": 12}
_KL16 = {
    "down_block_types": ("DownEncoderBlock2D",) * 4, "up_block_types": ("UpDecoderBlock2D",) * 4,
    "block_out_channels": (128, 256, 512, 512), "layers_per_block": 2, "latent_channels": 16,
    "use_quant_conv": False, "use_post_quant_conv": False,
}  # fmt: skip
_WAN_SMALL = {"num_attention_heads": 12, "ffn_dim": 8960, "num_layers": 30}
_KLEIN = {
    "num_layers": 5, "num_single_layers": 20, "num_attention_heads": 24,
    "joint_attention_dim": 7680, "guidance_embeds": False,
}  # fmt: skip
_ZEROSCOPE = {"cross_attention_dim": 1024, "attention_head_dim": 64, "sample_size": 32}


def rows() -> list[tuple[str, dict[str, float]]]:
    """Each decoder with the billions of numbers of its parts."""
    sd, xl = (_shipped(kind) for kind in checkpoints.KINDS)
    motion = _model("MotionAdapter", {})
    oobleck = _model("AutoencoderOobleck", {})
    t5, qwen3 = (
        _text("T5EncoderModel", "T5Config", _T5_XXL),
        _text("Qwen3Model", "Qwen3Config", _QWEN3_4B),
    )
    gemma = _text("Gemma2Model", "Gemma2Config", _GEMMA2_2B)
    return [
        ("Stable Diffusion 1.5, LCM", sd),
        ("Stable Diffusion XL, Turbo", xl),
        (
            "Sana Sprint 1.6B",
            {
                "denoiser": _model("SanaTransformer2DModel", {"guidance_embeds": True}),
                "vae": _model("AutoencoderDC", _sana_vae()),
                "text": gemma,
            },
        ),
        (
            "PixArt Sigma",
            {
                "denoiser": _model(
                    "PixArtTransformer2DModel",
                    {"caption_channels": 4096, "use_additional_conditions": False},
                ),
                "vae": sd["vae"],
                "text": t5,
            },
        ),
        (
            "Z-Image",
            {
                "denoiser": _model("ZImageTransformer2DModel", {}),
                "vae": _model("AutoencoderKL", _KL16),
                "text": qwen3,
            },
        ),
        (
            "FLUX.2 klein 4B",
            {
                "denoiser": _model("Flux2Transformer2DModel", _KLEIN),
                "vae": _model("AutoencoderKLFlux2", {}),
                "text": qwen3,
            },
        ),
        (
            "Stable Audio Open",
            {
                "denoiser": _model("StableAudioDiTModel", {}),
                "vae": oobleck,
                "text": _text("T5EncoderModel", "T5Config", _T5_BASE),
            },
        ),
        (
            "ZeroScope",
            {
                "denoiser": _model("UNet3DConditionModel", _ZEROSCOPE),
                "vae": sd["vae"],
                "text": _open_clip(),
            },
        ),
        (
            "AnimateDiff on Stable Diffusion 1.5",
            {**sd, "denoiser": sd["denoiser"] + motion},
        ),
        (
            "Wan 2.1 1.3B",
            {
                "denoiser": _model("WanTransformer3DModel", _WAN_SMALL),
                "vae": _model("AutoencoderKLWan", {}),
                "text": _text("UMT5EncoderModel", "UMT5Config", {**_T5_XXL, "vocab_size": 256384}),
            },
        ),
        (
            "LTX-Video 2B",
            {
                "denoiser": _model("LTXVideoTransformer3DModel", {}),
                "vae": _model("AutoencoderKLLTXVideo", {}),
                "text": t5,
            },
        ),
    ]


def _sana_vae() -> Sizes:
    blocks = ("ResBlock",) * 3 + ("EfficientViTBlock",) * 3
    return {"encoder_block_types": blocks, "decoder_block_types": blocks}


def _open_clip() -> float:
    sizes = {"hidden_size": 1024, "intermediate_size": 4096, "num_hidden_layers": 23}
    return _text("CLIPTextModel", "CLIPTextConfig", {**sizes, "num_attention_heads": 16})


def _shipped(kind: str) -> dict[str, float]:
    """The parts of a kind of checkpoint, from the configurations that come with Medley."""
    files = checkpoints.configuration(kind)

    def config(part: str) -> Sizes:
        found: Sizes = json.loads(Path(files[f"{part}/config.json"]).read_text("utf-8"))
        return found

    texts = [part for part in ("text_encoder", "text_encoder_2") if f"{part}/config.json" in files]
    return {
        "denoiser": _model("UNet2DConditionModel", config("unet")),
        "vae": _model("AutoencoderKL", config("vae")),
        "text": sum(_text("CLIPTextModel", "CLIPTextConfig", config(part)) for part in texts),
    }


def _model(name: str, sizes: Sizes) -> float:
    cls = getattr(diffusers, name)
    with torch.device("meta"):
        return _billions(cls.from_config(dict(sizes)))


def _text(name: str, config: str, sizes: Sizes) -> float:
    module = importlib.import_module("transformers")
    with torch.device("meta"):
        return _billions(getattr(module, name)(getattr(module, config)(**sizes)))


def _billions(model: torch.nn.Module) -> float:
    return sum(parameter.numel() for parameter in model.parameters()) / 1e9


def main() -> None:
    """Print the table of docs/renderers.md."""
    diffusers.utils.logging.set_verbosity_error()
    transformers.utils.logging.set_verbosity_error()
    print("| decoder | denoiser | VAE | text encoders | without captions | most at once |")
    print("|---|---|---|---|---|---|")
    for name, parts in rows():
        sizes = {part: count * _HALF for part, count in parts.items()}
        alone = sizes["denoiser"] + sizes["vae"]
        told = [*(sizes[part] for part in ("denoiser", "vae", "text")), alone]
        shown = " | ".join(f"{size:.2f}" for size in told)
        print(f"| {name} | {shown} | {max(alone, sizes['text']):.2f} |")


if __name__ == "__main__":
    main()
