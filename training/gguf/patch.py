"""Writes a GGUF file again with more tokens and other weights; everything else is copied bit for
bit.

So a model of any architecture and quantization keeps its tokenizer and what was not trained. Knows
the file format; knows no training.

Legend: V vocabulary, D model width.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gguf
import numpy as np
from numpy.typing import NDArray

from plugins.errors import KnownError
from runtime.media import shown

Array = NDArray[Any]
_TOKENS = "tokenizer.ggml.tokens"
_TYPES = "tokenizer.ggml.token_type"
_SCORES = "tokenizer.ggml.scores"


@dataclass(frozen=True)
class Vocabulary:
    """The tokens of a GGUF."""

    tokens: tuple[str, ...]
    control: frozenset[int]
    """Ids that only a template can place."""
    bos: str
    """Text of the token that begins a text; empty when there is none."""
    eos: str
    chat_template: str
    """Jinja; empty when the file has none."""

    def control_ids(self, names: Sequence[str]) -> list[int] | None:
        """Their ids when all of these are control tokens; None when none of them is a token.

        Raises:
            KnownError: some are there, but not as control tokens.
        """
        known = {name: self.tokens.index(name) for name in names if name in self.tokens}
        if not known:
            return None
        if len(known) < len(names) or not self.control.issuperset(known.values()):
            raise KnownError(
                f"language model: expected {names[0]} to {names[-1]} all or none of them as "
                f"control tokens, found {len(known)} of {len(names)}; ask for another number of "
                "signal tokens with --signals."
            )
        return [known[name] for name in names]


def read_vocabulary(path: Path) -> Vocabulary:
    """The tokens of a GGUF that was already checked.

    Raises:
        KnownError: it holds no tokens that can be read.
    """
    reader = gguf.GGUFReader(path)
    try:
        tokens = tuple(_value(reader, _TOKENS) or ())
        types = _value(reader, _TYPES) or []
        bos, eos = (_value(reader, f"tokenizer.ggml.{end}_token_id") for end in ("bos", "eos"))
        template = str(_value(reader, "tokenizer.chat_template") or "")
    except UnicodeDecodeError as error:
        raise KnownError(
            f"{shown(path)}: expected tokens in UTF-8, found others ({error}); use another file."
        ) from error
    control = frozenset(i for i, kind in enumerate(types) if kind == gguf.TokenType.CONTROL)
    named = [tokens[i] if isinstance(i, int) and i < len(tokens) else "" for i in (bos, eos)]
    return Vocabulary(tokens, control, named[0], named[1], template)


def architecture(path: Path) -> str:
    """The architecture that a checked GGUF file states, for example `llama`."""
    return str(_value(gguf.GGUFReader(path), "general.architecture"))


def extend_gguf(
    source: Path, target: Path, *, name: str, tokens: Sequence[str], tensors: Mapping[str, Array]
) -> None:
    """Write `source` to `target` with `tokens` appended as control tokens.

    `tensors` replace those of the same name in the file: float32 or float16, rows first; the two
    of [V, D] have rows for the new tokens as well.

    Raises:
        KnownError: a tensor to replace is not in the file.
    """
    reader = gguf.GGUFReader(source)
    missing = tensors.keys() - {tensor.name for tensor in reader.tensors}
    if missing:
        raise KnownError(
            f"{shown(source)}: expected the tensors {', '.join(sorted(missing))}, found none of "
            "that name; this architecture cannot be written back."
        )
    partial = target.with_name(f"{target.name}.partial")
    writer = gguf.GGUFWriter(str(partial), str(_value(reader, "general.architecture")))
    try:
        _copy_fields(reader, writer, name, tokens)
        _copy_tensors(reader, writer, tensors)
        writer.close()
        os.replace(partial, target)
    finally:
        writer.close()
        partial.unlink(missing_ok=True)


def _copy_fields(
    reader: gguf.GGUFReader, writer: gguf.GGUFWriter, name: str, tokens: Sequence[str]
) -> None:
    more: dict[str, list[Any]] = {
        _TOKENS: list(tokens),
        _TYPES: [int(gguf.TokenType.CONTROL)] * len(tokens),
        _SCORES: [0.0] * len(tokens),
    }
    for field in reader.fields.values():
        if field.name == "general.architecture" or field.name.startswith("GGUF."):
            continue
        value = field.contents()
        if field.name in more:
            value = [*value, *more[field.name]]
        if field.name == "general.name":
            value = name
        if field.name.endswith(".vocab_size"):
            value = int(value) + len(tokens)
        nested = field.types[-1] if field.types[0] == gguf.GGUFValueType.ARRAY else None
        writer.add_key_value(field.name, value, field.types[0], sub_type=nested)


def _copy_tensors(
    reader: gguf.GGUFReader, writer: gguf.GGUFWriter, tensors: Mapping[str, Array]
) -> None:
    for old in reader.tensors:
        new = tensors.get(old.name)
        data, kind = (old.data, old.tensor_type) if new is None else (new, None)
        writer.add_tensor_info(old.name, data.shape, data.dtype, data.nbytes, kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    for old in reader.tensors:
        writer.write_tensor_data(np.ascontiguousarray(tensors.get(old.name, old.data)))


def _value(reader: gguf.GGUFReader, key: str) -> Any:
    field = reader.get_field(key)
    return None if field is None else field.contents()
