"""What a person writes and attaches: chips, drafts that survive, which kinds may answer."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QColor, QGuiApplication, QImage

from desktop.assistant.answers import Answer
from storage.library import Library
from storage.records import Attachment, Draft, MediumPart, TextPart
from tests.desktop.window.conftest import Open
from tests.desktop.window.driver import Driver


def test_what_was_typed_is_there_after_a_kill(
    opened: Driver, open_window: Open, library_path: Path
) -> None:
    opened.type("composerInput", "a red bo")
    opened.until(lambda: opened.library.drafts.get(None).text == "a red bo")
    # A second process could not hold the library; closing without a flush is what a kill leaves.
    opened.window.medley.composer_model._save.stop()
    opened.window.close()

    again = open_window()

    again.until(lambda: again.medley.composer_model.property("text") == "a red bo")


def test_every_conversation_has_its_own_draft(opened: Driver) -> None:
    library = opened.library
    first = library.conversations.new("one").id
    composer, conversations = opened.medley.composer_model, opened.medley.conversations_model
    opened.until(lambda: opened.titles() == ["one"])

    opened.type("composerInput", "for nobody yet")
    conversations.open(str(first))
    opened.until(lambda: composer.property("text") == "")
    opened.type("composerInput", "for one")
    conversations.newConversation()

    opened.until(lambda: composer.property("text") == "for nobody yet")
    opened.until(lambda: library.drafts.get(first).text == "for one")


def test_a_file_that_is_attached_before_the_draft_has_come_joins_it(
    opened: Driver, media: dict[str, Path]
) -> None:
    composer, model = opened.medley.composer_model, opened.medley.composer_model.attachments_model
    number = opened.library.conversations.new("one").id
    bell = Attachment(opened.now.intake.file(media["audio"]).sha256, "bell.wav")
    opened.library.drafts.save(number, Draft("what rings?", (bell,)))
    let_go = threading.Event()
    opened.window.session.ask(lambda _: let_go.wait())

    opened.medley.conversations_model.open(str(number))
    composer.addFiles([QUrl.fromLocalFile(str(media["image"]))])
    try:
        opened.until(lambda: model.rowCount() == 1 and model.rows[0].ready)
        # What is there so far waits to be saved over the draft.
        opened.until(lambda: not composer._save.isActive())
    finally:
        let_go.set()
    opened.settle()

    assert [chip.modality for chip in model.rows] == ["audio", "image"]
    assert composer.property("text") == "what rings?"
    opened.until(lambda: len(opened.library.drafts.get(number).attachments) == 2)
    assert opened.library.drafts.get(number).text == "what rings?"


def test_files_become_chips_with_what_they_are(opened: Driver, media: dict[str, Path]) -> None:
    model = opened.medley.composer_model.attachments_model

    opened.medley.composer_model.addFiles(
        [QUrl.fromLocalFile(str(media[kind])) for kind in ("image", "audio", "video")]
    )
    opened.until(lambda: model.rowCount() == 3 and all(chip.ready for chip in model.rows))

    assert [chip.modality for chip in model.rows] == ["image", "audio", "video"]
    assert [bool(chip.thumbnail) for chip in model.rows] == [True, False, True]
    assert model.rows[1].duration == pytest.approx(1.0)
    assert opened.medley.composer_model.property("canSend")


def test_a_file_that_is_refused_says_why_and_the_rest_is_sent(
    opened: Driver, tmp_path: Path, media: dict[str, Path]
) -> None:
    model, composer = opened.medley.composer_model.attachments_model, opened.medley.composer_model
    refused = {
        "unknown": tmp_path / "archive.xyz",
        "empty": tmp_path / "empty.png",
        "broken": tmp_path / "half.png",
        "folder": tmp_path / "folder",
        "missing": tmp_path / "gone.png",
    }
    refused["unknown"].write_bytes(bytes(range(1, 200)) * 9)
    refused["empty"].touch()
    refused["broken"].write_bytes(media["image"].read_bytes()[:40])
    refused["folder"].mkdir()

    composer.addFiles([QUrl.fromLocalFile(str(path)) for path in refused.values()])
    opened.until(lambda: model.rowCount() == len(refused) and not model.reading)

    assert [chip.refusal for chip in model.rows] == list(refused)
    assert [chip.name for chip in model.rows] == [path.name for path in refused.values()]
    assert all(str(tmp_path) not in chip.problem for chip in model.rows)
    assert not composer.property("canSend")
    opened.type("composerInput", "what is this?")
    composer.addFiles([QUrl.fromLocalFile(str(media["image"]))])
    opened.until(lambda: model.rowCount() == len(refused) + 1 and not model.reading)
    composer.removeAttachment(0)
    assert composer.property("canSend")
    opened.press(Qt.Key.Key_Return)

    opened.until(lambda: opened.library.conversations.list())
    message = opened.library.messages.path(opened.library.conversations.list()[0].id)[0]
    assert [type(part) for part in message.parts] == [MediumPart, TextPart]
    assert model.rowCount() == 0


def test_all_attachments_that_were_taken_away_come_back_one_by_one(
    opened: Driver, media: dict[str, Path]
) -> None:
    model, composer = opened.medley.composer_model.attachments_model, opened.medley.composer_model
    composer.addFiles([QUrl.fromLocalFile(str(path)) for path in media.values()])
    opened.until(lambda: model.rowCount() == 3 and not model.reading)
    before = [chip.name for chip in model.rows]
    keys = [chip.key for chip in model.rows]

    composer.removeAttachment(2)
    composer.removeAttachment(0)
    composer.undoRemoveAttachment(keys[0])
    composer.undoRemoveAttachment(keys[2])

    assert [chip.name for chip in model.rows] == before


def test_chips_can_be_reordered_removed_and_brought_back(
    opened: Driver, media: dict[str, Path]
) -> None:
    composer = opened.medley.composer_model
    model = composer.attachments_model
    composer.addFiles([QUrl.fromLocalFile(str(media[kind])) for kind in ("image", "audio")])
    opened.until(lambda: all(chip.ready for chip in model.rows))

    composer.moveAttachment(0, 1)
    assert [chip.modality for chip in model.rows] == ["audio", "image"]
    key = model.rows[0].key
    composer.removeAttachment(0)
    assert [chip.modality for chip in model.rows] == ["image"]
    composer.undoRemoveAttachment(key)

    assert [chip.modality for chip in model.rows] == ["audio", "image"]
    opened.until(lambda: len(opened.library.drafts.get(None).attachments) == 2)


def test_a_pasted_picture_is_attached_and_pasted_words_are_not(opened: Driver) -> None:
    composer = opened.medley.composer_model
    clipboard = QGuiApplication.clipboard()
    image = QImage(20, 10, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))

    clipboard.setText("words")
    assert not composer.paste()
    clipboard.setImage(image)
    assert composer.canPasteMedia()
    assert composer.paste()

    model = composer.attachments_model
    opened.until(lambda: model.rowCount() == 1 and model.rows[0].ready)
    assert opened.library.media.get(model.rows[0].sha256).width == 20
    clipboard.clear()


def test_pasted_files_are_attached(opened: Driver, media: dict[str, Path]) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(media["audio"]))])
    QGuiApplication.clipboard().setMimeData(data)

    assert opened.medley.composer_model.paste()

    model = opened.medley.composer_model.attachments_model
    opened.until(lambda: model.rowCount() == 1 and model.rows[0].ready)
    QGuiApplication.clipboard().clear()


def test_an_address_of_the_network_is_never_attached(opened: Driver) -> None:
    with opened.qtbot.waitSignal(opened.medley.composer_model.refused):
        opened.medley.composer_model.addFiles([QUrl("https://example.org/cat.png")])

    assert opened.medley.composer_model.attachments_model.rowCount() == 0


def test_files_of_the_command_line_are_attached_once_the_library_is_open(
    open_window: Open, media: dict[str, Path]
) -> None:
    driver = open_window(media["image"])

    model = driver.medley.composer_model.attachments_model
    driver.until(lambda: model.rowCount() == 1 and model.rows[0].ready)
    assert model.rows[0].name == "ramp.png"


def test_the_last_kind_of_answer_cannot_be_forbidden(opened: Driver) -> None:
    composer = opened.medley.composer_model

    for modality in ("text", "audio", "video", "image"):
        composer.setAllowed(modality, False)

    assert composer.property("allowed") == ["image"]
    composer.resetAllowed()
    assert composer.property("allowed") == ["text", "image", "audio", "video"]


def test_enter_sends_and_shift_enter_begins_a_line(
    opened: Driver, media: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def refuse(*_: object) -> Answer:
        asked.append("asked")
        raise OSError("no engine in this test")

    opened.medley.composer_model.addFiles([QUrl.fromLocalFile(str(media["image"]))])
    opened.type("composerInput", "one")
    opened.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    opened.type("composerInput", "two")
    opened.until(lambda: opened.medley.composer_model.property("canSend"))
    monkeypatch.setattr(opened.now.assistant, "_answer", refuse)
    opened.press(Qt.Key.Key_Return)

    opened.until(lambda: asked)
    message = opened.library.messages.path(opened.library.conversations.list()[0].id)[0]
    assert message.text == "one\ntwo"
    assert isinstance(message.parts[0], MediumPart)


def test_what_could_not_be_sent_is_in_the_composer_again(
    opened: Driver, monkeypatch: pytest.MonkeyPatch, media: dict[str, Path]
) -> None:
    def full(*_: object) -> None:
        raise OSError("No space left on device")

    composer = opened.medley.composer_model
    composer.addFiles([QUrl.fromLocalFile(str(media["image"]))])
    opened.type("composerInput", "keep me")
    opened.until(lambda: composer.property("canSend"))
    monkeypatch.setattr(opened.now.assistant, "send", full)

    composer.send()

    opened.until(lambda: composer.property("text") == "keep me")
    opened.until(lambda: composer.attachments_model.rowCount() == 1)
    assert [row.text for row in opened.medley.notices_model.rows] == ["No space left on device"]


def test_without_keeping_drafts_nothing_is_written(opened: Driver, library_path: Path) -> None:
    opened.medley.settings_model.setProperty("keepDrafts", False)

    opened.type("composerInput", "a secret")
    opened.medley.composer_model.flush()
    opened.settle()
    opened.window.close()

    with Library.open(library_path) as library:
        assert library.drafts.get(None).text == ""
