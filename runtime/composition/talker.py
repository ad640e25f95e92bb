"""The language model of a composed bundle: how a GGUF that a person has is asked and driven.

Knows GGUF heads and chat templates; loads no model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plugins.errors import KnownError, Problem, phrase
from runtime import needs
from runtime.bundle.manifest import LanguageModelSpec, Licence, TemplateSpec
from runtime.composition.chat_template import ENDS, ChatPieces, chat_pieces, system_template
from runtime.composition.recipe import chatml, recipe
from runtime.language_model.gguf_check import GgufFacts, check_gguf
from runtime.language_model.gguf_head import opened
from runtime.local_models.found import FoundModel

UNKNOWN = "NOASSERTION"
"""SPDX's word for a licence that nobody stated."""
MOST_CONTEXT, LEAST_CONTEXT = 8192, 2048
"""Positions; fewer where the memory does not suffice or the model was trained for fewer."""
MOST_NEW = 768
"""Positions of one answer."""
_TEMPLATE = "tokenizer.chat_template"
_TOKEN = "tokenizer.ggml.{}_token_id"
_ENDS = ("eos", "eot", "eom")
_SHARE = 0.8
"""Of the memory that is free."""
AS_CHATML = phrase("It is asked in ChatML, as most models are.")


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
        spec=_spec(names[found.path], facts, fitting_context(facts, found.bytes)),
        template=_template(pieces),
        pieces=pieces,
        licence=Licence(names[found.path], found.licence or UNKNOWN, str(found.path)),
        files={names[path]: path for path in found.files},
        warnings=warnings,
    )


def chatml_talker(path: Path, title: str) -> Talker:
    """A GGUF of one file that is known to speak ChatML, with as much context as it can use.

    Raises:
        KnownError: the file is broken.
    """
    facts = check_gguf(path)
    (name,) = bundle_names((path,)).values()
    return Talker(
        title=title,
        spec=_spec(name, facts, min(MOST_CONTEXT, facts.n_ctx_train)),
        template=_template(chatml()),
        pieces=chatml(),
        licence=Licence(name, UNKNOWN, str(path)),
        files={name: path},
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
            chat_pieces(template, bos=texts.get("bos", ""), eos=texts.get("eos", ""), ends=ends),
            None,
        )
    except KnownError as error:
        return chatml(), phrase("{problem} {instead}", problem=error, instead=AS_CHATML)


def _special_texts(path: Path, metadata: Mapping[str, Any]) -> dict[str, str]:
    """Texts of the tokens that begin a text and end one, by what the file calls them."""
    ids = {name: metadata.get(_TOKEN.format(name)) for name in ("bos", *_ENDS)}
    known = {name: one for name, one in ids.items() if isinstance(one, int) and one >= 0}
    with opened(path) as reader:
        reader.metadata()
        texts = reader.token_texts(frozenset(known.values()))
    return {name: texts[one] for name, one in known.items() if one in texts}


def fitting_context(facts: GgufFacts, weights: int) -> int:
    """Positions that fit into memory beside the weights, half as many each time they do not.

    Args:
        facts: of the model.
        weights: bytes of its files.
    """
    positions = min(MOST_CONTEXT, facts.n_ctx_train)
    free = int(needs.available_bytes() * _SHARE)
    while positions >= 2 * LEAST_CONTEXT:
        if needs.language_model(facts, weights, positions, free=free).total <= free:
            break
        positions //= 2
    return positions


def _spec(file: str, facts: GgufFacts, n_ctx: int) -> LanguageModelSpec:
    return LanguageModelSpec(
        file=file,
        d_model=facts.d_model,
        n_vocab=facts.n_vocab,
        n_ctx=n_ctx,
        max_new_tokens=MOST_NEW,
    )


def _template(pieces: ChatPieces) -> TemplateSpec:
    return system_template(pieces, recipe().system, recipe().reminder)
