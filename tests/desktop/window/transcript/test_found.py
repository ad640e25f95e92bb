"""What readers found, documents, clip art and a conversation's own manner, in a real window."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QUrl

from desktop.assistant.progress import ReadingProgress
from desktop.window.transcript import found
from storage.library import Library
from storage.records import Attachment, Manner, Observation, Text
from tests import heic_files
from tests.desktop.window.driver import Driver
from tests.desktop.window.seeds import RECIPE, picture

ESPRESSO = Observation("label", "espresso", 0.73)
PASSAGES = tuple(Observation("document", f"passage {n}", place=f"page {n}") for n in (1, 2, 3))
SPEECH = tuple(
    Observation("speech", f"sentence {n}.", start_s=65.0 * n, end_s=65.0 * n + 3) for n in range(40)
)


def shown(driver: Driver, conversation: int, rows: int) -> None:
    """Open a conversation and wait for it."""
    driver.medley.conversations_model.open(str(conversation))
    driver.until(lambda: driver.medley.transcript_model.rowCount() == rows)


def asked_about(library: Library, data: bytes, name: str) -> tuple[int, int, str]:
    """A question about a picture and its answer: conversation, answer and medium."""
    medium = library.media.add_bytes(data, mime="image/png", modality="image")
    conversation = library.conversations.new(name).id
    parts = (Attachment(medium.sha256, name), Text("What is this?"))
    message = library.messages.add(conversation, parts).id
    writer = library.messages.begin_answer(message)
    writer.text("I do not know.")
    writer.finish({"bundle": "starter", "finish": "end"})
    return conversation, writer.message_id, medium.sha256


def told(driver: Driver) -> list[str]:
    """The lines under media that are in sight."""
    return [str(item.property("text")) for item in driver.items("foundLine")]


@contextmanager
def listened(driver: Driver) -> Iterator[list[tuple[str, str, int, int]]]:
    """Everything that is said of readers meanwhile."""
    heard: list[tuple[str, str, int, int]] = []

    def note(media_id: str, reader: str, step: int, of: int) -> None:
        heard.append((media_id, reader, step, of))

    driver.medley.found.reading.connect(note)
    yield heard
    driver.medley.found.reading.disconnect(note)


def test_what_was_found_stands_under_the_medium_and_comes_when_it_is_found(opened: Driver) -> None:
    conversation, _, sha256 = asked_about(opened.library, picture(), "cup.png")
    shown(opened, conversation, 2)
    opened.settle()
    assert not told(opened)

    opened.library.media.set_observations(sha256, [ESPRESSO, Observation("text", "Caffè")])

    opened.until(lambda: len(told(opened)) == 2)
    assert told(opened) == ["Looks like: espresso, 73 %", "Read in it: Caffè"]


def test_a_long_find_is_short_until_all_of_it_is_asked_for(opened: Driver) -> None:
    conversation, _, sha256 = asked_about(opened.library, picture(), "talk.png")
    opened.library.media.set_observations(sha256, SPEECH)
    shown(opened, conversation, 2)

    opened.until(lambda: len(told(opened)) == 1)
    assert "sentence 0. sentence 1." in told(opened)[0]
    opened.click("showFound")
    opened.until(lambda: "\n1:05  sentence 1.\n" in told(opened)[0])
    opened.click("showFound")
    opened.until(lambda: "\n" not in told(opened)[0])


def test_while_a_reader_is_at_work_its_line_says_how_far_it_is(opened: Driver) -> None:
    conversation, answer, sha256 = asked_about(opened.library, picture(), "cup.png")
    shown(opened, conversation, 2)
    opened.settle()
    session = opened.window.session

    with listened(opened) as heard:
        session.readingProgressed.emit(ReadingProgress(answer, sha256, "medley.speech", 2, 5))
        opened.until(lambda: opened.items("readingLine"))
        line = opened.items("readingLine")[-1]
        assert line.property("text") == "Listening to cup.png … 40 %"
        session.answerEnded.emit(answer)
        opened.until(lambda: not opened.items("readingLine"))

    assert heard == [(sha256, "medley.speech", 2, 5), (sha256, "", 0, 0)]


def test_lines_are_one_for_each_kind_with_places_and_times() -> None:
    paper, sound = found.lines(PASSAGES)[0], found.lines(SPEECH[:2])[0]

    assert (paper.first, paper.last, paper.characters) == ("page 1", "page 3", 27)
    assert paper.brief == "passage 1 passage 2 passage 3"
    assert sound.text == "0:00  sentence 0.\n1:05  sentence 1."
    assert found.lines(()) == ()
    many = found.lines([Observation("text", "word " * 9_000)])[0]
    assert len(many.brief) == found.LONGEST


@pytest.mark.parametrize(
    ("name", "text", "mime"),
    [
        ("notes.txt", "Meet at noon.", "text/plain"),
        ("notes.md", "# Notes\n\nMeet at noon.", "text/markdown"),
        ("page.html", "<!doctype html><p>Meet at noon.", "text/html"),
        ("table.csv", "day,time\nMonday,12", "text/csv"),
    ],
)
def test_documents_are_attached_and_shown_as_files(
    name: str, text: str, mime: str, opened: Driver, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    composer = opened.medley.composer_model

    composer.addFiles([QUrl.fromLocalFile(str(path))])
    opened.until(
        lambda: composer.attachments_model.rows and composer.attachments_model.rows[0].ready
    )
    chip = composer.attachments_model.rows[0]
    assert (chip.modality, chip.name, chip.problem) == ("document", name, "")
    assert opened.library.media.get(chip.sha256).mime == mime

    conversation = opened.library.conversations.new("papers").id
    parts = (Attachment(chip.sha256, name), Text("When?"))
    opened.library.messages.add(conversation, parts)
    opened.library.media.set_observations(chip.sha256, PASSAGES)
    shown(opened, conversation, 1)
    assert opened.item("documentCard").property("text") == name
    opened.until(lambda: len(told(opened)) == 1)
    assert told(opened)[0].startswith("Read: page 1 to page 3, 27 characters")


@pytest.mark.parametrize(("kind", "mime"), [("avif", "image/avif"), ("heic", "image/heic")])
def test_pictures_of_phones_are_attached(
    kind: str, mime: str, opened: Driver, tmp_path: Path
) -> None:
    path = tmp_path / f"photo.{kind}"
    write_photo(path)
    composer = opened.medley.composer_model

    composer.addFiles([QUrl.fromLocalFile(str(path))])
    opened.until(
        lambda: composer.attachments_model.rows and composer.attachments_model.rows[0].ready
    )

    chip = composer.attachments_model.rows[0]
    medium = opened.library.media.get(chip.sha256)
    assert (medium.modality, medium.mime, medium.width, medium.height) == ("image", mime, 64, 48)
    assert chip.thumbnail


def write_photo(path: Path) -> None:
    """A picture 64 pixels wide and 48 high, as its name says."""
    if path.suffix == ".heic":
        path.write_bytes(heic_files.PLAIN)
    else:
        Image.fromarray(np.full((48, 64, 3), 90, np.uint8)).save(path)


def test_clip_art_is_called_so(opened: Driver) -> None:
    conversation = opened.library.conversations.new("art").id
    message = opened.library.messages.add(conversation, [Text("Draw a cat")]).id
    writer = opened.library.messages.begin_answer(message)
    for index, renderer in enumerate(("medley.image", "medley.clipart")):
        writer.begin_artifact(index, "image")
        writer.artifact(
            index, picture(index), mime="image/png", modality="image", recipe=RECIPE,
            width=64, height=64, details={"renderer": renderer},
        )  # fmt: skip
    writer.finish({"finish": "end"})
    shown(opened, conversation, 2)

    assert [block.clipart for block in opened.blocks()] == [False, True]


def test_places_that_were_quoted_and_what_could_not_be_read_stand_under_the_answer(
    opened: Driver,
) -> None:
    conversation = opened.library.conversations.new("papers").id
    message = opened.library.messages.add(conversation, [Text("When?")]).id
    writer = opened.library.messages.begin_answer(message)
    writer.text("On Monday.")
    quoted = ["report.pdf, page 3", "report.pdf, page 7", "notes.txt"]
    writer.finish({"finish": "end", "quoted": quoted, "unread": ["hum.mp3: found no speech."]})
    shown(opened, conversation, 2)

    notes = [(block.text, block.plain) for block in opened.blocks() if block.kind == "note"]

    assert notes == [
        ("quoted", "report.pdf, page 3, page 7; notes.txt"),
        ("unread", "hum.mp3: found no speech."),
    ]


def test_a_conversation_is_given_a_manner_of_its_own_which_is_kept(opened: Driver) -> None:
    conversation, _, _ = asked_about(opened.library, picture(), "cup.png")
    shown(opened, conversation, 2)
    opened.settle()
    opened.click("mannerButton")
    opened.type("systemText", "Be brief.")
    opened.item("ownTemperature").setProperty("checked", True)
    opened.item("temperature").setProperty("value", 0.3)

    opened.click("saveManner")
    opened.settle()

    kept = opened.library.conversations.settings(conversation)
    assert kept.system == "Be brief."
    assert kept.temperature == pytest.approx(0.3)
    assert opened.medley.manner_view.property("custom")
    opened.medley.conversations_model.newConversation()
    opened.until(lambda: not opened.medley.manner_view.property("custom"))
    shown(opened, conversation, 2)
    opened.until(lambda: opened.medley.manner_view.property("system") == "Be brief.")


def test_a_new_conversation_is_begun_in_the_manner_that_was_chosen_before_it(
    opened: Driver,
) -> None:
    opened.medley.manner_view.save("Answer in rhymes.", -1.0, -1.0, 0, False)

    opened.ask("hello")
    opened.settle()

    conversation = opened.medley.transcript_model.conversation
    assert conversation is not None
    kept = opened.library.conversations.settings(conversation)
    assert kept == Manner("Answer in rhymes.", None)
    assert opened.medley.manner_view.property("system") == "Answer in rhymes."
    opened.medley.transcript_model.stop()
    opened.answered()
