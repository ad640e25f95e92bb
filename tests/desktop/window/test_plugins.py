"""A plugin that is switched on draws in the window: card, save, details, render again."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QUrl

from desktop.assistant.assistant import EngineChoice
from plugins.media_files import read_recipe
from plugins.switches import switch
from runtime.bundle.bundle import Bundle
from tests import sketches
from tests.desktop.plugin_bundles import environment, sketching
from tests.desktop.window.conftest import Open
from tests.desktop.window.driver import Driver
from tests.sketches import measure


@pytest.fixture
def sketcher(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, captioned_bundle: Bundle, open_window: Open
) -> Driver:
    """A window whose bundle asks the example's plugin, which is on, for sketches."""
    sketches.install(tmp_path / "site", monkeypatch)
    for name, value in environment(tmp_path, tmp_path / "site", sketches.EXAMPLE).items():
        monkeypatch.setenv(name, value)
    switch("sketch", on=True)
    bundle = sketching(captioned_bundle, tmp_path / "bundle", "sketch.svg")
    driver = open_window(choice=EngineChoice(str(bundle), device="cpu"))
    driver.medley.dismissFirstStart()
    driver.settle()
    return driver


def test_a_sketch_has_a_card_and_is_saved_looked_up_and_made_again(
    sketcher: Driver, tmp_path: Path
) -> None:
    sketcher.ask("sketch a boat")
    sketcher.answered()

    assert sketcher.status() == "complete"
    (made,) = [block for block in sketcher.blocks() if block.kind == "media"]
    assert (made.modality, made.card, made.mime) == ("sketch", "file", "image/svg+xml")
    assert made.made and made.name.endswith(".svg") and made.source == ""
    assert sketcher.item("documentCard").property("text") == made.name

    transcript = sketcher.medley.transcript_model
    target = tmp_path / "saved.svg"
    transcript.saveAs(made.mediaId, QUrl.fromLocalFile(str(target)))
    sketcher.until(target.is_file)
    sketcher.settle()
    assert measure(target.read_bytes()).shape == "circle"
    assert read_recipe(target).renderer == "sketch.svg"

    first = sketcher.message_id()
    with sketcher.qtbot.waitSignal(transcript.detailsReady, timeout=60_000) as sent:
        transcript.details(first, 0)
    assert sent.args[0]["renderer"] == "sketch.svg"

    transcript.renderAgain(first, 0)
    sketcher.until(lambda: sketcher.message_id() != first)
    sketcher.answered()
    (again,) = [block for block in sketcher.blocks() if block.kind == "media"]
    assert again.mediaId == made.mediaId
