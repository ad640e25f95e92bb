"""A first-time user gets a picture, a sound and a clip: by mouse alone, and by keyboard alone.

A real window, a new library, the real worker with Pocket. Only the number of steps is set, so that
a busy machine is done soon.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtQuick import QQuickItem

from tests.desktop.window.conftest import Open
from tests.desktop.window.driver import Driver

PROMPTS = {0: "image", 1: "audio", 2: "video"}
"""What the requests on the first page are answered with."""
CONTROL = Qt.KeyboardModifier.ControlModifier
pytestmark = pytest.mark.qt_log_ignore(
    # What Qt Multimedia says of a machine without sound and without a graphics card.
    "PulseAudioService", "pipewire", "No audio device", "No HW decoder", "No RHI backend",
)  # fmt: skip


@pytest.fixture
def fresh(open_window: Open) -> Driver:
    """A window that nobody has used."""
    driver = open_window()
    for name in ("stepsImage", "stepsAudio", "stepsVideo"):
        driver.medley.settings_model.setProperty(name, 3)
    driver.until(lambda: driver.medley.property("firstStart"))
    driver.item("firstStartPrompt0")
    return driver


def made(driver: Driver, modality: str) -> None:
    """Wait for the answer; it holds a medium of that kind."""
    driver.until(lambda: driver.medley.transcript_model.rowCount() == 2)
    driver.answered()
    assert driver.status() == "complete"
    assert modality in [block.modality for block in driver.blocks() if block.made]


def play_then_pause(driver: Driver, what: str, press: str) -> None:
    """Start a medium as `press` says, see it play, and stop it."""
    for words, then in (("Play", "Pause"), ("Pause", "Play")):
        button = driver.labelled(f"{words} the {what}")
        if press == "mouse":
            driver.click(button)
        else:
            driver.press(Qt.Key.Key_Up, CONTROL)
            driver.tab_to(lambda item: item == button)  # noqa: B023  (called at once)
            driver.press(Qt.Key.Key_Space)
        driver.labelled(f"{then} the {what}")


def test_by_mouse_alone(fresh: Driver) -> None:
    for number, modality in PROMPTS.items():
        fresh.click(f"firstStartPrompt{number}")
        made(fresh, modality)
        if modality == "image":
            fresh.click("pictureCard")
            fresh.click(fresh.labelled("Close"))
            fresh.until(lambda: not fresh.items("pictureViewer"))
        else:
            play_then_pause(fresh, "sound" if modality == "audio" else "clip", "mouse")
        fresh.click("newConversation")

    fresh.until(lambda: len(fresh.titles()) == 3)


def test_by_keyboard_alone(fresh: Driver) -> None:
    for number, modality in PROMPTS.items():
        fresh.tab_to(_called(f"firstStartPrompt{number}"))
        fresh.press(Qt.Key.Key_Return)
        made(fresh, modality)
        if modality == "image":
            fresh.press(Qt.Key.Key_Up, CONTROL)
            fresh.tab_to(_called("pictureCard"))
            fresh.press(Qt.Key.Key_Return)
            fresh.labelled("Close")
            fresh.press(Qt.Key.Key_Escape)
            fresh.until(lambda: not fresh.items("pictureViewer"))
        else:
            play_then_pause(fresh, "sound" if modality == "audio" else "clip", "keyboard")
        fresh.press(Qt.Key.Key_N, CONTROL)
        fresh.item("firstStartPrompt0")

    fresh.until(lambda: len(fresh.titles()) == 3)


def _called(name: str) -> Callable[[QQuickItem], bool]:
    def is_it(item: QQuickItem) -> bool:
        return item.objectName() == name

    return is_it
