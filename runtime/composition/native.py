"""Native routing of a composed bundle: chosen where its language model is a decoder's text encoder.

Some decoders are conditioned on the states of a language model that people also talk to. Where a
person's model is that one, by its shapes and by some of its weights, its own states are the
condition, and the decoder's text encoder stays where it is. Knows configurations, GGUF heads and
chat templates; loads no model.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import msgspec

from plugins.errors import KnownError, Problem, phrase
from plugins.pipelines import PIPELINES, Pipeline, Reading, is_distilled
from runtime.bundle.manifest import NativeSpec
from runtime.composition.decoder import DecoderPart
from runtime.composition.rendering import Task, render
from runtime.composition.same_weights import difference
from runtime.language_model.gguf_check import GgufFacts, check_gguf
from runtime.local_models.found import FoundModel
from runtime.local_models.heads import read_json

_CAPTION: Final = "MEDLEYcaption"
_TEMPLATE: Final = "tokenizer.chat_template"
_FILES: Final = "text_encoder/"
_SHAPES: Final = {
    "hidden_size": "embedding_length",
    "num_hidden_layers": "block_count",
    "intermediate_size": "feed_forward_length",
    "num_attention_heads": "attention.head_count",
    "num_key_value_heads": "attention.head_count_kv",
    "head_dim": "attention.key_length",
    "rope_theta": "rope.freq_base",
}
"""Keys of a text encoder's configuration, and of a GGUF."""


@dataclass(frozen=True)
class Routed:
    """A decoder, and how it gets its conditions."""

    part: DecoderPart
    note: Problem | None = None
    """What was chosen and why, in a sentence; None for decoders that leave no choice."""


def routed(part: DecoderPart, talker: FoundModel) -> Routed:
    """A decoder with native routing where the language model is its text encoder.

    Args:
        part: the decoder.
        talker: the language model of the bundle.

    Raises:
        KnownError: the decoder's text encoder is missing and the language model is another.
    """
    inside = f"{part.spec.decoder}/"
    files = {path.removeprefix(inside): file for path, file in part.files.items()}
    index = _json(files, "model_index.json")
    row = PIPELINES.get(str(index.get("_class_name")))
    if row is None or row.reads is None:
        return Routed(part)
    weights = [f for p, f in files.items() if p.startswith(_FILES) and f.suffix == ".safetensors"]
    facts = check_gguf(talker.path)
    reason = _shape_problem(files, facts, row, row.reads) or _weights_problem(
        talker, weights, facts
    )
    if reason is not None:
        return Routed(_without_native(part, reason, bool(weights)), _own(part, reason))
    spec = _spec(files, facts, row, row.reads)
    kept = {
        path: file
        for path, file in part.files.items()
        if (file not in weights and not path.endswith(".index.json"))
        or not path.startswith(f"{inside}{_FILES}")
    }
    chosen = msgspec.structs.replace(part.spec, native=spec)
    return Routed(replace(part, spec=chosen, files=kept), _chosen(part, weights))


def _shape_problem(
    files: Mapping[str, Path], facts: GgufFacts, row: Pipeline, reading: Reading
) -> Problem | None:
    """What is not as in the text encoder: its kind, a size, or how far apart positions are."""
    if facts.architecture != reading.architecture:
        return _unlike("general.architecture", facts.architecture, reading.architecture)
    config = _json(files, f"{_FILES}config.json")
    if not config:
        component, setting = row.width_from
        width = _json(files, f"{component}/config.json").get(setting, 0)
        count = len(reading.layers)
        if facts.d_model * count == width:
            return None
        return _unlike("embedding_length", facts.d_model, f"{width / count:g}")
    if config.get("model_type") != reading.architecture:
        return _unlike("general.architecture", facts.architecture, config.get("model_type"))
    rope = config.get("rope_parameters")
    said = {**config, **rope} if isinstance(rope, dict) else config
    for name, key in _SHAPES.items():
        found = facts.metadata.get(f"{facts.architecture}.{key}")
        if said.get(name) != found:
            return _unlike(key, found, said.get(name))
    stretched = facts.metadata.get(f"{facts.architecture}.rope.scaling.type", "none")
    if (said.get("rope_type", "default") != "default") != (stretched != "none"):
        return _unlike("rope.scaling.type", stretched, said.get("rope_type"))
    if config.get("vocab_size") != facts.n_vocab:
        return _unlike("vocab_size", facts.n_vocab, config.get("vocab_size"))
    return None


def _unlike(what: str, found: object, expected: object) -> Problem:
    return phrase(
        "{what} of the language model is {found}, of the text encoder {expected}",
        what=what,
        found=str(found),
        expected=str(expected),
    )


def _weights_problem(talker: FoundModel, weights: list[Path], facts: GgufFacts) -> Problem | None:
    if not weights:
        return None
    try:
        found = difference(talker.files, weights, facts.number("block_count", 1))
    except KnownError as error:
        return error.problem
    if found is None:
        return None
    return phrase(
        "the language model has its shapes and other weights ({tensor} is alike to {alike})",
        tensor=found.tensor,
        alike=f"{found.alike:.3f}",
    )


def _without_native(part: DecoderPart, reason: Problem, is_whole: bool) -> DecoderPart:
    if is_whole:
        return part
    raise KnownError(
        "{decoder}: expected its text encoder, or a language model that is the same, found "
        "neither: {reason}. Choose that language model, or copy the decoder's whole folder.",
        "bundle",
        decoder=part.title,
        reason=reason,
    )


def _own(part: DecoderPart, reason: Problem) -> Problem:
    return phrase(
        "{decoder} keeps its own text encoder: {reason}.", decoder=part.title, reason=reason
    )


def _chosen(part: DecoderPart, weights: list[Path]) -> Problem:
    if not weights:
        return phrase(
            "{decoder} is driven by the language model itself, which has the shapes of its text "
            "encoder. Whether it has the same weights could not be seen, as those are not there.",
            decoder=part.title,
        )
    return phrase(
        "{decoder} is driven by the language model itself, which has the shapes and the weights of "
        "its text encoder: {size} GB less to load.",
        decoder=part.title,
        size=f"{sum(file.stat().st_size for file in weights) / 1e9:.1f}",
    )


def _spec(
    files: Mapping[str, Path], facts: GgufFacts, row: Pipeline, reading: Reading
) -> NativeSpec:
    count = facts.number("block_count", 1)
    config = _json(files, "tokenizer/tokenizer_config.json")
    opening, closing = _around_caption(files, config, facts, reading.thinks)
    return NativeSpec(
        layers=tuple(n if n >= 0 else count + 1 + n for n in reading.layers),
        prompt_open=opening,
        prompt_close=closing,
        padding=_padding(config) if reading.padded else "",
        unwanted=not is_distilled(row, lambda path: _json(files, path)),
    )


def _json(files: Mapping[str, Path], path: str) -> dict[str, Any]:
    """A configuration; empty where the folder has none."""
    return read_json(files[path]) if path in files else {}


def _padding(config: Mapping[str, Any]) -> str:
    """The token that fills a text up; that of Qwen's where the folder does not say."""
    found = config.get("pad_token", "<|endoftext|>")
    return str(found.get("content", "")) if isinstance(found, dict) else str(found)


def _around_caption(
    files: Mapping[str, Path], config: Mapping[str, Any], facts: GgufFacts, thinks: bool
) -> tuple[str, str]:
    """What the decoder's chat template writes before a caption and behind it.

    Raises:
        KnownError: there is no template, or it does not write the caption once.
    """
    template = config.get("chat_template") or facts.metadata.get(_TEMPLATE) or ""
    if (own := files.get("tokenizer/chat_template.jinja")) is not None:
        template = own.read_text("utf-8")
    (written,) = render(Task(str(template), "", "", ((("user", _CAPTION),),), (thinks,)))
    opening, found, closing = written.text.partition(_CAPTION)
    if not found or _CAPTION in closing:
        raise KnownError(
            "text encoder: expected a chat template that writes a caption once, found {problem}. "
            "Copy the decoder's whole folder again.",
            "bundle",
            problem=written.problem or json.dumps(written.text[:80]),
        )
    return opening, closing
