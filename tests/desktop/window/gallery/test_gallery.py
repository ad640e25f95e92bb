"""The gallery in the real window: what it shows, where a click leads, and how it follows."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMetaObject, QObject, Qt, QUrl
from PySide6.QtQuick import QQuickItem

from desktop.window.gallery.gallery import PAGE, GalleryView
from storage.records import Attachment, Text
from tests.desktop.window.driver import Driver
from tests.desktop.window.seeds import answer, picture


@pytest.fixture
def gallery(opened: Driver) -> GalleryView:
    """The window's gallery over two given media and a made picture."""
    library = opened.library
    conversation = library.conversations.new("Lakes").id
    sound = library.media.add_bytes(b"RIFF", mime="audio/wav", modality="audio", duration_s=2.5)
    shown = library.media.add_bytes(picture(90), mime="image/png", modality="image")
    given = [Attachment(shown.sha256, "lake.png"), Attachment(sound.sha256, "bell.wav")]
    message = library.messages.add(conversation, [Text("What is this?"), *given]).id
    answer(library, message, "Like this.", [picture(200)])
    library.messages.add(library.conversations.new("Other").id, [Text("Nothing to see")])
    opened.settle()
    return opened.medley.gallery_model


def show(driver: Driver) -> QQuickItem:
    """Open it."""
    dialogs = driver.window.window.findChild(QObject, "dialogs")
    assert dialogs is not None
    QMetaObject.invokeMethod(dialogs, "openGallery")
    driver.until(lambda: driver.medley.gallery_model.rowCount())
    return driver.item("galleryGrid")


def names(gallery: GalleryView) -> list[str]:
    """What is shown."""
    return [row.name for row in gallery.rows]


def test_everything_is_there_the_newest_first(opened: Driver, gallery: GalleryView) -> None:
    show(opened)

    made, bell, lake = gallery.rows
    assert (made.made, made.modality, made.title) == (True, "image", "Lakes")
    assert (bell.name, bell.duration, bell.thumbnail) == ("bell.wav", 2.5, "")
    assert (lake.name, lake.made) == ("lake.png", False)


def test_it_is_narrowed_by_kind_and_origin(opened: Driver, gallery: GalleryView) -> None:
    show(opened)

    opened.click("galleryKind/audio")
    opened.until(lambda: names(gallery) == ["bell.wav"])
    opened.click("galleryKind/")
    gallery.setProperty("origin", "given")
    opened.until(lambda: names(gallery) == ["bell.wav", "lake.png"])
    opened.click("galleryKind/video")
    opened.until(lambda: not gallery.rows and not gallery.property("reading"))


def test_enter_leads_to_the_message(opened: Driver, gallery: GalleryView) -> None:
    grid = show(opened)
    grid.forceActiveFocus(Qt.FocusReason.TabFocusReason)
    opened.press(Qt.Key.Key_Right)
    opened.press(Qt.Key.Key_Return)

    current = opened.medley.conversations_model
    opened.until(lambda: current.property("currentTitle") == "Lakes")
    opened.until(lambda: opened.medley.transcript_model.rowCount() == 2)
    opened.until(lambda: not gallery.rows)


def test_it_follows_what_is_made_and_deleted(opened: Driver, gallery: GalleryView) -> None:
    show(opened)
    conversation = opened.library.conversations.new("Later").id
    message = opened.library.messages.add(conversation, [Text("Draw")]).id
    answer(opened.library, message, "Here.", [picture(10)])
    opened.until(lambda: len(gallery.rows) == 4 and gallery.rows[0].title == "Later")

    opened.library.conversations.delete(conversation)

    opened.until(lambda: len(gallery.rows) == 3)


def test_older_ones_are_read_when_they_come_into_view(opened: Driver, gallery: GalleryView) -> None:
    library = opened.library
    sha = library.media.add_bytes(b"one", mime="audio/wav", modality="audio").sha256
    conversation = library.conversations.new("Many").id
    library.messages.add(conversation, [Attachment(sha, f"{at}.wav") for at in range(70)])
    grid = show(opened)
    opened.until(lambda: len(gallery.rows) == PAGE)

    for _ in range(PAGE):
        grid.forceActiveFocus()
        opened.press(Qt.Key.Key_Down)
    opened.until(lambda: len(gallery.rows) == 73)

    assert len({row.partId for row in gallery.rows}) == 73
    assert not gallery.canFetchMore()


def test_one_is_saved(opened: Driver, gallery: GalleryView, tmp_path: Path) -> None:
    show(opened)
    target = tmp_path / "x.png"

    opened.medley.transcript_model.saveAs(gallery.rows[2].mediaId, QUrl.fromLocalFile(str(target)))
    opened.until(target.is_file)
    opened.settle()

    assert target.read_bytes() == picture(90)
