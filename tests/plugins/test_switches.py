"""Plugins are off until they are switched on, and what was chosen is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugins import switches
from plugins.errors import KnownError
from plugins.switches import enabled_plugins, switch


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(
        switches.platformdirs, "user_config_dir", lambda *_, **__: str(tmp_path / "medley")
    )
    return tmp_path / "medley" / "plugins.toml"


def test_nothing_is_on_at_first(file: Path) -> None:
    assert enabled_plugins() == frozenset()
    assert not file.exists()


def test_a_choice_is_kept_and_taken_back(file: Path) -> None:
    switch("sketch", on=True)
    switch("scents", on=True)
    switch("sketch", on=True)
    assert enabled_plugins() == {"sketch", "scents"}

    switch("sketch", on=False)
    switch("never", on=False)
    assert enabled_plugins() == {"scents"}
    assert [path.name for path in file.parent.iterdir()] == ["plugins.toml"]


@pytest.mark.parametrize("content", ["enabled = 3", "enabled = [", "enabeld = []", "\x00"])
def test_a_file_that_cannot_be_read_is_named(file: Path, content: str) -> None:
    file.parent.mkdir()
    file.write_text(content)

    with pytest.raises(KnownError, match=r"plugins\.toml: expected a list"):
        enabled_plugins()


def test_a_choice_that_cannot_be_kept_is_an_error(file: Path) -> None:
    file.parent.write_text("a file where the folder should be")

    with pytest.raises(KnownError, match=r"plugins\.toml"):
        switch("sketch", on=True)
