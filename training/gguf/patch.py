"""Writes a GGUF file again with more tokens and other weights; everything else is copied bit for
bit.

So a model of any architecture and quantization keeps its tokenizer and what was not trained. Knows
the file format; knows no training.

Legend: V vocabulary, D model width.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gguf
from numpy.typing import NDArray

from plugins.errors import KnownError
from runtime.composition.gguf_rewrite import Stored, field_value, rewrite_gguf
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
    unused: tuple[int, ...]
    """Ids of rows that no text uses."""
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
        tokens = tuple(field_value(reader, _TOKENS) or ())
        types = field_value(reader, _TYPES) or []
        bos, eos = (field_value(reader, f"tokenizer.ggml.{end}_token_id") for end in ("bos", "eos"))
        template = str(field_value(reader, "tokenizer.chat_template") or "")
    except UnicodeDecodeError as error:
        raise KnownError(
            f"{shown(path)}: expected tokens in UTF-8, found others ({error}); use another file."
        ) from error
    control = frozenset(i for i, kind in enumerate(types) if kind == gguf.TokenType.CONTROL)
    unused = tuple(i for i, kind in enumerate(types) if kind == gguf.TokenType.UNUSED)
    named = [tokens[i] if isinstance(i, int) and i < len(tokens) else "" for i in (bos, eos)]
    return Vocabulary(tokens, control, unused, named[0], named[1], template)


def architecture(path: Path) -> str:
    """The architecture that a checked GGUF file states, for example `llama`."""
    return str(field_value(gguf.GGUFReader(path), "general.architecture"))


def extend_gguf(
    source: Path, target: Path, *, name: str, tokens: Sequence[str], tensors: Mapping[str, Array]
) -> None:
    """Write `source` to `target` with `tokens` appended as control tokens.

    `tensors` replace those of the same name in the file: float32 or float16, rows first; the two
    of [V, D] have rows for the new tokens as well.

    Raises:
        KnownError: a tensor to replace is not in the file.
    """
    more: dict[str, list[Any]] = {
        _TOKENS: list(tokens),
        _TYPES: [int(gguf.TokenType.CONTROL)] * len(tokens),
        _SCORES: [0.0] * len(tokens),
    }

    def field(key: str, value: Any) -> Any:
        if key == "general.name":
            return name
        if key.endswith(".vocab_size"):
            return int(value) + len(tokens)
        return [*value, *more[key]] if key in more else value

    changed = {key: lambda _, array=array: Stored(array) for key, array in tensors.items()}
    rewrite_gguf(source, target, tensors=changed, field=field)
