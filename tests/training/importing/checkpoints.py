"""Whole checkpoints of small widths with the published names: what an import is made of."""

from __future__ import annotations

import json
import struct
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from transformers import LlamaConfig, LlamaForCausalLM

from runtime.encoder.config import AudioConfig, EncoderConfig, TextConfig, VisionConfig
from runtime.encoder.model import ImageBindEncoder
from tests import tiny_decoders
from tests.spm_vocabulary import pieces
from training.importing.delta import TOKENS_FILE, expected
from training.importing.plan import Sources
from training.importing.sizes import MARKS, MARKS_AS_SETS, Sizes

WORDS = ["<unk>", "<s>", "</s>", *(f"<0x{i:02X}>" for i in range(256)), *pieces()]
ENCODER = EncoderConfig(
    embed_dim=16,
    vision=VisionConfig(image_size=16, patch=8, width=16, depth=1, heads=2),
    audio=AudioConfig(
        mel_bins=16, target_frames=40, kernel=8, stride=4, width=16, depth=1, heads=2
    ),
    text=TextConfig(vocab=64, context=8, width=16, depth=1, heads=2),
)
SMALL = Sizes(
    layers=2,
    d_model=64,
    d_ff=96,
    heads=4,
    n_vocab=len(WORDS),
    lora_rank=4,
    tokenizer_sha256="",
    pieces={13: "<0x0A>"},
    encoder=ENCODER,
    conditions={
        "image": tiny_decoders.IMAGE_SHAPE,
        "video": tiny_decoders.VIDEO_SHAPE,
        "audio": tiny_decoders.AUDIO_SHAPE,
    },
    d_hidden=16,
    projection_heads=2,
    projection_layers=1,
    d_feedforward=32,
)


@dataclass(frozen=True)
class Checkpoint:
    """Sources on the disk."""

    sources: Sources
    delta: dict[str, Tensor]


def write_all(folder: Path, sizes: Sizes = SMALL) -> Checkpoint:
    """Every source in `folder`, with decoders of both kinds of weight files."""
    tiny_decoders.write_all(folder)
    for modality in ("image", "video"):
        _as_published(folder / modality)
    delta = write_delta(folder / "delta", sizes)
    write_base(folder / "vicuna", sizes)
    write_encoder(folder / "imagebind_huge.pth", sizes)
    return Checkpoint(
        Sources(
            delta=folder / "delta",
            language_model=folder / "vicuna",
            encoder=folder / "imagebind_huge.pth",
            image=folder / "image",
            audio=folder / "audio",
            video=folder / "video",
        ),
        delta,
    )


def _as_published(folder: Path) -> None:
    """CLIP's vocabulary as two files; a safety checker; ZeroScope's weights as pickles only."""
    vocabulary = {"<|startoftext|>": 0, "<|endoftext|>": 1}
    for letter in "abcdefghijklmnopqrstuvwxyz":
        for end in ("", "</w>"):
            vocabulary[letter + end] = len(vocabulary)
    (folder / "tokenizer/vocab.json").write_text(json.dumps(vocabulary), "utf-8")
    (folder / "tokenizer/merges.txt").write_text("#version: 0.2\na b</w>\n", "utf-8")
    vocabulary["ab</w>"] = len(vocabulary)
    (folder / "tokenizer/vocab.json").write_text(json.dumps(vocabulary), "utf-8")
    index = json.loads((folder / "model_index.json").read_text("utf-8"))
    index["safety_checker"] = ["stable_diffusion", "StableDiffusionSafetyChecker"]
    (folder / "model_index.json").write_text(json.dumps(index), "utf-8")
    (folder / "safety_checker").mkdir()
    (folder / "safety_checker/model.safetensors").write_bytes(b"nobody reads this")


def delta_tensors(sizes: Sizes, seed: int = 1) -> dict[str, Tensor]:
    """Every published tensor with random numbers, in float16."""
    source = torch.Generator().manual_seed(seed)
    return OrderedDict(
        (name, (torch.randn(shape, generator=source) * 0.05).half())
        for name, shape in expected(sizes).items()
    )


def write_delta(
    folder: Path, sizes: Sizes, marks: Sequence[str] = MARKS_AS_SETS
) -> dict[str, Tensor]:
    """The checkpoint and its tokens."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors = delta_tensors(sizes)
    torch.save(tensors, folder / "pytorch_model.pt")
    write_tokens(folder, sizes, marks)
    return tensors


def write_tokens(
    folder: Path, sizes: Sizes, marks: Sequence[str] = MARKS, *, shift: int = 0
) -> None:
    """`added_tokens.json`; `shift` by a token that was there before."""
    names = [*marks, *sizes.tokens[2:]]
    ids = {name: sizes.n_vocab + shift + i for i, name in enumerate(names)}
    if shift:
        ids["[PAD]"] = sizes.n_vocab
    (folder / TOKENS_FILE).write_text(json.dumps(ids), "utf-8")


def write_base(folder: Path, sizes: Sizes, *, pickled: bool = False, **settings: Any) -> None:
    """Vicuna as a folder, in float16."""
    torch.manual_seed(0)
    config = LlamaConfig(
        hidden_size=sizes.d_model,
        intermediate_size=sizes.d_ff,
        num_hidden_layers=sizes.layers,
        num_attention_heads=sizes.heads,
        num_key_value_heads=sizes.heads,
        vocab_size=sizes.n_vocab,
        max_position_embeddings=sizes.n_ctx,
        rms_norm_eps=sizes.rms_eps,
        initializer_range=0.05,
        tie_word_embeddings=False,
        **settings,
    )
    model = LlamaForCausalLM(config)
    for name, parameter in model.named_parameters():
        if "norm" in name:
            torch.nn.init.uniform_(parameter, 0.5, 1.5)
    model = model.half()
    model.save_pretrained(folder)
    if pickled:
        _pickled(folder, model, sizes)
    (folder / "tokenizer.model").write_bytes(tokenizer_model(WORDS[: sizes.n_vocab]))


def _pickled(folder: Path, model: LlamaForCausalLM, sizes: Sizes) -> None:
    """Two shards as old conversions have them, with the tables of rotary positions."""
    (folder / "model.safetensors").unlink()
    state = dict(model.state_dict())
    rotary = sizes.d_model // sizes.heads
    table = sizes.rope_base ** -(torch.arange(0, rotary, 2).float() / rotary)
    for layer in range(sizes.layers):
        state[f"model.layers.{layer}.self_attn.rotary_emb.inv_freq"] = table
    names, places = list(state), dict[str, str]()
    for shard in range(2):
        file = f"pytorch_model-{shard + 1:05d}-of-00002.bin"
        own = names[shard::2]
        torch.save({name: state[name] for name in own}, folder / file)
        places |= dict.fromkeys(own, file)
    index = {"metadata": {}, "weight_map": places}
    (folder / "pytorch_model.bin.index.json").write_text(json.dumps(index), "utf-8")


def write_encoder(file: Path, sizes: Sizes) -> None:
    """ImageBind with the first tensors of the towers that are left out."""
    torch.manual_seed(2)
    state = dict(ImageBindEncoder(sizes.encoder).state_dict())
    for tower in ("depth", "thermal", "imu"):
        state[f"modality_preprocessors.{tower}.cls_token"] = torch.zeros(1, 1, 4)
        state[f"modality_heads.{tower}.2.weight"] = torch.zeros(4, 4)
    torch.save(state, file)


def tokenizer_model(words: Sequence[str]) -> bytes:
    """A `tokenizer.model` as SentencePiece writes it, with these pieces."""
    data = b""
    for number, word in enumerate(words):
        kind = {0: 2, 1: 3, 2: 3}.get(number, 6 if number < 259 else 1)
        score = 0.0 if number < 259 else float(259 - number)
        piece = (
            _text(1, word.encode()) + b"\x15" + struct.pack("<f", score) + b"\x18" + bytes([kind])
        )
        data += _text(1, piece)
    trainer = b"\x18\x02"
    normalizer = _text(1, b"identity") + b"\x18\x01\x20\x00\x28\x01"
    return data + _text(2, trainer) + _text(3, normalizer)


def _text(field: int, value: bytes) -> bytes:
    length, head = len(value), bytes([field << 3 | 2])
    while length >= 0x80:
        head += bytes([length & 0x7F | 0x80])
        length >>= 7
    return head + bytes([length]) + value
