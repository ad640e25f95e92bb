"""Every state of the window in every look: without a warning, and with something to see."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtQml import QQmlComponent, QQmlEngine

from desktop.window.start import QML
from tests.desktop.window.qml.conftest import Show
from tests.desktop.window.qml.states import STATES, first_start, talking
from tests.desktop.window.qml.world import world

FILES = sorted(QML.rglob("*.qml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_file_is_sound(file: Path, application: QGuiApplication) -> None:
    engine = QQmlEngine()
    engine.rootContext().setContextProperty("medley", world())

    component = QQmlComponent(engine, QUrl.fromLocalFile(str(file)))

    assert not component.isError(), component.errorString()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_file_is_short_and_draws_only_what_is_there(file: Path) -> None:
    text = file.read_text(encoding="utf-8")

    assert len(text.splitlines()) < 250
    for glyph in re.findall(r'glyph: "([\w-]+)"', text):
        assert (QML / "icons" / f"{glyph}.svg").is_file(), glyph
    assert not re.search(r"https?://", text)
    # Pictures of the library are painted by PictureView alone.
    for image in re.findall(r"\bImage {[^}]*}", text):
        assert "source: Theme.glyph(" in image, image


@pytest.mark.parametrize("name", STATES)
def test_every_state_shows_in_both_themes_with_and_without_contrast(name: str, show: Show) -> None:
    view = show(STATES[name]())
    grounds = set()

    for dark, contrast in itertools.product((False, True), repeat=2):
        view.look(dark=dark, highContrast=contrast)
        grounds.add(view.picture().pixelColor(view.window.width() - 4, 300).name())

    assert len(grounds) == 4


@pytest.mark.parametrize("name", STATES)
def test_every_state_shows_at_every_size_in_both_languages(name: str, show: Show) -> None:
    view = show(STATES[name]())

    for scale, language in itertools.product((1.0, 1.5, 2.0), ("en", "zh_CN")):
        view.look(scale=scale, language=language)
        for width, height in ((1280, 800), (480, 440)):
            view.resize(width, height)
            assert _inks(view.picture()) > 8
            for item in ("sendButton", "stopButton", "attachButton", "engineChip"):
                for found in (i for i in view.items() if i.objectName() == item):
                    place = found.mapRectToScene(found.boundingRect())
                    assert view.window.contentItem().boundingRect().contains(place), item


def test_an_open_window_changes_its_language_at_once(show: Show) -> None:
    view = show(first_start())
    assert view.find("newConversation").property("text") == "New conversation"

    view.look(language="zh_CN")

    assert view.find("newConversation").property("text") == "新对话"


def test_chinese_words_are_drawn_as_words_and_not_as_boxes(show: Show) -> None:
    view = show(first_start())
    view.look(language="zh_CN")
    button = view.find("newConversation")
    place = button.mapRectToScene(button.boundingRect()).toRect()

    two = [view.picture().copy(place)]
    button.setProperty("text", "旧会议")
    view.settle()
    two.append(view.picture().copy(place))

    assert two[0] != two[1]


def test_the_geometry_of_last_time_is_taken_up_within_the_screen(show: Show) -> None:
    medley = talking()
    medley.values["windowGeometry"] = {
        "x": 5000, "y": 20, "width": 700, "height": 500, "maximized": False,
    }  # fmt: skip

    from tests.desktop.window.qml.view import View

    view = View(medley, 700, 500)
    try:
        screen = view.window.screen().geometry()
        assert screen.contains(view.window.geometry().topLeft())
        assert ("saveWindowGeometry",) == view.medley.calls[-1][:1]
    finally:
        view.close()


def _inks(picture: QImage) -> int:
    """How many different colours a picture holds on a coarse grid."""
    return len(
        {
            picture.pixel(x, y)
            for x in range(0, picture.width(), 7)
            for y in range(0, picture.height(), 7)
        }
    )
