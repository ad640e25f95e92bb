"""Small true files of models: GGUFs by the `gguf` writer, the others as their formats say."""

from __future__ import annotations

import json
import shutil
import struct
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import gguf
import numpy as np

from tests import tiny_mmproj

TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
)
TOKENS = ["<s>", "</s>", "<unk>", *(chr(c) for c in range(ord("a"), ord("z") + 1))]
F32 = np.float32


def talker(
    path: Path,
    architecture: str = "llama",
    *,
    d_model: int = 64,
    name: str = "Tiny Talker",
    template: str = TEMPLATE,
    keys: Mapping[str, Any] | None = None,
    tensors: Sequence[str] = (),
    a_piece: int = 0,
) -> Path:
    """A language model with random weights in some of its layers; a file, or the first of pieces
    of `a_piece` tensors each."""
    writer = gguf.GGUFWriter(path, architecture, split_max_tensors=a_piece)
    writer.add_type(gguf.GGUFType.MODEL)
    writer.add_name(name)
    writer.add_license("apache-2.0")
    writer.add_context_length(512)
    writer.add_embedding_length(d_model)
    writer.add_block_count(2)
    writer.add_head_count(4)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    writer.add_tokenizer_model("llama")
    writer.add_token_list(TOKENS)
    writer.add_token_scores([0.0] * len(TOKENS))
    writer.add_token_types([3, 3, 2, *[1] * (len(TOKENS) - 3)])
    if template:
        writer.add_chat_template(template)
    add(writer, keys or {})
    source = np.random.default_rng(0)
    rows = len(TOKENS)
    for tensor in ("token_embd.weight", "output.weight", "blk.0.attn_q.weight", *tensors):
        writer.add_tensor(tensor, source.standard_normal((rows, d_model)).astype(np.float16))
    save(writer)
    return next(iter(sorted(path.parent.glob(f"{path.stem}-00001-of-*.gguf"))), path)


@cache
def _true_mmproj(kind: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return tiny_mmproj.write_pair(Path(folder), kind).mmproj.read_bytes()


def mmproj(path: Path, kind: str = "llava") -> Path:
    """A true file that takes in pictures or sounds, `tiny_mmproj.D_MODEL` numbers a position."""
    path.write_bytes(_true_mmproj(kind))
    return path


def mmproj_head(
    path: Path,
    *,
    sides: Sequence[str] = ("vision",),
    stated: int = 0,
    tensors: Mapping[str, tuple[int, ...]] | None = None,
    keys: Mapping[str, Any] | None = None,
) -> Path:
    """An mmproj with hardly more than a head; `tensors` have numpy's order of axes."""
    writer = gguf.GGUFWriter(path, "clip")
    writer.add_type(gguf.GGUFType.MMPROJ)
    for side in sides:
        writer.add_bool(f"clip.has_{side}_encoder", True)
        writer.add_uint32(f"clip.{side}.projection_dim", stated)
    add(writer, keys or {})
    for name, shape in {"v.patch_embd.weight": (8, 8), **(tensors or {})}.items():
        writer.add_tensor(name, np.zeros(shape, F32))
    save(writer)
    return path


def other(path: Path, keys: Mapping[str, Any], tensors: Sequence[str] = ("a.weight",)) -> Path:
    """A sound GGUF that says nothing but `keys`."""
    writer = gguf.GGUFWriter(path, str(keys.get("general.architecture", "llama")))
    add(writer, {key: value for key, value in keys.items() if key != "general.architecture"})
    for name in tensors:
        writer.add_tensor(name, np.zeros((2, 2), F32))
    save(writer)
    return path


def add(writer: gguf.GGUFWriter, keys: Mapping[str, Any]) -> None:
    """Set keys, whatever was set before."""
    for key, value in keys.items():
        writer.kv_data[0].pop(key, None)
        if isinstance(value, bool):
            writer.add_bool(key, value)
        elif isinstance(value, int):
            writer.add_uint32(key, value)
        elif isinstance(value, str):
            writer.add_string(key, value)
        else:
            writer.add_array(key, list(value))


def save(writer: gguf.GGUFWriter) -> None:
    """Write everything and close the file."""
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def whisper(folder: Path, n_vocab: int = 51_865, spec: str = "WhisperSpec") -> Path:
    """Whisper's layout by CTranslate2 with a handful of numbers."""
    folder.mkdir(parents=True, exist_ok=True)
    entries = {"encoder/conv1/weight": (4, 4), "decoder/embeddings/weight": (n_vocab, 1)}
    data = struct.pack("<I", 6) + _counted(spec) + struct.pack("<II", 3, len(entries))
    for name, shape in entries.items():
        size = int(np.prod(shape)) * 2
        data += _counted(name) + struct.pack("<B2I", len(shape), *shape)
        data += struct.pack("<BI", 4, size) + bytes(size)
    (folder / "model.bin").write_bytes(data + struct.pack("<I", 0))
    (folder / "config.json").write_text(json.dumps({"lang_ids": [50259, 50260]}))
    (folder / "tokenizer.json").write_text("{}")
    (folder / "vocabulary.json").write_text("[]")
    return folder


def _counted(text: str) -> bytes:
    return struct.pack("<H", len(text) + 1) + text.encode() + b"\0"


def onnx(inputs: Sequence[str], padding: int = 0) -> bytes:
    """A model in ONNX that takes these, with as many bytes of a weight."""
    graph = _part(5, _part(9, bytes(padding)))
    graph += b"".join(_part(11, _part(1, name.encode())) for name in inputs)
    return b"\x08\x09" + _part(2, b"tests") + _part(7, graph)


def _part(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def kokoro(folder: Path, voices: Sequence[str] = ("af_heart", "zf_xiaoxiao", "jf_alpha")) -> Path:
    """Kokoro's layout with voices of two rows."""
    (folder / "voices").mkdir(parents=True, exist_ok=True)
    (folder / "kokoro-v1.0.onnx").write_bytes(onnx(["tokens", "style", "speed"], 300))
    (folder / "vocab.json").write_text(json.dumps({"vocab": {"a": 1}}))
    for name in ("us_gold.json", "us_silver.json"):
        (folder / name).write_text("{}")
    for name in voices:
        (folder / "voices" / f"{name}.bin").write_bytes(bytes(2 * 4 * 256))
    return folder


def safetensors(path: Path, names: Sequence[str]) -> Path:
    """Weights with tensors of these names."""
    from safetensors.numpy import save_file

    path.parent.mkdir(parents=True, exist_ok=True)
    save_file({name: np.zeros((2, 2), F32) for name in names}, path)
    return path


def decoder(folder: Path, pipeline: str = "StableDiffusionPipeline") -> Path:
    """A folder in diffusers' layout with all that is read of it; nothing can be drawn with it."""
    models = {"vae": "AutoencoderKL", "text_encoder": "CLIPTextModel", "unet": "UNet"}
    index: dict[str, Any] = {"_class_name": pipeline, "_diffusers_version": "0.42.1"}
    for name, cls in models.items():
        index[name] = ["diffusers", cls]
        stem = "model" if name == "text_encoder" else "diffusion_pytorch_model"
        safetensors(folder / name / f"{stem}.safetensors", ["weight"])
        (folder / name / "config.json").write_text(json.dumps({"cross_attention_dim": 768}))
    for name in ("tokenizer", "scheduler"):
        index[name] = ["transformers", "Any"]
        (folder / name).mkdir()
    (folder / "tokenizer" / "tokenizer_config.json").write_text('{"model_max_length": 77}')
    (folder / "model_index.json").write_text(json.dumps(index))
    return folder


def copied(folder: Path, to: Path) -> Path:
    """A copy of a folder, to be changed."""
    shutil.copytree(folder, to)
    return to
