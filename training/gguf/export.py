"""Writes a Hugging Face Llama and its byte-level BPE tokenizer as one GGUF file for llama.cpp.

Knows the two layouts and what llama.cpp can express; knows nothing of training or of bundles.
Strict: a tensor, a setting or a tokenizer step that the GGUF could not say is refused, because the
model would then compute something else without a sign of it.

Legend: V vocabulary, D model width, H heads (query or key), R rotary width of one head.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import gguf
import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer
from tokenizers.pre_tokenizers import ByteLevel
from transformers import LlamaForCausalLM, PreTrainedTokenizerFast

from plugins.errors import KnownError

Dtype = Literal["f16", "f32"]
Array = NDArray[Any]

_FILE_TYPES = {"f16": gguf.LlamaFileType.MOSTLY_F16, "f32": gguf.LlamaFileType.ALL_F32}
_TOP = {
    "model.embed_tokens.weight": "token_embd.weight",
    "model.norm.weight": "output_norm.weight",
    "lm_head.weight": "output.weight",
}
_BLOCK = {
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm",
}


@dataclass(frozen=True)
class SpecialTokens:
    """Texts of the tokens that begin and end; each must be in the vocabulary."""

    bos: str
    eos: str
    eot: str | None = None
    """A second end-of-answer token, if the template has one."""


def export_gguf(
    model: LlamaForCausalLM,
    tokenizer: Tokenizer | PreTrainedTokenizerFast,
    path: Path,
    *,
    name: str,
    special: SpecialTokens,
    dtype: Dtype = "f16",
) -> None:
    """Write `model` and `tokenizer` to `path`, completely or not at all.

    Matrices are stored as `dtype`, norms as float32. Added tokens marked special become control
    tokens: only a template can place them, never a person's text. Tied embeddings stay tied. No
    BOS is ever added by llama.cpp itself.

    Raises:
        KnownError: something in the model or the tokenizer that this GGUF cannot express.
    """
    backend = tokenizer if isinstance(tokenizer, Tokenizer) else tokenizer.backend_tokenizer
    vocabulary = _vocabulary(backend, model.config.vocab_size)
    _check_model(model.config)
    partial = path.with_name(path.name + ".partial")
    writer = gguf.GGUFWriter(str(partial), "llama")
    try:
        _write_settings(writer, model.config, name, dtype)
        _write_tokenizer(writer, vocabulary, special)
        for tensor_name, tensor in _tensors(model, dtype):
            writer.add_tensor(tensor_name, tensor)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
        os.replace(partial, path)
    finally:
        writer.close()
        partial.unlink(missing_ok=True)


@dataclass(frozen=True)
class _Vocabulary:
    tokens: list[str]
    types: list[int]
    merges: list[str]


def _vocabulary(tokenizer: Tokenizer, size: int) -> _Vocabulary:
    """Tokens by id, padded with unused ones up to the model's `size`."""
    described = json.loads(tokenizer.to_str())
    _check_tokenizer(described)
    vocabulary = tokenizer.get_vocab(with_added_tokens=True)
    by_id = {token_id: token for token, token_id in vocabulary.items()}
    if len(by_id) != len(vocabulary) or max(by_id) >= size:
        raise KnownError(
            f"expected token ids below the model's vocabulary of {size}, each used once, found "
            f"{len(vocabulary)} tokens up to id {max(by_id)}: resize the model's embeddings"
        )
    added = tokenizer.get_added_tokens_decoder()
    types = [int(_token_type(i, by_id, added)) for i in range(size)]
    tokens = [by_id.get(i, f"[UNUSED{i}]") for i in range(size)]
    merges = [m if isinstance(m, str) else " ".join(m) for m in described["model"]["merges"]]
    return _Vocabulary(tokens, types, merges)


def _token_type(token_id: int, by_id: dict[int, str], added: dict[int, Any]) -> gguf.TokenType:
    if token_id not in by_id:
        return gguf.TokenType.UNUSED
    if token_id not in added:
        return gguf.TokenType.NORMAL
    return gguf.TokenType.CONTROL if added[token_id].special else gguf.TokenType.USER_DEFINED


def _check_tokenizer(described: dict[str, Any]) -> None:
    """Refuse every tokenizer step that llama.cpp's `gpt2` / `gpt-2` pair does not take."""
    model, split = described["model"], described["pre_tokenizer"] or {}
    wanted: dict[str, tuple[Any, Any]] = {
        "model type": (model["type"], "BPE"),
        "normalizer": (described["normalizer"], None),
        "pre-tokenizer": (split.get("type"), "ByteLevel"),
        "add_prefix_space": (split.get("add_prefix_space"), False),
        "use_regex": (split.get("use_regex"), True),
        "dropout": (model.get("dropout"), None),
        "continuing_subword_prefix": (model.get("continuing_subword_prefix") or None, None),
        "end_of_word_suffix": (model.get("end_of_word_suffix") or None, None),
        "byte_fallback": (bool(model.get("byte_fallback")), False),
        "ignore_merges": (bool(model.get("ignore_merges")), False),
        "bytes without a token": (sorted(set(ByteLevel.alphabet()) - model["vocab"].keys()), []),
        "added tokens that take in spaces or part of words": (_odd_added_tokens(described), []),
    }
    problems = [
        f"{what} {found!r} (expected {expected!r})"
        for what, (found, expected) in wanted.items()
        if found != expected
    ]
    if problems:
        raise KnownError(
            f"expected a plain byte-level BPE tokenizer, found {'; '.join(problems)}: "
            "train the tokenizer with ByteLevel(add_prefix_space=False) and its whole alphabet"
        )


def _odd_added_tokens(described: dict[str, Any]) -> list[str]:
    odd = ("lstrip", "rstrip", "single_word")
    return [t["content"] for t in described["added_tokens"] if any(t[flag] for flag in odd)]


def _check_model(config: Any) -> None:
    rope_type = config.rope_parameters.get("rope_type", "default")
    if rope_type != "default" or config.attention_bias or config.mlp_bias:
        raise KnownError(
            "expected a Llama with default rotary positions and no biases, found "
            f"rope_type {rope_type!r}, attention_bias {config.attention_bias}, mlp_bias "
            f"{config.mlp_bias}: export another configuration"
        )


def _write_settings(writer: gguf.GGUFWriter, config: Any, name: str, dtype: Dtype) -> None:
    writer.add_name(name)
    writer.add_file_type(_FILE_TYPES[dtype])
    writer.add_vocab_size(config.vocab_size)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_key_length(config.head_dim)
    writer.add_value_length(config.head_dim)
    writer.add_rope_dimension_count(config.head_dim)
    writer.add_rope_freq_base(float(config.rope_parameters["rope_theta"]))
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)


def _write_tokenizer(
    writer: gguf.GGUFWriter, vocabulary: _Vocabulary, special: SpecialTokens
) -> None:
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(vocabulary.tokens)
    writer.add_token_types(vocabulary.types)
    writer.add_token_merges(vocabulary.merges)
    writer.add_bos_token_id(_id_of(vocabulary, special.bos))
    writer.add_eos_token_id(_id_of(vocabulary, special.eos))
    if special.eot is not None:
        writer.add_eot_token_id(_id_of(vocabulary, special.eot))
    writer.add_add_bos_token(False)
    writer.add_add_eos_token(False)


def _id_of(vocabulary: _Vocabulary, token: str) -> int:
    try:
        return vocabulary.tokens.index(token)
    except ValueError:
        raise KnownError(
            f"expected the special token {token!r} in the vocabulary, found "
            f"{len(vocabulary.tokens)} tokens without it: add it to the tokenizer"
        ) from None


def _tensors(model: LlamaForCausalLM, dtype: Dtype) -> Iterator[tuple[str, Array]]:
    """Every tensor under its GGUF name; a tensor without one is an error."""
    config: Any = model.config
    for name, parameter in model.state_dict().items():
        if name == "lm_head.weight" and config.tie_word_embeddings:
            continue
        array: Array = parameter.detach().to("cpu").float().numpy()
        if ".q_proj." in name:
            array = rotary_order(array, config.num_attention_heads)
        if ".k_proj." in name:
            array = rotary_order(array, config.num_key_value_heads)
        yield tensor_name(name), _cast(array, dtype, name)


def tensor_name(name: str) -> str:
    """The name in a GGUF of a tensor of a Hugging Face Llama.

    Raises:
        KnownError: a plain Llama has no such tensor.
    """
    if name in _TOP:
        return _TOP[name]
    prefix, _, rest = name.removeprefix("model.layers.").partition(".")
    stem = rest.removesuffix(".weight")
    if not prefix.isdigit() or stem not in _BLOCK:
        raise KnownError(
            f"expected the tensors of a plain Llama, found {name}: merge adapters before export"
        )
    return f"blk.{prefix}.{_BLOCK[stem]}.weight"


def rotary_order(weight: Array, heads: int) -> Array:
    """[H * R, D] from Hugging Face's half-and-half rotary order to llama.cpp's pairs."""
    rows, columns = weight.shape
    halves = weight.reshape(heads, 2, rows // heads // 2, columns)
    return np.ascontiguousarray(halves.swapaxes(1, 2)).reshape(rows, columns)


def _cast(array: Array, dtype: Dtype, name: str) -> Array:
    """Norms (one dimension) keep float32; the rest takes `dtype` and must stay finite."""
    wide = dtype == "f32" or array.ndim == 1
    limit = np.finfo(np.float32 if wide else np.float16).max
    if not (np.abs(array) <= limit).all():
        raise KnownError(
            f"expected finite values of at most {limit:g} in {name}, found "
            f"{np.abs(array).max():g}: export as f32 or look at the training run"
        )
    return array.astype(np.float32 if wide else np.float16)
