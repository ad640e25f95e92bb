"""A bundle is composed in a real window of what a person has."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QUrl

from runtime.bundle.bundle import find_bundle, read_manifest
from runtime.composition.adding import add, wanted
from tests.desktop.window.driver import Driver
from tests.desktop.window.own_models.conftest import own, page

pytestmark = pytest.mark.usefixtures("untested")


@pytest.fixture
def form(window: Driver, own_gguf: Path) -> Driver:
    """The form is open; there is a model that talks."""
    add(wanted(own_gguf))
    own(window)
    window.medley.modelsGiven.emit()
    page(window, "make")
    window.until(lambda: own(window).making_view.property("chosen")["talk"])
    return window


def _made(driver: Driver) -> str:
    making = own(driver).making_view
    driver.until(lambda: making.property("state") in ("made", "failed"))
    return str(making.property("problem"))


def test_a_bundle_of_an_added_model_and_a_folder_is_made(form: Driver, pictures: Path) -> None:
    making = own(form).making_view
    assert making.property("chosen")["talk"] == "tiny-chat-f16"
    making.chooseFile("image", QUrl.fromLocalFile(str(pictures)))
    making.choose("audio", "none")
    making.choose("video", "none")
    form.window.window.resize(1120, 900)
    form.click("makeBundle")

    assert _made(form) == ""
    manifest = read_manifest(find_bundle("my-bundle"))
    assert list(manifest.signals) == ["image"]
    form.until(lambda: form.items("useHere"))
    form.click("useHere")
    form.until(lambda: form.medley.picker_model.facts is not None)
    form.until(lambda: form.medley.picker_model.facts.name == "my-bundle")  # type: ignore[union-attr]


def test_a_part_that_does_not_serve_is_told(form: Driver, own_gguf: Path) -> None:
    making = own(form).making_view
    making.chooseFile("image", QUrl.fromLocalFile(str(own_gguf)))
    making.make()

    assert str(own_gguf) in _made(form)
    assert form.items("makeProblem")


def test_the_next_bundle_gets_another_name(form: Driver) -> None:
    making = own(form).making_view
    for part in ("image", "audio", "video"):
        making.choose(part, "none")
    making.make()
    assert _made(form) == ""

    making.again()
    form.until(lambda: making.property("name") == "my-bundle-2")
