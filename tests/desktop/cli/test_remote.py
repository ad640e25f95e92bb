"""`medley remote`, and answers of another computer in the terminal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.desktop.assistant.remotes.conftest import Loopback as Loopback
from tests.desktop.assistant.remotes.conftest import loopback as loopback
from tests.desktop.conftest import Run, error_line


def test_a_computer_is_added_listed_and_forgotten(
    medley: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert "There are none." in medley("remote", "list").out

    added = medley("remote", "add", "box", "me@box", "--port", "2222", "--command", "/opt/medley")

    assert added.code == 0 and added.out.startswith("box  me@box (port 2222): /opt/medley\n")
    assert "is sent there" in added.out
    listed = json.loads(medley("remote", "list", "--json").out)
    assert listed == {
        "remotes": [{"name": "box", "host": "me@box", "port": 2222, "command": "/opt/medley"}]
    }
    assert "expected an address" in error_line(medley("remote", "add", "evil", "a@b;ls"))
    assert medley("remote", "remove", "box").out == "box is forgotten.\n"
    assert "no other computer is called box" in error_line(medley("remote", "test", "box"))
    assert "no other computer is called box" in error_line(medley("ask", "hello", "--on", "box"))


def test_a_worker_is_started_by_another_medley_alone(medley: Run) -> None:
    assert "expected --stdio" in error_line(medley("worker"))


@pytest.mark.soak
def test_a_picture_is_asked_for_there_and_made_again(
    loopback: Loopback, medley: Run, tmp_path: Path
) -> None:
    tested = medley("remote", "test", "one")
    assert tested.code == 0 and "  * pocket  Pocket 1 (text, image, audio, video)" in tested.out
    words = ("ask", "draw a red boat", "--steps", "2", "--seed", "3", "--bundle", "pocket")

    there = json.loads(medley(*words, "--out", tmp_path, "--on", "one", "--json").out)
    here = json.loads(medley(*words, "--out", tmp_path, "--json").out)

    assert there["remote"] == "one" and "remote" not in here
    assert there["text"] == here["text"]
    paths = [Path(answer["artifacts"][0]["path"]) for answer in (there, here)]
    assert paths[0].read_bytes() == paths[1].read_bytes()
    nope = medley("ask", "hello", "--on", "one", "--bundle", "nope")
    assert error_line(nope) == "medley: error: one has no bundle 'nope'; it has pocket."
