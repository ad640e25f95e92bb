"""A complete any-to-any bundle of random weights, made in seconds: every part is the real class.

Its language model is scripted: greedy, it answers everything with the same words and one picture,
one sound and one clip, whose conditions depend on the whole prompt.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import torch
from safetensors.torch import save_file

from runtime.bundle.bundle import Bundle
from runtime.bundle.manifest import (
    FORMAT,
    EncoderSpec,
    InputProjectionSpec,
    LanguageModelSpec,
    Licence,
    Manifest,
    SignalSpec,
    TemplateSpec,
)
from runtime.bundle.write import write_manifest
from runtime.encoder.config import AudioConfig, EncoderConfig, VisionConfig
from runtime.encoder.model import ImageBindEncoder
from runtime.projection import build_input_projection, build_output_projection
from tests import tiny_decoders, tiny_llama

D_MODEL = 256
N_CTX = 512
SHAPES: dict[str, tuple[int, ...]] = {
    "image": tiny_decoders.IMAGE_SHAPE,
    "audio": tiny_decoders.AUDIO_SHAPE,
    "video": tiny_decoders.VIDEO_SHAPE,
}
SETTINGS: dict[str, dict[str, int | float]] = {
    "image": {"steps": 2, "width": 16, "height": 16},
    "audio": {"steps": 2, "seconds": 0.25},
    "video": {"steps": 2, "frames": 3, "fps": 4, "width": 16, "height": 16},
}
ENCODER = EncoderConfig(
    embed_dim=16,
    vision=VisionConfig(
        image_size=16, patch=8, width=16, depth=1, heads=2, clips=1, clip_seconds=1.0, crops=1
    ),
    audio=AudioConfig(
        mel_bins=16,
        target_frames=40,
        kernel=8,
        stride=4,
        width=16,
        depth=1,
        heads=2,
        clips=1,
        clip_seconds=1.0,
    ),
)

Routing = Literal["projected", "captioned"]


def write_tiny_bundle(folder: Path, *, routing: Routing = "projected", seed: int = 0) -> Bundle:
    """Write a whole bundle to `folder` and open it."""
    folder.mkdir(parents=True, exist_ok=True)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        _write_language_model(folder / "llm.gguf")
        manifest = _manifest(routing)
        _write_encoder(folder)
        _write_projections(folder, manifest)
        tiny_decoders.write_all(folder / "decoders", seed)
    write_manifest(folder, manifest)
    return Bundle.open(folder)


def answer_ids() -> list[int]:
    """What the greedy answer to everything is: three signals among words."""
    signals = tiny_llama.signal_ids()
    path = tiny_llama.ids("<assistant>")
    for words, modality in (("a red boat", "image"), (" bell", "audio"), (" snow", "video")):
        path += [*tiny_llama.ids(words), *signals[modality]]
    return [*path, *tiny_llama.ids(" now</s>")]


def _write_language_model(path: Path) -> None:
    """A scripted model whose states still depend a little on all that came before."""
    model = tiny_llama.scripted_llama(answer_ids())
    with torch.no_grad():
        for layer in model.model.layers:
            layer.self_attn.o_proj.weight.normal_(std=0.0005)
    tiny_llama.write_gguf(model, path)


def _manifest(routing: Routing) -> Manifest:
    return Manifest(
        format=FORMAT,
        name="tiny",
        title="Tiny",
        description="Random weights for tests.",
        version="0",
        routing=routing,
        licences=(Licence("all weights", "Apache-2.0", "made by the tests"),),
        language_model=LanguageModelSpec(
            "llm.gguf", D_MODEL, tiny_llama.tokenizer().get_vocab_size(), N_CTX, max_new_tokens=64
        ),
        template=TemplateSpec(
            user_open="<s><user>",
            user_close="<assistant>",
            answer_close="</s>",
            media_open="<Img>",
            media_close="</Img>",
        ),
        signals={modality: _signal(modality, routing) for modality in SHAPES},
        files={},
        encoder=EncoderSpec("encoder.safetensors", ENCODER.to_table()),
        input_projection=InputProjectionSpec("linear", "input_projection.safetensors"),
    )


def _signal(modality: str, routing: Routing) -> SignalSpec:
    common = {
        "renderer": f"medley.{modality}",
        "decoder": f"decoders/{modality}",
        "condition_shape": SHAPES[modality],
        "settings": SETTINGS[modality],
    }
    if routing == "captioned":
        tags = {"caption_open": f"<{modality}>", "caption_close": f"</{modality}>"}
        return SignalSpec(token_ids=(), **common, **tags)  # type: ignore[arg-type]
    return SignalSpec(
        token_ids=tiny_llama.signal_ids()[modality],
        projection=f"output_{modality}.safetensors",
        d_hidden=16,
        n_heads=2,
        n_layers=1,
        d_feedforward=32,
        **common,  # type: ignore[arg-type]
    )


def _write_encoder(folder: Path) -> None:
    save_file(_state(ImageBindEncoder(ENCODER)), folder / "encoder.safetensors")


def _write_projections(folder: Path, manifest: Manifest) -> None:
    assert manifest.input_projection is not None
    joined = build_input_projection(
        manifest.input_projection, d_encoder=ENCODER.embed_dim, d_model=D_MODEL
    )
    save_file(_state(joined), folder / manifest.input_projection.file)
    for signal in manifest.signals.values():
        if signal.projection:
            projection = build_output_projection(signal, d_model=D_MODEL)
            save_file(_state(projection), folder / signal.projection)


def _state(module: torch.nn.Module) -> dict[str, torch.Tensor]:
    return {name: tensor.contiguous() for name, tensor in module.state_dict().items()}
