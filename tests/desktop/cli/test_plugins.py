"""`medley plugins`: what is installed, what is on, and what is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from plugins import switches
from tests import sketches
from tests.desktop.conftest import Run, error_line


@pytest.fixture(autouse=True)
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The example plugin, and an own place for the choice."""
    sketches.install(tmp_path / "site", monkeypatch)
    monkeypatch.setattr(switches, "switches_file", lambda: tmp_path / "plugins.toml")
    return tmp_path / "site"


def state(medley: Run) -> dict[str, bool]:
    listed = json.loads(medley("plugins", "list", "--json").out)
    return {plugin["name"]: plugin["enabled"] for plugin in listed["plugins"]}


def test_a_plugin_is_switched_on_and_off(medley: Run) -> None:
    assert state(medley) == {"medley": True, "sketch": False}

    assert medley("plugins", "enable", "sketch").out == "sketch is on.\n"
    assert state(medley) == {"medley": True, "sketch": True}
    assert "sketch 1.0.0  (on)" in medley("plugins", "list").out

    assert medley("plugins", "disable", "sketch").code == 0
    assert state(medley)["sketch"] is False


def test_the_list_names_what_each_plugin_makes(medley: Run) -> None:
    out = medley("plugins", "list").out

    assert "medley 0.1.0  (built in)" in out
    assert "    sketch: Figures drawn by hand, as SVG files [sketch.svg]" in out
    assert "    reads audio, video: Spoken words with their times" in out


def test_an_unknown_plugin_is_not_switched_on(medley: Run) -> None:
    assert "did you mean sketch?" in error_line(medley("plugins", "enable", "sketh"))
    assert "known: sketch" in error_line(medley("plugins", "enable", "medley"))


def test_a_broken_plugin_is_listed_with_its_reason(medley: Run, installed: Path) -> None:
    info = installed / "torn-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: torn\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[medley.plugins]\ntorn = nowhere_to_be_found\n")

    assert "torn  broken: " in medley("plugins", "list").out
    problems = json.loads(medley("plugins", "list", "--json").out)["problems"]
    assert [problem["name"] for problem in problems] == ["torn"]
