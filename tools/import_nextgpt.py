"""Imports a checkpoint of NExT-GPT's full shapes, made up, and prints what that takes.

    python -m tools.import_nextgpt FOLDER [--quantize Q4_K_M|Q8_0] [--keep]

The checkpoint has the true names and sizes: a language model of random numbers in three shards and
its adapters (14.3 GB), and encoder and decoders of zeros in files with holes. Prints the time of
each part, the most anonymous memory, and how many tensors were accounted for; takes about 40 GB of
disk at once. The vocabulary is made up too, so the hash of LLaMA's tokenizer is not asked for.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import struct
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers import AutoencoderKL, UNet2DConditionModel, UNet3DConditionModel
from transformers import (
    ClapTextConfig,
    ClapTextModelWithProjection,
    CLIPTextConfig,
    CLIPTextModel,
    SpeechT5HifiGan,
    SpeechT5HifiGanConfig,
)

from runtime.encoder.model import ImageBindEncoder
from tests.training.importing.checkpoints import tokenizer_model
from training.importing.base_checks import matrices
from training.importing.decoders import PARTS, PIPELINES
from training.importing.delta import expected
from training.importing.plan import Sources, Wishes, make_plan
from training.importing.run import Progress, run
from training.importing.sizes import PUBLISHED

SIZES = replace(PUBLISHED, tokenizer_sha256="", pieces={})
POOL = 1 << 22
"""Random numbers, which are written over and over."""
_LAYER = {
    "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj", "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj", "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj", "attn_norm": "input_layernorm",
    "ffn_norm": "post_attention_layernorm",
}  # fmt: skip
_TOP = {
    "token_embd.weight": "model.embed_tokens.weight",
    "output_norm.weight": "model.norm.weight",
    "output.weight": "lm_head.weight",
}


def main(argv: list[str] | None = None) -> int:
    """Make the checkpoint, import it in a process of its own, and print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="an empty folder, or one that was kept")
    parser.add_argument("--quantize", choices=("Q4_K_M", "Q8_0"))
    parser.add_argument("--keep", action="store_true", help="keep checkpoint and bundle")
    parser.add_argument("--import", dest="importing", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    folder = options.folder.resolve()
    if options.importing:
        return _import(folder, options.quantize)
    begin = time.monotonic()
    made = folder / "made"
    if not made.is_file():
        write_checkpoint(folder)
        made.touch()
    print(f"checkpoint: {time.monotonic() - begin:.0f} s", flush=True)
    try:
        return _measured(folder, options.quantize)
    finally:
        if not options.keep:
            shutil.rmtree(folder)


def write_checkpoint(folder: Path) -> None:
    """All sources in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    _write_vicuna(folder / "vicuna")
    (folder / "delta").mkdir(exist_ok=True)
    source = torch.Generator().manual_seed(0)
    tensors = {
        name: (torch.randn(shape, generator=source) * 0.02).half()
        for name, shape in expected(SIZES).items()
    }
    torch.save(tensors, folder / "delta/pytorch_model.pt")
    del tensors
    _write_encoder(folder / "imagebind_huge.pth")
    for modality, parts in _decoders().items():
        _write_decoder(folder / modality, modality, parts)


def _write_vicuna(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    pool = (np.random.default_rng(0).standard_normal(POOL, np.float32) * 0.02).astype(np.float16)
    names = [(_hugging_face_name(name), shape) for name, shape in matrices(SIZES).items()]
    places, size = dict[str, str](), -(-len(names) // 3)
    for shard in range(3):
        own = dict(names[shard * size : (shard + 1) * size])
        file = f"model-{shard + 1:05d}-of-00003.safetensors"
        _write_safetensors(folder / file, own, pool.tobytes())
        places |= dict.fromkeys(own, file)
    index = {"metadata": {}, "weight_map": places}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index), "utf-8")
    config = {
        "model_type": "llama", "hidden_size": SIZES.d_model, "intermediate_size": SIZES.d_ff,
        "num_hidden_layers": SIZES.layers, "num_attention_heads": SIZES.heads,
        "max_position_embeddings": SIZES.n_ctx, "rms_norm_eps": SIZES.rms_eps,
        "vocab_size": SIZES.n_vocab,
    }  # fmt: skip
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    words = ["<unk>", "<s>", "</s>", *(f"<0x{i:02X}>" for i in range(256))]
    words += [f"w{i}" for i in range(SIZES.n_vocab - len(words))]
    (folder / "tokenizer.model").write_bytes(tokenizer_model(words))


def _hugging_face_name(name: str) -> str:
    if name in _TOP:
        return _TOP[name]
    _, layer, part, _ = name.split(".")
    return f"model.layers.{layer}.{_LAYER[part]}.weight"


def _write_safetensors(
    file: Path, shapes: Mapping[str, tuple[int, ...]], pool: bytes | None = None
) -> None:
    """Float16 tensors: of the pool's numbers, or of zeros that take no disk."""
    head, place = {}, 0
    for name, shape in shapes.items():
        size = 2 * math.prod(shape)
        head[name] = {"dtype": "F16", "shape": list(shape), "data_offsets": [place, place + size]}
        place += size
    text = json.dumps(head).encode()
    text += b" " * (-len(text) % 8)
    with file.open("wb") as out:
        out.write(struct.pack("<Q", len(text)) + text)
        if pool is None:
            out.truncate(8 + len(text) + place)
            return
        while place > 0:
            place -= out.write(pool[: min(place, len(pool))])


def _write_encoder(file: Path) -> None:
    with torch.device("meta"):
        module = ImageBindEncoder(SIZES.encoder)
    state = {name: torch.zeros(tuple(t.shape)) for name, t in module.state_dict().items()}
    for tower in ("depth", "thermal", "imu"):
        state[f"modality_preprocessors.{tower}.cls_token"] = torch.zeros(1, 1, 384)
    torch.save(state, file)
    _dig_holes(file)


def _decoders() -> dict[str, dict[str, torch.nn.Module]]:
    """Networks without numbers, by modality and component."""
    clip = {"vocab_size": 49_408, "max_position_embeddings": 77}
    with torch.device("meta"):
        picture_words = CLIPTextModel(
            CLIPTextConfig(
                hidden_size=768, intermediate_size=3072, num_hidden_layers=12,
                num_attention_heads=12, **clip,
            )
        )  # fmt: skip
        clip_words = CLIPTextModel(
            CLIPTextConfig(
                hidden_size=1024, intermediate_size=4096, num_hidden_layers=23,
                num_attention_heads=16, **clip,
            )
        )  # fmt: skip
        return {
            "image": {
                "unet": UNet2DConditionModel(cross_attention_dim=768, sample_size=64),
                "vae": _autoencoder(3, (128, 256, 512, 512)),
                "text_encoder": picture_words,
            },
            "video": {
                "unet": UNet3DConditionModel(cross_attention_dim=1024),
                "vae": _autoencoder(3, (128, 256, 512, 512)),
                "text_encoder": clip_words,
            },
            "audio": {
                "unet": UNet2DConditionModel(
                    in_channels=8,
                    out_channels=8,
                    block_out_channels=(256, 512, 768, 1280),
                    cross_attention_dim=(256, 512, 768, 1280),
                    class_embed_type="simple_projection",
                    projection_class_embeddings_input_dim=512,
                    class_embeddings_concat=True,
                ),
                "vae": _autoencoder(1, (128, 256, 512)),
                "text_encoder": ClapTextModelWithProjection(ClapTextConfig()),
                "vocoder": SpeechT5HifiGan(SpeechT5HifiGanConfig(model_in_dim=64)),
            },
        }


def _autoencoder(channels: int, blocks: tuple[int, ...]) -> AutoencoderKL:
    return AutoencoderKL(
        in_channels=channels,
        out_channels=channels,
        block_out_channels=blocks,
        layers_per_block=2,
        down_block_types=("DownEncoderBlock2D",) * len(blocks),
        up_block_types=("UpDecoderBlock2D",) * len(blocks),
    )


def _write_decoder(folder: Path, modality: str, parts: Mapping[str, torch.nn.Module]) -> None:
    """Pictures and sounds as safetensors, clips as pickles, as they are published."""
    index: dict[str, Any] = {"_class_name": PIPELINES[modality], "safety_checker": ["a", "B"]}
    for part in PARTS[modality]:
        index[part] = ["diffusers", "Any"]
        (folder / part).mkdir(parents=True, exist_ok=True)
        (folder / part / "config.json").write_text("{}", "utf-8")
    (folder / "model_index.json").write_text(json.dumps(index), "utf-8")
    words = {"<|startoftext|>": 0, "<|endoftext|>": 1}
    words |= {chr(i): i for i in range(ord("a"), ord("z") + 1)}
    (folder / "tokenizer/vocab.json").write_text(json.dumps(words), "utf-8")
    (folder / "tokenizer/merges.txt").write_text("#version: 0.2\n", "utf-8")
    for part, module in parts.items():
        config = json.dumps({**_config(module), "_class_name": type(module).__name__}, default=str)
        (folder / part / "config.json").write_text(config, "utf-8")
        stem = "diffusion_pytorch_model" if part in ("unet", "vae") else "model"
        shapes = {name: tuple(t.shape) for name, t in module.state_dict().items()}
        if modality != "video":
            _write_safetensors(folder / part / f"{stem}.fp16.safetensors", shapes)
            continue
        stem = "pytorch_model" if stem == "model" else stem
        state = {name: torch.zeros(shape, dtype=torch.float16) for name, shape in shapes.items()}
        torch.save(state, folder / part / f"{stem}.bin")
        _dig_holes(folder / part / f"{stem}.bin")


def _config(module: Any) -> dict[str, Any]:
    config = module.config
    return dict(config.to_dict()) if hasattr(config, "to_dict") else dict(config)


def _dig_holes(file: Path) -> None:
    """Give back the disk that zeros take, where the system can."""
    if (program := shutil.which("fallocate")) is not None:
        subprocess.run([program, "--dig-holes", str(file)], check=False)


def _measured(folder: Path, quantize: str | None) -> int:
    command = [sys.executable, "-m", "tools.import_nextgpt", str(folder), "--import"]
    command += ["--quantize", quantize] if quantize else []
    environment = {
        **os.environ,
        "XDG_DATA_HOME": str(folder / "data"),
        "XDG_CACHE_HOME": str(folder / "cache"),
    }
    begin = time.monotonic()
    child = subprocess.Popen(command, env=environment)
    peaks = {"RssAnon": 0, "VmHWM": 0}
    while child.poll() is None:
        for name in peaks:
            peaks[name] = max(peaks[name], _status(child.pid, name))
        time.sleep(0.05)
    seconds = time.monotonic() - begin
    print(
        f"import: {seconds:.0f} s, at most {peaks['RssAnon'] / 1e9:.2f} GB of anonymous memory "
        f"({peaks['VmHWM'] / 1e9:.2f} GB with mapped files)"
    )
    return child.returncode


def _status(pid: int, name: str) -> int:
    """Bytes that the system states of a process."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(name)), 0)


def _import(folder: Path, quantize: str | None) -> int:
    sources = Sources(
        folder / "delta", folder / "vicuna", folder / "imagebind_huge.pth",
        folder / "image", folder / "audio", folder / "video",
    )  # fmt: skip
    plan = make_plan(sources, Wishes("full", quantize), SIZES)
    base = len(matrices(SIZES))
    print(
        f"accounted for: {len(plan.delta.names)} tensors of the checkpoint, {base} of the language "
        f"model, {len(plan.encoder.shapes)} of the encoder; left out: {len(plan.left_out)}"
    )
    begin, title = time.monotonic(), ""

    def tell(progress: Progress) -> None:
        nonlocal title
        if progress.title != title:
            title = progress.title
            left = "" if progress.left_s is None else f", {progress.left_s:.0f} s left"
            print(f"{time.monotonic() - begin:6.0f} s  {title}{left}", flush=True)

    bundle = run(plan, tell)
    size = sum(file.stat().st_size for file in bundle.rglob("*") if file.is_file())
    print(f"{time.monotonic() - begin:6.0f} s  done: {size / 1e9:.2f} GB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
