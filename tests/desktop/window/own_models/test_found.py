"""Models of other programs are listed in a real window, and added from there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from runtime.catalogue import added
from tests.desktop.window.driver import Driver
from tests.desktop.window.own_models.conftest import own, page, state

pytestmark = pytest.mark.usefixtures("untested")


def _look(driver: Driver) -> None:
    own(driver)
    driver.medley.modelsGiven.emit()
    page(driver, "found")
    driver.until(lambda: own(driver).found_model.property("state") == "done")


def test_a_model_of_lm_studio_is_added(window: Driver, own_gguf: Path, tmp_path: Path) -> None:
    folder = tmp_path / "home" / ".lmstudio" / "models" / "maker" / "Tiny-Chat-GGUF"
    folder.mkdir(parents=True)
    shutil.copy(own_gguf, folder)
    (folder / "broken.gguf").write_bytes(b"GGUF")

    _look(window)
    rows = own(window).found_model.rows
    assert [(row.program, row.title, bool(row.problem)) for row in rows] == [
        ("LM Studio", "tiny", False),
        ("LM Studio", "", True),
    ]
    window.until(lambda: len(window.items("foundLine")) == 2)
    window.click(window.items("foundLine")[0])
    window.until(lambda: state(window) == "found")
    window.click("addModel")
    window.until(lambda: state(window) == "added")

    [model] = added.added()
    assert model.path == str(folder / own_gguf.name)
    assert own(window).found_model.rows[0].known == model.name
    talkers = own(window).making_view.property("options")["talk"]
    assert str(folder / own_gguf.name) in [option["value"] for option in talkers]


def test_no_other_program_is_told(window: Driver, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()

    _look(window)

    window.until(lambda: window.items("foundNothing"))
