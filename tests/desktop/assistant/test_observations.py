"""What readers find in a conversation's media is kept, and goes with the next question."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from desktop.assistant import engines, turns
from desktop.assistant.answers import Watcher
from desktop.assistant.assistant import Assistant, EngineChoice
from desktop.assistant.observations import to_engine, to_library
from desktop.assistant.progress import ReadingProgress
from desktop.assistant.turns import AnswerPreferences
from plugins.api import Observation
from plugins.errors import Problem
from runtime.messages import (
    DOCUMENT,
    MediaPart,
    MediumRead,
    Message,
    Reading,
    Sampling,
    TextDelta,
    TextPart,
    Timings,
    Turn,
    TurnDone,
    Usage,
)
from storage import records
from storage.library import Library
from storage.records import Attachment, Manner, Text
from tests.desktop.assistant.test_assistant import Engine

FOUND = (
    Observation("document", "The key is under the mat.", place="line 1", source="a reader"),
    Observation(
        "document", "钥匙在垫子下面。", None, 1.5, 2.0, (0.0, 0.1, 0.2, 1.0), "line 3", "x"
    ),
)
DONE = TurnDone(
    Message("assistant", (TextPart("mat"),)), Usage(9, 0, 3), Timings(0, 0, 0, 0), 1, "end",
    quoted=("notes.txt, page 2",),
)  # fmt: skip


@dataclass
class Told:
    """An assistant whose engine only listens, and what its watcher was told."""

    assistant: Assistant
    readings: list[ReadingProgress] = field(default_factory=list)
    ended: queue.SimpleQueue[int] = field(default_factory=queue.SimpleQueue)
    problems: list[Problem] = field(default_factory=list)

    @property
    def library(self) -> Library:
        """The assistant's."""
        return self.assistant.library

    def attach(self, data: bytes, name: str) -> Attachment:
        """A document that is in the library."""
        made = self.library.media.add_bytes(data, mime="text/plain", modality=DOCUMENT)
        return Attachment(made.sha256, name)

    def ask(self, conversation: int | None, *parts: Attachment | Text) -> tuple[int, Turn]:
        """Send a message; its conversation, and the turn that the engine got."""
        sent = self.assistant.send(conversation, parts, AnswerPreferences())
        return sent.conversation_id, Engine.made[0].turns[-1]

    def answer(self, *events: Any) -> records.Message:
        """Let the engine say this; the answer when it is over."""
        turn = len(Engine.made[0].turns)
        for event in (*events, TextDelta("mat"), DONE):
            self.assistant._take(turn, event)
        return self.library.messages.get(self.ended.get(timeout=60))


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Told]:
    """On a library of its own."""
    monkeypatch.setattr(engines, "EngineClient", Engine)
    Engine.made, Engine.folder = [], tmp_path / "media"
    with Library.open(tmp_path / "library.db") as library:
        ended: queue.SimpleQueue[int] = queue.SimpleQueue()
        readings: list[ReadingProgress] = []
        problems: list[Problem] = []
        watcher = Watcher(lambda _: None, ended.put, problems.append, readings.append)
        assistant = Assistant(library, EngineChoice(), watcher, lambda _: None)
        made = Told(assistant, readings, ended, problems)
        yield made
        assistant.close()


def media_of(turn: Turn) -> list[MediaPart]:
    """All media of a turn."""
    return [p for m in turn.messages for p in m.parts if isinstance(p, MediaPart)]


def test_what_was_found_is_kept_told_and_goes_with_the_next_question(told: Told) -> None:
    notes = told.attach(b"the notes", "my notes.txt")
    conversation, turn = told.ask(None, notes, Text("where is the key?"))
    (medium,) = media_of(turn)
    assert (medium.modality, medium.name, medium.observations) == (DOCUMENT, "my notes.txt", None)
    assert Path(medium.path).read_bytes() == b"the notes" and medium.path.endswith(".txt")
    changes: list[records.Changed] = []
    told.library.on_change(changes.append)

    answer = told.answer(
        Reading(medium.path, "medley.documents", 1, 3), MediumRead(medium.path, FOUND)
    )

    assert told.readings == [
        ReadingProgress(answer.id, notes.sha256, "medley.documents", 1, 3),
    ]
    assert answer.parent_id in changes[0].messages and "media" in changes[0].kinds
    assert to_engine(told.library.media.observations(notes.sha256)) == FOUND
    assert answer.details["quoted"] == ["notes.txt, page 2"]
    assert "unread" not in answer.details
    _, turn = told.ask(conversation, Text("and in Chinese?"))
    assert media_of(turn)[0].observations == FOUND


def test_what_could_not_be_read_is_said_and_tried_again(told: Told) -> None:
    notes = told.attach(b"the notes", "notes.txt")
    conversation, turn = told.ask(None, notes)
    path = media_of(turn)[0].path

    answer = told.answer(MediumRead(path, FOUND[:1], ("nothing here can hear speech.",)))

    assert answer.details["unread"] == ["nothing here can hear speech."]
    assert len(told.library.media.observations(notes.sha256)) == 1
    assert not told.library.media.get(notes.sha256).read
    _, turn = told.ask(conversation, Text("and now?"))
    assert media_of(turn)[0].observations is None


def test_a_medium_that_is_gone_is_a_problem_and_no_failed_answer(told: Told) -> None:
    told.ask(None, Text("hello"))

    answer = told.answer(MediumRead(f"/folder/{'0' * 64}.txt", FOUND))

    assert answer.state == "complete" and answer.text == "mat"
    assert len(told.problems) == 1 and "no medium" in str(told.problems[0])


def test_only_the_newest_texts_go_with_a_turn_where_there_are_too_many(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "MOST_FOUND", 60)
    conversation = None
    for number in range(3):
        notes = told.attach(bytes([number]), f"{number}.txt")
        told.library.media.set_observations(notes.sha256, to_library(FOUND[:1]))
        conversation, turn = told.ask(conversation, notes, Text("and this?"))
        if number < 2:
            told.answer()

    assert [medium.observations for medium in media_of(turn)] == [None, FOUND[:1], FOUND[:1]]


def test_a_conversation_is_answered_in_its_own_manner_unless_the_wishes_say_another(
    told: Told,
) -> None:
    conversation, turn = told.ask(None, Text("hello"))
    assert (turn.system, turn.sampling) == (None, Sampling())
    told.answer()
    told.library.conversations.set_settings(conversation, Manner("Answer like a sailor.", 0.4))

    _, turn = told.ask(conversation, Text("hello"))
    told.answer()
    other = AnswerPreferences(system="Answer like a cook.", temperature=0.0)
    told.assistant.send(conversation, [Text("hello")], other)

    assert (turn.system, turn.sampling.temperature) == ("Answer like a sailor.", 0.4)
    last = Engine.made[0].turns[-1]
    assert (last.system, last.sampling.temperature) == ("Answer like a cook.", 0.0)


def test_what_is_of_a_kind_that_the_engine_does_not_know_stays_out() -> None:
    assert to_engine(
        [records.Observation("smell", "roses"), records.Observation("text", "EXIT")]
    ) == (Observation("text", "EXIT"),)
    assert to_engine(to_library(FOUND)) == FOUND
