"""Small GGUF language models that see or hear, and their mmproj files, of random numbers: one of
each way in which llama.cpp lays media into a context. Written in a moment, without torch.

| name | language model | mmproj | what is special |
|---|---|---|---|
| `llava` | llama | CLIP tower, two layers behind it | nothing: a row of embeddings |
| `qwen` | qwen2vl | window attention, and a whisper encoder | M-RoPE, frames in pairs, sound |
| `deepstack` | qwen3vl | features of a middle block | embeddings wider than the model, M-RoPE |
| `gemma` | gemma3 | SigLIP tower | attention to the whole picture |
| `ultravox` | llama | whisper encoder, frames stacked | sound only |
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gguf
import numpy as np
from numpy.typing import NDArray
from tokenizers.pre_tokenizers import ByteLevel

from runtime.bundle.bundle import Bundle
from runtime.bundle.manifest import (
    FORMAT,
    LanguageModelSpec,
    Licence,
    Manifest,
    MediaEmbedderSpec,
    TemplateSpec,
)
from runtime.bundle.write import write_manifest

D_MODEL, N_BLOCKS, HEADS = 64, 2, 4
E, F, PATCH, IMAGE = 64, 128, 8, 32
"""Width of an encoder and of its feed-forward layers, pixels of a patch and of a whole picture."""
MELS, AUDIO_POSITIONS, STACK = 16, 1500, 4
SPECIAL = (
    "<s>", "</s>", "<user>", "<assistant>", "<|vision_start|>", "<|vision_end|>",
    "<start_of_image>", "<end_of_image>", "<|audio_bos|>", "<|audio_eos|>",
)  # fmt: skip
_HEAD = D_MODEL // HEADS
_GROUPED = D_MODEL // 2

Array = NDArray[np.float32]
Draw = Callable[..., Array]


@dataclass(frozen=True)
class Pair:
    """The two files of one model."""

    model: Path
    mmproj: Path


def write_pair(folder: Path, name: str, seed: int = 0) -> Pair:
    """Write the files of one of the models above."""
    folder.mkdir(parents=True, exist_ok=True)
    arch = {"qwen": "qwen2vl", "deepstack": "qwen3vl", "gemma": "gemma3"}.get(name, "llama")
    pair = Pair(folder / f"{name}.gguf", folder / f"mmproj-{name}.gguf")
    _write_model(pair.model, arch, _drawer(seed))
    _write_mmproj(pair.mmproj, name, _drawer(seed + 1))
    return pair


def n_vocab() -> int:
    """Tokens of every model."""
    return len(_tokens())


def _drawer(seed: int) -> Draw:
    source = np.random.default_rng(seed)

    def draw(*shape: int, near: float = 0.0) -> Array:
        return (near + source.standard_normal(shape) * 0.08).astype(np.float32)

    return draw


def _tokens() -> list[str]:
    return [*SPECIAL, *sorted(ByteLevel.alphabet()), "th", "Ġt"]


def _write_model(path: Path, arch: str, draw: Draw) -> None:
    writer = gguf.GGUFWriter(str(path), arch)
    writer.add_name(f"tiny {arch}")
    writer.add_vocab_size(n_vocab())
    writer.add_context_length(2048)
    writer.add_embedding_length(D_MODEL)
    writer.add_block_count(N_BLOCKS)
    writer.add_feed_forward_length(F)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS // 2)
    writer.add_key_length(_HEAD)
    writer.add_value_length(_HEAD)
    writer.add_rope_dimension_count(_HEAD)
    writer.add_rope_freq_base(10_000.0)
    writer.add_layer_norm_rms_eps(1e-5)
    if arch in ("qwen2vl", "qwen3vl"):
        writer.add_rope_dimension_sections([2, 3, 3, 0])
    if arch == "qwen3vl":
        writer.add_uint32("qwen3vl.n_deepstack_layers", 1)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(_tokens())
    control, normal = int(gguf.TokenType.CONTROL), int(gguf.TokenType.NORMAL)
    writer.add_token_types([control if token in SPECIAL else normal for token in _tokens()])
    writer.add_token_merges(["t h", "Ġ t"])
    writer.add_bos_token_id(0)
    writer.add_eos_token_id(1)
    writer.add_add_bos_token(False)
    for name, values in _model_tensors(arch, draw).items():
        writer.add_tensor(name, values)
    _finish(writer)


def _model_tensors(arch: str, draw: Draw) -> dict[str, Array]:
    found = {
        "token_embd.weight": draw(n_vocab(), D_MODEL),
        "output_norm.weight": draw(D_MODEL, near=1),
        "output.weight": draw(n_vocab(), D_MODEL),
    }
    for number in range(N_BLOCKS):
        block = {
            "attn_norm.weight": draw(D_MODEL, near=1),
            "attn_q.weight": draw(D_MODEL, D_MODEL),
            "attn_k.weight": draw(_GROUPED, D_MODEL),
            "attn_v.weight": draw(_GROUPED, D_MODEL),
            "attn_output.weight": draw(D_MODEL, D_MODEL),
            "ffn_norm.weight": draw(D_MODEL, near=1),
            "ffn_gate.weight": draw(F, D_MODEL),
            "ffn_up.weight": draw(F, D_MODEL),
            "ffn_down.weight": draw(D_MODEL, F),
        }
        if arch == "qwen2vl":
            block |= {"attn_q.bias": draw(D_MODEL), "attn_k.bias": draw(_GROUPED)}
            block |= {"attn_v.bias": draw(_GROUPED)}
        if arch in ("qwen3vl", "gemma3"):
            block |= {f"attn_{one}_norm.weight": draw(_HEAD, near=1) for one in "qk"}
        if arch == "gemma3":
            block |= {f"post_{one}.weight": draw(D_MODEL, near=1) for one in _AFTER}
        found |= {f"blk.{number}.{name}": values for name, values in block.items()}
    return found


_AFTER = ("attention_norm", "ffw_norm")


def _write_mmproj(path: Path, name: str, draw: Draw) -> None:
    writer = gguf.GGUFWriter(str(path), "clip")
    writer.add_file_type(0)
    sees, hears = name != "ultravox", name in ("ultravox", "qwen")
    writer.add_bool("clip.has_vision_encoder", sees)
    writer.add_bool("clip.has_audio_encoder", hears)
    writer.add_bool("clip.use_gelu", True)
    tensors: dict[str, Array] = {}
    if sees:
        projector = {"llava": "mlp", "gemma": "gemma3", "deepstack": "qwen3vl_merger"}
        writer.add_string("clip.vision.projector_type", projector.get(name, "qwen2.5vl_merger"))
        _add_settings(writer, "vision")
        tensors |= _VISION[name](writer, draw)
    if hears:
        projector_type = "ultravox" if name == "ultravox" else "qwen2a"
        writer.add_string("clip.audio.projector_type", projector_type)
        _add_settings(writer, "audio")
        tensors |= _audio(writer, draw, stacked=name == "ultravox")
    for tensor, values in tensors.items():
        writer.add_tensor(tensor, values)
    _finish(writer)


def _add_settings(writer: Any, tower: str) -> None:
    counts = {
        "embedding_length": E, "feed_forward_length": F, "block_count": N_BLOCKS,
        "projection_dim": D_MODEL, "attention.head_count": HEADS,
    }  # fmt: skip
    if tower == "vision":
        counts |= {"image_size": IMAGE, "patch_size": PATCH}
        writer.add_array("clip.vision.image_mean", [0.48, 0.46, 0.41])
        writer.add_array("clip.vision.image_std", [0.27, 0.26, 0.28])
    else:
        counts |= {"num_mel_bins": MELS}
    for key, value in counts.items():
        writer.add_uint32(f"clip.{tower}.{key}", value)
    writer.add_float32(f"clip.{tower}.attention.layer_norm_epsilon", 1e-5)


def _blocks(prefix: str, draw: Draw, *, without: tuple[str, ...] = ()) -> dict[str, Array]:
    found: dict[str, Array] = {}
    for number in range(N_BLOCKS):
        block: dict[str, Array] = {}
        for one in ("attn_q", "attn_k", "attn_v", "attn_out"):
            block |= {f"{one}.weight": draw(E, E), f"{one}.bias": draw(E)}
        for one in ("ln1", "ln2"):
            block |= {f"{one}.weight": draw(E, near=1), f"{one}.bias": draw(E)}
        block |= {"ffn_up.weight": draw(F, E), "ffn_up.bias": draw(F)}
        block |= {"ffn_down.weight": draw(E, F), "ffn_down.bias": draw(E)}
        kept = {name: values for name, values in block.items() if name not in without}
        found |= {f"{prefix}.blk.{number}.{name}": values for name, values in kept.items()}
    return found


def _llava(_: Any, draw: Draw) -> dict[str, Array]:
    return {
        "v.patch_embd.weight": draw(E, 3, PATCH, PATCH),
        "v.class_embd": draw(E),
        "v.position_embd.weight": draw((IMAGE // PATCH) ** 2 + 1, E),
        "v.pre_ln.weight": draw(E, near=1),
        "v.pre_ln.bias": draw(E),
        **_blocks("v", draw),
        "mm.0.weight": draw(D_MODEL, E),
        "mm.0.bias": draw(D_MODEL),
        "mm.2.weight": draw(D_MODEL, D_MODEL),
        "mm.2.bias": draw(D_MODEL),
    }


def _merged_patches(draw: Draw) -> dict[str, Array]:
    """Two pictures become one grid, and four of its patches one embedding."""
    return {
        "v.patch_embd.weight": draw(E, 3, PATCH, PATCH),
        "v.patch_embd.weight.1": draw(E, 3, PATCH, PATCH),
        "v.post_ln.weight": draw(E, near=1),
        "v.post_ln.bias": draw(E),
        "mm.0.weight": draw(4 * E, 4 * E),
        "mm.0.bias": draw(4 * E),
        "mm.2.weight": draw(D_MODEL, 4 * E),
        "mm.2.bias": draw(D_MODEL),
    }


def _qwen(writer: Any, draw: Draw) -> dict[str, Array]:
    writer.add_uint32("clip.vision.n_wa_pattern", 2)
    return {**_merged_patches(draw), **_blocks("v", draw)}


def _deepstack(_: Any, draw: Draw) -> dict[str, Array]:
    separate = tuple(f"attn_{one}.{part}" for one in "qkv" for part in ("weight", "bias"))
    fused = {f"v.blk.{i}.attn_qkv.weight": draw(3 * E, E) for i in range(N_BLOCKS)}
    fused |= {f"v.blk.{i}.attn_qkv.bias": draw(3 * E) for i in range(N_BLOCKS)}
    return {
        **_merged_patches(draw),
        **_blocks("v", draw, without=separate),
        **fused,
        "v.patch_embd.bias": draw(E),
        "v.position_embd.weight": draw((IMAGE // PATCH) ** 2, E),
        "v.deepstack.0.norm.weight": draw(4 * E, near=1),
        "v.deepstack.0.norm.bias": draw(4 * E),
        "v.deepstack.0.fc1.weight": draw(4 * E, 4 * E),
        "v.deepstack.0.fc1.bias": draw(4 * E),
        "v.deepstack.0.fc2.weight": draw(D_MODEL, 4 * E),
        "v.deepstack.0.fc2.bias": draw(D_MODEL),
    }


def _gemma(writer: Any, draw: Draw) -> dict[str, Array]:
    writer.add_uint32("clip.vision.projector.scale_factor", 2)
    return {
        "v.patch_embd.weight": draw(E, 3, PATCH, PATCH),
        "v.patch_embd.bias": draw(E),
        "v.position_embd.weight": draw((IMAGE // PATCH) ** 2, E),
        "v.post_ln.weight": draw(E, near=1),
        "v.post_ln.bias": draw(E),
        **_blocks("v", draw),
        "mm.input_projection.weight": draw(E, D_MODEL),
        "mm.soft_emb_norm.weight": draw(E, near=1),
    }


def _audio(writer: Any, draw: Draw, *, stacked: bool) -> dict[str, Array]:
    behind: dict[str, Array] = {
        "mm.a.fc.weight": draw(D_MODEL, E),
        "mm.a.fc.bias": draw(D_MODEL),
    }
    if stacked:
        writer.add_uint32("clip.audio.projector.stack_factor", STACK)
        behind = {
            "mm.a.norm_pre.weight": draw(STACK * E, near=1),
            "mm.a.mlp.1.weight": draw(2 * F, STACK * E),
            "mm.a.norm_mid.weight": draw(F, near=1),
            "mm.a.mlp.2.weight": draw(D_MODEL, F),
        }
    return {
        "a.conv1d.1.weight": draw(E, MELS, 3),
        "a.conv1d.1.bias": draw(E, 1),
        "a.conv1d.2.weight": draw(E, E, 3),
        "a.conv1d.2.bias": draw(E, 1),
        "a.position_embd.weight": draw(AUDIO_POSITIONS, E),
        "a.post_ln.weight": draw(E, near=1),
        "a.post_ln.bias": draw(E),
        **_blocks("a", draw, without=("attn_k.bias",)),
        **behind,
    }


_VISION: dict[str, Callable[[Any, Draw], dict[str, Array]]] = {
    "llava": _llava,
    "qwen": _qwen,
    "deepstack": _deepstack,
    "gemma": _gemma,
}


def _finish(writer: Any) -> None:
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def write_bundle(folder: Path, name: str, modalities: tuple[str, ...], n_ctx: int = 2048) -> Bundle:
    """A bundle that answers in words only and takes media by the mmproj of one of the models."""
    pair = write_pair(folder, name)
    manifest = Manifest(
        format=FORMAT,
        name=name,
        title=name,
        description="Random weights for tests.",
        version="0",
        routing="captioned",
        licences=(Licence("all weights", "Apache-2.0", "made by the tests"),),
        language_model=LanguageModelSpec(
            pair.model.name, D_MODEL, n_vocab(), n_ctx, max_new_tokens=4
        ),
        template=TemplateSpec(user_open="<s><user>", user_close="<assistant>", answer_close="</s>"),
        signals={},
        files={},
        media_embedder=MediaEmbedderSpec("mmproj", pair.mmproj.name, modalities),
    )
    write_manifest(folder, manifest)
    return Bundle.open(folder)
