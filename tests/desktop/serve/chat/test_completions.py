"""Conversations by OpenAI's own client: whole, streamed, with media, and what is refused."""

from __future__ import annotations

import asyncio
import base64
import json
from pathlib import Path
from typing import Any

import httpx2
import openai
import pytest

from runtime.messages import TurnDone
from tests.desktop.serve.conftest import TOKEN, WAIT_S, Served

DRAW = "draw a red boat on the sea at night"
BOAT: list[Any] = [{"role": "user", "content": DRAW}]
HELLO: list[Any] = [{"role": "user", "content": "hello"}]

CALL = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}


def refused(call: Any, status: int = 400) -> Any:
    """The error that a call meets."""
    with pytest.raises(openai.APIStatusError) as caught:
        call()
    assert caught.value.status_code == status, caught.value
    body: Any = caught.value.body
    assert body.keys() == {"message", "type", "param", "code"}
    return caught.value


def test_a_whole_answer_has_words_usage_and_what_was_made(client: openai.OpenAI) -> None:
    answer = client.chat.completions.create(model="pocket", messages=BOAT, seed=1)

    (choice,) = answer.choices
    assert "boat" in (choice.message.content or "")
    assert choice.finish_reason == "stop"
    assert answer.model == "pocket"
    assert answer.usage is not None
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens
    (made,) = choice.message.x_medley["artifacts"]  # type: ignore[attr-defined]
    assert (made["modality"], made["mime"]) == ("image", "image/png")
    url = str(client.base_url).removesuffix("/v1/") + made["url"]
    found = httpx2.get(url, headers={"Authorization": f"Bearer {TOKEN}"})
    assert found.content.startswith(b"\x89PNG")


def test_a_stream_brings_the_same_words_and_its_usage(client: openai.OpenAI) -> None:
    whole = client.chat.completions.create(model="pocket", messages=BOAT, seed=1)

    chunks = list(
        client.chat.completions.create(
            model="pocket", messages=BOAT, seed=1, stream=True,
            stream_options={"include_usage": True},
        )
    )  # fmt: skip

    words = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
    assert words == whole.choices[0].message.content
    assert chunks[0].choices[0].delta.role == "assistant"
    assert chunks[-2].choices[0].finish_reason == "stop"
    assert chunks[-1].choices == [] and chunks[-1].usage is not None
    assert whole.usage is not None
    assert chunks[-1].usage.completion_tokens == whole.usage.completion_tokens
    made = [c for c in chunks if c.choices and getattr(c.choices[0].delta, "x_medley", None)]
    assert len(made) == 1
    assert len({chunk.id for chunk in chunks}) == 1


def test_the_asynchronous_client_is_answered_beside_others(pocket: Served) -> None:
    async def ask() -> list[str]:
        async with openai.AsyncOpenAI(
            base_url=f"{pocket.base}/v1", api_key=TOKEN, max_retries=0, timeout=WAIT_S
        ) as client:

            async def one() -> str:
                stream = await client.chat.completions.create(
                    model="auto", messages=HELLO, stream=True
                )
                return "".join([c.choices[0].delta.content or "" async for c in stream])

            return list(await asyncio.gather(*(one() for _ in range(4))))

    answers = asyncio.run(ask())

    assert answers[0].startswith("Hello")
    assert len(set(answers)) == 1


def test_only_words_where_only_they_are_allowed(client: openai.OpenAI) -> None:
    answer = client.chat.completions.create(
        model="pocket", messages=BOAT, extra_body={"modalities": ["text"]}
    )
    assert not hasattr(answer.choices[0].message, "x_medley")
    refused(
        lambda: client.chat.completions.create(
            model="pocket", messages=BOAT, extra_body={"modalities": ["smell"]}
        )
    )


def test_stops_and_limits_end_an_answer(endless: Served) -> None:
    with endless.client() as client:
        short = client.chat.completions.create(model="auto", messages=HELLO, max_tokens=7)
        stopped = client.chat.completions.create(
            model="auto", messages=HELLO, max_completion_tokens=60, stop=["sea"]
        )

    assert short.choices[0].finish_reason == "length"
    assert short.usage is not None and short.usage.completion_tokens == 7
    assert stopped.choices[0].finish_reason == "stop"
    assert "boat" in (stopped.choices[0].message.content or "")
    assert "sea" not in (stopped.choices[0].message.content or "")


def test_an_answer_that_begins_with_its_stop_is_empty(endless: Served) -> None:
    with endless.client() as client:
        answer = client.chat.completions.create(model="auto", messages=HELLO, stop=" a")

    assert answer.choices[0].message.content == ""
    assert answer.choices[0].finish_reason == "stop"


def test_what_does_not_fit_is_refused_with_both_numbers(endless: Served) -> None:
    long: list[Any] = [{"role": "user", "content": "boat " * 9000}, *HELLO]
    turns: list[Any] = []
    for _ in range(9):
        turns += [
            {"role": "user", "content": "boat " * 500},
            {"role": "assistant", "content": "sea " * 500},
        ]
    with endless.client() as client:
        for messages in (long, [*turns, *HELLO]):
            for stream in (False, True):
                error = refused(
                    lambda m=messages, s=stream: client.chat.completions.create(
                        model="auto", messages=m, stream=s
                    )
                )
                assert error.code == "context_length_exceeded"
                assert "8192" in str(error)
        fits = client.chat.completions.create(
            model="auto", messages=[*turns[:4], *HELLO], max_tokens=100_000, stop="sea"
        )
    assert fits.usage is not None and fits.usage.prompt_tokens > 1000


def test_a_picture_and_a_sound_come_within_the_request(
    client: openai.OpenAI, media: dict[str, Path]
) -> None:
    picture = base64.b64encode(media["image"].read_bytes()).decode()
    sound = base64.b64encode(media["audio"].read_bytes()).decode()
    parts: list[Any] = [
        {"type": "text", "text": "what is this?"},
        {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{picture}"}},
        {"type": "input_audio", "input_audio": {"data": sound, "format": "wav"}},
    ]
    answer = client.chat.completions.create(
        model="pocket", messages=[{"role": "user", "content": parts}]
    )
    assert answer.choices[0].message.content


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://example.org/cat.png", "remote_url_not_supported"),
        ("file:///etc/passwd", "remote_url_not_supported"),
        ("data:image/png;base64,@@@", "invalid_base64"),
        ("data:image/png;base64,aGVsbG8=", "invalid_media"),
    ],
)
def test_a_medium_that_is_none_is_refused(client: openai.OpenAI, url: str, code: str) -> None:
    parts: list[Any] = [{"type": "image_url", "image_url": {"url": url}}]

    error = refused(
        lambda: client.chat.completions.create(
            model="pocket", messages=[{"role": "user", "content": parts}]
        )
    )

    assert error.code == code
    assert "medley-engine" not in str(error)


@pytest.mark.parametrize(
    ("wish", "param"),
    [
        ({"n": 2}, "n"),
        ({"temperature": 3}, "temperature"),
        ({"top_p": 0}, "top_p"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"logprobs": True}, "logprobs"),
        ({"frequency_penalty": 1}, "frequency_penalty"),
        ({"messages": []}, "messages"),
        ({"messages": [{"role": "assistant", "content": "x"}]}, "messages"),
        ({"messages": [{"role": "user", "content": 5}]}, "messages[0].content"),
        (
            {"messages": [{"role": "tool", "content": "x", "tool_call_id": "1"}]},
            "messages[0].tool_call_id",
        ),
        ({"tools": [{"type": "function", "function": {"name": "two words"}}]}, "tools[0].name"),
        ({"functions": [{"name": "f"}]}, "functions"),
        ({"tool_choice": {"type": "function", "function": {"name": "f"}}}, "tool_choice"),
        ({"messages": [*HELLO, {"role": "assistant", "tool_calls": [CALL]}]}, "messages"),
        ({"messages": [{"role": "assistant", "tool_calls": [CALL]}, *HELLO]}, "messages[1]"),
        ({"messages": [{"role": "system", "content": "x"}, *HELLO]}, "messages"),
    ],
)
def test_what_cannot_be_done_is_refused_by_its_name(
    client: openai.OpenAI, wish: dict[str, Any], param: str
) -> None:
    wish = {"model": "pocket", "messages": HELLO, **wish}

    error = refused(lambda: client.chat.completions.create(**wish))

    assert error.param == param


def test_an_unknown_model_is_not_found_and_the_known_are_named(client: openai.OpenAI) -> None:
    error = refused(lambda: client.chat.completions.create(model="gpt-9", messages=HELLO), 404)

    assert error.code == "model_not_found"
    assert "pocket" in str(error)


def test_the_generation_stops_when_its_client_is_gone(endless: Served) -> None:
    number = len(endless.ended)
    with endless.client() as client:
        stream = client.chat.completions.create(model="auto", messages=HELLO, stream=True)
        for _ in range(5):
            next(stream)
        stream.close()

    done = endless.wait(number)

    assert isinstance(done, TurnDone)
    assert done.finish == "stopped"
    assert done.usage.new_tokens < 3000


def test_one_who_gives_up_before_the_answer_leaves_the_queue(endless: Served) -> None:
    number = len(endless.ended)
    with endless.client(timeout=0.3) as client, pytest.raises(openai.APITimeoutError):
        client.chat.completions.create(model="auto", messages=HELLO)

    done = endless.wait(number)

    assert isinstance(done, TurnDone) and done.finish == "stopped"
    with endless.client() as client:
        again = client.chat.completions.create(model="auto", messages=HELLO, max_tokens=3)
    assert again.choices[0].finish_reason == "length"


def test_an_answer_is_json_that_fits_a_schema(endless: Served) -> None:
    schema = {
        "type": "object",
        "properties": {"colour": {"enum": ["red", "blue"]}, "big": {"type": "boolean"}},
        "required": ["colour", "big"],
        "additionalProperties": False,
    }
    form: Any = {"type": "json_schema", "json_schema": {"name": "boat", "schema": schema}}
    with endless.client() as client:
        answer = client.chat.completions.create(
            model="auto", messages=HELLO, response_format=form, max_tokens=200
        )
        found = json.loads(answer.choices[0].message.content or "")
        assert found["colour"] in ("red", "blue") and isinstance(found["big"], bool)
        broken: Any = {"type": "json_schema", "json_schema": {"schema": {"type": "wat"}}}
        refused(
            lambda: client.chat.completions.create(
                model="auto", messages=HELLO, response_format=broken
            )
        )
        none: Any = {"type": "json_schema", "json_schema": {"name": "x"}}
        error = refused(
            lambda: client.chat.completions.create(
                model="auto", messages=HELLO, response_format=none
            )
        )
    assert error.param == "response_format.json_schema.schema"
