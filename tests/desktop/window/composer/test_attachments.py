"""Dragging: attachments into another order, by mouse and by keyboard, and media out of the window.
The window, its library and its files are real; only the desktop that takes a drop is not there."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDrag
from PySide6.QtQuick import QQuickItem
from PySide6.QtTest import QTest

from desktop.window.transcript import actions as actions_module
from storage.records import Attachment
from tests.desktop.window.driver import Driver
from tests.desktop.window.type_names import type_name

KINDS = ("image", "audio", "video")
CARDS = {"image": "pictureCard", "audio": "soundCard", "video": "clipCard"}
LEFT, NO_KEYS = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
STEPS = 8


class Hand:
    """A mouse whose left button is held."""

    def __init__(self, driver: Driver, at: QPoint) -> None:
        self._window, self._driver, self.at = driver.window.window, driver, at
        QTest.mouseMove(self._window, at)
        QTest.mousePress(self._window, LEFT, NO_KEYS, at)

    def move(self, by: QPoint) -> None:
        """Go there as a hand does, in steps."""
        start = self.at
        for step in range(1, STEPS + 1):
            self.at = start + QPoint(by.x() * step // STEPS, by.y() * step // STEPS)
            QTest.mouseMove(self._window, self.at)
            self._driver.qtbot.wait(1)

    def let_go(self) -> None:
        """Release the button."""
        QTest.mouseRelease(self._window, LEFT, NO_KEYS, self.at)


def chips(driver: Driver) -> list[QQuickItem]:
    """The attachments as they stand, from left to right."""
    found = [i for i in driver.everything() if "AttachmentChip" in type_name(i)]
    return sorted(found, key=lambda item: item.mapToScene(QPointF()).x())


def order(driver: Driver) -> list[str]:
    """Of the attachments, in the model."""
    return [chip.modality for chip in driver.medley.composer_model.attachments_model.rows]


def seen(driver: Driver) -> list[str]:
    """Of the attachments, in the window."""
    return [str(item.property("modality")) for item in chips(driver)]


@pytest.fixture
def attached(opened: Driver, media: dict[str, Path]) -> Driver:
    """A window with a picture, a sound and a clip that wait to be sent, and room for all three."""
    opened.press(Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    opened.until(lambda: not opened.items("newConversation"))
    opened.medley.composer_model.addFiles([QUrl.fromLocalFile(str(media[k])) for k in KINDS])
    opened.until(lambda: opened.medley.composer_model.property("canSend"))
    opened.until(lambda: seen(opened) == list(KINDS))
    return opened


def drag_chip(driver: Driver, chip: int, by: float) -> None:
    """Drag an attachment so far to the right, in its own widths."""
    item = chips(driver)[chip]
    at = item.mapToScene(QPointF(item.width() / 2, item.height() / 2)).toPoint()
    hand = Hand(driver, at)
    hand.move(QPoint(round(by * item.width()), 0))
    hand.let_go()


@pytest.mark.parametrize(
    ("chip", "by", "then"),
    [
        (0, 1.0, ["audio", "image", "video"]),
        (0, 2.0, ["audio", "video", "image"]),
        (2, -2.1, ["video", "image", "audio"]),
        (1, 1.7, ["image", "video", "audio"]),
        (1, -1.6, ["audio", "image", "video"]),
        (1, 0.2, ["image", "audio", "video"]),
    ],
)
def test_an_attachment_is_dragged_to_its_place(
    attached: Driver, chip: int, by: float, then: list[str]
) -> None:
    drag_chip(attached, chip, by)

    attached.until(lambda: order(attached) == then)
    attached.until(lambda: seen(attached) == then)
    # Nothing is left where it was let go.
    assert all(item.childItems()[0].x() == 0 for item in chips(attached))


def test_an_attachment_let_go_between_two_others_goes_there(attached: Driver) -> None:
    first, second = chips(attached)[:2]
    width = first.width()
    gap = second.mapToScene(QPointF()).x() - first.mapToScene(QPointF()).x() - width
    assert gap > 2

    drag_chip(attached, 0, (width / 2 + gap / 2) / width)

    attached.settle()
    assert order(attached) == ["audio", "image", "video"]


def test_the_order_after_a_drag_is_kept_with_the_draft(attached: Driver) -> None:
    drag_chip(attached, 0, 1.0)

    def kept() -> list[str]:
        draft = attached.library.drafts.get(None)
        return [attached.library.media.get(a.sha256).modality for a in draft.attachments]

    attached.until(lambda: kept() == ["audio", "image", "video"])


def test_an_attachment_is_moved_with_the_keyboard_as_far_as_wanted(attached: Driver) -> None:
    attached.item("composerInput").forceActiveFocus()
    attached.tab_to(lambda item: item == chips(attached)[0])

    for then in (["audio", "image", "video"], ["audio", "video", "image"]):
        attached.press(Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
        assert order(attached) == then
    attached.press(Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert order(attached) == ["audio", "video", "image"]
    attached.press(Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)

    assert order(attached) == ["audio", "image", "video"]
    attached.until(lambda: seen(attached) == ["audio", "image", "video"])
    # What was moved is still the chosen one.
    attached.press(Qt.Key.Key_Delete)
    assert order(attached) == ["audio", "video"]


@pytest.fixture
def drags(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[QUrl], Qt.DropAction]]:
    """What was offered to the desktop, which takes it at once."""
    offered: list[tuple[list[QUrl], Qt.DropAction]] = []

    class Drag(QDrag):
        def exec(self, *actions: Qt.DropAction) -> Qt.DropAction:  # type: ignore[override]
            offered.append((self.mimeData().urls(), actions[0]))
            return actions[0]

    monkeypatch.setattr(actions_module, "QDrag", Drag)
    return offered


def show(driver: Driver, file: Path) -> QPoint:
    """Show a medium in a conversation; where a hand may take it."""
    medium = driver.now.intake.file(file)
    conversation = driver.library.conversations.new("drag").id
    driver.library.messages.add(conversation, [Attachment(medium.sha256, file.name)])
    driver.medley.conversations_model.open(str(conversation))
    card = driver.item(CARDS[medium.modality])
    driver.settle()
    # Beside what a sound or a clip has buttons for.
    return card.mapToScene(QPointF(card.width() / 2, 4)).toPoint()


@pytest.mark.parametrize("kind", KINDS)
def test_a_medium_is_dragged_out_as_a_copy_of_its_file(
    opened: Driver,
    media: dict[str, Path],
    drags: list[tuple[list[QUrl], Qt.DropAction]],
    kind: str,
) -> None:
    hand = Hand(opened, show(opened, media[kind]))
    hand.move(QPoint(60, 30))
    opened.until(lambda: drags)
    hand.let_go()

    [([url], action)] = drags
    assert action == Qt.DropAction.CopyAction
    assert url.isLocalFile()
    copy = Path(url.toLocalFile())
    assert copy.suffix == media[kind].suffix
    assert copy.read_bytes() == media[kind].read_bytes()
    assert copy.parent == opened.now.media.folder
    # What another program does to the copy is no matter of the library.
    copy.write_bytes(b"spoiled")
    shown = opened.blocks()[0].mediaId
    assert opened.library.media.read(shown) == media[kind].read_bytes()


def test_nothing_is_dragged_once_the_button_is_released(
    opened: Driver, media: dict[str, Path], drags: list[tuple[list[QUrl], Qt.DropAction]]
) -> None:
    show(opened, media["image"])

    opened.medley.transcript_model.dragOut(opened.blocks()[0].mediaId)
    opened.settle()

    assert not drags
