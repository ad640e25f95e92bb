"""The example plugin with a tool: found, called and taken back in a real tools process."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from desktop.tools.protocol import Called, CallFailed
from tests.desktop.tools.calling import Calls, context_of

EXAMPLE = Path(__file__).parent.parent.parent / "examples" / "medley-journal" / "medley_journal"
PLUGIN, TOOL = "journal", "add_to_journal"


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Calls]:
    """A tools process with the plugin installed and switched on."""
    site = tmp_path / "site"
    info = site / "medley_journal-1.0.0.dist-info"
    shutil.copytree(EXAMPLE, site / "medley_journal")
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: medley-journal\nVersion: 1.0.0\n")
    (info / "entry_points.txt").write_text("[medley.plugins]\njournal = medley_journal\n")
    monkeypatch.setenv("PYTHONPATH", str(site), prepend=":")
    made = Calls()
    made.client.configure(plugins=[PLUGIN])
    yield made
    made.client.close()


def test_a_line_is_shown_added_and_taken_away(calls: Calls, tmp_path: Path) -> None:
    folder = tmp_path / "notes"
    folder.mkdir()
    journal, today = folder / "journal.md", date.today().isoformat()

    shown = calls.preview(TOOL, PLUGIN, line="the boat\narrived", writable=folder)
    called = calls.call(TOOL, PLUGIN, line="the boat\narrived", writable=folder)

    assert shown.text == f"{journal}\n+ {today} the boat arrived"
    assert isinstance(called, Called)
    assert journal.read_text() == f"{today} the boat arrived\n"
    context = context_of(writable=folder)
    undone = calls.ended(calls.client.undo(PLUGIN, TOOL, called.undo, context))
    assert isinstance(undone, Called) and undone.text == "The line was taken away."
    assert journal.read_text() == ""
    refused = calls.ended(calls.client.undo(PLUGIN, TOOL, called.undo, context))
    assert isinstance(refused, CallFailed) and "written to since" in str(refused.problem)


def test_a_folder_that_is_only_read_keeps_its_journal(calls: Calls, tmp_path: Path) -> None:
    assert "may be read, not changed" in calls.problem(TOOL, PLUGIN, line="x", within=tmp_path)
