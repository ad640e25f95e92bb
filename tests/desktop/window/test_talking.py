"""A person and the real engine: one real window, library and worker with Pocket for all tests."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QColor, QGuiApplication
from pytestqt.qtbot import QtBot

from desktop.window.start import Window
from desktop.window.transcript.transcript import Transcript
from storage.records import Attachment
from tests.desktop.window.driver import ANSWER_LIMIT_MS, Driver
from training.evaluation.judging import write_true
from training.pocketworld.scene import Scene

DRAW = "draw a red boat on the sea at night"


@pytest.fixture(scope="module")
def window(
    application: QGuiApplication, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Window]:
    """A window whose engine starts after its first frame."""
    opened = Window(library=tmp_path_factory.mktemp("library") / "library.db")
    yield opened
    opened.close()


@pytest.fixture
def driver(window: Window, qtbot: QtBot) -> Driver:
    """At a new conversation, with the engine ready and few steps so that pictures come soon."""
    found = Driver(window, qtbot)
    found.until(lambda: found.medley.property("libraryState") == "ready")
    found.until(lambda: found.medley.engine_view.property("state") == "ready", ANSWER_LIMIT_MS)
    found.medley.conversations_model.newConversation()
    for name in ("stepsImage", "stepsAudio", "stepsVideo"):
        found.medley.settings_model.setProperty(name, 4)
    found.settle()
    return found


def transcript(driver: Driver) -> Transcript:
    """The transcript's model."""
    return driver.medley.transcript_model


def test_a_first_time_user_clicks_a_prompt_and_sees_a_picture(driver: Driver) -> None:
    steps: list[int] = []
    driver.window.session.progressed.connect(lambda progress: steps.append(progress.step))
    assert driver.medley.property("firstStart")

    driver.click("firstStartPrompt0")
    driver.until(lambda: driver.items("renderingCard"), ANSWER_LIMIT_MS)
    driver.answered()

    assert not driver.medley.property("firstStart")
    assert driver.status() == "complete"
    assert steps == sorted(steps)
    assert max(steps) == 4
    card = driver.item("pictureCard")
    middle = card.mapToScene(card.boundingRect().center()).toPoint()
    driver.until(lambda: QColor(driver.picture().pixel(middle)).saturation() > 0)
    made = driver.blocks()[-1]
    assert (made.modality, made.made, made.mime) == ("image", True, "image/png")
    driver.until(lambda: len(driver.titles()) == 1)


def test_a_sound_and_a_clip_are_made_and_can_be_played(driver: Driver) -> None:
    driver.ask("play the sound of a dog in the rain")
    driver.answered()
    assert "audio" in driver.kinds()
    driver.item("soundCard")

    driver.ask("show a clip of a yellow car moving left")
    driver.answered()

    assert "video" in driver.kinds()
    driver.item("clipCard")
    assert [message.role for message in driver.library.messages.path(_open(driver))] == [
        "user", "assistant", "user", "assistant",
    ]  # fmt: skip


def test_stopping_keeps_what_came_and_the_next_question_is_answered(driver: Driver) -> None:
    driver.medley.settings_model.setProperty("stepsImage", 200)
    driver.ask(DRAW)
    driver.until(lambda: driver.items("renderingCard"), ANSWER_LIMIT_MS)
    words = driver.blocks()[0].plain

    driver.click("stopButton")
    driver.answered()

    assert driver.status() == "stopped"
    assert words
    assert driver.blocks()[0].plain.startswith(words)
    driver.medley.settings_model.setProperty("stepsImage", 4)
    driver.ask("draw a green frog")
    driver.answered()
    assert driver.status() == "complete"


def test_a_question_that_waits_for_another_answer_says_so(driver: Driver) -> None:
    driver.medley.settings_model.setProperty("stepsImage", 200)
    driver.ask(DRAW)
    driver.until(lambda: driver.items("renderingCard"), ANSWER_LIMIT_MS)
    first = _open(driver)
    driver.medley.conversations_model.newConversation()
    driver.settle()

    driver.ask("draw a green frog")

    words = driver.item("waitingWords")
    driver.until(lambda: words.property("text") == "Waiting: another answer comes first …")
    driver.now.assistant.stop(first)
    driver.until(lambda: driver.medley.engine_view.property("ahead") == 0, ANSWER_LIMIT_MS)
    driver.medley.transcript_model.stop()
    driver.answered()


def test_one_picture_can_be_cancelled_alone(driver: Driver) -> None:
    driver.medley.settings_model.setProperty("stepsImage", 200)
    driver.ask(DRAW)
    driver.until(lambda: driver.items("renderingCard"), ANSWER_LIMIT_MS)

    transcript(driver).cancelArtifact(driver.message_id(), 0)
    driver.answered()

    assert driver.status() == "complete"
    assert driver.blocks()[-1].kind in ("error", "note")


def test_regenerating_makes_a_branch_and_loses_nothing(driver: Driver) -> None:
    driver.ask(DRAW)
    driver.answered()
    first = driver.message_id()

    driver.click("regenerateButton")
    driver.until(lambda: driver.message_id() != first)
    driver.answered()
    assert transcript(driver).value(1, "branchCount") == 2
    driver.click("branchPrevious")

    driver.until(lambda: driver.message_id() == first)
    assert driver.status() == "complete"


def test_editing_a_question_makes_a_branch_of_its_own(driver: Driver) -> None:
    driver.ask("draw a red boat")
    driver.answered()

    transcript(driver).editAndResend(driver.message_id(0), "draw a blue boat")
    driver.until(lambda: driver.blocks(0)[0].plain == "draw a blue boat")
    driver.answered()

    assert transcript(driver).value(0, "branchCount") == 2
    assert driver.status() == "complete"


def test_a_picture_is_rendered_again_the_same_and_varied_differently(driver: Driver) -> None:
    driver.ask(DRAW)
    driver.answered()
    first, message = driver.blocks()[-1].mediaId, driver.message_id()

    transcript(driver).renderAgain(message, 0)
    driver.until(lambda: driver.message_id() != message)
    driver.answered()
    assert driver.blocks()[-1].mediaId == first
    transcript(driver).vary(driver.message_id(), 0)
    driver.until(lambda: transcript(driver).value(1, "branchCount") == 3)
    driver.answered()

    assert driver.blocks()[-1].mediaId not in ("", first)


def test_an_answer_holds_only_the_kinds_that_are_allowed(driver: Driver) -> None:
    composer = driver.medley.composer_model
    for modality in ("image", "audio", "video"):
        composer.setAllowed(modality, False)

    driver.ask(DRAW)
    driver.answered()

    assert driver.kinds() == ["text"]
    assert composer.property("allowed") == ["text"]
    composer.resetAllowed()


def test_a_picture_that_was_shown_is_talked_about(driver: Driver, media: dict[str, Path]) -> None:
    driver.medley.composer_model.addFiles([QUrl.fromLocalFile(str(media["image"]))])

    driver.ask("what is this?")
    driver.answered()

    assert driver.kinds(0) == ["image", "text"]
    assert driver.status() == "complete"
    assert driver.blocks()[0].plain


def test_pictures_are_found_by_what_they_mean_as_soon_as_they_are_placed(
    driver: Driver, tmp_path: Path
) -> None:
    model = driver.medley.conversations_model
    scene = Scene("car", "yellow", "grass")
    path = write_true("image", scene, np.random.default_rng(0), tmp_path / "number-1")
    model.setProperty("query", "a yellow car")
    driver.until(lambda: not model.property("searching"))
    shown = driver.library.conversations.new("number 1").id
    medium = driver.now.intake.file(path)

    driver.library.messages.add(shown, [Attachment(medium.sha256, path.name)])

    # Typed before the picture was there, and found once the engine had the time to place it.
    hits = model.media_hits
    driver.until(lambda: medium.sha256 in [hit.mediaId for hit in hits.rows])
    assert "number 1" not in driver.titles()
    model.endSearch()
    driver.until(lambda: hits.rowCount() == 0)


def test_what_is_similar_to_a_picture_is_found(driver: Driver, tmp_path: Path) -> None:
    model = driver.medley.conversations_model
    dog = Scene("dog", "black", "snow")
    media = []
    for number in range(2):
        path = write_true("image", dog, np.random.default_rng(number), tmp_path / f"twin-{number}")
        media.append(driver.now.intake.file(path))
        conversation = driver.library.conversations.new(path.stem).id
        driver.library.messages.add(conversation, [Attachment(media[-1].sha256, path.name)])
    model.open(str(conversation))
    driver.item("pictureCard")

    driver.click("mediaMore")
    driver.click("findSimilar")
    driver.until(lambda: model.property("similarTo"))

    driver.until(lambda: media[0].sha256 in [hit.mediaId for hit in model.media_hits.rows])
    assert media[1].sha256 not in [hit.mediaId for hit in model.media_hits.rows]
    driver.click("clearSearch")
    driver.until(lambda: not model.property("similarTo") and not model.media_hits.rowCount())


def test_keys_alone_ask_and_stop(driver: Driver) -> None:
    driver.medley.settings_model.setProperty("stepsImage", 200)
    driver.item("composerInput").forceActiveFocus()

    driver.ask(DRAW)
    driver.until(lambda: driver.items("renderingCard"), ANSWER_LIMIT_MS)
    driver.press(Qt.Key.Key_Escape)
    driver.answered()

    assert driver.status() == "stopped"


def test_a_killed_worker_is_said_and_the_next_try_starts_a_fresh_one(driver: Driver) -> None:
    driver.medley.settings_model.setProperty("stepsImage", 200)
    driver.ask(DRAW)
    driver.until(lambda: driver.items("renderingCard"), ANSWER_LIMIT_MS)
    client = driver.now.assistant.engines.now
    assert client is not None
    assert client.pid is not None
    words = driver.blocks()[0].plain

    os.kill(client.pid, signal.SIGKILL)
    driver.answered()

    assert driver.status() == "failed"
    assert driver.blocks()[0].plain == words
    assert driver.blocks()[-1].action == "retry"
    assert driver.medley.engine_view.property("state") == "down"
    assert driver.medley.engine_view.property("reason")
    driver.medley.settings_model.setProperty("stepsImage", 4)
    driver.click("retryButton")
    driver.until(lambda: driver.status() != "failed")
    driver.answered()
    assert driver.status() == "complete"


def _open(driver: Driver) -> int:
    conversation = transcript(driver).conversation
    assert conversation is not None
    return conversation
