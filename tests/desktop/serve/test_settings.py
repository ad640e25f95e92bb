"""The port and the token stay from start to start, and nobody else reads the token."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from desktop.serve import settings
from plugins.errors import KnownError


@pytest.fixture(autouse=True)
def _config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))


def port(wished: int | None = None) -> int:
    """The port of a start that ends at once."""
    with settings.open_socket(wished) as opened:
        found: int = opened.getsockname()[1]
        assert opened.getsockname()[0] == "127.0.0.1"
        return found


def test_the_port_is_kept() -> None:
    first = port()

    assert port() == first
    other = port(first + 1000)
    assert other == first + 1000
    assert port() == other


def test_a_port_that_is_taken_is_said_rather_than_changed() -> None:
    with settings.open_socket(None) as opened:
        taken = opened.getsockname()[1]
        for wished in (None, taken):
            with pytest.raises(KnownError, match=f"port {taken}: .* in use"):
                settings.open_socket(wished)


def test_the_first_start_passes_over_ports_that_are_taken() -> None:
    with settings.open_socket(None) as opened:
        (settings.folder() / settings.PORT_FILE).unlink()
        assert port() != opened.getsockname()[1]


def test_a_broken_port_file_counts_as_none() -> None:
    first = port()
    (settings.folder() / settings.PORT_FILE).write_text("port = 'x'")

    assert port() == first


def test_the_token_is_made_once_and_private(tmp_path: Path) -> None:
    made, again = settings.token(), settings.token()

    assert made.is_new and not again.is_new
    assert made.text == again.text and len(made.text) > 30
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    own = settings.token(tmp_path / "own")
    assert own.is_new and own.path == tmp_path / "own" and own.text != made.text


def test_a_token_of_ones_own_is_taken_and_made_private(tmp_path: Path) -> None:
    (tmp_path / "own").write_text("a-token-that-i-made-up\n")
    (tmp_path / "own").chmod(0o644)

    assert settings.token(tmp_path / "own").text == "a-token-that-i-made-up"
    assert stat.S_IMODE((tmp_path / "own").stat().st_mode) == 0o600


@pytest.mark.parametrize("text", ["", "short", "two words that are long", "é" * 20])
def test_a_file_without_a_token_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "own").write_text(text, "utf-8")

    with pytest.raises(KnownError, match="token"):
        settings.token(tmp_path / "own")
