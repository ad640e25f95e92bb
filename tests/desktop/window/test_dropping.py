"""Files that are dropped: anywhere on the window, and under names in any writing."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote

import pytest
from PIL import Image
from PySide6.QtCore import QCoreApplication, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtQuick import QQuickItem

from desktop.file_names import readable, readable_name, under_readable_name
from desktop.window.paths import local_path
from storage.records import MediumPart
from tests.desktop.window.driver import Driver
from tests.desktop.window.type_names import type_name

NAME = "测试报告.png"
COPY, LEFT = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
NO_KEYS = Qt.KeyboardModifier.NoModifier


def _drop(driver: Driver, at: QPoint, *urls: QUrl) -> None:
    """Let files go over a place in the window."""
    data = QMimeData()
    data.setUrls(list(urls))
    window = driver.window.window
    enter = QDragEnterEvent(at, COPY, data, LEFT, NO_KEYS)
    QCoreApplication.sendEvent(window, enter)
    QCoreApplication.sendEvent(window, QDropEvent(QPointF(at), COPY, data, LEFT, NO_KEYS))


def _chips(driver: Driver) -> list[tuple[str, str]]:
    model = driver.medley.composer_model.attachments_model
    driver.until(lambda: model.rowCount() and not model.reading)
    return [(chip.name, chip.problem) for chip in model.rows]


@pytest.mark.parametrize("target", ["searchField", "composerInput", "newConversation"])
def test_a_drop_is_taken_wherever_it_falls(
    opened: Driver, media: dict[str, Path], target: str
) -> None:
    item = opened.item(target)
    at = item.mapToScene(QPointF(item.width() / 2, item.height() / 2)).toPoint()

    _drop(opened, at, QUrl.fromLocalFile(str(media["image"])))

    assert _chips(opened) == [(media["image"].name, "")]


def test_a_file_whose_name_is_written_in_gbk_is_sent(opened: Driver, tmp_path: Path) -> None:
    Image.new("RGB", (64, 64)).save(tmp_path / "a.png")
    odd = os.fsencode(tmp_path) + b"/" + NAME.encode("gbk")
    os.rename(tmp_path / "a.png", odd)
    address = QUrl.fromEncoded(b"file://" + quote(odd).encode())

    _drop(opened, QPoint(600, 300), address)

    assert _chips(opened) == [(NAME, "")]
    opened.ask("what is this?")
    parts = opened.library.messages.get(int(opened.message_id(0))).parts
    assert [part.name for part in parts if isinstance(part, MediumPart)] == [NAME]


def test_a_broken_file_with_such_a_name_is_refused_by_its_name(
    opened: Driver, tmp_path: Path
) -> None:
    odd = os.fsencode(tmp_path) + b"/" + NAME.encode("gbk")
    Path(os.fsdecode(odd)).write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(40))
    address = QUrl.fromEncoded(b"file://" + quote(odd).encode())

    opened.medley.composer_model.addFiles([address])

    [(name, problem)] = _chips(opened)
    assert name == NAME
    assert NAME in problem
    assert str(tmp_path) not in problem


@pytest.mark.parametrize("name", ["a b.txt", "50%.txt", "#1?.txt", "中文.txt", "%41.txt"])
def test_an_address_means_its_path(name: str, tmp_path: Path) -> None:
    assert local_path(QUrl.fromLocalFile(str(tmp_path / name))) == tmp_path / name


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_names_are_shown_in_letters(encoding: str, tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + NAME.encode(encoding)))
    path.write_bytes(b"words")

    assert readable_name(path) == NAME
    assert readable(path).endswith(f"/{NAME}")
    with under_readable_name(path) as named:
        assert (named.name, named.read_bytes()) == (NAME, b"words")
    assert path.read_bytes() == b"words"


def test_a_file_that_comes_last_is_in_sight(opened: Driver, tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.png" for number in range(8)]
    for number, path in enumerate(paths):
        Image.new("RGB", (8, 8), (number, 0, 0)).save(path)
    model = opened.medley.composer_model.attachments_model

    opened.medley.composer_model.addFiles([QUrl.fromLocalFile(str(path)) for path in paths])
    opened.until(lambda: model.rowCount() == 8 and not model.reading)

    def last_in_sight() -> bool:
        strip, *_ = (i for i in opened.everything() if "AttachmentStrip" in _class(i))
        chips = [i for i in opened.everything() if "AttachmentChip" in _class(i)]
        last = [chip for chip in chips if chip.property("name") == "7.png"]
        return any(
            0 <= c.mapToItem(strip, QPointF(c.width(), 0)).x() <= strip.width() for c in last
        )

    opened.until(last_in_sight)


def _class(item: QQuickItem) -> str:
    return type_name(item)
