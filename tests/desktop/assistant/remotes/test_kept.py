"""The computers that may answer: kept, found, and nothing that ssh or a shell could misread."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from desktop.assistant.remotes.kept import (
    Remote,
    add_remote,
    check,
    find_remote,
    remotes,
    remotes_file,
    remove_remote,
)
from desktop.assistant.remotes.ssh import ssh_command
from desktop.assistant.remotes.starting import connector_command
from plugins.errors import KnownError

BOX = Remote("box", "me@box.local", 2222, "/opt/medley/medley")


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv("MEDLEY_OFFLINE", raising=False)


def test_computers_are_kept_in_order_for_their_owner_alone() -> None:
    other = Remote("other", "server")
    add_remote(BOX)
    add_remote(other)

    assert remotes() == (BOX, other)
    assert find_remote("box") == BOX
    assert stat.S_IMODE(remotes_file().stat().st_mode) == 0o600
    with pytest.raises(KnownError, match="a name that no other computer has yet"):
        add_remote(Remote("box", "elsewhere"))
    remove_remote("box")
    assert remotes() == (other,)
    with pytest.raises(KnownError, match="no other computer is called box; known are: other"):
        connector_command("box")


@pytest.mark.parametrize(
    "host",
    [
        "-oProxyCommand=x", "me@-x", "a@b;ls", "a@b c", "$(ls)", "a@b`ls`", "", "a@", "@b",
        "a@b\n", "a@b/c", "a|b", "ssh://a@b", "a@b:22", "a@@b", "a" * 400,
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(host: str) -> None:
    with pytest.raises(KnownError, match="expected an address like user@host"):
        add_remote(Remote("box", host))


@pytest.mark.parametrize("host", ["box", "me@box", "me@10.0.0.2", "me_2@a-b.c", "me@fe80::1"])
def test_addresses_are_taken(host: str) -> None:
    check(Remote("box", host))


@pytest.mark.parametrize("name", ["", "-x", "a b", "a/b", "../a", "x" * 33, "ä"])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(KnownError, match="a name of another computer"):
        add_remote(Remote(name, "box"))


@pytest.mark.parametrize("command", ["", "  ", "-x", "'open", "a\nb", "m" * 1001])
def test_what_is_no_command_is_refused(command: str) -> None:
    with pytest.raises(KnownError, match="a command that starts Medley there"):
        add_remote(Remote("box", "box", command=command))


def test_a_port_is_one() -> None:
    with pytest.raises(KnownError, match="from 1 to 65535"):
        add_remote(Remote("box", "box", 65536))


@pytest.mark.parametrize(
    "text", ["remotes = 3", "[remotes.box]\nhost = 'a@b'\nkey = 1", "[remotes.box]\nhost = '-x'"]
)
def test_a_file_of_another_hand_is_checked(text: str) -> None:
    remotes_file().parent.mkdir(parents=True)
    remotes_file().write_text(text)

    with pytest.raises(KnownError):
        remotes()


def test_ssh_gets_the_address_behind_its_options_and_quoted_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ssh").touch(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    command = ssh_command(Remote("box", "me@box", 22, "medley '$(ls)' ;x"))

    at = command.index("--")
    assert command[at - 2 :] == [
        "-p", "22", "--", "me@box", "medley '$(ls)' ';x' worker --stdio",
    ]  # fmt: skip
    for option in ("BatchMode=yes", "StrictHostKeyChecking=yes", "ForwardAgent=no"):
        assert option in command[:at]
    monkeypatch.setenv("PATH", "")
    with pytest.raises(KnownError, match="expected the program ssh, found none"):
        ssh_command(BOX)


def test_no_connector_is_started_where_connections_are_forbidden(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    add_remote(BOX)
    assert connector_command("box")[-1] == "box"

    monkeypatch.setenv("MEDLEY_OFFLINE", "1")
    with pytest.raises(KnownError, match="forbids it"):
        connector_command("box")
