"""A bundle of the published shapes without a number in it: NExT-GPT's 7B language model in Q4,
ImageBind-huge, the projections, Stable Diffusion 1.5, AudioLDM-L and ZeroScope, all in float16.

Its files have true heads and holes instead of weights, so they take no room on the disk; the same
networks can be had on torch's meta device, where they run without numbers.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import torch
from torch import nn

from runtime.bundle.bundle import Bundle
from runtime.bundle.manifest import (
    FORMAT,
    EncoderSpec,
    FileSpec,
    InputProjectionSpec,
    LanguageModelSpec,
    Manifest,
    SignalSpec,
    TemplateSpec,
)
from runtime.encoder.config import EncoderConfig
from runtime.encoder.model import ImageBindEncoder
from runtime.projection import build_input_projection, build_output_projection
from tests.runtime.needs import shapes

D_MODEL, N_VOCAB, N_CTX = 4096, 32_038, 2048
ENCODER: Final = EncoderConfig.huge()
INPUT: Final = InputProjectionSpec("linear", "input.safetensors")
SETTINGS: Final[dict[str, dict[str, object]]] = {
    "image": {"width": 512, "height": 512},
    "audio": {"seconds": 9.0},
    "video": {"width": 576, "height": 320, "frames": 24, "fps": 8},
}
CONDITIONS: Final = {"image": (77, 768), "audio": (512,), "video": (77, 1024)}
_SIGNALS: Final = {"image": 4, "audio": 8, "video": 24}
_BLOCKS: Final = (128, 256, 512, 512)
_KINDS: Final = {torch.float32: "F32", torch.float16: "F16", torch.int64: "I64"}


def networks(modality: str) -> dict[str, nn.Module]:
    """A decoder's networks by component, on the meta device in float16; without text encoders,
    which no condition needs."""
    with half_on_meta():
        return {name: make() for name, make in _MAKERS[modality].items()}


def encoder() -> ImageBindEncoder:
    """ImageBind-huge, likewise."""
    with half_on_meta():
        return ImageBindEncoder(ENCODER).eval()


class half_on_meta:  # noqa: N801  (a context manager, used like a function)
    """While open, modules are made on the meta device in float16."""

    def __enter__(self) -> None:
        self._before, self._meta = torch.get_default_dtype(), torch.device("meta")
        torch.set_default_dtype(torch.float16)
        self._meta.__enter__()

    def __exit__(self, *_: object) -> None:
        self._meta.__exit__(None, None, None)
        torch.set_default_dtype(self._before)


def write(folder: Path) -> Bundle:
    """Write the whole bundle; it cannot be loaded, only measured."""
    shapes.write(folder / "llm.gguf", shapes.SEVEN_B)
    _write(encoder(), folder / "encoder.safetensors")
    with half_on_meta():
        joined = build_input_projection(INPUT, d_encoder=ENCODER.embed_dim, d_model=D_MODEL)
    _write(joined, folder / INPUT.file)
    signals = {modality: _signal(modality) for modality in CONDITIONS}
    for modality, signal in signals.items():
        with half_on_meta():
            projection = build_output_projection(signal, d_model=D_MODEL)
        _write(projection, folder / signal.projection)
        _write_decoder(folder / signal.decoder, networks(modality))
    files = {
        str(path.relative_to(folder)): FileSpec("", path.stat().st_size)
        for path in folder.rglob("*")
        if path.is_file()
    }
    return Bundle(_manifest(signals, files), folder)


def _signal(modality: str) -> SignalSpec:
    return SignalSpec(
        renderer=f"medley.{modality}",
        decoder=f"decoders/{modality}",
        condition_shape=CONDITIONS[modality],
        settings=SETTINGS[modality],
        token_ids=tuple(range(_SIGNALS[modality])),
        projection=f"output_{modality}.safetensors",
    )


def _manifest(signals: dict[str, SignalSpec], files: dict[str, FileSpec]) -> Manifest:
    return Manifest(
        format=FORMAT,
        name="seven",
        title="NExT-GPT 7B",
        description="Shapes without numbers.",
        version="0",
        routing="projected",
        licences=(),
        language_model=LanguageModelSpec("llm.gguf", D_MODEL, N_VOCAB, N_CTX, max_new_tokens=512),
        template=TemplateSpec(user_open="", user_close="", answer_close=""),
        signals=signals,
        files=files,
        encoder=EncoderSpec("encoder.safetensors", ENCODER.to_table()),
        input_projection=INPUT,
    )


def _write_decoder(folder: Path, found: dict[str, nn.Module]) -> None:
    for name, network in found.items():
        part = folder / name
        part.mkdir(parents=True)
        _write(network, part / "diffusion_pytorch_model.safetensors")
        config: Any = network.config
        plain = dict(config) if isinstance(config, dict) else config.to_dict()
        (part / "config.json").write_text(json.dumps(plain, default=str))


def _write(network: nn.Module, path: Path) -> None:
    """A safetensors file of a true head and holes."""
    head, size = {}, 0
    for name, tensor in network.state_dict().items():
        end = size + tensor.numel() * tensor.element_size()
        kind = _KINDS[tensor.dtype]
        head[name] = {"dtype": kind, "shape": list(tensor.shape), "data_offsets": [size, end]}
        size = end
    text = json.dumps(head).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text)
    os.truncate(path, 8 + len(text) + size)


def _picture_vae() -> Any:
    from diffusers import AutoencoderKL

    return AutoencoderKL(
        block_out_channels=_BLOCKS,
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        layers_per_block=2,
        sample_size=512,
    )


def _sound_vae() -> Any:
    from diffusers import AutoencoderKL

    return AutoencoderKL(
        in_channels=1,
        out_channels=1,
        latent_channels=8,
        block_out_channels=(128, 256, 512),
        down_block_types=("DownEncoderBlock2D",) * 3,
        up_block_types=("UpDecoderBlock2D",) * 3,
        layers_per_block=2,
        sample_size=1024,
    )


def _picture_unet() -> Any:
    from diffusers import UNet2DConditionModel

    return UNet2DConditionModel(sample_size=64, cross_attention_dim=768)


def _sound_unet() -> Any:
    from diffusers import UNet2DConditionModel

    widths = (256, 512, 768, 1280)
    return UNet2DConditionModel(
        sample_size=128,
        in_channels=8,
        out_channels=8,
        block_out_channels=widths,
        cross_attention_dim=widths,
        class_embed_type="simple_projection",
        class_embeddings_concat=True,
        projection_class_embeddings_input_dim=512,
    )


def _clip_unet() -> Any:
    from diffusers import UNet3DConditionModel

    return UNet3DConditionModel()


def _vocoder() -> Any:
    from transformers import SpeechT5HifiGan, SpeechT5HifiGanConfig

    config = SpeechT5HifiGanConfig(
        model_in_dim=64,
        upsample_initial_channel=1024,
        upsample_rates=[5, 4, 2, 2, 2],
        upsample_kernel_sizes=[16, 16, 8, 4, 4],
    )
    return SpeechT5HifiGan(config)


_MAKERS: Final[dict[str, dict[str, Callable[[], Any]]]] = {
    "image": {"unet": _picture_unet, "vae": _picture_vae},
    "audio": {"unet": _sound_unet, "vae": _sound_vae, "vocoder": _vocoder},
    "video": {"unet": _clip_unet, "vae": _picture_vae},
}
