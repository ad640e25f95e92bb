"""`medley tools servers`: what would run is shown whole before it is switched on, secrets never."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from desktop.tools import servers
from tests.desktop.conftest import Run, error_line
from tests.desktop.tools.mcp.conftest import HOSTILE

PASTED = (
    '{"mcpServers": {"git": {"command": "uvx", "args": ["mcp-server-git"], "env": {"T": "s3"}}}}'
)


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration folder of the test's own."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    return tmp_path


def listed(medley: Run) -> dict[str, bool]:
    told = json.loads(medley("tools", "servers", "list", "--json").out)
    return {one["name"]: one["enabled"] for one in told["servers"]}


def test_pasted_servers_are_taken_over_switched_off(
    medley: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(PASTED))

    ran = medley("tools", "servers", "import", "-")

    assert ran.code == 0
    assert "git  (off)\n    runs: uvx mcp-server-git\n    inherits: HOME," in ran.out
    assert "PATH, SHELL, TERM, USER, T\n" in ran.out
    assert "runs with your rights" in ran.out
    assert "s3" not in ran.out + medley("tools", "servers", "list", "--json").out
    assert listed(medley) == {"git": False}


def test_a_file_is_imported_once_and_what_is_there_stays(medley: Run, tmp_path: Path) -> None:
    file = tmp_path / "mcp.json"
    file.write_text(PASTED)
    medley("tools", "servers", "import", file)
    medley("tools", "servers", "enable", "git")

    again = medley("tools", "servers", "import", file)

    assert "there is one of this name already" in again.out
    assert listed(medley) == {"git": True}


def test_a_server_is_added_switched_and_forgotten(medley: Run, tmp_path: Path) -> None:
    long = "x" * 300
    ran = medley(
        "tools", "servers", "add", "notes", "--env", "KEY=s3cret", "--cwd", tmp_path,
        "--timeout", "5", "--", "notes-server", "--folder", long,
    )  # fmt: skip

    assert f"runs: notes-server --folder {long}\n" in ran.out
    assert f"in: {tmp_path}\n" in ran.out
    assert "s3cret" not in ran.out
    one = servers.find_server("notes").server
    assert (one.env, one.timeout_s, one.args) == ({"KEY": "s3cret"}, 5.0, ("--folder", long))
    assert "notes  (on)" in medley("tools", "servers", "enable", "notes").out
    assert "notes  (off)" in medley("tools", "servers", "disable", "notes").out
    assert medley("tools", "servers", "remove", "notes").code == 0
    assert "There are no servers" in medley("tools", "servers", "list").out


def test_what_cannot_be_added_is_told(medley: Run) -> None:
    add = ("tools", "servers", "add")

    assert "this computer" in error_line(medley(*add, "far", "--url", "https://example.com/mcp"))
    assert "either a command" in error_line(medley(*add, "none"))
    assert "NAME=VALUE" in error_line(medley(*add, "a", "--env", "KEY", "--", "x"))
    assert "known: -" in error_line(medley("tools", "servers", "enable", "git"))


def test_a_server_is_tested_and_ended(medley: Run) -> None:
    medley("tools", "servers", "add", "bad", "--", sys.executable, HOSTILE, "hidden")

    ran = medley("tools", "servers", "test", "bad")

    assert ran.code == 0
    assert ran.out.startswith("bad: hostile 6.6.6\n    hello: Says hello.\n")
    assert "    shy: Reads a file. gnp.exe\n        Its server put hidden characters" in ran.out


def test_a_server_that_does_not_start_says_why(medley: Run) -> None:
    medley("tools", "servers", "add", "bad", "--", sys.executable, HOSTILE, "broken")

    assert "no license file" in error_line(medley("tools", "servers", "test", "bad"))
