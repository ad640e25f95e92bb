"""Calls at the end of an answer: by construction whole, known and fitting, or none.

The models are real Llamas whose weights make a greedy answer follow a path that the test chose; a
grammar decides where the path would leave it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from runtime.bundle.manifest import TemplateSpec, ToolsSpec
from runtime.calls.offer import Offer
from runtime.language_model.model import LanguageModel
from runtime.language_model.options import (
    AnswerEvent,
    AnswerOptions,
    CallBegan,
    CallEnded,
    Finished,
    TextPiece,
    ThinkingPiece,
)
from runtime.language_model.text.thinking import ThinkingMarkers
from runtime.messages import ToolCallPart
from tests.runtime.calls.making import AROUND, asked, tool
from tests.runtime.language_model.scripted import BEGIN, Load

pytestmark = pytest.mark.usefixtures("one_thread")
FORM = ToolsSpec(
    **AROUND,
    call_open='<Img>{"name": "',
    call_middle='", "arguments": ',
    call_close="}</Img>",
)
COUNT = tool("count", "n", n={"type": "integer"})
PICK = tool("pick", "what", what={"enum": ["boat", "car"]})


def answered(
    model: LanguageModel, *tools: Any, limit: int = 60, form: ToolsSpec = FORM, **turn: Any
) -> tuple[list[AnswerEvent], list[ToolCallPart]]:
    offer = Offer(TemplateSpec(tools=form), asked(*tools, **turn), model)
    calls = offer.options()
    assert calls is not None
    made = list[ToolCallPart]()
    events = list(model.generate(AnswerOptions(max_new_tokens=limit, calls=calls)))
    for event in events:
        if isinstance(event, CallBegan | CallEnded):
            list(offer.events(event, made.append))
    return events, made


def kinds(events: Sequence[AnswerEvent]) -> list[str]:
    names = [type(event).__name__ for event in events]
    return [n for i, n in enumerate(names) if n != "TextPiece" or names[i - 1 : i] != [n]]


def text_of(events: Sequence[AnswerEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextPiece))


def reason(events: Sequence[AnswerEvent]) -> str:
    last = events[-1]
    assert isinstance(last, Finished)
    return last.reason


def test_words_stream_and_what_follows_the_sign_is_a_call(load: Load) -> None:
    events, (call,) = answered(load(BEGIN + "a red boat<Img>"), PICK)

    assert text_of(events) == "a red boat"
    assert kinds(events) == ["TextPiece", "CallBegan", "CallEnded", "Finished"]
    assert (call.name, json.loads(call.arguments)["what"] in ("boat", "car")) == ("pick", True)
    assert reason(events) == "calls"


def test_a_call_that_is_required_comes_at_once(load: Load) -> None:
    events, (call,) = answered(load(BEGIN + "a red boat</s>"), PICK, tool_choice="required")

    assert kinds(events)[:2] == ["CallBegan", "CallEnded"]
    assert call.name == "pick"


def test_a_call_that_does_not_come_to_its_end_is_none(load: Load) -> None:
    events, made = answered(load(BEGIN + "a<Img>"), PICK, limit=6)

    assert kinds(events) == ["TextPiece", "CallBegan", "Finished"]
    assert events[-1] == Finished("length", 6)
    assert made == []


def test_stopping_within_a_call_leaves_nothing_of_it(load: Load) -> None:
    model = load(BEGIN + "a<Img>")
    calls = Offer(TemplateSpec(tools=FORM), asked(PICK), model).options()
    asked_for, seen = 0, list[str]()

    def cancelled() -> bool:
        nonlocal asked_for
        asked_for += "CallBegan" in seen
        return asked_for > 2

    for event in model.generate(AnswerOptions(max_new_tokens=60, calls=calls), cancelled):
        seen.append(type(event).__name__)

    assert seen == ["TextPiece", "CallBegan", "Finished"]


def test_a_second_call_follows_where_the_model_begins_one(load: Load) -> None:
    form = msgspec.structs.replace(FORM, calls_between="")
    model = load(BEGIN + "a<Img>", "</Img><Img>")

    _, made = answered(model, PICK, form=form, limit=200)
    _, alone = answered(load(BEGIN + "a<Img>", "</Img>now"), PICK, form=form)
    _, first = answered(
        load(BEGIN + "a<Img>", "</Img><Img>"), PICK, form=form, parallel_calls=False
    )

    assert len(made) > 1
    assert len(alone) == len(first) == 1
    assert len({call.id for call in made}) == len(made)


def test_a_sign_that_never_came_leaves_words(load: Load) -> None:
    events, made = answered(load(BEGIN + "a red boat</s>"), COUNT)

    assert (text_of(events), made) == ("a red boat", [])
    assert reason(events) == "end"


def test_thinking_comes_before_a_call_that_is_required(load: Load) -> None:
    model = load(BEGIN + "a red boat on the sea at night")
    markers = ThinkingMarkers("a", " on", "")
    thinking = model.thinking_of(markers, begun=False, most_tokens=30)
    offer = Offer(TemplateSpec(tools=FORM), asked(PICK, tool_choice="required"), model)

    options = AnswerOptions(max_new_tokens=60, calls=offer.options(), thinking=thinking)
    events = list(model.generate(options))

    thought = "".join(event.text for event in events if isinstance(event, ThinkingPiece))
    assert thought == "red boat"
    assert [kind for kind in kinds(events) if kind != "ThinkingPiece"] == [
        "ThinkingEnded", "CallBegan", "CallEnded", "Finished",
    ]  # fmt: skip


def test_the_same_seed_gives_the_same_call(load: Load) -> None:
    def made(seed: int) -> str:
        model = load(BEGIN + "a<Img>")
        calls = Offer(TemplateSpec(tools=FORM), asked(COUNT), model).options()
        options = AnswerOptions(max_new_tokens=90, calls=calls, temperature=1.5, seed=seed)
        return "".join(e.text for e in model.generate(options) if isinstance(e, CallEnded))

    assert made(3) == made(3)
