"""An answer becomes a clip of a face that says it, beside its words."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.assistant.answers import Watcher
from desktop.assistant.progress import Progress
from desktop.assistant.talking_clips import Manner, TalkingClips, first_words
from desktop.assistant.turns import AnswerPreferences, make_turn
from desktop.assistant.video_answers import SPEAKS
from plugins.errors import KnownError, Problem
from runtime.messages import SignalPart
from storage.errors import LibraryError
from storage.library import Library
from storage.records import FailedPart, MediumPart, Message, Text, TextPart

LIMIT_S = 300.0


class Told:
    """What the watcher is told."""

    def __init__(self) -> None:
        self.steps: list[Progress] = []
        self.problems: list[Problem] = []
        self.ended: queue.SimpleQueue[int] = queue.SimpleQueue()
        self.watcher = Watcher(self.steps.append, self.ended.put, self.problems.append)


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library.db") as library:
        yield library


@pytest.fixture
def clips(library: Library, told: Told) -> Iterator[TalkingClips]:
    made = TalkingClips(library, told.watcher)
    yield made
    made.close()


def answered(library: Library, asked: str, words: str) -> int:
    """An answer that is complete."""
    _, writer = library.messages.ask(None, [Text(asked)])
    writer.text(words)
    writer.finish({"bundle": "tiny"})
    return writer.message_id


def made(library: Library, message_id: int) -> Message:
    message = library.messages.get(message_id)
    assert message.state == "complete" and message.details == {"bundle": "tiny"}
    return message


@pytest.mark.usefixtures("starter_models")
def test_an_answer_that_was_asked_for_as_a_video_becomes_one(
    library: Library, clips: TalkingClips, told: Told
) -> None:
    number = answered(library, "Answer me as a video: are you there?", "Yes.")
    clips.manner = Manner("bm_george", 2.0)
    clips.after(told.ended.put)(number)
    assert [told.ended.get(timeout=LIMIT_S) for _ in range(2)] == [number, number]

    message = made(library, number)
    words, clip = message.parts
    assert isinstance(words, TextPart) and words.text == "Yes."
    assert isinstance(clip, MediumPart), clip
    assert (clip.medium.mime, clip.medium.modality) == ("video/mp4", "video")
    assert clip.medium.width == clip.medium.height
    assert clip.medium.duration_s is not None and 0.2 < clip.medium.duration_s < 3
    assert told.steps and told.steps[-1].index == 0 and told.steps[-1].of > 1
    # The model is told of its words, not of a clip that it never made.
    path = library.messages.path(message.conversation_id)
    asked = Message(0, 0, None, "user", "complete", 0, 0, (TextPart(0, "And?"),), "", {}, 0, 1)
    turn = make_turn([*path, asked], AnswerPreferences(), lambda _: "")
    assert not any(isinstance(part, SignalPart) for one in turn.messages for part in one.parts)


def test_an_answer_that_was_not_asked_for_so_stays_words(
    library: Library, clips: TalkingClips, told: Told
) -> None:
    number = answered(library, "Tell me about video recorders.", "They are old.")
    clips.after(told.ended.put)(number)
    assert told.ended.get(timeout=LIMIT_S) == number
    assert len(made(library, number).parts) == 1


def test_without_a_voice_it_says_what_to_do(
    library: Library, clips: TalkingClips, told: Told
) -> None:
    number = answered(library, "Are you there?", "Yes.")
    clips.make(number, Manner())
    told.ended.get(timeout=LIMIT_S)
    words, failed = made(library, number).parts
    assert isinstance(words, TextPart) and words.text == "Yes."
    assert isinstance(failed, FailedPart) and "medley models get starter" in failed.reason
    assert failed.details[SPEAKS] is True
    # It can be tried again, in the same place.
    clips.make(number, Manner())
    told.ended.get(timeout=LIMIT_S)
    again = made(library, number).parts
    assert [part.id for part in again] == [words.id, failed.id]


@pytest.mark.usefixtures("starter_models")
def test_a_clip_takes_the_place_of_one_that_failed_and_stands_beside_what_else_was_made(
    library: Library, clips: TalkingClips, told: Told
) -> None:
    _, writer = library.messages.ask(None, [Text("Draw a boat and say so.")])
    writer.text("Here it is.")
    writer.artifact_failed(0, "image", "no boat")
    writer.artifact_failed(1, "video", "no face", {SPEAKS: True})
    writer.finish({"bundle": "tiny"})
    before = made(library, writer.message_id).parts
    clips.make(writer.message_id, Manner(speed=2.0))
    told.ended.get(timeout=LIMIT_S)
    words, picture, clip = made(library, writer.message_id).parts
    assert (words, picture) == before[:2]
    assert isinstance(clip, MediumPart) and clip.id == before[2].id
    assert clip.details == {SPEAKS: True}
    # Another one stands beside it.
    clips.make(writer.message_id, Manner(speed=2.0))
    told.ended.get(timeout=LIMIT_S)
    assert len(made(library, writer.message_id).parts) == 4


@pytest.mark.usefixtures("starter_models")
def test_a_clip_that_is_stopped_leaves_the_words(
    library: Library, clips: TalkingClips, told: Told
) -> None:
    number = answered(library, "Are you there?", "Yes, I am. " * 50)
    clips.make(number, Manner())
    with pytest.raises(KnownError, match="already"):
        clips.make(number, Manner())
    clips.stop(number)
    told.ended.get(timeout=LIMIT_S)
    words, failed = made(library, number).parts
    assert isinstance(words, TextPart) and isinstance(failed, FailedPart)
    assert failed.reason == "Stopped."


def test_nothing_is_made_of_an_answer_without_words(library: Library, clips: TalkingClips) -> None:
    with pytest.raises(KnownError, match="expected words"):
        clips.make(answered(library, "Draw a boat.", ""), Manner())
    with pytest.raises(LibraryError):
        clips.make(999, Manner())


def test_a_long_answer_is_cut_after_a_whole_clause() -> None:
    words = first_words("**Well**, this is a sentence. " * 200)
    assert words.endswith("sentence.") and 1000 < len(words) < 1600 and "*" not in words
    assert first_words("很长的一句话。" * 300).count("。") < 80
    assert first_words("Short.") == "Short."
