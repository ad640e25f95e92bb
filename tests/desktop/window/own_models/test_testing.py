"""What is added is tested at once, in a process of its own, and the outcome is listed."""

from __future__ import annotations

from pathlib import Path

from runtime.composition.making import PartNames, make
from tests.desktop.window.driver import ANSWER_LIMIT_MS, Driver
from tests.desktop.window.own_models.conftest import own, workers

NOTHING = dict.fromkeys(("image", "audio", "video"), "none")


def test_a_test_is_shown_step_by_step_and_kept(window: Driver, own_gguf: Path) -> None:
    make("mine", PartNames(str(own_gguf), NOTHING))
    testing = own(window).testing_model
    counts: list[int] = []
    testing.countChanged.connect(lambda: counts.append(testing.rowCount()))
    own(window).listing_model.refresh()

    own(window).making_view.arrived.emit("mine", True)
    window.until(lambda: testing.property("state") == "done", ANSWER_LIMIT_MS)

    assert counts == list(range(len(testing.rows) + 1))
    outcomes = {row.step: row.outcome for row in testing.rows}
    assert outcomes["words"] == "passed" and outcomes["sense"] == "failed"
    assert testing.property("facts")["speed"] > 0
    window.settle()
    [row] = [row for row in own(window).listing_model.rows if row.name == "mine"]
    assert row.test["speed"] == testing.property("facts")["speed"]


def test_a_test_is_put_off(window: Driver, own_gguf: Path) -> None:
    make("mine", PartNames(str(own_gguf), NOTHING))
    testing = own(window).testing_model
    testing.start("mine")
    window.until(lambda: list(workers()))

    testing.cancel()
    window.until(lambda: testing.property("state") == "stopped")

    assert list(workers()) == []


def test_a_bundle_that_is_gone_cannot_be_tested(window: Driver) -> None:
    testing = own(window).testing_model
    testing.start("nothing-of-that-name")
    window.until(lambda: testing.property("state") == "failed")

    assert "nothing-of-that-name" in testing.property("problem")
