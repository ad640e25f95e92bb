"""Realtime sessions by OpenAI's own client: written ones, whose speech is tested beside."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import openai
import pytest
from openai.resources.realtime.realtime import RealtimeConnection
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from runtime.messages import TurnDone
from tests.desktop.serve.conftest import TOKEN, WAIT_S, Served

WRITTEN: Any = {"type": "realtime", "output_modalities": ["text"]}


def until(connection: RealtimeConnection, kind: str) -> list[Any]:
    """The events up to the first of a type."""
    found: list[Any] = []
    while not found or found[-1].type != kind:
        found.append(connection.recv())
        assert found[-1].type != "error" or kind == "error", found[-1]
    return found


def say(connection: RealtimeConnection, words: str) -> None:
    """A written message of a person."""
    content: Any = [{"type": "input_text", "text": words}]
    connection.conversation.item.create(
        item={"type": "message", "role": "user", "content": content}
    )


@pytest.fixture
def written(client: openai.OpenAI) -> Iterator[RealtimeConnection]:
    """A session whose answers are written."""
    with client.realtime.connect(model="pocket") as connection:
        (created,) = until(connection, "session.created")
        assert created.session.model == "pocket"
        connection.session.update(session=WRITTEN)
        updated = until(connection, "session.updated")[-1]
        assert updated.session.output_modalities == ["text"]
        assert updated.session.audio.output.format.rate == 24_000
        yield connection


def test_a_written_answer_comes_event_by_event(written: RealtimeConnection) -> None:
    say(written, "hello")
    added = until(written, "conversation.item.done")
    assert [event.type for event in added[:2]] == [
        "conversation.item.added", "conversation.item.created",
    ]  # fmt: skip

    written.response.create()
    events = until(written, "response.done")

    kinds = [event.type for event in events]
    assert kinds[0] == "response.created"
    for kind in (
        "response.output_item.added", "conversation.item.added", "response.content_part.added",
        "response.output_text.done", "response.content_part.done", "response.output_item.done",
        "conversation.item.done",
    ):  # fmt: skip
        assert kinds.count(kind) == 1, kind
    words = "".join(e.delta for e in events if e.type == "response.output_text.delta")
    assert words.startswith("Hello")
    done = events[-1].response
    assert done.status == "completed"
    assert done.output[0].content[0].text == words
    assert done.usage.total_tokens == done.usage.input_tokens + done.usage.output_tokens


def test_the_conversation_goes_on_and_items_can_be_had_and_deleted(
    written: RealtimeConnection,
) -> None:
    used = []
    for _ in range(2):
        say(written, "hello")
        written.response.create()
        used.append(until(written, "response.done")[-1].response)
    assert used[1].usage.input_tokens > used[0].usage.input_tokens
    assert used[1].usage.input_token_details.cached_tokens >= used[0].usage.input_tokens

    item = used[0].output[0].id
    written.conversation.item.retrieve(item_id=item)
    assert until(written, "conversation.item.retrieved")[-1].item.id == item
    written.conversation.item.delete(item_id=item)
    assert until(written, "conversation.item.deleted")[-1].item_id == item
    written.conversation.item.retrieve(item_id=item)
    assert until(written, "error")[-1].error.code == "item_not_found"


def test_a_response_beside_the_conversation_leaves_it_alone(written: RealtimeConnection) -> None:
    content: Any = [{"type": "input_text", "text": "draw a red boat on the sea at night"}]
    wish: Any = {
        "conversation": "none",
        "input": [{"type": "message", "role": "user", "content": content}],
        "metadata": {"of": "test"},
    }
    written.response.create(response=wish)
    events = until(written, "response.done")

    done = events[-1].response
    assert done.metadata == {"of": "test"}
    assert "conversation.item.added" not in [event.type for event in events]
    words, drawn = done.output
    assert "boat" in words.content[0].text
    assert (drawn.type, drawn.mime) == ("x_medley", "image/png")
    assert drawn.data


def test_a_response_is_cancelled_within_a_token(endless: Served) -> None:
    number = len(endless.ended)
    with endless.client() as client, client.realtime.connect(model="endless") as connection:
        connection.session.update(session=WRITTEN)
        say(connection, "hello")
        connection.response.create()
        until(connection, "response.output_text.delta")
        connection.response.create()
        error = until(connection, "error")[-1].error
        assert error.code == "conversation_already_has_active_response"

        connection.response.cancel()
        done = until(connection, "response.done")[-1].response

        assert (done.status, done.status_details.reason) == ("cancelled", "client_cancelled")
        assert done.output[0].status == "incomplete"
        connection.response.cancel()
        assert until(connection, "error")[-1].error.code == "response_cancel_not_active"
        ended = endless.wait(number)
    assert isinstance(ended, TurnDone) and ended.finish == "stopped"


def test_the_generation_stops_when_its_client_is_gone(endless: Served) -> None:
    number = len(endless.ended)
    with endless.client() as client, client.realtime.connect(model="endless") as connection:
        connection.session.update(session=WRITTEN)
        say(connection, "hello")
        connection.response.create()
        until(connection, "response.output_text.delta")

    ended = endless.wait(number)

    assert isinstance(ended, TurnDone) and ended.finish == "stopped"


def test_the_asynchronous_client_is_answered_too(pocket: Served) -> None:
    async def ask() -> str:
        async with (
            openai.AsyncOpenAI(base_url=f"{pocket.base}/v1", api_key=TOKEN) as client,
            client.realtime.connect(model="auto") as connection,
        ):
            await connection.session.update(session=WRITTEN)
            content: Any = [{"type": "input_text", "text": "hello"}]
            await connection.conversation.item.create(
                item={"type": "message", "role": "user", "content": content}
            )
            await connection.response.create()
            words = ""
            async for event in connection:
                if event.type == "response.output_text.delta":
                    words += event.delta
                elif event.type == "response.done":
                    break
            return words

    assert asyncio.run(ask()).startswith("Hello")


def change(**session: Any) -> Any:
    """An update of the session."""
    return {"type": "session.update", "session": session}


@pytest.mark.parametrize(
    ("event", "param"),
    [
        ({"type": "dance"}, "type"),
        ({"type": "session.update"}, "session"),
        (change(audio={"output": {"speed": 9}}), "session.audio.output.speed"),
        (change(audio={"input": {"format": {"type": "audio/pcmu"}}}), "session"),
        (change(tools=[{"type": "mcp"}]), "tools[0].type"),
        (change(instructions="be brief"), "session.instructions"),
        ({"type": "input_audio_buffer.append", "audio": "@"}, "audio"),
        ({"type": "conversation.item.create", "item": {"type": "dream"}}, "item.type"),
        ({"type": "conversation.item.truncate", "item_id": "x", "audio_end_ms": 1}, "item_id"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said_and_the_session_goes_on(
    written: RealtimeConnection, event: Any, param: str
) -> None:
    written.send({"event_id": "mine", **event})

    error = until(written, "error")[-1].error

    assert (error.param, error.event_id) == (param, "mine")
    say(written, "hello")
    until(written, "conversation.item.done")


def test_a_response_to_nothing_fails_with_its_reason(written: RealtimeConnection) -> None:
    written.response.create()

    done = until(written, "response.done")[-1].response

    assert done.status == "failed"
    assert "expected a last message" in done.status_details.error.message


def test_strangers_and_pages_are_refused_before_anything_is_said(pocket: Served) -> None:
    url = f"ws://127.0.0.1:{pocket.port}/v1/realtime?model=pocket"
    known = {"Authorization": f"Bearer {TOKEN}"}
    for headers, status in (
        ({}, 401),
        ({**known, "Origin": "https://evil.example"}, 403),
        ({"Authorization": "Bearer another"}, 401),
    ):
        with pytest.raises(InvalidStatus) as caught, connect(url, additional_headers=headers):
            pass
        assert caught.value.response.status_code == status
    with pytest.raises(InvalidStatus) as caught:
        with connect(url.replace("pocket", "gpt-9"), additional_headers=known):
            pass
    assert caught.value.response.status_code == 404
    with connect(url, additional_headers=known, open_timeout=WAIT_S) as socket:
        assert "session.created" in str(socket.recv())
        socket.send("no json at all")
        assert "invalid_json" in str(socket.recv())
