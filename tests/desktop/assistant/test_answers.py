"""What the engine says is in the library before anybody is told, whatever the library does."""

from __future__ import annotations

import queue
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from desktop.assistant import answers as answers_module
from desktop.assistant.answers import Answer, Answers, Watcher
from plugins.errors import Problem
from runtime.messages import (
    ArtifactReady,
    Message,
    SignalStarted,
    TextDelta,
    TextPart,
    ThinkingDelta,
    ThinkingDone,
    Timings,
    TurnDone,
    TurnFailed,
    Usage,
)
from storage.errors import LibraryError
from storage.library import Library
from storage.records import FailedPart, MediumPart, Text, ThinkingPart

TURN = 7
DONE = TurnDone(
    reply=Message("assistant", (TextPart("here it is"),)),
    usage=Usage(9, 0, 3),
    timings=Timings(0.0, 0.0, 0.1, 0.2),
    seed=1,
    finish="end",
)
PICTURE = ArtifactReady(
    index=0, modality="image", mime="image/png", extension=".png", data=b"png", recipe="{}", seed=1,
    renderer="medley.image", render_s=0.5, width=4, height=4,
)  # fmt: skip
LIMIT_S = 60.0


class Talk:
    """Answers to one question, and what their watcher was told."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.ended: queue.SimpleQueue[int] = queue.SimpleQueue()
        self.problems: queue.SimpleQueue[Problem] = queue.SimpleQueue()
        self.stopped: list[int] = []
        watcher = Watcher(lambda _: None, self.ended.put, self.problems.put)
        self.answers = Answers(watcher, self.stopped.append)
        asked = library.messages.ask(None, [Text("draw a boat")])
        self.writer = asked[1]
        self.answers.begin(lambda: Answer(TURN, self.writer, "pocket"))

    @property
    def state(self) -> str:
        """Of the answer, in the library."""
        return self.library.messages.get(self.writer.message_id).state

    def room(self, pages: int) -> None:
        """Let the library grow by so many pages from now on."""
        with self.library._database.maintenance() as connection:
            (now,) = connection.execute("PRAGMA page_count").fetchone()
            connection.execute(f"PRAGMA max_page_count = {now + pages}")


@pytest.fixture
def talk(tmp_path: Path) -> Iterator[Talk]:
    """A library of its own for every test."""
    with Library.open(tmp_path / "library.db") as library:
        made = Talk(library)
        yield made
        made.answers.close()


def test_words_and_artifacts_are_saved_before_the_end_is_told(talk: Talk) -> None:
    for event in (TextDelta("here it is"), SignalStarted(0, "image"), PICTURE, DONE):
        talk.answers.take(TURN, event)

    assert talk.ended.get(timeout=LIMIT_S) == talk.writer.message_id
    message = talk.library.messages.get(talk.writer.message_id)
    assert (message.text, message.state) == ("here it is", "complete")
    assert isinstance(message.parts[1], MediumPart)
    assert talk.answers.conversations == frozenset()


def test_an_answer_that_found_no_room_ends_when_there_is_some(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers_module, "AGAIN_S", 0.01)
    talk.room(0)
    talk.answers.take(TURN, TextDelta("x" * 100_000))
    assert "no room left" in str(talk.problems.get(timeout=LIMIT_S))
    assert talk.stopped == [TURN]
    talk.answers.take(TURN, DONE)

    talk.room(1000)

    assert talk.ended.get(timeout=LIMIT_S) == talk.writer.message_id
    assert talk.library.messages.get(talk.writer.message_id).text == "x" * 100_000
    assert talk.state == "complete"
    assert talk.problems.empty()


def test_an_artifact_that_found_no_room_says_so(talk: Talk) -> None:
    talk.answers.take(TURN, TextDelta("here"))
    talk.answers.take(TURN, SignalStarted(0, "image"))
    until_idle(talk)
    talk.room(0)
    talk.answers.take(TURN, msgspec.structs.replace(PICTURE, data=b"x" * 1_000_000))
    assert "no room left" in str(talk.problems.get(timeout=LIMIT_S))
    talk.room(1000)
    talk.answers.take(TURN, DONE)

    assert talk.ended.get(timeout=LIMIT_S) == talk.writer.message_id
    part = talk.library.messages.get(talk.writer.message_id).parts[1]
    assert isinstance(part, FailedPart)
    assert "no room left" in part.reason


def until_idle(talk: Talk) -> None:
    """Wait until everything that was taken is saved."""
    while len(talk.library.messages.get(talk.writer.message_id).parts) < 2:
        time.sleep(0.005)


def test_a_fault_in_one_answer_leaves_the_others_alone(
    talk: Talk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fault(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(talk.writer, "text", fault)
    talk.answers.take(TURN, TextDelta("one"))
    talk.answers.take(TURN, DONE)

    assert "ZeroDivisionError" in str(talk.problems.get(timeout=LIMIT_S))
    assert talk.ended.get(timeout=LIMIT_S) == talk.writer.message_id
    assert "an answer could not be saved" in caplog.text
    second = talk.library.messages.begin_answer(1)
    talk.answers.begin(lambda: Answer(TURN + 1, second, "pocket"))
    talk.answers.take(TURN + 1, TurnFailed(Problem("It broke.")))
    assert talk.ended.get(timeout=LIMIT_S) == second.message_id
    assert talk.library.messages.get(second.message_id).error == "It broke."


def test_a_question_that_finds_no_room_leaves_nothing_behind(tmp_path: Path) -> None:
    with Library.open(tmp_path / "library.db") as library:
        with library._database.maintenance() as connection:
            (now,) = connection.execute("PRAGMA page_count").fetchone()
            connection.execute(f"PRAGMA max_page_count = {now}")

        with pytest.raises(LibraryError, match="no room left"):
            library.messages.ask(None, [Text("x" * 100_000)])

        assert library.conversations.list() == []


def test_what_a_model_thinks_is_kept_before_its_words(talk: Talk) -> None:
    for event in (ThinkingDelta("Hm, "), ThinkingDelta("a boat."), ThinkingDone(2.0), DONE):
        if event is DONE:
            talk.answers.take(TURN, TextDelta("here it is"))
        talk.answers.take(TURN, event)
    talk.ended.get(timeout=LIMIT_S)

    message = talk.library.messages.get(talk.writer.message_id)
    thought = message.parts[0]
    assert isinstance(thought, ThinkingPart)
    assert (thought.text, thought.seconds) == ("Hm, a boat.", 2.0)
    assert message.text == "here it is"


def test_thinking_alone_is_no_answer(talk: Talk) -> None:
    for event in (ThinkingDelta("Hm, "), ThinkingDone(2.0), DONE):
        talk.answers.take(TURN, event)
    talk.ended.get(timeout=LIMIT_S)
    assert talk.state == "failed"
