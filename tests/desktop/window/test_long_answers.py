"""A note tells of a long answer to who looks elsewhere, and a click on it leads there."""

from __future__ import annotations

import pytest

from desktop.window import notifications
from storage.records import Text
from tests.desktop.window.driver import Driver

pytestmark = pytest.mark.qt_log_ignore("does not support raise")
"""Where there is no screen there is no front."""


class Notes:
    """What would be shown on the desktop, and what was taken away."""

    def __init__(self, driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
        self.shown: list[tuple[str, str, str]] = []
        self.withdrawn: list[str] = []
        notes = driver.medley.notifications
        notes._has_bus = False
        notes.unshown.connect(lambda *note: self.shown.append(note))
        monkeypatch.setattr(notes, "withdraw", self.withdrawn.append)
        monkeypatch.setattr(notifications.Notifications, "away", True)
        driver.medley.long_answers.long_ms = 0


@pytest.fixture
def notes(opened: Driver, monkeypatch: pytest.MonkeyPatch) -> Notes:
    """The person looks elsewhere, and every answer is a long one."""
    return Notes(opened, monkeypatch)


def _answer(driver: Driver, words: str, reason: str = "") -> tuple[int, int]:
    """An answer that has just ended: its conversation and its id."""
    conversation = driver.library.conversations.new("Boats").id
    asked = driver.library.messages.add(conversation, [Text("Why do boats float?")]).id
    writer = driver.library.messages.begin_answer(asked)
    writer.text(words)
    if reason:
        writer.fail(reason)
    else:
        writer.finish()
    driver.window.session.answerEnded.emit(writer.message_id)
    driver.settle()
    return conversation, writer.message_id


def test_a_click_on_the_note_opens_the_conversation(opened: Driver, notes: Notes) -> None:
    conversation, message = _answer(opened, "Because\nthey are light.")
    assert notes.shown == [(f"answer/{message}", "Boats", "Because they are light.")]

    opened.medley.notifications.opened.emit(f"answer/{message}")

    current = opened.medley.conversations_model
    opened.until(lambda: current.property("current") == str(conversation))


def test_an_answer_without_words_is_told_too(opened: Driver, notes: Notes) -> None:
    _answer(opened, "")
    _answer(opened, "Some words", "expected more memory, found too little. Close programs.")

    assert [text for _, _, text in notes.shown] == [
        "Medley has answered.",
        "Medley could not answer. Open the conversation to see why.",
    ]


@pytest.mark.parametrize("why", ["present", "short", "switched off"])
def test_otherwise_there_is_none(
    opened: Driver, notes: Notes, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    if why == "present":
        monkeypatch.setattr(notifications.Notifications, "away", False)
    elif why == "short":
        opened.medley.long_answers.long_ms = 3_600_000
    else:
        opened.medley.settings_model.setProperty("notifyAnswers", False)

    _answer(opened, "Because.")

    assert not notes.shown
