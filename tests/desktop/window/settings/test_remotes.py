"""Answers of another computer in the window: chosen, tried, shown, and never replaced."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from desktop.assistant.remotes.kept import Remote, add_remote, remove_remote
from tests.desktop.assistant.remotes.conftest import Loopback as Loopback
from tests.desktop.assistant.remotes.conftest import loopback as loopback
from tests.desktop.window.driver import ANSWER_LIMIT_MS, Driver


def ask(driver: Driver, words: str) -> None:
    wanted = len(driver.medley.transcript_model.rows) + 2
    driver.medley.composer_model.sendPrompt(words)
    driver.until(lambda: len(driver.medley.transcript_model.rows) == wanted, ANSWER_LIMIT_MS)
    driver.until(lambda: driver.status() in ("complete", "failed"), ANSWER_LIMIT_MS)
    driver.settle()


def details(driver: Driver) -> dict[str, Any]:
    message = driver.medley.transcript_model.rows[-1].message
    assert message is not None
    return message.details


def test_a_computer_that_does_not_answer_is_not_replaced_by_this_one(
    opened: Driver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("MEDLEY_OFFLINE", "1")
    add_remote(Remote("box", "me@box"))
    view = opened.medley.remotes_view
    view.refresh()
    opened.until(lambda: view.property("names") == ["box"])

    view.choose("box")
    opened.settle()
    ask(opened, "hello")

    assert opened.status() == "failed"
    assert details(opened)["remote"] == "box"
    card = next(block for block in opened.blocks() if block.kind == "error")
    assert "MEDLEY_OFFLINE=1, which forbids it" in card.text
    view.test()
    opened.until(lambda: view.property("state") == "failed")
    assert "MEDLEY_OFFLINE=1" in view.property("problem")
    # One that was removed stays chosen, and says so.
    monkeypatch.delenv("MEDLEY_OFFLINE")
    remove_remote("box")
    view.refresh()
    ask(opened, "hello")
    assert "no other computer is called box" in opened.blocks()[-1].text
    assert view.property("names") == ["box"]


@pytest.mark.soak
def test_an_answer_of_another_computer_bears_its_name(loopback: Loopback, opened: Driver) -> None:
    view = opened.medley.remotes_view
    view.refresh()
    opened.until(lambda: view.property("names") == ["one", "two"])
    view.choose("one")
    view.test()
    opened.until(lambda: view.property("state") == "answers", ANSWER_LIMIT_MS)
    assert view.property("bundles") == ["Pocket"]

    ask(opened, "hello")

    assert opened.status() == "complete" and details(opened)["remote"] == "one"
    assert opened.item("placeBadge").property("place") == "one"
    assert [row.name for row in opened.medley.picker_model.rows] == ["pocket"]
    # And this one again, whose answers bear none.
    view.choose("")
    opened.settle()
    ask(opened, "hello")
    assert opened.status() == "complete" and "remote" not in details(opened)
    assert len(opened.items("placeBadge")) == 1
