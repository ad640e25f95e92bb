"""All models in a real window: what they take, whether they are whole, removing and undoing."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.assistant.own_models.protocol import Add
from desktop.window.own_models.listing import OwnRow
from runtime.bundle.bundle import EMBEDDED, list_bundles
from runtime.catalogue import added
from runtime.composition.adding import add, wanted
from tests.desktop.window.driver import ANSWER_LIMIT_MS, Driver
from tests.desktop.window.own_models.conftest import own, page

NAME = "tiny-chat-f16"


@pytest.fixture
def listed(window: Driver, own_gguf: Path) -> Driver:
    """The list is open, with one model that was added."""
    add(wanted(own_gguf))
    own(window)
    window.medley.modelsGiven.emit()
    page(window, "list")
    window.until(lambda: row(window, NAME))
    return window


def row(driver: Driver, name: str) -> OwnRow | None:
    """What the list says of one."""
    return next((one for one in own(driver).listing_model.rows if one.name == name), None)


def press(driver: Driver, name: str, button: str) -> None:
    """Press a button of a card."""
    card = driver.item(f"own/{name}")
    driver.click(next(item for item in driver.items(button) if _is_below(item, card)))


def _is_below(item: object, card: object) -> bool:
    while item is not None:
        if item is card:
            return True
        item = item.parentItem()  # type: ignore[attr-defined]
    return False


def test_what_was_added_comes_first_with_what_it_takes(listed: Driver, own_gguf: Path) -> None:
    first = own(listed).listing_model.rows[0]
    assert (first.name, first.path, first.removable) == (NAME, str(own_gguf), True)
    listed.until(lambda: own(listed).listing_model.rows[0].context > 0)
    weighed = own(listed).listing_model.rows[0]
    assert 0 < weighed.needs < weighed.free

    pocket = row(listed, EMBEDDED)
    assert pocket is not None and not pocket.removable


def test_one_is_removed_and_the_file_stays_and_it_comes_back(
    listed: Driver, own_gguf: Path
) -> None:
    listed.window.session.prefer(bundle=NAME)
    press(listed, NAME, "remove")
    assert row(listed, NAME) is not None
    press(listed, NAME, "keep")
    press(listed, NAME, "remove")
    press(listed, NAME, "remove")

    listed.until(lambda: row(listed, NAME) is None)
    assert own_gguf.is_file()
    assert added.added() == [] and NAME not in [entry.name for entry in list_bundles()]
    assert listed.window.session.default_bundle == "auto"
    listed.until(lambda: NAME not in [one.name for one in listed.medley.picker_model.rows])

    listed.click("undoRemoval")
    listed.until(lambda: row(listed, NAME))
    listed.until(lambda: NAME in [one.name for one in listed.medley.picker_model.rows])
    assert [one.name for one in added.added()] == [NAME]


def test_a_composed_bundle_is_removed_for_good(window: Driver, own_gguf: Path) -> None:
    from runtime.composition.making import PartNames, make

    make("mine", PartNames(str(own_gguf), dict.fromkeys(("image", "audio", "video"), "none")))
    listing = own(window).listing_model
    listing.refresh()
    window.until(lambda: row(window, "mine"))

    listing.remove("mine")
    window.until(lambda: row(window, "mine") is None)

    assert listing.property("removed") == "mine"
    assert not listing.property("undoable")
    assert own_gguf.is_file()


def test_a_bundle_is_verified_and_one_that_changed_is_told(listed: Driver, own_gguf: Path) -> None:
    press(listed, NAME, "verify")
    listed.until(lambda: _proof(listed) == "running")
    listed.until(lambda: _proof(listed) in ("ok", "failed"), ANSWER_LIMIT_MS)
    assert _proof(listed) == "ok"

    spoiled = bytearray(own_gguf.read_bytes())
    spoiled[-1] ^= 1
    own_gguf.write_bytes(spoiled)
    press(listed, NAME, "verify")
    listed.until(lambda: _proof(listed) == "running")
    listed.until(lambda: _proof(listed) in ("ok", "failed"), ANSWER_LIMIT_MS)

    found = row(listed, NAME)
    assert found is not None
    assert found.verifyState == "failed" and "llm.gguf" in found.verifyText


def _proof(driver: Driver) -> str:
    found = row(driver, NAME)
    return "" if found is None else found.verifyState


def test_an_added_model_without_a_bundle_is_verified(window: Driver, pictures: Path) -> None:
    add(wanted(pictures))
    listing = own(window).listing_model
    listing.refresh()
    window.until(lambda: row(window, "tiny-sd"))

    listing.verify("tiny-sd")
    window.until(lambda: _state_of(window, "tiny-sd") in ("ok", "failed"), ANSWER_LIMIT_MS)

    assert _state_of(window, "tiny-sd") == "ok"


def _state_of(driver: Driver, name: str) -> str:
    found = row(driver, name)
    return "" if found is None else found.verifyState


def test_a_file_that_vanished_is_told(window: Driver, own_gguf: Path, other_disk: Path) -> None:
    far = other_disk / "far.gguf"
    far.write_bytes(own_gguf.read_bytes())
    add(wanted(far))
    far.unlink()

    listing = own(window).listing_model
    listing.refresh()
    window.until(lambda: row(window, "far"))

    found = row(window, "far")
    assert found is not None
    assert str(far) in found.problem


def test_what_is_put_back_is_what_was_removed(listed: Driver, own_gguf: Path) -> None:
    from desktop.window.own_models.removing import remove

    assert remove(NAME) == Add(str(own_gguf), "talk", NAME, "none", "tiny")
