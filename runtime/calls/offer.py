"""The tools of one turn: what the answer may call, and the calls that it wrote.

Joins schemas, grammar and reader for one format. Knows messages and the language model's options;
knows no prompt.
"""

from __future__ import annotations

import json
import re
import secrets
import string
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Protocol

from msgspec import structs

from plugins.errors import KnownError
from runtime.bundle.manifest import TemplateSpec
from runtime.calls.form import sign_of, tools_form
from runtime.calls.grammar import ID_LENGTH, LOOSE_ROOT, ROOT, calls_grammar
from runtime.calls.reading import CallReader, Written
from runtime.calls.schema import Schema, parameters
from runtime.language_model.grammar.gbnf import literal
from runtime.language_model.options import (
    AnswerOptions,
    CallBegan,
    CallEnded,
    CallOptions,
)
from runtime.language_model.text.joint_tokens import ControlToken
from runtime.language_model.text.signs import Sign
from runtime.messages import Message, ToolCalled, ToolCallPart, ToolCallStarted, ToolSpec, Turn

AUTO, NONE, REQUIRED = "auto", "none", "required"
WORDS = r"""root ::= ([^{` \t\n] | "`" [^`] | "```" ([^j{ \t\n] | "j" [^s] | "js" [^o])) [^\x00]*"""
"""Grammar of an answer that does not begin as the JSON of a call, alone or as a block of code."""
_LOOSE_OPENERS = ("", "```json", "```", "<tools>", "```json<tool_call>", "```xml<tool_call>")
_ALPHABET = string.ascii_letters + string.digits


class Vocabulary(Protocol):
    """What of a language model the marks of calls are told by."""

    def tokenize(self, text: str, *, parse_special: bool = False) -> list[int]:
        """Token ids of `text`, nothing added."""

    def control_tokens_in(self, text: str) -> list[str | ControlToken]:
        """`text` cut at the names of control tokens."""

    def control_text(self, token: int) -> bytes:
        """The name of a control token."""


def listed(turn: Turn) -> tuple[ToolSpec, ...]:
    """The tools that the model is told of: none where it may call none and never did."""
    told = turn.tool_choice != NONE or any(_calls(turn.messages))
    return turn.tools if told else ()


class Offer:
    """The tools that one answer may call."""

    def __init__(
        self, template: TemplateSpec, turn: Turn, vocabulary: Vocabulary, *, in_words: bool = False
    ) -> None:
        """`in_words`: the model was asked, and words are enough; see `decided`.

        Raises:
            KnownError: a tool's name or schema, or the choice, cannot be used.
        """
        self._in_words = in_words
        self._template = template
        self._form = tools_form(template)
        self._vocabulary = vocabulary
        self._turn = turn
        self._used = {part.id for part in _calls(turn.messages)}
        self.sign, self._at_begin = sign_of(self._form)
        schemas = parameters(turn.tools)
        self._schemas = _chosen(schemas, turn.tool_choice)
        self._reader = CallReader(self._form, self._schemas, self.sign)
        self._loose = self._loose_signs()
        self._begun = ""

    @property
    def required(self) -> bool:
        """Whether the answer has to call."""
        return self._turn.tool_choice not in (AUTO, NONE)

    @property
    def names(self) -> Collection[str]:
        """Of the tools that the answer may call."""
        return self._schemas.keys()

    @property
    def undecided(self) -> bool:
        """Whether the answer may call and may do without."""
        return bool(self._schemas) and self._turn.tool_choice == AUTO

    def decided(self, *, call: bool) -> Offer:
        """The same tools once it is decided whether the answer has to call one or may not."""
        turn = structs.replace(self._turn, tool_choice=REQUIRED if call else NONE)
        return Offer(self._template, turn, self._vocabulary, in_words=not call)

    def of(self, options: AnswerOptions, *, allowed: bool) -> AnswerOptions:
        """The options of an answer with what its tools need.

        Args:
            options: of the answer.
            allowed: whether it may call where it does not have to.
        """
        calls = self.options() if allowed or self.required else None
        if calls is None:
            marks = (self.sign,) if self._turn.tools and not self._at_begin else ()
            words = options.grammar or (WORDS if self._in_words else "")
            return replace(
                options, stop=(*options.stop, *marks), banned=self.banned(), grammar=words
            )
        if options.grammar:
            # Words follow their own grammar, in which the sign alone may stand in their place.
            calls = replace(calls, signs=(calls.sign,))
            options = replace(options, grammar=_with_sign(options.grammar, self.sign))
        return replace(options, calls=calls)

    def options(self) -> CallOptions | None:
        """How the answer may call; None where it may not."""
        form, turn = self._form, self._turn
        if not self._schemas:
            return None
        several = turn.parallel_calls and form.several and turn.tool_choice in (AUTO, REQUIRED)
        own = Sign(self.sign.encode(), ROOT, self._reader.is_whole)
        return CallOptions(
            grammar=calls_grammar(form, self._schemas, self.sign, several=several),
            sign=own,
            signs=(*self._loose, *(() if self._at_begin else (own,))),
            sign_ids=tuple(self._vocabulary.tokenize(self.sign, parse_special=True)),
            several=several and not form.calls_close,
            required=self.required,
            names=self._marks(),
            tools=tuple(self._schemas),
        )

    def banned(self) -> frozenset[int]:
        """Tokens that would begin a call where there may be none."""
        if self._schemas:
            return frozenset()
        ids = self._vocabulary.tokenize(self.sign, parse_special=True)
        return frozenset(ids) if len(ids) == 1 else frozenset()

    def events(
        self, event: CallBegan | CallEnded, add: Callable[[ToolCallPart], None]
    ) -> Iterator[ToolCallStarted | ToolCalled]:
        """What is told of calls as they are written; `add` gets each whole one."""
        if isinstance(event, CallBegan):
            self._begun = self._new_id()
            yield ToolCallStarted(self._begun)
            return
        for number, call in enumerate(self._written(event)):
            if number:
                self._begun = self._new_id()
                yield ToolCallStarted(self._begun)
            part = ToolCallPart(self._begun, call.name, call.arguments)
            add(part)
            yield ToolCalled(part)

    def _written(self, event: CallEnded) -> tuple[Written, ...]:
        if not event.sign.loose:
            return self._reader.read(event.text)
        found = self._reader.read_loose(event.text, self._loose[event.sign])
        return tuple(replace(one, arguments=_on_one_line(one.arguments)) for one in found)

    def _loose_signs(self) -> dict[Sign, str]:
        """The forms in which small models write calls although they were told of another, with the
        name of the tool."""
        if self._form.arguments != "json":
            return {}
        return {
            Sign(
                f'{opened}{{"name":"{name}"'.encode(),
                f"{LOOSE_ROOT}-{number}",
                partial(self._reader.is_loose_whole, name),
                loose=True,
            ): name
            for opened in _LOOSE_OPENERS
            for number, name in enumerate(self._schemas)
        }

    def _new_id(self) -> str:
        """A name for a call that no other of the conversation has."""
        while True:
            made = "".join(secrets.choice(_ALPHABET) for _ in range(ID_LENGTH))
            if made not in self._used:
                self._used.add(made)
                return made

    def _marks(self) -> dict[int, bytes]:
        form = self._form
        marks = "".join((
            form.calls_open, form.call_open, form.call_middle, form.call_close, form.calls_between,
            form.calls_close, form.argument_open, form.argument_middle, form.argument_close,
        ))  # fmt: skip
        found = self._vocabulary.control_tokens_in(marks)
        ids = {one.id for one in found if isinstance(one, ControlToken)}
        return {one: self._vocabulary.control_text(one) for one in ids}


def _calls(messages: Sequence[Message]) -> Iterator[ToolCallPart]:
    return (part for one in messages for part in one.parts if isinstance(part, ToolCallPart))


def _with_sign(grammar: str, sign: str) -> str:
    """A grammar whose texts are those of another, or the sign alone."""
    words = re.sub(r"(?m)^root ::=", "words ::=", grammar)
    return f"root ::= words | {literal(sign)}\n{words}"


def _on_one_line(arguments: str) -> str:
    """JSON as models are shown it in calls."""
    return json.dumps(json.loads(arguments), ensure_ascii=False)


def _chosen(schemas: dict[str, Schema], choice: str) -> dict[str, Schema]:
    """Those of the tools that may be called."""
    if choice == NONE:
        return {}
    if choice in schemas:
        return {choice: schemas[choice]}
    if choice not in (AUTO, REQUIRED) or (choice == REQUIRED and not schemas):
        raise KnownError(
            "tool_choice: expected auto, none, required or one of {names}, found {choice}. Choose "
            "among these.",
            "request",
            names=_listed(schemas),
            choice=repr(choice[:80]),
        )
    return schemas


def _listed(names: Collection[str]) -> str:
    return ", ".join(names) or "[]"
