"""Sounds and clips are played where they stand: real files, the real player, no sound card."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtQuick import QQuickItem
from PySide6.QtTest import QTest

from desktop.window.media.players import ClipView
from storage.records import Attachment
from tests.desktop.window.driver import Driver

pytestmark = pytest.mark.qt_log_ignore(
    # What Qt Multimedia says of a machine without sound and without a graphics card.
    "PulseAudioService", "pipewire", "No audio device", "No RHI backend",
)  # fmt: skip


@pytest.fixture
def show(opened: Driver, media: dict[str, Path]) -> Callable[[str], Driver]:
    """Show a medium of a kind in a conversation of its own."""

    def show_(kind: str) -> Driver:
        medium = opened.now.intake.file(media[kind])
        conversation = opened.library.conversations.new(kind).id
        opened.library.messages.add(conversation, [Attachment(medium.sha256, media[kind].name)])
        opened.medley.conversations_model.open(str(conversation))
        opened.until(lambda: opened.medley.transcript_model.rowCount() == 1)
        return opened

    return show_


def track(driver: Driver, label: str) -> QQuickItem:
    """The slider that says so."""
    found = [
        item
        for item in driver.everything()
        if item.property("label") == label and item.property("visualPosition") is not None
    ]
    assert found
    return found[-1]


def click_at(driver: Driver, item: QQuickItem, share: float) -> None:
    """Click so far along an item."""
    at = item.mapToScene(QPointF(item.width() * share, item.height() / 2)).toPoint()
    QTest.mouseClick(
        driver.window.window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at
    )


def value(item: QQuickItem) -> float:
    """Of a slider, as a share of the whole."""
    share: Any = item.property("visualPosition")
    return float(share)


def test_a_sound_is_sought_before_it_is_played_and_plays_from_there(
    show: Callable[[str], Driver],
) -> None:
    driver = show("audio")
    driver.item("soundCard")
    seek = track(driver, "Place in the sound")

    click_at(driver, seek, 0.5)
    assert value(seek) == pytest.approx(0.5, abs=0.05)
    driver.click(driver.labelled("Play the sound"))

    driver.until(lambda: value(seek) > 0.6)
    driver.labelled("Play the sound")  # It has come to its end.


def test_a_clip_shows_its_poster_plays_and_begins_again(show: Callable[[str], Driver]) -> None:
    driver = show("video")
    view = next(item for item in driver.everything() if isinstance(item, ClipView))
    driver.until(lambda: not view.image.isNull())
    poster = view.image.copy()

    driver.click(view)
    driver.until(lambda: view.playback.playing)
    driver.until(lambda: view.image != poster)

    farthest = 0.0

    def has_begun_again() -> bool:
        nonlocal farthest
        farthest = max(farthest, view.playback.position_s)
        return view.playback.position_s < farthest / 2

    driver.until(has_begun_again)
    assert view.playback.playing


def test_a_clip_is_sought_while_it_stands_still(show: Callable[[str], Driver]) -> None:
    driver = show("video")
    view = next(item for item in driver.everything() if isinstance(item, ClipView))
    driver.click(view)
    driver.until(lambda: view.playback.playing)
    driver.click(view)
    driver.until(lambda: not view.playback.playing)
    seek = track(driver, "Place in the clip")

    click_at(driver, seek, 0.75)

    driver.until(lambda: value(seek) == pytest.approx(0.75, abs=0.05))
    assert view.playback.position_s == pytest.approx(0.75 * view.playback.duration_s, abs=0.15)


@pytest.mark.parametrize("kind", ["audio", "video"])
def test_what_a_medium_is_made_of_is_not_written_on_stderr(
    show: Callable[[str], Driver], kind: str, capfd: pytest.CaptureFixture[str]
) -> None:
    driver = show(kind)
    what = "sound" if kind == "audio" else "clip"

    seek = track(driver, f"Place in the {what}")

    driver.click(driver.labelled(f"Play the {what}"))
    driver.until(lambda: value(seek) > 0)

    said = capfd.readouterr().err
    assert "Input #0" not in said
    assert "Stream #0" not in said
    assert "Metadata" not in said


@pytest.mark.qt_log_ignore("Could not open media", extend=True)
def test_a_medium_that_cannot_be_played_says_so(show: Callable[[str], Driver], qtlog: Any) -> None:
    driver = show("video")
    view = next(item for item in driver.everything() if isinstance(item, ClipView))
    medium = driver.library.media.get(view.playback.media_id)
    copy = driver.now.media.path(medium)
    copy.write_bytes(bytes(medium.size))

    driver.click(view)

    driver.until(lambda: view.playback.problem)
    assert not view.playback.playing
    assert any(
        item.property("text") == view.playback.problem and item.isVisible()
        for item in driver.everything()
    )
    assert any("Could not open media" in record.message for record in qtlog.records)
