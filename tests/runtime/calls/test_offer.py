"""The tools of one turn: which may be called, and what is told of calls."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from plugins.errors import KnownError
from runtime.bundle.manifest import TemplateSpec
from runtime.calls.offer import WORDS, Offer, listed
from runtime.language_model.options import (
    AnswerOptions,
    CallBegan,
    CallEnded,
    CallOptions,
)
from runtime.language_model.text.joint_tokens import ControlToken
from runtime.messages import (
    Message,
    ToolCalled,
    ToolCallPart,
    ToolCallStarted,
    ToolResultPart,
    Turn,
)
from tests.runtime.calls.making import ARRAY, CHATML, TIMER, WEATHER, XML, asked

CONTROL = "[TOOL_CALLS]"


class Vocabulary:
    """Of letters, and one control token."""

    def tokenize(self, text: str, *, parse_special: bool = False) -> list[int]:
        return [7] if text == CONTROL and parse_special else list(text.encode())

    def control_tokens_in(self, text: str) -> list[str | ControlToken]:
        return [ControlToken(7)] if CONTROL in text else [text]

    def control_text(self, token: int) -> bytes:
        return CONTROL.encode()


def offer(turn: Turn, template: TemplateSpec = CHATML) -> Offer:
    return Offer(template, turn, Vocabulary())


def options(turn: Turn, template: TemplateSpec = CHATML) -> CallOptions:
    found = offer(turn, template).options()
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("choice", "parallel", "required", "several", "names"),
    [
        ("auto", True, False, True, ["get_weather", "timer"]),
        ("auto", False, False, False, ["get_weather", "timer"]),
        ("required", True, True, True, ["get_weather", "timer"]),
        ("timer", True, True, False, ["timer"]),
    ],
)
def test_what_may_be_called(
    choice: str, parallel: bool, required: bool, several: bool, names: list[str]
) -> None:
    turn = asked(WEATHER, TIMER, tool_choice=choice, parallel_calls=parallel)

    found = options(turn)

    assert (found.required, found.several) == (required, several)
    bare = [sign.mark for sign in found.signs if sign.mark.startswith(b"{")]
    assert bare == [f'{{"name":"{name}"'.encode() for name in names]
    assert found.sign.mark == b"<tool_call>"
    assert found.sign_ids == tuple(b"<tool_call>")


def test_none_may_be_called_and_none_are_listed_unless_some_were() -> None:
    none = asked(WEATHER, tool_choice="none")
    call = ToolCallPart("a", "get_weather", "{}")
    answer = Message("assistant", (call, ToolResultPart("a", "get_weather", "18")))

    assert offer(none).options() is None
    assert offer(asked()).options() is None
    assert listed(none) == ()
    assert listed(msgspec.structs.replace(none, messages=(*none.messages, answer))) == (WEATHER,)
    assert offer(none, msgspec.structs.replace(CHATML, tools=ARRAY)).banned() == {7}


@pytest.mark.parametrize(("choice", "tools"), [("paint", (WEATHER,)), ("required", ())])
def test_a_choice_that_is_none_is_refused(choice: str, tools: Any) -> None:
    with pytest.raises(KnownError, match="tool_choice: expected auto, none, required or one of"):
        offer(asked(*tools, tool_choice=choice))


def test_control_tokens_of_the_format_may_come() -> None:
    found = options(asked(TIMER), msgspec.structs.replace(CHATML, tools=ARRAY))

    assert found.names == {7: b"[TOOL_CALLS]"}
    assert not found.several  # The array holds them, behind one sign.


def test_calls_are_told_with_ids_that_no_other_has() -> None:
    text = ' [{"name": "timer", "arguments": {"seconds": 1}, "id": "abcdef123"}, '
    text += '{"name": "timer", "arguments": {"seconds": 2}, "id": "abcdef123"}]'
    turn = asked(TIMER)
    made, added = offer(turn, msgspec.structs.replace(CHATML, tools=ARRAY)), list[ToolCallPart]()
    calls = made.options()
    assert calls is not None

    told = [*made.events(CallBegan(), added.append)]
    told += made.events(CallEnded(calls.sign, text), added.append)

    started, first, second, last = told
    assert isinstance(started, ToolCallStarted) and isinstance(second, ToolCallStarted)
    assert first == ToolCalled(ToolCallPart(started.id, "timer", '{"seconds": 1}'))
    assert last == ToolCalled(ToolCallPart(second.id, "timer", '{"seconds": 2}'))
    assert started.id != second.id
    assert added == [event.call for event in told if isinstance(event, ToolCalled)]


def test_json_that_stood_alone_is_one_line() -> None:
    made, added = offer(asked(TIMER)), list[ToolCallPart]()
    calls = made.options()
    assert calls is not None
    bare = next(sign for sign in calls.signs if sign.mark == b'{"name":"timer"')

    list(made.events(CallEnded(bare, ',\n "parameters": {\n"seconds": 1}\n}'), added.append))

    assert [(call.name, call.arguments) for call in added] == [("timer", '{"seconds": 1}')]


def test_styles_of_models_that_were_trained_with_them_have_no_bare_json() -> None:
    found = options(asked(TIMER), msgspec.structs.replace(CHATML, tools=XML))

    assert [sign.mark for sign in found.signs] == [b"<tool_call>"]


def test_a_sign_that_may_not_come_ends_the_answer() -> None:
    none = offer(asked(WEATHER, tool_choice="none")).of(AnswerOptions(stop=("x",)), allowed=True)
    bare = offer(asked()).of(AnswerOptions(stop=("x",)), allowed=True)

    assert (none.stop, none.calls) == (("x", "<tool_call>"), None)
    assert (bare.stop, bare.calls) == (("x",), None)


def test_words_that_follow_a_grammar_may_be_a_sign_instead() -> None:
    options = AnswerOptions(grammar='root ::= "a" b\nb ::= "b"')

    found = offer(asked(TIMER)).of(options, allowed=True)

    assert found.grammar == 'root ::= words | "<tool_call>"\nwords ::= "a" b\nb ::= "b"'
    assert found.calls is not None
    assert [sign.mark for sign in found.calls.signs] == [b"<tool_call>"]
    assert offer(asked(TIMER)).of(options, allowed=False).calls is None


def test_once_it_is_decided_an_answer_has_to_call_or_holds_words_alone() -> None:
    undecided = offer(asked(WEATHER))
    assert undecided.undecided
    assert list(undecided.names) == ["get_weather"]

    call = undecided.decided(call=True)
    assert call.required
    assert not call.undecided

    words = undecided.decided(call=False).of(AnswerOptions(), allowed=True)
    assert words.calls is None
    assert words.grammar == WORDS
    own = undecided.decided(call=False).of(AnswerOptions(grammar='root ::= "a"'), allowed=True)
    assert own.grammar == 'root ::= "a"'
