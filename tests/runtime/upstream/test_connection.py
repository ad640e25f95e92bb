"""Whatever a server does wrong is one sentence."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from plugins.errors import Cancelled, KnownError
from runtime.upstream.connection import Connection
from runtime.upstream.places import place
from tests.runtime.upstream.failing import Told, chunk, failing


def _never() -> bool:
    return False


@pytest.fixture
def server() -> Iterator[tuple[Connection, Told]]:
    with failing() as (url, told), closing(Connection(place(url), "sk-key")) as connection:
        yield connection, told


def _error(message: str, code: str = "") -> str:
    return json.dumps({"error": {"message": message, "code": code}})


@pytest.mark.parametrize(
    ("status", "body", "sentence", "kind"),
    [
        (401, _error("no"), r"expected that it accepts the key, found .* \(401\)", "network"),
        (403, "", r"expected that it accepts the key", "network"),
        (404, _error("The model `x` does not exist"), "found: The model `x` does not", "network"),
        (404, "<html>", "with OpenAI's API, found that it answers in another way", "network"),
        (
            400,
            _error("This model's maximum context length is 4096 tokens"),
            "that it is too long: This model's maximum context length is 4096 tokens. Begin",
            "context",
        ),
        (400, _error("too much", "context_length_exceeded"), "that it is too long", "context"),
        (400, json.dumps({"detail": "bad"}), r"cannot give one \(400\): bad\. Ask", "network"),
        (500, "oops", r"cannot give one \(500\): it does not say why\.", "network"),
        (503, json.dumps({"error": "busy"}), r"cannot give one \(503\): busy\.", "network"),
        (200, "<html>", "answers in another way", "network"),
    ],
)
@pytest.mark.parametrize("streams", [False, True])
def test_a_refusal_is_a_sentence(
    server: tuple[Connection, Told],
    status: int,
    body: str,
    sentence: str,
    kind: str,
    streams: bool,
) -> None:
    connection, told = server
    told.status, told.body = status, body

    with pytest.raises(KnownError, match=sentence) as raised:
        if streams:
            list(connection.streamed({}, _never))
        else:
            connection.asked({})

    assert raised.value.problem.kind == kind
    assert told.keys == ["Bearer sk-key"]


def test_a_stream_is_whole_with_its_last_line(server: tuple[Connection, Told]) -> None:
    connection, told = server
    told.stream = (": beat", chunk("a"), chunk("b", "stop"), "data: [DONE]")

    chunks = [one for one in connection.streamed({"model": "m"}, _never) if one]

    assert [one["choices"][0]["delta"]["content"] for one in chunks] == ["a", "b"]
    assert told.asked == [{"model": "m", "stream": True, "stream_options": {"include_usage": True}}]


def test_a_stream_that_ends_within_the_answer_is_told(server: tuple[Connection, Told]) -> None:
    connection, told = server
    told.stream = (chunk("a"),)
    stream = connection.streamed({}, _never)

    assert next(stream)
    with pytest.raises(KnownError, match="the connection ended within it"):
        list(stream)


def test_an_error_within_a_stream_is_told(server: tuple[Connection, Told]) -> None:
    connection, told = server
    told.stream = (chunk("a"), "data: " + _error("out of memory"))

    with pytest.raises(KnownError, match="out of memory"):
        list(connection.streamed({}, _never))


def test_a_server_that_hangs_does_not_keep_a_stop_waiting(
    server: tuple[Connection, Told],
) -> None:
    connection, told = server
    told.stream, told.hangs = (chunk("a"),), True
    stopped = threading.Event()
    stream = connection.streamed({}, stopped.is_set)
    assert next(stream)

    stopped.set()

    with pytest.raises(Cancelled):
        list(stream)
    assert not told.waits.is_set()


def test_nobody_at_the_address_is_told() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with closing(Connection(place(f"http://127.0.0.1:{port}/v1"), "")) as connection:
        for ask in (
            connection.models,
            lambda: connection.asked({}),
            lambda: list(connection.streamed({}, _never)),
        ):
            with pytest.raises(KnownError, match="expected a server that answers, found none"):
                ask()


def test_a_redirection_is_not_followed(server: tuple[Connection, Told]) -> None:
    connection, told = server
    told.status, told.body = 307, ""

    with pytest.raises(KnownError, match="cannot give one"):
        connection.asked({})
    assert len(told.keys) == 1
