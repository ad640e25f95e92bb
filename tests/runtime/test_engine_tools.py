"""Tools from the question to the answer behind their results, with Pocket, which was trained with
none: its calls are valid all the same."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from plugins.errors import KnownError
from runtime.bundle.bundle import PACKAGED, Bundle
from runtime.engine import Engine
from runtime.messages import (
    Event,
    Message,
    Sampling,
    SignalPart,
    TextDelta,
    TextPart,
    ToolCalled,
    ToolCallPart,
    ToolCallStarted,
    ToolResultPart,
    ToolSpec,
    Turn,
    TurnDone,
    TurnFailed,
    decode_event,
    encode,
)
from tests.runtime.calls.making import tool

pytestmark = pytest.mark.usefixtures("one_thread")
PICK = tool("pick", "what", "many", what={"enum": ["boat", "car"]}, many={"type": "boolean"})
NIGHT = tool("night", "on", on={"type": "boolean"})


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine(Bundle.open(PACKAGED / "pocket"), device="cpu", threads=1) as engine:
        yield engine


def turn(*tools: ToolSpec, answer: tuple[Any, ...] = (), **options: Any) -> Turn:
    messages = [Message("user", (TextPart("draw a red boat"),))]
    if answer:
        messages.append(Message("assistant", answer))
    return Turn(tuple(messages), tools=tools, seed=5, **{"allowed": ("text",), **options})


def done(events: list[Event]) -> TurnDone:
    last = events[-1]
    assert isinstance(last, TurnDone), last
    return last


def calls(events: list[Event]) -> list[ToolCallPart]:
    return [event.call for event in events if isinstance(event, ToolCalled)]


def text(events: list[Event]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


def test_a_call_that_is_required_is_whole_and_fits(engine: Engine) -> None:
    events = list(engine.answer(turn(PICK, NIGHT, tool_choice="required", parallel_calls=False)))

    (call,) = calls(events)
    assert call.name in ("pick", "night")
    given = json.loads(call.arguments)
    assert given.get("what", "boat") in ("boat", "car")
    assert isinstance(given.get("many", given.get("on")), bool)
    assert [type(event) for event in events[:2]] == [ToolCallStarted, ToolCalled]
    assert done(events).finish == "tool_calls"
    assert done(events).reply == Message("assistant", (call,))
    assert text(events) == ""
    assert [decode_event(encode(event)) for event in events] == events


def test_one_tool_is_called_by_its_name(engine: Engine) -> None:
    for seed in range(3):
        asked = turn(PICK, NIGHT, tool_choice="night", sampling=Sampling(temperature=2.0))
        (call,) = calls(list(engine.answer(msgspec.structs.replace(asked, seed=seed))))
        assert call.name == "night"
        assert list(json.loads(call.arguments)) == ["on"]


def test_the_answer_goes_on_behind_the_result_and_reuses_what_was_read(engine: Engine) -> None:
    first = list(engine.answer(turn(NIGHT, tool_choice="required", parallel_calls=False)))
    (call,) = calls(first)
    result = ToolResultPart(call.id, call.name, "it is night")

    events = list(engine.answer(turn(NIGHT, answer=(call, result), tool_choice="none")))

    asked, usage = done(first).usage, done(events).usage
    # Pocket cuts JSON into other tokens than its vocabulary would, so a part of the call is new.
    assert usage.reused_tokens > asked.prompt_tokens
    assert usage.prompt_tokens - usage.reused_tokens < asked.new_tokens + 30
    assert not any(isinstance(part, ToolCallPart) for part in done(events).reply.parts)
    assert done(events).reply.parts == (TextPart(text(events)),)


def test_without_a_call_words_and_artifacts_are_as_before(engine: Engine) -> None:
    plain = list(engine.answer(turn(allowed=("text", "image"))))
    told = list(engine.answer(turn(PICK, tool_choice="none", allowed=("text", "image"))))

    assert text(told) == text(plain)
    assert SignalPart("image") in done(told).reply.parts


def test_a_call_cut_by_the_limit_is_none(engine: Engine) -> None:
    short = Sampling(max_new_tokens=12)

    asked = turn(NIGHT, tool_choice="required", sampling=short, may_be_empty=True)
    events = list(engine.answer(asked))

    assert calls(events) == []
    assert done(events).finish == "length"
    assert done(events).reply.parts == ()


def test_stopping_within_a_call_leaves_nothing_of_it(engine: Engine) -> None:
    cancelled, events = threading.Event(), list[Event]()
    for event in engine.answer(turn(NIGHT, tool_choice="required"), cancelled):
        events.append(event)
        if isinstance(event, ToolCallStarted):
            cancelled.set()

    assert calls(events) == []
    assert done(events).finish == "stopped"
    assert done(events).reply.parts == ()


def test_ids_differ_from_those_of_the_conversation(engine: Engine) -> None:
    asked = turn(NIGHT, tool_choice="required", parallel_calls=False)
    found = {call.id for _ in range(3) for call in calls(list(engine.answer(asked)))}

    assert len(found) == 3


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (turn(PICK, tool_choice="other"), "tool_choice: expected auto"),
        (turn(PICK, PICK), "expected names"),
        (turn(ToolSpec("t", "", "no")), "tool t: expected a JSON schema"),
        (
            turn(tool("t", **{f"p{n}": {"type": "string"} for n in range(400)})),
            "tools: expected at most",
        ),
    ],
)
def test_tools_that_cannot_be_used_are_refused(engine: Engine, asked: Turn, said: str) -> None:
    (failed,) = engine.answer(asked)

    assert isinstance(failed, TurnFailed)
    assert said in str(KnownError(failed.problem))


def test_a_result_that_does_not_fit_is_refused(engine: Engine) -> None:
    call = ToolCallPart("a", "night", '{"on": true}')
    result = ToolResultPart("a", "night", "the boat " * 3000)

    (failed,) = engine.answer(turn(NIGHT, answer=(call, result)))

    assert isinstance(failed, TurnFailed)
    assert failed.problem.kind == "context"


def test_words_may_follow_a_schema_beside_tools(engine: Engine) -> None:
    shape = Sampling(json_schema='{"enum": ["day", "night"]}')

    words = list(engine.answer(turn(NIGHT, sampling=shape)))
    called = list(engine.answer(turn(NIGHT, sampling=shape, tool_choice="night")))

    assert text(words) in ('"day"', '"night"') or calls(words)
    assert [call.name for call in calls(called)] == ["night"]
    assert text(called) == ""
