"""The JSON of other programs, as people paste it."""

from __future__ import annotations

import pytest

from desktop.tools.protocol import Server
from desktop.tools.server_import import imported_servers
from plugins.errors import KnownError

PLAIN = Server("git", command="uvx", args=("mcp-server-git",), env={"A": "1"})


@pytest.mark.parametrize(
    "text",
    [
        '{"mcpServers": {"git": {"command": "uvx", "args": ["mcp-server-git"], "env": {"A": 1}}}}',
        '{"servers": {"git": {"type": "stdio", "command": "uvx", "args": ["mcp-server-git"],'
        ' "env": {"A": "1"}}}, "inputs": []}',
        '{"mcp": {"servers": {"git": {"command": "uvx", "args": ["mcp-server-git"],'
        ' "env": {"A": "1"}}}}}',
        '{"context_servers": {"git": {"command": {"path": "uvx", "args": ["mcp-server-git"],'
        ' "env": {"A": "1"}}}}}',
        '{"git": {"command": ["uvx", "mcp-server-git"], "env": {"A": "1"}}}',
        '{"name": "git", "command": "uvx", "args": ["mcp-server-git"], "env": {"A": "1"}}',
        '// from the read-me\n"mcpServers": {\n  "git": { /* works */ "command": "uvx",\n'
        '    "args": ["mcp-server-git",],\n    "env": {"A": "1",}, // end\n  },\n},',
        '```json\n{"mcpServers": {"git": {"command": "uvx", "args": ["mcp-server-git"],'
        ' "env": {"A": "1"}}}}\n```',
    ],
    ids=["claude", "vscode", "vscode-settings", "zed", "bare", "alone", "sloppy", "fenced"],
)
def test_every_form_gives_the_same_server_switched_off(text: str) -> None:
    found = imported_servers(text)

    assert [one.server for one in found.servers] == [PLAIN]
    assert not found.servers[0].enabled
    assert found.problems == []


def test_comments_within_texts_are_no_comments() -> None:
    found = imported_servers('{"mcpServers": {"a": {"url": "http://127.0.0.1:1/mcp", "x": "/*"}}}')

    assert found.servers[0].server.url == "http://127.0.0.1:1/mcp"


def test_names_become_names_and_are_never_doubled() -> None:
    found = imported_servers(
        '{"mcpServers": {"My Server!": {"command": "a"}, "My-Server": {"command": "b"},'
        ' "@scope/thing": {"command": "c"}}}'
    )

    assert [one.name for one in found.servers] == ["My-Server", "My-Server-2", "thing"]


def test_what_cannot_be_used_is_told_and_the_rest_is_taken() -> None:
    found = imported_servers(
        '{"mcpServers": {"far": {"url": "https://example.com/mcp"}, "old": {"type": "sse",'
        ' "url": "http://127.0.0.1/sse"}, "wrong": {"command": "x", "args": 7},'
        ' "good": {"command": "x", "timeout": 60000, "env": {"KEY": "${input:key}"}}}}'
    )

    assert [one.name for one in found.servers] == ["good"]
    assert found.servers[0].server.timeout_s == 60
    told = [str(problem) for problem in found.problems]
    assert "connects to nothing else" in told[0]
    assert "over SSE" in told[1]
    assert told[2].startswith("wrong:")
    assert told[3] == "good: KEY is still to be filled in."


@pytest.mark.parametrize("text", ["", "hello", "[]", "{}", '{"mcpServers": {}}', "{" * 5_000])
def test_what_holds_no_server_is_told(text: str) -> None:
    with pytest.raises(KnownError):
        imported_servers(text)
