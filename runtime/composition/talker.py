"""The language model of a composed bundle: how a GGUF that a person has is asked and driven.

Knows GGUF heads and chat templates; loads no model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plugins.errors import KnownError, Problem, phrase
from runtime.bundle.manifest import LanguageModelSpec, Licence, TemplateSpec
from runtime.composition.chat_template import ENDS, ChatPieces, chat_pieces, system_template
from runtime.composition.recipe import chatml, recipe
from runtime.language_model.gguf_check import GgufFacts, check_gguf
from runtime.language_model.gguf_head import opened
from runtime.local_models.found import FoundModel

UNKNOWN = "NOASSERTION"
"""SPDX's word for a licence that nobody stated."""
MOST_CONTEXT = 8192
"""Positions; fewer where the model was trained for fewer, or the memory does not suffice when it is
opened."""
MOST_NEW = 768
"""Positions of one answer."""
SMALL = 2_500_000_000
"""Weights of a model from which on it calls tools when they are needed, of its own accord."""
_ANSWERS_SHARE = 4
"""One part in this many of a small context is for the answer."""
_TEMPLATE = "tokenizer.chat_template"
_TOKEN = "tokenizer.ggml.{}_token_id"
_ENDS = ("eos", "eot", "eom")
AS_CHATML = phrase(
    "It is asked in ChatML, as most models are. If its answers are odd, write the marks that it "
    "was trained with into [template] of the bundle's bundle.toml."
)


@dataclass(frozen=True)
class Talker:
    """A language model, and what was found out about how to ask it."""

    title: str
    spec: LanguageModelSpec
    template: TemplateSpec
    pieces: ChatPieces
    licence: Licence
    files: Mapping[str, Path]
    """By path in the bundle."""
    warnings: tuple[Problem, ...] = ()
    """What a person should know; whole sentences."""
    is_small: bool = False
    """Whether it has so few weights that it has to be asked before it may call a tool."""


def talker(found: FoundModel) -> Talker:
    """A GGUF of a person as the language model of a bundle.

    Args:
        found: a model that talks.

    Raises:
        KnownError: the file is broken, or its template does harm.
    """
    facts = check_gguf(found.path)
    pieces, problem = own_pieces(found.path, facts)
    warnings = (*found.warnings, problem) if problem is not None else found.warnings
    names = bundle_names(found.files)
    return Talker(
        title=found.title,
        spec=_spec(names[found.path], facts),
        template=_template(pieces, facts),
        pieces=pieces,
        licence=Licence(names[found.path], found.licence or UNKNOWN, str(found.path)),
        files={names[path]: path for path in found.files},
        warnings=warnings,
        is_small=facts.weights < SMALL,
    )


def chatml_talker(path: Path, title: str) -> Talker:
    """A GGUF of one file that is known to speak ChatML.

    Raises:
        KnownError: the file is broken.
    """
    facts = check_gguf(path)
    (name,) = bundle_names((path,)).values()
    return Talker(
        title=title,
        spec=_spec(name, facts),
        template=_template(chatml(), facts),
        pieces=chatml(),
        licence=Licence(name, UNKNOWN, str(path)),
        files={name: path},
        is_small=facts.weights < SMALL,
    )


def bundle_names(files: tuple[Path, ...]) -> dict[Path, str]:
    """The names of a language model's files in a bundle; of several as llama.cpp looks for them."""
    if len(files) == 1:
        return {files[0]: "llm.gguf"}
    count = len(files)
    return {
        path: f"llm-{number:05}-of-{count:05}.gguf" for number, path in enumerate(files, start=1)
    }


def own_pieces(path: Path, facts: GgufFacts) -> tuple[ChatPieces, Problem | None]:
    """The pieces of a GGUF's own chat template, or ChatML's with the reason for it.

    Raises:
        KnownError: the file cannot be read, or its template takes all time or memory.
    """
    template = facts.metadata.get(_TEMPLATE)
    if not isinstance(template, str) or not template.strip():
        return chatml(), AS_CHATML
    texts = _special_texts(path, facts.metadata)
    ends = [*ENDS, *(texts.get(end, "") for end in _ENDS)]
    try:
        return (
            chat_pieces(
                template,
                bos=texts.get("bos", ""),
                eos=texts.get("eos", ""),
                ends=ends,
                add_bos=_adds_bos(facts.metadata),
            ),
            None,
        )
    except KnownError as error:
        return chatml(), phrase("{problem} {instead}", problem=error, instead=AS_CHATML)


def _adds_bos(metadata: Mapping[str, Any]) -> bool:
    """Whether llama.cpp begins a text with a token of its own, as the file says or its kind of
    vocabulary has it."""
    stated = metadata.get("tokenizer.ggml.add_bos_token")
    if isinstance(stated, bool):
        return stated
    return metadata.get("tokenizer.ggml.model") == "llama" or (
        metadata.get("tokenizer.ggml.pre") in ("llama3", "llama-v3", "llama-bpe")
    )


def _special_texts(path: Path, metadata: Mapping[str, Any]) -> dict[str, str]:
    """Texts of the tokens that begin a text and end one, by what the file calls them."""
    ids = {name: metadata.get(_TOKEN.format(name)) for name in ("bos", *_ENDS)}
    known = {name: one for name, one in ids.items() if isinstance(one, int) and one >= 0}
    with opened(path) as reader:
        reader.metadata()
        texts = reader.token_texts(frozenset(known.values()))
    return {name: texts[one] for name, one in known.items() if one in texts}


def _spec(file: str, facts: GgufFacts) -> LanguageModelSpec:
    n_ctx = min(MOST_CONTEXT, facts.n_ctx_train)
    return LanguageModelSpec(
        file=file,
        d_model=facts.d_model,
        n_vocab=facts.n_vocab,
        n_ctx=n_ctx,
        max_new_tokens=min(MOST_NEW, n_ctx // _ANSWERS_SHARE),
    )


def _template(pieces: ChatPieces, facts: GgufFacts) -> TemplateSpec:
    """A model that is asked before it may call is not reminded of how to."""
    words = recipe()
    reminder = "" if facts.weights < SMALL else words.tools_reminder
    return system_template(pieces, words.system, words.reminder, words.tools_system, reminder)
