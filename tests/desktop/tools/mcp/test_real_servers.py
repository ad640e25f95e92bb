"""Servers that other people wrote: the reference servers in Python, npm's server-everything, and
one over streamable HTTP on the loopback."""

from __future__ import annotations

import http.server
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest

from desktop.tools.protocol import Called, CallFailed, Progress, Server
from tests.desktop.tools.mcp.conftest import Hands, gone

pytestmark = pytest.mark.slow
NPM = Path(os.environ.get("MEDLEY_NPM", Path.home() / ".cache/medley-npm")) / "node_modules"
EVERYTHING = NPM / "@modelcontextprotocol/server-everything/dist/index.js"
INSTALL = "npm install --prefix ~/.cache/medley-npm @modelcontextprotocol/server-everything"


def python_server(name: str, *args: str) -> Server:
    """One of the reference servers of PyPI."""
    module = f"mcp_server_{name}"
    if find_spec(module) is None:
        pytest.skip(f"mcp-server-{name} is not here: pip install mcp-server-{name}")
    return Server(name, command=sys.executable, args=("-m", module, *args))


def everything(*words: str) -> list[str]:
    """The command line of npm's server-everything."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    if not EVERYTHING.is_file():
        pytest.skip(f"server-everything is not here: {INSTALL}")
    return [node, str(EVERYTHING), *words]


@contextmanager
def everything_over_http() -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """The same server at an address of this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        everything("streamableHttp"),
        env={**os.environ, "PORT": str(port)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert process.stderr is not None
    try:
        while b"listening" not in process.stderr.readline():
            assert process.poll() is None
        yield process, port
    finally:
        process.kill()
        process.communicate()


@pytest.fixture
def page() -> Iterator[str]:
    """The address of a page on the loopback."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = b"<html><body><h1>Harbour</h1><p>Boats leave at seven.</p></body></html>"
            self.send_response(200 if self.path == "/page" else 404)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/page"
    server.shutdown()
    server.server_close()


def test_time_git_and_fetch_work_side_by_side(hands: Hands, tmp_path: Path, page: str) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / "boats.txt").write_text("red\n")
    hands.use(
        python_server("time"),
        python_server("git", "--repository", str(tmp_path)),
        python_server("fetch", "--ignore-robots-txt", "--allow-private-ips"),
    )
    assert [one.state for one in hands.client.servers] == ["ready"] * 3, hands.client.servers

    told = hands.call("get_current_time", "time", timezone="Europe/Berlin")
    status = hands.call("git_status", "git", repo_path=str(tmp_path))
    fetched = hands.call("fetch", "fetch", url=page)

    assert json.loads(told.text)["timezone"] == "Europe/Berlin"
    assert "boats.txt" in status.text
    assert "Boats leave at seven." in fetched.text
    assert all(tool.foreign_text for tool in hands.client.tools if tool.server == "git")


def test_an_unknown_time_zone_is_told_to_the_model(hands: Hands) -> None:
    hands.use(python_server("time"))

    ended = hands.end(hands.begin("get_current_time", "time", timezone="Mars/Olympus"))

    said = ended.text if isinstance(ended, Called) else str(ended.problem)
    assert isinstance(ended, CallFailed) or ended.failed
    assert "Mars/Olympus" in said


def test_everything_gives_pictures_progress_resources_and_asks(hands: Hands) -> None:
    node, *args = everything("stdio")
    hands.use(Server("everything", command=node, args=tuple(args)))
    hands.answer = lambda asked: hands.client.answer_elicit(asked.id, "decline")

    echo = hands.call("echo", "everything", message="hi")
    picture = hands.call("get-tiny-image", "everything")
    links = hands.call("get-resource-links", "everything", count=2)
    structured = hands.call("get-structured-content", "everything", location="Chicago")
    packed = hands.call("gzip-file-as-resource", "everything", data="data:text/plain,boats")
    number = hands.begin("trigger-long-running-operation", "everything", duration=0.5, steps=5)

    assert echo.text == "Echo: hi"
    assert Path(picture.files[0].path).read_bytes().startswith(b"\x89PNG")
    assert "link:" in links.text
    assert "temperature" in structured.text
    assert packed.text or packed.files
    assert isinstance(hands.end(number), Called)
    steps = [one for one in hands.reports if isinstance(one, Progress) and one.id == number]
    assert steps and steps[-1].of == 5


def test_everything_asks_by_form_and_by_address(hands: Hands) -> None:
    node, *args = everything("stdio")
    hands.use(Server("everything", command=node, args=tuple(args)))
    hands.answer = lambda asked: hands.client.answer_elicit(
        asked.id, "accept", "" if asked.url else '{"name": "Ada"}'
    )

    form = hands.call("trigger-elicitation-request", "everything")
    address = hands.call("trigger-url-elicitation", "everything", url="https://example.com/login")
    by_error = hands.end(
        hands.begin(
            "trigger-url-elicitation", "everything", url="https://example.com/b", errorPath=True
        )
    )

    assert "Ada" in form.text
    assert [one.url for one in hands.asked()][-2] == "https://example.com/login" or address.text
    assert hands.asked()[-1].url == "https://example.com/b"
    assert by_error is not None


def test_a_server_at_an_address_is_called_and_its_death_is_noticed(hands: Hands) -> None:
    with everything_over_http() as (process, port):
        hands.use(Server("web", url=f"http://127.0.0.1:{port}/mcp", timeout_s=20.0))
        assert hands.state("web").state == "ready", hands.state("web")
        assert hands.call("echo", "web", message="hi").text == "Echo: hi"
        number = hands.begin("trigger-long-running-operation", "web", duration=60, steps=60)
        hands.wait(lambda: any(isinstance(r, Progress) and r.id == number for r in hands.reports))

        process.kill()

        assert isinstance(hands.end(number), CallFailed)
        gone([process.pid])


def test_an_address_elsewhere_is_refused_without_a_connection(hands: Hands) -> None:
    hands.use(Server("far", url="http://192.0.2.1:3000/mcp"))

    assert hands.state("far").state == "failed"
    assert "Medley connects to nothing else" in str(hands.state("far").problem)
