"""Tiny random text encoders and tokenizers of the families that pipelines are conditioned by."""

from __future__ import annotations

from typing import Any

import transformers

from tests.tiny_decoders import TEXT_POSITIONS, WIDTH

CHAT = (
    "{% for message in messages %}{{ message['content'] }}{% endfor %}"
    "{% if add_generation_prompt %} ok{% endif %}"
)
"""A chat template of a few letters."""
_LETTERS = [chr(c) for c in range(ord("a"), ord("z") + 1)]


def t5() -> Any:
    """A T5 text encoder, or its configuration."""
    config = transformers.T5Config(
        vocab_size=64, d_model=WIDTH, d_kv=8, d_ff=16, num_layers=1, num_heads=2
    )
    return transformers.T5EncoderModel(config).eval()


def t5_tokenizer() -> Any:
    """Its tokenizer."""
    pieces = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("\u2581", -2.0)]
    letters = [(letter, -3.0) for letter in _LETTERS]
    return transformers.T5Tokenizer(
        vocab=[*pieces, *letters], extra_ids=0, model_max_length=TEXT_POSITIONS
    )


def qwen3(layers: int = 2, width: int = WIDTH) -> Any:
    """The configuration of a Qwen3."""
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


def qwen_tokenizer() -> Any:
    """A Qwen tokenizer with a chat template."""
    pieces = ["<|endoftext|>", "\u0120", *_LETTERS]
    made = transformers.Qwen2Tokenizer(
        vocab={piece: number for number, piece in enumerate(pieces)}, merges=[]
    )
    made.chat_template = CHAT
    return made


def gemma_tokenizer() -> Any:
    """A Gemma tokenizer."""
    pieces = ["<pad>", "<eos>", "<bos>", "<unk>", "<mask>", "\u2581", *_LETTERS]
    return transformers.GemmaTokenizer(
        vocab={piece: number for number, piece in enumerate(pieces)},
        merges=[],
        model_max_length=TEXT_POSITIONS,
    )
