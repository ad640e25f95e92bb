"""A person chooses who answers: a real window, library and worker, with Pocket and a twin of it."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from desktop.window.picker.picker import Picker
from desktop.window.start import Window
from storage.records import Manner, Message
from tests.desktop.window.driver import ANSWER_LIMIT_MS, Driver
from tests.runtime.bundle_copies import copy_bundle

DRAW = "draw a red boat on the sea at night"
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a person's bundles, with a twin of Pocket in it."""
    home = tmp_path_factory.mktemp("data")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(home))
        folder = home / "medley" / "bundles"
        folder.mkdir(parents=True)
        copy_bundle(folder / "twin", title="The twin")
        yield folder


@pytest.fixture(scope="module")
def window(
    application: QGuiApplication, bundles: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Window]:
    """A window whose engine starts after its first frame."""
    opened = Window(library=tmp_path_factory.mktemp("library") / "library.db")
    yield opened
    opened.close()


@pytest.fixture
def driver(window: Window, qtbot: QtBot) -> Driver:
    """At a new conversation that Pocket is to answer, with few steps so that pictures come soon."""
    found = Driver(window, qtbot)
    found.until(lambda: found.medley.property("libraryState") == "ready")
    found.medley.dismissFirstStart()
    found.window.session.prefer(last_bundle="")
    found.medley.conversations_model.newConversation()
    found.medley.manner_view.choose_bundle(None)
    found.medley.settings_model.setProperty("stepsImage", 2)
    found.medley.picker_model.refresh()
    found.settle()
    assert found.medley.picker_model.property("title") == "Pocket"
    return found


def picker(driver: Driver) -> Picker:
    """The window's."""
    return driver.medley.picker_model


def title(driver: Driver) -> str:
    """Of the model that is to answer."""
    return str(picker(driver).property("title"))


def opened(driver: Driver) -> str:
    """Title of the bundle that is open and ready."""
    view = driver.medley.engine_view
    ready = view.property("state") == "ready"
    return str(view.property("bundle")) if ready else ""


def choose(driver: Driver, words: str) -> None:
    """Choose a model as a person does: click, type, Enter."""
    driver.click("modelButton")
    driver.type("modelSearch", words)
    driver.until(lambda: picker(driver).rowCount() == 1)
    driver.press(Qt.Key.Key_Return)
    driver.until(lambda: not driver.items("modelSearch"))


def message(driver: Driver, row: int = -1) -> Message:
    """A message that is shown."""
    found = driver.medley.transcript_model.rows[row].message
    assert found is not None
    return found


def conversation(driver: Driver) -> int:
    """The open one."""
    found = driver.medley.transcript_model.conversation
    assert found is not None
    return found


def test_a_answers_then_b_and_the_first_question_is_answered_by_b_again(driver: Driver) -> None:
    driver.ask(DRAW)
    driver.answered()
    assert (message(driver).details["bundle"], message(driver).details["model"]) == (
        "pocket",
        "Pocket",
    )
    assert not driver.items("answeredBy")

    choose(driver, "twin")
    driver.until(lambda: title(driver) == "The twin")
    driver.until(lambda: opened(driver) == "The twin", ANSWER_LIMIT_MS)
    driver.ask("make it blue")
    driver.answered()

    assert message(driver).details["bundle"] == "twin"
    driver.until(lambda: len(driver.items("answeredBy")) == 2)
    names = {str(item.property("text")) for item in driver.items("answeredBy")}
    assert names == {"Pocket", "The twin"}
    assert driver.library.conversations.settings(conversation(driver)) == Manner(bundle="twin")

    driver.medley.transcript_model.regenerateWith(driver.message_id(), "pocket")
    driver.until(lambda: message(driver).siblings == 2)
    driver.answered()

    assert message(driver).details["bundle"] == "pocket"
    assert title(driver) == "The twin"


def test_an_answer_is_made_again_by_the_model_that_is_chosen_for_it(driver: Driver) -> None:
    driver.ask(DRAW)
    driver.answered()

    driver.click("againWithButton")
    driver.type("modelSearch", "twin")
    driver.press(Qt.Key.Key_Return)
    driver.until(lambda: message(driver).siblings == 2)
    driver.answered()

    assert message(driver).details["bundle"] == "twin"
    assert title(driver) == "Pocket"
    assert driver.library.conversations.settings(conversation(driver)) == Manner()


def test_the_models_are_chosen_among_with_the_keyboard(driver: Driver) -> None:
    driver.item("composerInput").forceActiveFocus()
    driver.press(Qt.Key.Key_M, CONTROL)
    driver.until(lambda: driver.items("modelSearch"))
    driver.until(lambda: driver.focused is not None)
    driver.until(lambda: driver.item("modelList").property("count") == 2)

    driver.press(Qt.Key.Key_Escape)
    driver.until(lambda: not driver.items("modelSearch"))
    assert title(driver) == "Pocket"

    driver.press(Qt.Key.Key_M, CONTROL)
    driver.until(lambda: driver.items("modelSearch"))
    driver.press(Qt.Key.Key_Down)
    driver.press(Qt.Key.Key_Return)
    driver.until(lambda: title(driver) == "The twin")


def test_a_new_conversation_takes_the_last_choice_and_each_keeps_its_own(driver: Driver) -> None:
    driver.ask(DRAW)
    driver.answered()
    first = conversation(driver)
    driver.medley.conversations_model.newConversation()
    choose(driver, "twin")

    driver.ask(DRAW)
    driver.answered()
    assert message(driver).details["bundle"] == "twin"
    driver.medley.conversations_model.newConversation()
    driver.until(lambda: title(driver) == "The twin")
    driver.medley.conversations_model.open(str(first))
    driver.until(lambda: title(driver) == "Pocket")


def test_details_and_the_meter_tell_tokens_speed_and_context(driver: Driver) -> None:
    driver.ask(DRAW)
    driver.answered()

    meter = driver.item("contextMeter")
    context = driver.medley.context_meter
    assert context.property("size") == 2048
    assert 0 < context.property("used") < 200
    assert not context.property("near")
    assert meter.isVisible()

    facts: list[dict[str, object]] = []
    driver.medley.transcript_model.detailsReady.connect(facts.append)
    driver.click("answerDetailsButton")
    driver.until(lambda: driver.items("detailsSheet") or facts)

    (found,) = facts
    assert (found["model"], found["bundle"], found["contextSize"]) == ("Pocket", "pocket", 2048)
    assert found["contextUsed"] == context.property("used")
    assert all(float(str(found[name])) > 0 for name in (
        "promptTokens", "newTokens", "tokensPerSecond", "firstToken",
    ))  # fmt: skip
    driver.press(Qt.Key.Key_Escape)


def test_a_model_that_was_removed_says_so_and_the_default_answers(
    driver: Driver, bundles: Path
) -> None:
    copy_bundle(bundles / "guest", title="A guest")
    picker(driver).refresh()
    driver.until(lambda: picker(driver).rowCount() == 3)
    choose(driver, "guest")
    driver.ask(DRAW)
    driver.answered()
    assert message(driver).details["model"] == "A guest"

    shutil.rmtree(bundles / "guest")
    picker(driver).refresh()
    driver.until(lambda: picker(driver).property("missing"))
    driver.item("modelBanner")
    driver.ask(DRAW)
    driver.answered()
    assert driver.status() == "failed"
    assert "guest" in message(driver).error

    driver.click("formerButton")
    driver.until(lambda: driver.status() != "failed")
    driver.answered()

    assert (driver.status(), message(driver).details["bundle"]) == ("complete", "pocket")
    assert not picker(driver).property("missing")
    driver.medley.conversations_model.newConversation()
    driver.until(lambda: title(driver) == "Pocket")


def test_a_model_that_cannot_be_opened_leaves_the_former_one_and_a_way_back(
    driver: Driver, bundles: Path
) -> None:
    driver.ask(DRAW)
    driver.answered()
    copy_bundle(bundles / "bad", title="Bad", replaced={"llm.gguf": b"GGUF, or so it says"})
    picker(driver).refresh()
    driver.until(lambda: picker(driver).rowCount() == 3)

    choose(driver, "bad")
    driver.until(lambda: picker(driver).property("problem"), ANSWER_LIMIT_MS)
    driver.until(lambda: opened(driver) == "Pocket", ANSWER_LIMIT_MS)
    assert picker(driver).property("former") == "Pocket"
    driver.click("modelBack")
    driver.until(lambda: title(driver) == "Pocket")
    driver.ask(DRAW)
    driver.answered()

    assert (driver.status(), message(driver).details["bundle"]) == ("complete", "pocket")
    shutil.rmtree(bundles / "bad")


def test_a_worker_that_is_killed_in_the_switch_is_said_and_the_question_is_asked_again(
    driver: Driver,
) -> None:
    driver.ask(DRAW)
    driver.answered()
    states: list[str] = []
    client = driver.now.assistant.engines.now
    assert client is not None

    def kill(state: object) -> None:
        if getattr(state, "phase", "") == "starting" and not states:
            states.append("killed")
            os.kill(client.pid or 0, signal.SIGKILL)

    driver.window.session.engineChanged.connect(kill)
    driver.medley.manner_view.choose_bundle("twin")
    driver.ask("make it blue")
    driver.answered()
    driver.window.session.engineChanged.disconnect(kill)

    assert states == ["killed"]
    assert driver.status() == "failed"
    driver.click("retryButton")
    driver.until(lambda: driver.status() != "failed")
    driver.answered()
    assert (driver.status(), message(driver).details["bundle"]) == ("complete", "twin")


def test_a_conversation_is_heard_and_said_as_its_own_bundle_has_it(
    driver: Driver, bundles: Path
) -> None:
    manifest = bundles / "twin" / "bundle.toml"
    before = manifest.read_text("utf-8")
    table = '\n[speech]\nhear = "whisper-tiny.en"\nspeak = "kokoro-82m"\n'
    manifest.write_text(before + table, "utf-8")
    talk = driver.medley.talk_model

    def models() -> tuple[str, str]:
        assert talk.spoken_with is not None
        return talk.spoken_with.hearing_model, talk.spoken_with.voice_model

    assert models() == ("", "")
    driver.medley.manner_view.choose_bundle("twin")
    assert models() == ("whisper-tiny.en", "kokoro-82m")
    driver.medley.manner_view.choose_bundle(None)
    assert models() == ("", "")
    manifest.write_text(before, "utf-8")


def test_two_hundred_models_are_listed_and_found(driver: Driver, bundles: Path) -> None:
    many = [bundles / f"model-{number}" for number in range(200)]
    for folder in many:
        folder.mkdir()
        manifest = (bundles / "twin" / "bundle.toml").read_text("utf-8")
        title_ = f"Model {folder.name} with a name that is very much longer than any room for it"
        manifest = manifest.replace('title = "The twin"', f'title = "{title_}"')
        (folder / "bundle.toml").write_text(manifest, "utf-8")
    picker(driver).refresh()
    driver.until(lambda: picker(driver).rowCount() == 202)

    driver.click("modelButton")
    rows = driver.item("modelList").childItems()[0].childItems()
    assert len(rows) < 40
    driver.type("modelSearch", "model-137")
    driver.until(lambda: picker(driver).rowCount() == 1)
    driver.press(Qt.Key.Key_Escape)
    for folder in many:
        shutil.rmtree(folder)
