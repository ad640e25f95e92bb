"""Where an engine is shared: one window at a time, and what a sudden end leaves."""

from __future__ import annotations

import socket
import subprocess
from pathlib import Path

import pytest

from desktop.assistant.sharing import place
from desktop.assistant.sharing.connector import connector_command


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A short folder: paths of sockets are."""
    monkeypatch.chdir(tmp_path)
    return Path(".")


def test_each_library_has_a_place_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/")
    one, two = (place.socket_path(tmp_path / name) for name in ("a.db", "b.db"))
    assert one and two and one != two and one.parent == Path("/")
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    assert place.socket_path(tmp_path / ("long" * 30) / "a.db") is None
    monkeypatch.delattr(socket, "AF_UNIX")
    assert place.socket_path(Path("/a.db")) is None


def test_one_listens_and_what_is_left_of_a_sudden_end_is_replaced(folder: Path) -> None:
    path = folder / "engine.socket"
    assert not place.is_open(path) and not place.is_open(None)
    first = place.listen(path)
    assert first is not None and place.is_open(path)
    assert place.listen(path) is None
    first.close()
    assert path.exists() and not place.is_open(path)
    second = place.listen(path)
    assert second is not None and place.is_open(path)
    second.close()


def test_no_place_where_it_cannot_be_made(folder: Path) -> None:
    assert place.listen(folder / "nowhere" / "engine.socket") is None


def test_a_connector_without_a_window_says_so(tmp_path: Path) -> None:
    ended = subprocess.run(
        connector_command(tmp_path / "none"), capture_output=True, input=b"", timeout=120
    )
    assert ended.returncode == 1
    assert b"the window was closed" in ended.stderr
