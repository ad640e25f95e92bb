"""What strangers, web pages and broken requests are told; and that nothing of it is a traceback."""

from __future__ import annotations

import html
import json
import shutil
import socket
import subprocess
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from desktop.serve.bodies import LARGEST
from tests.desktop.serve.conftest import TOKEN, WAIT_S, Served

BEARER = {"Authorization": f"Bearer {TOKEN}"}
CHAT = "/v1/chat/completions"
POSTS = (
    CHAT, "/v1/responses", "/v1/x_medley/generations", "/v1/embeddings",
    "/v1/images/generations", "/v1/images/edits", "/v1/audio/speech",
    "/v1/audio/transcriptions", "/v1/videos",
)  # fmt: skip


@pytest.fixture
def web(pocket: Served) -> Iterator[httpx2.Client]:
    """A client that knows the token."""
    with httpx2.Client(base_url=pocket.base, headers=BEARER, timeout=WAIT_S) as client:
        yield client


def told(found: httpx2.Response, status: int) -> dict[str, Any]:
    """The error of a response."""
    assert found.status_code == status, found.text
    assert found.json().keys() == {"error"}
    error: dict[str, Any] = found.json()["error"]
    assert error.keys() == {"message", "type", "param", "code"}
    assert "Traceback" not in found.text and 'File "' not in found.text
    return error


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": ""},
        {"Authorization": "Bearer another-token"},
        {"Authorization": TOKEN},
        {"Authorization": "Basic " + TOKEN},
    ],
)
def test_without_the_token_nothing_is_told(web: httpx2.Client, headers: dict[str, str]) -> None:
    for path in ("/v1/models", "/v1/nothing", "/v1/medley/artifacts/x"):
        assert told(web.get(path, headers=headers), 401)["code"] == "invalid_api_key"


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1", "127.0.0.1:1"])
def test_another_host_is_refused_with_and_without_the_token(web: httpx2.Client, host: str) -> None:
    for path in ("/", "/v1/models"):
        assert told(web.get(path, headers={"Host": host}), 403)["code"] == "host_not_allowed"


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:1"])
def test_pages_of_other_sites_are_refused(web: httpx2.Client, origin: str) -> None:
    found = web.post(CHAT, headers={"Origin": origin}, content=b"{}")
    assert told(found, 403)["code"] == "origin_not_allowed"
    asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    found = web.options(CHAT, headers=asked)
    told(found, 403)
    assert not [name for name in found.headers if name.startswith("access-control")]


def test_a_page_of_this_server_itself_may_ask(web: httpx2.Client, pocket: Served) -> None:
    for origin in (pocket.base, f"http://localhost:{pocket.port}"):
        assert web.get("/v1/models", headers={"Origin": origin}).status_code == 200


def test_what_is_not_there_is_said_in_the_same_shape(web: httpx2.Client) -> None:
    told(web.get("/v1/nothing"), 404)
    told(web.get(CHAT), 405)
    told(web.get("/v1/medley/artifacts/none"), 404)
    told(web.get("/v1/models/none"), 404)
    told(web.get("/v1/videos/none"), 404)


def test_a_body_of_a_hundred_megabytes_is_refused(web: httpx2.Client) -> None:
    body = b" " * 100_000_000
    assert len(body) > LARGEST
    for path in (CHAT, "/v1/audio/transcriptions"):
        assert told(web.post(path, content=body), 413)["code"] == "request_too_large"
    assert web.get("/v1/models").status_code == 200


@pytest.mark.parametrize(
    "body", [b"", b"nul", b"[]", b"\xff\xfe", b'{"messages": 1}', b"[" * 100_000, b'{"a":' * 5000]
)
def test_a_body_that_is_no_request_is_refused(web: httpx2.Client, body: bytes) -> None:
    for path in POSTS:
        told(web.post(path, content=body), 400)


_JSON = some.recursive(
    some.none() | some.booleans() | some.floats(allow_nan=False) | some.integers() | some.text(),
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(some.text(), inner, max_size=4),
    max_leaves=12,
)
_FIELDS = (
    "messages", "model", "stream", "stop", "seed", "n", "tools", "modalities", "temperature",
    "input", "prompt", "modality", "tool_choice", "instructions", "text", "x_medley", "size",
    "voice", "speed", "response_format", "max_tokens", "medley",
)  # fmt: skip


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    path=some.sampled_from(POSTS),
    body=_JSON | some.dictionaries(some.sampled_from(_FIELDS), _JSON, max_size=6),
)
def test_json_of_any_shape_is_refused_in_openais_shape(
    web: httpx2.Client, path: str, body: Any
) -> None:
    # A model that is not there: what happens to fit would be answered otherwise.
    body = {**body, "model": "none"} if isinstance(body, dict) else body
    content = json.dumps(body).encode("utf-8", "surrogatepass")
    found = web.post(path, content=content, headers={"Content-Type": "application/json"})
    if path == "/v1/audio/speech" and found.status_code == 200:
        return
    assert found.status_code in (400, 404), found.text
    told(found, found.status_code)


def test_a_reader_that_takes_nothing_holds_up_nobody(endless: Served) -> None:
    body = json.dumps({"messages": [{"role": "user", "content": "hello"}], "stream": True})
    head = (
        f"POST {CHAT} HTTP/1.1\r\nHost: 127.0.0.1:{endless.port}\r\n"
        f"Authorization: Bearer {TOKEN}\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    )
    with socket.socket() as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        slow.connect(("127.0.0.1", endless.port))
        number = len(endless.ended)
        slow.sendall(head.encode())
        with endless.client() as client:
            answer = client.chat.completions.create(
                model="auto", messages=[{"role": "user", "content": "hello"}], max_tokens=3
            )
        assert answer.choices[0].finish_reason == "length"
        assert len(endless.ended) == number + 2


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not here")
def test_curl_gets_an_answer_and_a_stream(pocket: Served) -> None:
    body = {"model": "pocket", "messages": [{"role": "user", "content": "hello"}]}
    words = ["curl", "-sN", "-H", f"Authorization: Bearer {TOKEN}", f"{pocket.base}{CHAT}", "-d"]

    whole = subprocess.run([*words, json.dumps(body)], capture_output=True, check=True).stdout
    stream = subprocess.run(
        [*words, json.dumps({**body, "stream": True})], capture_output=True, check=True
    ).stdout

    assert json.loads(whole)["choices"][0]["message"]["content"].startswith("Hello")
    lines = [line for line in stream.decode().split("\n\n") if line]
    assert all(line.startswith("data: ") for line in lines)
    assert lines[-1] == "data: [DONE]"


def test_models_tell_the_context_that_is_allocated(web: httpx2.Client) -> None:
    chat = {"messages": [{"role": "user", "content": "hello"}], "model": "pocket"}
    assert web.post(CHAT, json=chat).status_code == 200  # It is open now.
    models = {one["id"]: one for one in web.get("/v1/models").json()["data"]}

    assert models["pocket"]["context_length"] == models["pocket"]["meta"]["n_ctx"] == 2048
    assert models["pocket"]["modalities"]["output"] == ["text", "image", "audio", "video"]
    assert web.get("/v1/models/pocket").json() == models["pocket"]


def test_the_page_shows_what_runs_in_the_readers_language(pocket: Served) -> None:
    english = httpx2.get(pocket.base, headers={"Accept-Language": "fr, en;q=0.5"})
    chinese = httpx2.get(pocket.base, headers={"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"})

    assert english.status_code == 200
    assert f"{pocket.base}/v1/chat/completions" in english.text
    assert "Pocket" in english.text and "MEDLEY_TOKEN" in english.text
    assert TOKEN not in english.text
    assert "0 waiting" in english.text and "等待 0 个" in chinese.text
    assert 'import OpenAI from "openai"' in html.unescape(english.text)
    assert 'lang="zh-CN"' in chinese.text and "令牌" in chinese.text
    assert "default-src 'none'" in english.headers["content-security-policy"]
    assert "src=" not in english.text and "<script" not in english.text
