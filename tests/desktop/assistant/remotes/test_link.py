"""Connections that are not made: each says why, and what to do."""

from __future__ import annotations

import sys
import time
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest

from desktop.assistant.remotes.kept import Remote
from desktop.assistant.remotes.link import PAUSES_S, connect
from plugins.errors import KnownError
from runtime.worker.remote.messages import GREETING, encode, hello
from tests.desktop.assistant.remotes.conftest import Loopback, far_command, free_port


@pytest.fixture
def real_ssh(loopback: Loopback) -> None:
    """For what ssh itself says; the rest is tested with the program that stands for it, too."""
    if not loopback.is_ssh:
        pytest.skip("what ssh says of keys and hosts needs an sshd, which this machine lacks")


def why(remote: Remote) -> str:
    with pytest.raises(KnownError) as caught:
        connect(remote).close()
    assert caught.value.problem.kind in ("network", "")
    return str(caught.value)


def test_the_bundles_of_the_other_computer_are_told(loopback: Loopback) -> None:
    with closing(connect(loopback.remote("box"))) as made:
        pocket = made.offered.named("pocket")

    assert pocket is not None and pocket.title == "Pocket"
    assert pocket.modalities == ("text", "image", "audio", "video") and pocket.n_ctx > 0
    assert made.offered.chosen in [one.name for one in made.offered.bundles]


def test_what_a_login_shell_prints_before_does_not_matter(loopback: Loopback) -> None:
    noisy = loopback.remote("box", f"sh -c 'printf Welcome!; exec {far_command()} \"$@\"' -")

    with closing(connect(noisy)) as made:
        assert made.offered.bundles


@pytest.mark.usefixtures("real_ssh")
def test_an_unknown_host_is_not_trusted(loopback: Loopback) -> None:
    said = why(loopback.remote("box", host="localhost"))

    assert said.startswith("the host key of box is not known here yet. Run `ssh -p ")
    assert not (loopback.folder / "known").read_text().count("localhost")


@pytest.mark.usefixtures("real_ssh")
def test_another_host_key_than_before_is_an_alarm(loopback: Loopback) -> None:
    known = loopback.folder / "known"
    before = known.read_text()
    other = (loopback.folder / "stranger.pub").read_text()
    known.write_text(f"[127.0.0.1]:{loopback.port} {other}")
    try:
        said = why(loopback.remote("box"))
    finally:
        known.write_text(before)

    assert said.startswith("box shows another host key than before")


@pytest.mark.usefixtures("real_ssh")
def test_a_wrong_key_is_answered_with_what_to_run(
    loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MEDLEY_TEST_KEY", "stranger")

    said = why(loopback.remote("box"))

    assert said.startswith("box does not let you in without a password (")
    assert "Permission denied (publickey)). Run `ssh-copy-id -p" in said


@pytest.mark.usefixtures("real_ssh")
def test_a_computer_that_is_not_reached_is_tried_three_times(
    loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    clock = SimpleNamespace(sleep=pauses.append, monotonic=time.monotonic)
    monkeypatch.setattr("desktop.assistant.remotes.link.time", clock)
    remote = msgspec.structs.replace(loopback.remote("box"), port=free_port())

    said = why(remote)

    assert said.startswith("box cannot be reached (ssh: connect to host 127.0.0.1 port ")
    assert pauses == list(PAUSES_S)


def test_a_computer_without_medley_says_so(loopback: Loopback) -> None:
    said = why(loopback.remote("box", "/nowhere/medley"))

    assert said.startswith("box has no program /nowhere/medley. Install Medley there")


def test_another_program_is_no_medley(loopback: Loopback) -> None:
    said = why(loopback.remote("box", "echo hello"))

    assert said.startswith("expected Medley to answer on box, found: exit code 0.")


def other_medley(folder: Path, **fields: str) -> str:
    """The command of a Medley that greets with other words."""
    payload = encode(msgspec.structs.replace(hello(), **fields))
    greeting = GREETING + len(payload).to_bytes(4, "big") + payload
    script = folder / "other.py"
    script.write_text(
        f"import sys; sys.stdout.buffer.write({greeting!r}); sys.stdout.flush(); sys.stdin.read()"
    )
    return f"{sys.executable} {script}"


@pytest.mark.parametrize(
    ("fields", "found"),
    [({"medley": "0.0.1"}, "0.0.1 (messages "), ({"protocol": "00000000"}, "(messages 00000000)")],
)
def test_another_medley_is_refused_with_both_versions(
    loopback: Loopback, tmp_path: Path, fields: dict[str, str], found: str
) -> None:
    said = why(loopback.remote("box", other_medley(tmp_path, **fields)))

    own = hello()
    assert said.startswith("box: expected the same Medley on both computers, found ")
    assert f"found {own.medley} (messages {own.protocol}) here and" in said and found in said
    assert said.endswith("Install the same version on both.")


def test_nothing_connects_where_every_connection_is_forbidden(
    loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MEDLEY_OFFLINE", "1")
    monkeypatch.setattr("desktop.assistant.remotes.link.subprocess.Popen", None)

    assert "MEDLEY_OFFLINE=1, which forbids it" in why(loopback.remote("box"))
