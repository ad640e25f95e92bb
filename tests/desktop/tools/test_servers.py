"""The file of MCP servers: kept private, changed whole, and strict about what it takes."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest

from desktop.tools import servers
from desktop.tools.protocol import Server
from desktop.tools.servers import ConfiguredServer
from plugins.errors import KnownError


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration folder of the test's own."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    return tmp_path


def server(name: str = "git", **more: Any) -> ConfiguredServer:
    return ConfiguredServer(Server(name, command="mcp-server-git", **more))


def test_a_server_is_kept_as_it_was_given_and_is_off() -> None:
    given = server(args=("--repository", "/a b"), env={"TOKEN": "s3cret"}, timeout_s=5.0)

    servers.add_servers(given, server("web-1"))

    assert servers.configured_servers() == (given, server("web-1"))
    assert servers.enabled_servers() == ()


def test_only_its_owner_may_read_the_file() -> None:
    servers.add_servers(server())
    servers.servers_file().chmod(0o644)

    servers.switch_server("git", on=True)

    assert stat.S_IMODE(servers.servers_file().stat().st_mode) == 0o600


def test_a_server_is_switched_and_forgotten() -> None:
    servers.add_servers(server(), server("other"))

    assert servers.switch_server("git", on=True).enabled
    assert [one.name for one in servers.enabled_servers()] == ["git"]
    servers.switch_server("git", on=False)
    servers.remove_server("other")

    assert servers.configured_servers() == (server(),)


def test_what_it_runs_is_shown_whole_and_what_it_inherits_without_values() -> None:
    one = server(args=("x" * 500, "a b"), env={"TOKEN": "s3cret"})

    assert one.command_line == f"mcp-server-git {'x' * 500} 'a b'"
    assert one.inherits == (*servers.INHERITED, "TOKEN")


def test_the_inherited_variables_are_those_that_the_sdk_passes_on() -> None:
    from mcp.client.stdio import DEFAULT_INHERITED_ENV_VARS

    assert list(servers.INHERITED) == DEFAULT_INHERITED_ENV_VARS


@pytest.mark.parametrize(
    "bad",
    [
        Server("", command="x"),
        Server("medley", command="x"),
        Server("a b", command="x"),
        Server("a"),
        Server("a", command="x", url="http://127.0.0.1/"),
        Server("a", url="http://example.com/"),
        Server("a", command="x", timeout_s=0),
        Server("a", command="x", env={"A=B": "c"}),
    ],
)
def test_what_could_not_be_started_is_refused(bad: Server) -> None:
    with pytest.raises(KnownError):
        servers.add_servers(ConfiguredServer(bad))


def test_a_name_that_is_taken_and_one_that_is_unknown_are_told() -> None:
    servers.add_servers(server())

    with pytest.raises(KnownError, match="found git"):
        servers.add_servers(server())
    with pytest.raises(KnownError, match="known: git"):
        servers.find_server("got")


@pytest.mark.parametrize("text", ["servers = 1", "[servers.a]\ncomand = 'x'", "[[["])
def test_a_broken_file_is_told_and_left_as_it_is(text: str) -> None:
    servers.servers_file().parent.mkdir(parents=True)
    servers.servers_file().write_text(text)

    with pytest.raises(KnownError, match=r"mcp\.toml"):
        servers.add_servers(server())

    assert servers.servers_file().read_text() == text
