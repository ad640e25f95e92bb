"""Media of a turn are read, those among what tools gave too."""

from __future__ import annotations

import threading
from pathlib import Path

from plugins.api import Observation
from plugins.stage import UnlimitedMemory
from runtime.messages import MediaPart, MediumRead, Message, TextPart, ToolResultPart, Turn
from runtime.observations.reading import KnownReader, MediumReader
from runtime.observations.turn_media import read_media
from tests.runtime.observations.test_reading import SEEN, Lines, run

QUESTION = Message("user", (TextPart("look"),))


def reader() -> MediumReader:
    known = KnownReader("example.lines", ("document",), lambda: Lines(None))
    return MediumReader([known], UnlimitedMemory())


def given(folder: Path) -> tuple[MediaPart, MediaPart, ToolResultPart]:
    path = folder / "notes.txt"
    path.write_text("The key is under the mat.", encoding="utf-8")
    notes, picture = MediaPart("document", str(path), "notes.txt"), MediaPart("image", "boat.png")
    return notes, picture, ToolResultPart("a", "list_files", "two files", media=(notes, picture))


def test_media_among_what_a_tool_gave_are_read(tmp_path: Path) -> None:
    _, picture, gave = given(tmp_path)
    turn = Turn((QUESTION, Message("assistant", (gave,))))

    events, read = run(read_media(turn, reader(), threading.Event(), taken=SEEN))

    assert [type(event) for event in events if isinstance(event, MediumRead)] == [MediumRead]
    (result,) = read.messages[-1].parts
    (observed,) = result.media[0].observations
    assert isinstance(observed, Observation)
    assert observed.text == "The key is under the mat."
    assert (result.text, result.media[1]) == ("two files", picture)


def test_a_document_that_a_tool_gave_before_is_named_where_none_are_read(tmp_path: Path) -> None:
    _, picture, gave = given(tmp_path)
    turn = Turn((QUESTION, Message("assistant", (gave,)), QUESTION))

    _, read = run(read_media(turn, reader(), threading.Event(), taken=SEEN, documents=False))

    (result,) = read.messages[1].parts
    assert (result.text, result.media) == ("two files\n[notes.txt]", (picture,))
