"""The words of composed bundles: `recipe.toml`, as typed data. Knows no model."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from pathlib import Path

import msgspec

from runtime.bundle.manifest import CallChoiceSpec, MediaChoiceSpec, TemplateSpec
from runtime.calls.form import tools_form
from runtime.composition.chat_template import ChatPieces

TEXT = "text"


class Signal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words about one modality."""

    caption: str
    """Asks for a caption."""
    caption_open: str
    caption_close: str
    example: str
    """A request for it."""
    offers: dict[str, str]
    """By language, of a decoder that knows every word."""
    pocket: dict[str, str]
    """By language, of Pocket's decoder."""
    stand_ins: dict[str, dict[str, str]] = {}
    """Beside Pocket's decoder; see `SignalSpec.stand_ins`."""


class CallWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a small model is asked which tool an answer needs; see `CallChoiceSpec`."""

    question: str
    again: str
    words: dict[str, str]
    least: float
    least_again: float


class Recipe(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole of `recipe.toml`."""

    system: str
    tools_system: str
    """In its place where the model is given tools."""
    upstream_system: str
    """In place of `system` where a server has the model."""
    upstream_tools_system: str
    tools_reminder: str
    """Stands behind the last message then, for models whose own template has no tools."""
    reminder: str
    limits: str
    pocket_limits: str
    example: str
    """A request that is answered in words; it comes first."""
    last_example: str
    chatml: dict[str, str | list[str]]
    question: dict[str, str]
    """What it begins and ends with, and one line for each modality: a letter, a colon, words."""
    lead: dict[str, str]
    call: CallWords
    signals: dict[str, Signal]
    """By modality."""


@cache
def recipe() -> Recipe:
    """The words that come with Medley."""
    text = Path(__file__).with_name("recipe.toml").read_text("utf-8")
    return msgspec.toml.decode(text, type=Recipe)


def chatml() -> ChatPieces:
    """The pieces for models that bring no template: what most models are trained with."""
    return msgspec.convert(
        {"begin": "", "add_bos": False, "ended": True, **recipe().chatml}, ChatPieces
    )


def media_choice(pieces: ChatPieces, modalities: Collection[str]) -> MediaChoiceSpec | None:
    """How a model with these pieces is asked which media a request wants.

    Args:
        pieces: of the model.
        modalities: what its answers may hold beside words; with none there is nothing to ask.
    """
    if not modalities:
        return None
    words = recipe()
    wanted = [modality for modality in words.signals if modality in modalities]
    lines = [words.question[modality] for modality in (TEXT, *wanted)]
    question = "\n".join([words.question["begin"], *lines, words.question["end"]])

    return MediaChoiceSpec(
        question=pieces.asked(question),
        answers={modality: words.question[modality][0] for modality in (TEXT, *wanted)},
        captions={modality: pieces.asked(words.signals[modality].caption) for modality in wanted},
        lead=words.lead,
    )


def call_choice(pieces: ChatPieces, template: TemplateSpec) -> CallChoiceSpec:
    """How a small model with these pieces is asked which tool an answer needs."""
    words, form = recipe().call, tools_form(template)
    others = "\n".join(f"// {use}\n{name}()" for name, use in words.words.items())
    begun = form.calls_open + form.call_open
    return CallChoiceSpec(
        question=pieces.asked(words.question.format(others=others)) + begun,
        question_again=pieces.asked(words.again.format(others=others)) + begun,
        words=tuple(words.words),
        least=words.least,
        least_again=words.least_again,
    )
