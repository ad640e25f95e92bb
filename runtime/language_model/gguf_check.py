"""Checks the head of a GGUF language model, before llama.cpp may open it.

A GGUF comes from anywhere, and llama.cpp ends the whole process on some broken ones. Knows what a
language model has to say of itself; knows no llama.cpp.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from plugins.errors import KnownError
from runtime.language_model.gguf_head import (
    BLOCKS,
    FLOAT32,
    INT32,
    STRING,
    TOKENS,
    UINT32,
    GgufHead,
    opened,
    refuse,
)
from runtime.language_model.gguf_layers import LayerFacts, layers_of, output_bytes
from runtime.language_model.gguf_pieces import whole

MAX_VOCABULARY: Final = 4_000_000
_SIZES: Final = {"embedding_length": 2**20, "context_length": 2**31 - 1, "block_count": 512}


@dataclass(frozen=True)
class GgufFacts:
    """Facts from the header of a valid GGUF file."""

    architecture: str
    d_model: int
    n_vocab: int
    n_ctx_train: int
    """Positions the model was trained for."""
    n_tensors: int
    metadata: dict[str, Any] = field(repr=False)
    """Scalars and strings by key. Of an array only its length, as `(element type, length)`."""
    bytes_by_type: dict[int, int] = field(repr=False)
    """Bytes of all tensors of one type, by ggml tensor type."""
    layers: tuple[LayerFacts, ...] = field(default=(), repr=False)
    output_bytes: int = 0
    """Bytes of the output, which may be the table of the input."""

    @property
    def position_values(self) -> int:
        """Numbers that the KV cache holds for one position: keys and values of every layer.

        Layers that keep less than full attention does are counted as if they did not.
        """
        heads = self.number("attention.head_count", 1)
        kv_heads = self.number("attention.head_count_kv", heads)
        width = -(-self.d_model // heads)
        key = self.number("attention.key_length", width)
        value = self.number("attention.value_length", width)
        return self.number("block_count", 1) * kv_heads * (key + value)

    @property
    def tensor_bytes(self) -> int:
        """Bytes of all tensors."""
        return sum(self.bytes_by_type.values())

    @property
    def weights(self) -> int:
        """How many numbers all tensors hold."""
        sizes = ((BLOCKS[kind], size) for kind, size in self.bytes_by_type.items())
        return sum(size // block_bytes * values for (values, block_bytes), size in sizes)

    def number(self, key: str, default: int) -> int:
        """A count above 0 that the architecture states; the default where it states none, or one
        for each layer."""
        found = self.metadata.get(f"{self.architecture}.{key}")
        return found if isinstance(found, int) and found > 0 else default


def check_gguf(path: Path, *, d_model: int | None = None, n_vocab: int | None = None) -> GgufFacts:
    """Facts of a sound GGUF language model of the expected size.

    Args:
        path: the model's only file, or the first of its pieces.
        d_model: its expected width.
        n_vocab: the expected number of its tokens.

    Raises:
        KnownError: not a file, not GGUF, another version, cut short, or a size that differs from
            `d_model` or `n_vocab`; the text holds both numbers.
    """
    with opened(path) as reader:
        metadata = reader.metadata()
        _check_vocabulary(path, metadata)
        head = reader.head(metadata)
    facts = _facts(path, whole(path, head))
    for what, expected, found in (
        ("d_model", d_model, facts.d_model),
        ("n_vocab", n_vocab, facts.n_vocab),
    ):
        if expected is not None and expected != found:
            raise KnownError(
                "expected {what} {expected} in {path}, found {found}: the bundle's manifest "
                "and its language model do not belong together",
                what=what,
                expected=expected,
                path=path.name,
                found=found,
            )
    return facts


def check_head(path: Path, head: GgufHead) -> GgufFacts:
    """Facts of a sound GGUF language model whose head, all pieces included, was read before.

    Raises:
        KnownError: it lacks what a language model has to say.
    """
    _check_vocabulary(path, head.metadata)
    return _facts(path, head)


def _check_vocabulary(path: Path, metadata: dict[str, Any]) -> None:
    """Every list about tokens is as long as the list of tokens, and of the right type."""
    tokens = metadata.get(TOKENS)
    if not isinstance(tokens, tuple) or tokens[0] != STRING:
        refuse(path, "a list of tokens", "none")
    if not 0 < tokens[1] <= MAX_VOCABULARY:
        refuse(path, f"1 to {MAX_VOCABULARY} tokens", f"{tokens[1]}")
    for name, kinds in (("scores", (FLOAT32,)), ("token_type", (INT32, UINT32))):
        found = metadata.get(f"tokenizer.ggml.{name}")
        if found is not None and (
            not isinstance(found, tuple) or found[0] not in kinds or found[1] != tokens[1]
        ):
            refuse(path, f"{tokens[1]} numbers in tokenizer.ggml.{name}", repr(found))


def _facts(path: Path, head: GgufHead) -> GgufFacts:
    metadata = head.metadata
    if not head.tensors:
        refuse(path, "1 tensor or more", "none")
    architecture = metadata.get("general.architecture")
    if not isinstance(architecture, str):
        refuse(path, "a name of the architecture", repr(architecture))
    sizes = {}
    for key, limit in _SIZES.items():
        value = metadata.get(f"{architecture}.{key}")
        if not isinstance(value, int) or not 0 < value <= limit:
            refuse(path, f"1 to {limit} as {architecture}.{key}", repr(value))
        sizes[key] = value
    _check_numbers(path, metadata)
    return GgufFacts(
        architecture=architecture,
        d_model=sizes["embedding_length"],
        n_vocab=metadata[TOKENS][1],
        n_ctx_train=sizes["context_length"],
        n_tensors=len(head.tensors),
        metadata=metadata,
        bytes_by_type=head.bytes_by_type,
        layers=layers_of(head, architecture),
        output_bytes=output_bytes(head.tensors),
    )


def _check_numbers(path: Path, metadata: dict[str, Any]) -> None:
    for key, value in metadata.items():
        least = 0.0 if key.endswith("epsilon") else -math.inf
        if isinstance(value, float) and not (math.isfinite(value) and value >= least):
            refuse(path, f"a sensible number as {key}", repr(value))
