"""The tools of one turn: what the answer may call, and the calls that it wrote.

Joins schemas, grammar and reader for one format. Knows messages and the language model's options;
knows no prompt.
"""

from __future__ import annotations

import secrets
import string
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Protocol

from plugins.errors import KnownError
from runtime.bundle.manifest import TemplateSpec
from runtime.calls.form import sign_of, tools_form
from runtime.calls.grammar import ID_LENGTH, calls_grammar
from runtime.calls.reading import CallReader
from runtime.calls.schema import Schema, parameters
from runtime.language_model.options import CallBegan, CallEnded, CallOptions
from runtime.language_model.text.joint_tokens import ControlToken
from runtime.messages import Message, ToolCalled, ToolCallPart, ToolCallStarted, Turn

AUTO, NONE, REQUIRED = "auto", "none", "required"
_ALPHABET = string.ascii_letters + string.digits


class Vocabulary(Protocol):
    """What of a language model the marks of calls are told by."""

    def tokenize(self, text: str, *, parse_special: bool = False) -> list[int]:
        """Token ids of `text`, nothing added."""

    def control_tokens_in(self, text: str) -> list[str | ControlToken]:
        """`text` cut at the names of control tokens."""

    def control_text(self, token: int) -> bytes:
        """The name of a control token."""


class Offer:
    """The tools that one answer may call."""

    def __init__(self, template: TemplateSpec, turn: Turn, vocabulary: Vocabulary) -> None:
        """Raises:
        KnownError: a tool's name or schema, or the choice, cannot be used.
        """
        self._form = tools_form(template)
        self._vocabulary = vocabulary
        self._turn = turn
        self._used = {part.id for part in _calls(turn.messages)}
        self.sign, self._at_begin = sign_of(self._form)
        schemas = parameters(turn.tools)
        self._schemas = _chosen(schemas, turn.tool_choice)
        self._reader = CallReader(self._form, self._schemas, self.sign)
        self._begun = ""

    @property
    def required(self) -> bool:
        """Whether the answer has to call."""
        return self._turn.tool_choice not in (AUTO, NONE)

    def options(self) -> CallOptions | None:
        """How the answer may call; None where it may not."""
        form, turn = self._form, self._turn
        if not self._schemas:
            return None
        several = turn.parallel_calls and form.several and turn.tool_choice in (AUTO, REQUIRED)
        grammar = calls_grammar(form, self._schemas, self.sign, several=several)
        return CallOptions(
            sign=self.sign,
            grammar=grammar,
            is_whole=self._reader.is_whole,
            sign_ids=tuple(self._vocabulary.tokenize(self.sign, parse_special=True)),
            at_begin=self._at_begin,
            again=form.calls_between,
            several=several and not form.calls_close,
            required=self.required,
            names=self._names(),
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
        for number, call in enumerate(self._reader.read(event.text)):
            if number:
                self._begun = self._new_id()
                yield ToolCallStarted(self._begun)
            part = ToolCallPart(self._begun, call.name, call.arguments)
            add(part)
            yield ToolCalled(part)

    def _new_id(self) -> str:
        """A name for a call that no other of the conversation has."""
        while True:
            made = "".join(secrets.choice(_ALPHABET) for _ in range(ID_LENGTH))
            if made not in self._used:
                self._used.add(made)
                return made

    def _names(self) -> dict[int, bytes]:
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
