"""Tools by OpenAI's own client: called, streamed, answered with their results, and what is refused.

The model is a tiny one that must call: what it writes is a call by construction, whatever it means.
"""

from __future__ import annotations

import json
from typing import Any

import openai
import pytest
from openai.lib.streaming.chat import FunctionToolCallArgumentsDoneEvent

from desktop.serve import tools
from desktop.serve.errors import ApiError
from runtime.messages import TextPart, ToolCallPart, ToolResultPart, ToolSpec
from tests.desktop.serve.chat.test_completions import refused
from tests.desktop.serve.conftest import Served
from tests.desktop.serve.realtime.test_session import WRITTEN, say, until

PAINT: dict[str, Any] = {
    "name": "paint",
    "description": "Paints a boat.",
    "parameters": {
        "type": "object",
        "properties": {"colour": {"enum": ["red", "blue"]}},
        "required": ["colour"],
        "additionalProperties": False,
    },
}
CHAT_TOOLS: Any = [{"type": "function", "function": PAINT}]
FLAT_TOOLS: Any = [{"type": "function", **PAINT}]
HELLO: list[Any] = [{"role": "user", "content": "hello"}]
SPECS = (ToolSpec("a", "", "{}"), ToolSpec("b", "", "{}"))


def test_a_call_is_whole_and_its_result_is_answered(endless: Served) -> None:
    with endless.client() as client:
        wish: dict[str, Any] = {"model": "auto", "tools": CHAT_TOOLS, "max_tokens": 200}
        answer = client.chat.completions.create(messages=HELLO, tool_choice="required", **wish)
        (choice,) = answer.choices
        assert choice.finish_reason == "tool_calls"
        call: Any = (choice.message.tool_calls or [])[0]
        assert call.function.name == "paint"
        assert json.loads(call.function.arguments)["colour"] in ("red", "blue")

        said = [
            *HELLO,
            choice.message.model_dump(exclude_none=True),
            {"role": "tool", "tool_call_id": call.id, "content": "It is painted."},
        ]
        wish = {**wish, "tool_choice": "none", "max_tokens": 8}
        after = client.chat.completions.create(messages=said, **wish)

    assert after.choices[0].finish_reason == "length"
    assert after.choices[0].message.content
    assert after.usage is not None and answer.usage is not None
    assert after.usage.prompt_tokens > answer.usage.prompt_tokens


def test_a_stream_brings_the_call(endless: Served) -> None:
    with (
        endless.client() as client,
        client.chat.completions.stream(
            model="auto",
            messages=HELLO,
            tools=CHAT_TOOLS,
            tool_choice={"type": "function", "function": {"name": "paint"}},
        ) as stream,
    ):
        done = [e for e in stream if isinstance(e, FunctionToolCallArgumentsDoneEvent)]
        whole = stream.get_final_completion()

    assert [event.name for event in done] == ["paint"]
    assert whole.choices[0].finish_reason == "tool_calls"
    call: Any = (whole.choices[0].message.tool_calls or [])[0]
    assert json.loads(call.function.arguments)["colour"] in ("red", "blue")


def test_responses_bring_calls_as_items_and_go_on_from_them(endless: Served) -> None:
    with endless.client() as client:
        wish: dict[str, Any] = {"model": "auto", "tools": FLAT_TOOLS, "tool_choice": "required"}
        events = list(client.responses.create(input="hello", stream=True, **wish))
        kinds = [event.type for event in events]
        assert "response.function_call_arguments.done" in kinds
        last: Any = events[-1]
        (call,) = [item for item in last.response.output if item.type == "function_call"]
        assert json.loads(call.arguments)["colour"] in ("red", "blue")
        assert last.response.status == "completed"

        result: Any = {
            "type": "function_call_output",
            "call_id": call.call_id,
            "output": "It is painted.",
        }
        after = client.responses.create(
            model="auto", input=[result], tools=FLAT_TOOLS, tool_choice="none",
            previous_response_id=last.response.id, max_output_tokens=8,
        )  # fmt: skip
        assert after.output_text
        error = refused(
            lambda: client.responses.create(
                model="auto", input="hello", previous_response_id=last.response.id
            )
        )
    assert call.call_id in str(error)


def test_a_realtime_session_calls_too(endless: Served) -> None:
    with endless.client() as client, client.realtime.connect(model="endless") as connection:
        session: Any = {**WRITTEN, "tools": FLAT_TOOLS, "tool_choice": "required"}
        connection.session.update(session=session)
        say(connection, "hello")
        connection.response.create()
        events = until(connection, "response.done")
        (done,) = [e for e in events if e.type == "response.function_call_arguments.done"]
        assert json.loads(done.arguments)["colour"] in ("red", "blue")
        (call,) = [i for i in events[-1].response.output if i.type == "function_call"]

        item: Any = {"type": "function_call_output", "call_id": call.call_id, "output": "done"}
        connection.conversation.item.create(item=item)
        wish: Any = {"tool_choice": "none", "max_output_tokens": 8}
        connection.response.create(response=wish)
        after = until(connection, "response.done")[-1].response
    assert after.status == "incomplete"
    assert after.output[0].content[0].text


@pytest.mark.parametrize(
    ("choice", "found"),
    [
        (None, ("auto", SPECS)),
        ("none", ("none", SPECS)),
        ("required", ("required", SPECS)),
        ({"type": "function", "function": {"name": "b"}}, ("b", SPECS)),
        ({"type": "function", "name": "b"}, ("b", SPECS)),
        (
            {
                "type": "allowed_tools",
                "allowed_tools": {"mode": "required", "tools": [{"function": {"name": "a"}}]},
            },
            ("required", SPECS[:1]),
        ),
    ],
)
def test_a_choice_is_understood_in_every_shape(choice: object, found: object) -> None:
    assert tools.chosen(choice, SPECS) == found


def test_a_choice_of_what_is_not_offered_is_refused() -> None:
    for choice in ("c", {"type": "function", "name": "c"}, {"type": "mcp"}):
        with pytest.raises(ApiError, match="tool_choice"):
            tools.chosen(choice, SPECS)


def test_names_of_tools_are_checked() -> None:
    for names in (["two words"], ["auto"], ["a", "a"], [""], [f"t{i}" for i in range(200)]):
        with pytest.raises(ApiError):
            tools.specs([tools.Function(name) for name in names], "tools")


def test_calls_results_and_what_follows_are_one_answer() -> None:
    said = tools.Conversation()
    said.person((TextPart("paint"),), "messages[0]")
    call = tools.call_part("1", tools.Called("paint", '{"colour": "red"}'), "messages[1]")
    said.answer((TextPart("Soon."), call), "messages[1]")
    said.result("1", "done", "messages[2]")
    said.answer((TextPart("It is painted."),), "messages[3]")
    said.person((TextPart("thanks"),), "messages[4]")

    person, answer, _ = said.messages("messages")

    assert person.role == "user" and answer.role == "assistant"
    kinds = [type(part) for part in answer.parts]
    assert kinds == [TextPart, ToolCallPart, ToolResultPart, TextPart]
    with pytest.raises(ApiError, match="no result yet"):
        said.result("1", "again", "messages[5]")


def test_arguments_must_be_an_object() -> None:
    for broken in ("[]", "{", "red"):
        with pytest.raises(ApiError, match="JSON object"):
            tools.call_part("1", tools.Called("paint", broken), "messages[1]")


def test_a_bundle_that_knows_no_tools_is_told_of_them_all_the_same(
    client: openai.OpenAI,
) -> None:
    answer = client.chat.completions.create(model="pocket", messages=HELLO, tools=CHAT_TOOLS)
    assert answer.choices[0].finish_reason in ("stop", "tool_calls", "length")
