"""A bundle whose language model a server has answers as other bundles do.

The server is Medley's own, with a tiny model: what it must write is so by its grammars.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import numpy as np
import pytest

from plugins.errors import KnownError
from runtime.bundle.manifest import LanguageModelSpec, UpstreamSpec
from runtime.engine import Engine
from runtime.language_model.chunks import TokenChunk
from runtime.language_model.options import (
    AnswerOptions,
    CallOptions,
    Finished,
    PromptUsage,
    TextPiece,
    ThinkingEnded,
    ThinkingPiece,
)
from runtime.language_model.text.signs import Sign
from runtime.messages import (
    ArtifactReady,
    Event,
    Message,
    Sampling,
    TextDelta,
    TextPart,
    ToolCallPart,
    ToolResultPart,
    ToolSpec,
    Turn,
    TurnDone,
    TurnFailed,
)
from runtime.upstream import marks
from runtime.upstream.model import UpstreamModel
from tests.runtime.upstream.failing import Told, chunk, failing

PAINT = ToolSpec(
    "paint",
    "Paints a boat.",
    json.dumps(
        {
            "type": "object",
            "properties": {"colour": {"enum": ["red", "blue"]}},
            "required": ["colour"],
            "additionalProperties": False,
        }
    ),
)


def asked(engine: Engine, *messages: Message, **options: Any) -> list[Event]:
    said = messages or (Message("user", (TextPart("hello"),)),)
    turn = Turn(said, **{"allowed": ("text",), "seed": 1, **options})
    return list(engine.answer(turn))


def done(events: list[Event]) -> TurnDone:
    last = events[-1]
    assert isinstance(last, TurnDone), last
    return last


def test_words_come_as_a_stream_with_the_servers_count(engine: Engine) -> None:
    events = asked(engine)

    last = done(events)
    words = "".join(one.text for one in events if isinstance(one, TextDelta))
    assert words == "a red boat now"
    assert last.title.endswith("(tiny at " + engine.bundle.manifest.title.split(" at ")[1])
    assert last.usage.prompt_tokens > 10
    assert last.usage.context_tokens == last.usage.prompt_tokens + last.usage.new_tokens
    assert last.finish == "end"


def test_a_stop_text_and_a_limit_end_it(engine: Engine) -> None:
    stopped = done(asked(engine, sampling=Sampling(stop=(" boat",))))
    cut = done(asked(engine, sampling=Sampling(max_new_tokens=2)))

    assert stopped.reply.parts == (TextPart("a red"),)
    assert (cut.finish, cut.usage.new_tokens) == ("length", 2)


def test_words_follow_a_schema(engine: Engine) -> None:
    schema = {"type": "object", "properties": {"on": {"type": "boolean"}}, "required": ["on"]}

    last = done(asked(engine, sampling=Sampling(json_schema=json.dumps(schema))))

    (words,) = last.reply.parts
    assert isinstance(words, TextPart)
    assert isinstance(json.loads(words.text)["on"], bool)


def test_a_tool_is_called_and_its_result_is_answered(engine: Engine) -> None:
    hello = Message("user", (TextPart("hello"),))
    last = done(asked(engine, hello, tools=(PAINT,), tool_choice="required"))
    (call,) = last.reply.parts
    assert isinstance(call, ToolCallPart)
    assert (call.name, last.finish) == ("paint", "tool_calls")
    assert json.loads(call.arguments)["colour"] in ("red", "blue")

    result = ToolResultPart(call.id, "paint", "It is painted.")
    after = Message("assistant", (call, result))
    answered = done(asked(engine, hello, after, tools=(PAINT,), tool_choice="none"))

    assert answered.usage.prompt_tokens > last.usage.prompt_tokens
    assert isinstance(answered.reply.parts[0], TextPart)


def test_a_picture_is_made_of_a_caption_that_it_wrote(engine: Engine) -> None:
    message = Message("user", (TextPart("draw a boat"),))
    parameters = {"image": {"steps": 1, "width": 16, "height": 16}}

    events = asked(engine, message, allowed=("image",), parameters=parameters)

    (made,) = [one for one in events if isinstance(one, ArtifactReady)]
    assert made.caption == "a red boat now"


def test_an_answer_stops_and_the_next_one_comes(engine: Engine) -> None:
    cancelled = threading.Event()
    turn = Turn((Message("user", (TextPart("hello"),)),), allowed=("text",), seed=1)
    events: list[Event] = []
    for event in engine.answer(turn, cancelled):
        cancelled.set()
        events.append(event)
    assert done(events).finish == "stopped"

    assert done(asked(engine)).finish == "end"


def test_a_conversation_that_is_too_long_loses_its_oldest_turns(engine: Engine) -> None:
    long = Message("user", (TextPart("7 " * 1400),))
    answer = Message("assistant", (TextPart("yes"),))

    last = done(asked(engine, long, answer, long, answer, Message("user", (TextPart("hello"),))))

    assert last.dropped_messages > 0


@pytest.fixture
def scripted() -> Iterator[tuple[UpstreamModel, Told]]:
    with failing() as (url, told):
        spec = LanguageModelSpec(n_ctx=100, upstream=UpstreamSpec(url, "m"))
        with closing(UpstreamModel(spec)) as model:
            ids = model.tokenize(f"{marks.USER}hi{marks.END}{marks.ANSWER}", parse_special=True)
            model.prefill([TokenChunk(tuple(ids))])
            yield model, told


def _generated(model: UpstreamModel) -> list[object]:
    return list(model.generate(AnswerOptions()))


def test_thoughts_are_told_apart_from_words(scripted: tuple[UpstreamModel, Told]) -> None:
    model, told = scripted
    usage = {"prompt_tokens": 9, "completion_tokens": 3}
    told.stream = (
        chunk(reasoning_content="hm"),
        chunk("Yes."),
        chunk(reason="stop"),
        "data: " + json.dumps({"choices": [], "usage": usage}),
        "data: [DONE]",
    )

    assert _generated(model) == [
        ThinkingPiece("hm"),
        ThinkingEnded(cut=False),
        TextPiece("Yes."),
        Finished("end", 3, PromptUsage(9, 0)),
    ]
    assert model.used == 12
    assert told.asked[0]["messages"] == [{"role": "user", "content": "hi"}]


@pytest.mark.parametrize(("words", "shown"), [("OK.", ""), ("And a joke: ha!", " And a joke: ha!")])
def test_of_an_answer_that_has_begun_only_the_rest_is_asked_for(
    scripted: tuple[UpstreamModel, Told], words: str, shown: str
) -> None:
    model, told = scripted
    model.put(model.tokenize("I made it."))
    told.stream = (*(chunk(one) for one in words), chunk(reason="stop"), "data: [DONE]")

    found = "".join(one.text for one in _generated(model) if isinstance(one, TextPiece))

    assert found == shown
    assert [one["role"] for one in told.asked[0]["messages"]] == ["user", "assistant", "user"]


def test_likelihoods_choose_where_the_server_tells_them(
    scripted: tuple[UpstreamModel, Told],
) -> None:
    model, told = scripted
    tops = [{"token": " B", "logprob": -0.1}, {"token": "A", "logprob": -2.5}]
    content = [{"token": "B", "logprob": -0.1, "top_logprobs": tops}]
    told.body = json.dumps({"choices": [{"logprobs": {"content": content}}]})
    a, b, c = (model.tokenize(letter)[0] for letter in "ABC")

    logits = model.logits()

    assert np.allclose(logits[[a, b]], [-2.5, -0.1])
    assert logits[c] < -20
    assert told.asked[0]["max_tokens"] == 1


def test_without_likelihoods_a_question_in_json_chooses(
    scripted: tuple[UpstreamModel, Told],
) -> None:
    model, told = scripted
    message = {"role": "assistant", "content": '{"reply": "C"}'}
    told.body = json.dumps({"choices": [{"message": message, "logprobs": None}]})
    b, c = (model.tokenize(letter)[0] for letter in "BC")

    logits = model.logits()
    model.logits()

    assert logits[c] > logits[b] + 20
    assert [("logprobs" in one) for one in told.asked] == [True, False, False]


def test_arguments_that_are_no_json_are_told(scripted: tuple[UpstreamModel, Told]) -> None:
    model, told = scripted
    function = {"name": "paint", "arguments": "{colour"}
    call = [{"index": 0, "id": "x", "function": function}]
    told.stream = (chunk(tool_calls=call), chunk(reason="tool_calls"), "data: [DONE]")

    assert _generated(model) == [Finished("end", 1)], "no tool was offered"
    offered = CallOptions("", Sign(b"", "root", bool), ())
    with pytest.raises(KnownError, match="call of paint: expected a JSON object"):
        list(model.generate(AnswerOptions(calls=offered)))


def test_a_server_that_is_gone_fails_the_turn_in_a_sentence(engine: Engine) -> None:
    with failing() as (url, told):
        told.status = 500
        gone = url
    spec = LanguageModelSpec(n_ctx=100, upstream=UpstreamSpec(gone, "m"))
    with closing(UpstreamModel(spec)) as model, pytest.raises(KnownError, match="found none"):
        model.prefill([TokenChunk(tuple(model.tokenize("a")))])
        _generated(model)


def test_a_server_that_was_never_named_is_not_asked() -> None:
    spec = LanguageModelSpec(n_ctx=100, upstream=UpstreamSpec("http://192.0.2.1/v1", "m"))

    with pytest.raises(KnownError, match="only the bundle names it"):
        UpstreamModel(spec)


def test_a_problem_of_the_server_ends_the_turn(engine: Engine) -> None:
    events = asked(engine, sampling=Sampling(temperature=5.0))

    (last,) = events
    assert isinstance(last, TurnFailed)
    assert "temperature: expected a number from 0 to 2" in str(last.problem)
