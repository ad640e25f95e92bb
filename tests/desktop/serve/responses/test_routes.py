"""Responses by OpenAI's own client: whole, streamed, remembered, with media; what is refused."""

from __future__ import annotations

import asyncio
import base64
import json
from pathlib import Path
from typing import Any

import openai
import pytest

from desktop.serve.errors import ApiError
from desktop.serve.responses.store import Responses
from runtime.messages import TurnDone
from tests.desktop.serve.chat.test_completions import refused
from tests.desktop.serve.conftest import TOKEN, WAIT_S, Served

DRAW = "draw a red boat on the sea at night"


def test_a_whole_answer_has_words_a_picture_and_usage(client: openai.OpenAI) -> None:
    answer = client.responses.create(
        model="pocket", input=DRAW, metadata={"of": "test"}, extra_body={"seed": 1}
    )

    assert answer.status == "completed"
    assert "boat" in answer.output_text
    assert answer.model == "pocket" and answer.metadata == {"of": "test"}
    assert answer.usage is not None
    assert answer.usage.total_tokens == answer.usage.input_tokens + answer.usage.output_tokens
    (drawn,) = [item for item in answer.output if item.type == "image_generation_call"]
    assert base64.b64decode(drawn.result or "").startswith(b"\x89PNG")
    assert drawn.status == "completed"
    assert client.responses.retrieve(answer.id).model_dump() == answer.model_dump()


def test_a_stream_tells_each_item_from_its_beginning_to_its_end(client: openai.OpenAI) -> None:
    whole = client.responses.create(model="pocket", input=DRAW, extra_body={"seed": 1})

    events = list(
        client.responses.create(model="pocket", input=DRAW, stream=True, extra_body={"seed": 1})
    )

    kinds = [event.type for event in events]
    assert kinds[:2] == ["response.created", "response.in_progress"]
    assert kinds[-1] == "response.completed"
    assert [event.sequence_number for event in events] == list(range(len(events)))
    words = "".join(e.delta for e in events if e.type == "response.output_text.delta")
    assert words == whole.output_text
    last = events[-1]
    assert last.type == "response.completed"
    assert last.response.output_text == whole.output_text
    assert kinds.count("response.output_item.added") == len(last.response.output)
    assert kinds.count("response.output_item.done") == len(last.response.output)
    assert "response.image_generation_call.completed" in kinds


def test_the_client_puts_a_stream_together(client: openai.OpenAI) -> None:
    with client.responses.stream(model="pocket", input=DRAW) as stream:
        for _ in stream:
            pass
        found = stream.get_final_response()

    assert "boat" in found.output_text


def test_a_conversation_goes_on_from_what_was_kept(client: openai.OpenAI) -> None:
    first = client.responses.create(model="pocket", input="hello")
    second = client.responses.create(model="pocket", input=DRAW, previous_response_id=first.id)
    third = client.responses.create(
        model="pocket",
        input=[{"role": "user", "content": "hello"}],
        previous_response_id=second.id,
    )

    assert third.usage is not None and second.usage is not None
    assert third.usage.input_tokens > second.usage.input_tokens
    # What the two have in common is not read again.
    assert third.usage.input_tokens_details.cached_tokens >= second.usage.input_tokens
    items = client.responses.input_items.list(third.id, order="asc").data
    kinds = [item.type for item in items]
    assert kinds[:3] == ["message", "message", "message"]
    assert "image_generation_call" in kinds
    page = client.responses.input_items.list(third.id, order="asc", limit=2)
    assert [item.id for item in page] == [item.id for item in items]

    client.responses.delete(first.id)
    refused(lambda: client.responses.retrieve(first.id), 404)
    error = refused(
        lambda: client.responses.create(
            model="pocket", input="hello", previous_response_id=second.id
        )
    )
    assert error.code == "previous_response_not_found"


def test_what_is_not_to_be_kept_is_not(client: openai.OpenAI) -> None:
    answer = client.responses.create(model="pocket", input="hello", store=False)

    refused(lambda: client.responses.retrieve(answer.id), 404)


def test_the_asynchronous_client_is_answered_beside_others(pocket: Served) -> None:
    async def ask() -> list[str]:
        async with openai.AsyncOpenAI(
            base_url=f"{pocket.base}/v1", api_key=TOKEN, max_retries=0, timeout=WAIT_S
        ) as client:

            async def one() -> str:
                stream = await client.responses.create(model="auto", input="hello", stream=True)
                return "".join(
                    [e.delta async for e in stream if e.type == "response.output_text.delta"]
                )

            return list(await asyncio.gather(*(one() for _ in range(3))))

    answers = asyncio.run(ask())

    assert answers[0].startswith("Hello")
    assert len(set(answers)) == 1


def test_a_picture_a_sound_and_a_file_come_within_the_request(
    client: openai.OpenAI, media: dict[str, Path]
) -> None:
    picture = base64.b64encode(media["image"].read_bytes()).decode()
    sound = base64.b64encode(media["audio"].read_bytes()).decode()
    content: list[Any] = [
        {"type": "input_text", "text": "what is this?"},
        {"type": "input_image", "image_url": f"data:image/png;base64,{picture}", "detail": "auto"},
        {"type": "input_audio", "input_audio": {"data": sound, "format": "wav"}},
        {"type": "input_file", "filename": "a.png", "file_data": picture},
    ]

    answer = client.responses.create(
        model="pocket", input=[{"type": "message", "role": "user", "content": content}]
    )

    assert answer.output_text
    again = client.responses.create(
        model="pocket", input="and what is it now?", previous_response_id=answer.id
    )
    assert again.output_text


def test_words_fit_a_schema_and_end_at_their_limit(endless: Served) -> None:
    schema = {
        "type": "object",
        "properties": {"colour": {"enum": ["red", "blue"]}},
        "required": ["colour"],
        "additionalProperties": False,
    }
    form: Any = {"type": "json_schema", "name": "boat", "schema": schema}
    with endless.client() as client:
        found = client.responses.create(
            model="auto", input="hello", text={"format": form}, max_output_tokens=100
        )
        short = client.responses.create(model="auto", input="hello", max_output_tokens=5)

    assert json.loads(found.output_text)["colour"] in ("red", "blue")
    assert short.status == "incomplete"
    assert short.incomplete_details is not None
    assert short.incomplete_details.reason == "max_output_tokens"
    assert short.usage is not None and short.usage.output_tokens == 5


def test_the_generation_stops_when_its_client_is_gone(endless: Served) -> None:
    number = len(endless.ended)
    with endless.client() as client:
        stream = client.responses.create(model="auto", input="hello", stream=True)
        for _ in range(8):
            next(stream)
        stream.close()

    done = endless.wait(number)

    assert isinstance(done, TurnDone) and done.finish == "stopped"


@pytest.mark.parametrize(
    ("wish", "param"),
    [
        ({"input": []}, "input"),
        ({"input": [{"type": "computer_call"}]}, "input[0].type"),
        ({"input": [{"role": "user", "content": 5}]}, "input[0].content"),
        ({"input": [{"role": "ghost", "content": "x"}]}, "input[0].role"),
        (
            {"input": [{"type": "function_call_output", "call_id": "x", "output": "y"}]},
            "input[0].call_id",
        ),
        ({"background": True}, "background"),
        ({"conversation": "conv_1"}, "conversation"),
        ({"temperature": 9}, "temperature"),
        ({"max_output_tokens": 0}, "max_output_tokens"),
        ({"tools": [{"type": "web_search"}]}, "tools[0].type"),
        ({"previous_response_id": "resp_none"}, "previous_response_id"),
        ({"text": {"format": {"type": "json_schema", "name": "x"}}}, "text.format.schema"),
        ({"instructions": "be brief"}, "instructions"),
    ],
)
def test_what_cannot_be_done_is_refused_by_its_name(
    client: openai.OpenAI, wish: dict[str, Any], param: str
) -> None:
    wish = {"model": "pocket", "input": "hello", **wish}

    error = refused(lambda: client.responses.create(**wish))

    assert error.param == param


def test_what_does_not_fit_is_refused_unless_it_may_be_cut(endless: Served) -> None:
    said: list[Any] = []
    for _ in range(9):
        said += [
            {"role": "user", "content": "boat " * 500},
            {"role": "assistant", "content": "sea " * 500},
        ]
    said.append({"role": "user", "content": "hello"})
    with endless.client() as client:
        error = refused(lambda: client.responses.create(model="auto", input=said))
        cut = client.responses.create(
            model="auto", input=said, truncation="auto", max_output_tokens=3
        )

    assert error.code == "context_length_exceeded" and "8192" in str(error)
    assert cut.output_text


def test_the_store_keeps_the_newest_within_its_bounds() -> None:
    store = Responses(most=2, most_bytes=10_000)

    def kept(key: str, before: str | None = None, size: int = 1) -> None:
        response = {"id": key, "previous_response_id": before, "output": [{"id": f"{key}-out"}]}
        store.keep(response, [{"id": f"{key}-in", "content": "x" * size}])

    kept("a")
    kept("b", "a")
    assert [item["id"] for item in store.said_before("b")] == ["a-in", "a-out", "b-in", "b-out"]
    kept("c", "b")
    with pytest.raises(ApiError, match="previous_response_id"):
        store.said_before("c")
    kept("d", size=9_990)
    assert store.find("d").id == "d"
    with pytest.raises(ApiError):
        store.find("c")
