"""Files are chosen, saved and named in the window's own dialog where the desktop has none."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Q_ARG, QMetaObject, QObject, Qt

from tests.desktop.window.driver import Driver
from tests.desktop.window.seeds import exchange, picture

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person's folder with a folder, two pictures and an archive in it."""
    folder = tmp_path / "home"
    (folder / "more").mkdir(parents=True)
    for name in ("a.png", "b.png", "more/c.png"):
        Image.new("RGB", (8, 8)).save(folder / name)
    (folder / "old.zip").write_bytes(b"old")
    monkeypatch.setenv("HOME", str(folder))
    return folder


def _dialogs(driver: Driver) -> QObject:
    found = driver.window.window.findChild(QObject, "dialogs")
    assert found is not None
    return found


def _names(driver: Driver) -> list[str]:
    return [str(item.property("fileName")) for item in driver.items("fileRow")]


def _chips(driver: Driver) -> list[str]:
    return [chip.name for chip in driver.medley.composer_model.attachments_model.rows]


def _export(driver: Driver, title: str) -> str:
    conversation = driver.library.conversations.new(title).id
    exchange(driver.library, conversation, "asked", "answered", [picture()])
    words = (Q_ARG("QString", str(conversation)), Q_ARG("QString", title))
    QMetaObject.invokeMethod(_dialogs(driver), "exportConversation", *words)
    driver.item("fileName")
    return str(conversation)


def test_files_are_attached_with_the_keyboard(home: Path, opened: Driver) -> None:
    opened.press(Qt.Key.Key_O, CONTROL)
    opened.until(lambda: _names(opened) == ["more", "a.png", "b.png"])

    for key in (Qt.Key.Key_Down, Qt.Key.Key_Space, Qt.Key.Key_Down, Qt.Key.Key_Space):
        opened.press(key)
    opened.press(Qt.Key.Key_Return)

    opened.until(lambda: _chips(opened) == ["a.png", "b.png"])
    opened.until(lambda: not _dialogs(opened).property("choosing"))


def test_folders_are_entered_and_left(home: Path, opened: Driver) -> None:
    opened.press(Qt.Key.Key_O, CONTROL)
    opened.until(lambda: "more" in _names(opened))

    opened.press(Qt.Key.Key_Return)
    opened.until(lambda: _names(opened) == ["c.png"])
    opened.press(Qt.Key.Key_Backspace)
    opened.until(lambda: "more" in _names(opened))
    opened.press(Qt.Key.Key_Return)
    opened.until(lambda: _names(opened) == ["c.png"])
    opened.press(Qt.Key.Key_Return)

    opened.until(lambda: _chips(opened) == ["c.png"])


def test_a_conversation_is_exported_under_the_name_that_is_offered(
    home: Path, opened: Driver
) -> None:
    _export(opened, "A title: with / signs")
    assert opened.item("fileName").property("text") == "A title with signs.zip"
    assert opened.item("fileName").property("selectedText") == "A title with signs"

    opened.press(Qt.Key.Key_Return)

    opened.until(lambda: (home / "A title with signs.zip").is_file())


def test_a_file_that_is_there_is_replaced_only_after_a_question(home: Path, opened: Driver) -> None:
    _export(opened, "x")
    opened.item("fileName").setProperty("text", "old")

    opened.press(Qt.Key.Key_Return)
    opened.item("fileReplaced")
    assert (home / "old.zip").read_bytes() == b"old"
    assert opened.item("fileTaken").property("text") == "Replace"


def test_a_second_dialog_opens_after_a_first_one_has_gone(home: Path, opened: Driver) -> None:
    for _ in range(3):
        _export(opened, "x")
        opened.press(Qt.Key.Key_Escape)
        opened.until(lambda: not _dialogs(opened).property("choosing"))
        opened.until(lambda: not opened.items("fileName"))
    opened.press(Qt.Key.Key_O, CONTROL)
    opened.until(lambda: _dialogs(opened).property("choosing"))


def test_only_what_a_filter_names_is_listed(home: Path, opened: Driver) -> None:
    QMetaObject.invokeMethod(_dialogs(opened), "importConversation")

    opened.until(lambda: _names(opened) == ["more", "old.zip"])
