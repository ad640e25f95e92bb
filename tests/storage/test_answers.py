"""Answers are saved while they come, in an order that survives every kind of end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storage.answers import (
    LONGEST_S,
    SHOW_S,
    SYNC_S,
    AnswerWriter,
    close_interrupted_answers,
)
from storage.conversations import Conversations
from storage.errors import FullError, LibraryError
from storage.file.database import Database
from storage.file.opening import open_to_write
from storage.library import Library
from storage.messages import Messages
from storage.records import (
    Changed,
    FailedPart,
    MediumPart,
    PendingPart,
    Query,
    Text,
    TextPart,
    ThinkingPart,
)


class Clock:
    """Time that passes when a test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def asked(library: Library, conversation: int) -> int:
    """A question to answer."""
    return library.messages.add(conversation, [Text("draw a boat")]).id


@pytest.fixture
def timed(tmp_path: Path) -> Iterator[tuple[AnswerWriter, Clock, Database]]:
    """An answer whose time the test makes."""
    database, hold = open_to_write(tmp_path / "timed.db")
    clock = Clock()
    messages = Messages(database, clock)
    asked = messages.add(Conversations(database).new().id, [Text("x")]).id
    yield messages.begin_answer(asked), clock, database
    database.close()
    hold.release()


def test_parts_stand_in_the_order_in_which_they_came(library: Library, asked: int) -> None:
    answer = library.messages.begin_answer(asked)
    answer.text("Here ")
    answer.text("it is: ")
    answer.begin_artifact(0, "image")
    answer.text("and its sound: ")
    answer.begin_artifact(1, "audio")
    answer.artifact(1, b"wav", mime="audio/wav", modality="audio", duration_s=1.5)
    pending = library.messages.get(answer.message_id)
    answer.artifact(
        0, b"png", mime="image/png", modality="image", recipe="{}", width=64, details={"seed": 7}
    )
    answer.text("Done.")
    answer.finish({"tokens": 12})

    assert pending.state == "streaming"
    assert isinstance(pending.parts[1], PendingPart)
    whole = library.messages.get(answer.message_id)
    assert (whole.state, whole.error, whole.details) == ("complete", "", {"tokens": 12})
    first, picture, second, sound, third = whole.parts
    assert isinstance(first, TextPart)
    assert first.text == "Here it is: "
    assert isinstance(picture, MediumPart)
    assert (picture.medium.width, picture.details, picture.has_recipe) == (64, {"seed": 7}, True)
    assert isinstance(second, TextPart)
    assert second.text == "and its sound: "
    assert isinstance(sound, MediumPart)
    assert (sound.medium.duration_s, sound.has_recipe) == (1.5, False)
    assert isinstance(third, TextPart)
    assert third.text == "Done."


def test_an_artifact_may_come_from_a_file(library: Library, asked: int, tmp_path: Path) -> None:
    file = tmp_path / "clip.mp4"
    file.write_bytes(b"frames")
    answer = library.messages.begin_answer(asked)
    answer.artifact(0, file, mime="video/mp4", modality="video")
    answer.finish()

    (part,) = library.messages.get(answer.message_id).parts
    assert isinstance(part, MediumPart)
    assert library.media.read(part.medium.sha256) == b"frames"


@pytest.mark.parametrize(
    ("end", "state", "error"),
    [
        (lambda answer: answer.finish(), "complete", ""),
        (lambda answer: answer.stop(), "stopped", ""),
        (lambda answer: answer.fail("The engine broke off."), "failed", "The engine broke off."),
    ],
)
def test_every_end_keeps_what_came(
    library: Library, asked: int, end: Callable[[AnswerWriter], Changed], state: str, error: str
) -> None:
    answer = library.messages.begin_answer(asked)
    answer.text("first ")
    answer.text("second")
    answer.begin_artifact(0, "image")

    changed = end(answer)

    message = library.messages.get(answer.message_id)
    assert (message.state, message.error, message.text) == (state, error, "first second")
    left = message.parts[1]
    assert isinstance(left, FailedPart)
    assert (left.modality, left.reason) == ("image", "")
    assert changed.messages == {answer.message_id}
    with pytest.raises(LibraryError, match="has ended"):
        answer.text("too late")
    with pytest.raises(LibraryError, match="has ended"):
        answer.finish()


def test_words_are_found_once_the_answer_has_ended(library: Library, asked: int) -> None:
    answer = library.messages.begin_answer(asked)
    answer.text("a lighthouse")
    assert library.search.newest(Query(text="lighthouse")) == []

    answer.finish()

    assert len(library.search.newest(Query(text="lighthouse"))) == 1


def test_words_wait_for_their_turn_and_are_kept(
    timed: tuple[AnswerWriter, Clock, Database],
) -> None:
    answer, clock, _ = timed

    assert answer.text("one ") is not None
    assert answer.text("two ") is None
    clock.now += SHOW_S + 0.001
    assert answer.text("three ") is not None
    assert answer.text("four") is None
    assert answer.flush() is not None

    assert answer.flush() is None
    assert answer.text("") is None


def test_writes_that_wait_for_the_disk_are_rarer_than_others(
    timed: tuple[AnswerWriter, Clock, Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer, clock, database = timed
    syncs: list[str] = []
    write = database.write

    def noting(sync: str = "full") -> object:
        syncs.append(sync)
        return write(sync)  # type: ignore[arg-type]

    monkeypatch.setattr(database, "write", noting)
    for _ in range(20):
        answer.text("word ")
        clock.now += SHOW_S + 0.001

    assert syncs[0] == "full"
    assert syncs.count("full") == 1 + int(20 * (SHOW_S + 0.001) / SYNC_S)
    assert len(syncs) == 20


def test_a_slow_disk_is_written_less_often(
    timed: tuple[AnswerWriter, Clock, Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer, clock, database = timed
    write = database.write

    def slow(sync: str = "full") -> object:
        clock.now += 0.005
        return write(sync)  # type: ignore[arg-type]

    monkeypatch.setattr(database, "write", slow)
    answer.text("one ")
    clock.now += 0.4
    assert answer.text("two ") is None
    clock.now += LONGEST_S
    assert answer.text("three ") is not None


def test_words_survive_a_write_that_failed(library: Library, asked: int) -> None:
    answer = library.messages.begin_answer(asked)
    with library._database.maintenance() as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")

    with pytest.raises(FullError, match="no room left"):
        answer.text("x" * 100_000)
    with pytest.raises(FullError, match="no room left"):
        answer.artifact(0, b"y" * 100_000, mime="image/png", modality="image")
    with library._database.maintenance() as connection:
        connection.execute("PRAGMA max_page_count = 1000000")
    answer.text("!")
    answer.finish()

    assert library.messages.get(answer.message_id).text == "x" * 100_000 + "!"


def test_an_answer_that_a_crash_cut_off_is_mended(library_path: Path) -> None:
    library = Library.open(library_path)
    conversation = library.conversations.new().id
    answer = library.messages.begin_answer(library.messages.add(conversation, [Text("draw")]).id)
    answer.text("half a sen")
    answer.begin_artifact(0, "image")
    library.close()

    with Library.open(library_path) as again:
        message = again.messages.get(answer.message_id)
        assert again.check().sound
        assert (message.state, message.text) == ("interrupted", "half a sen")
        assert isinstance(message.parts[1], FailedPart)
        assert len(again.search.newest(Query(text="half a sen"))) == 1


def test_two_answers_at_once_do_not_mix(library: Library, conversation: int, asked: int) -> None:
    other = library.conversations.new().id
    one = library.messages.begin_answer(asked)
    two = library.messages.begin_answer(library.messages.add(other, [Text("y")]).id)
    for i in range(5):
        one.text(f"a{i}")
        two.text(f"b{i}")
    one.finish()
    two.finish()

    assert library.messages.path(conversation)[-1].text == "a0a1a2a3a4"
    assert library.messages.path(other)[-1].text == "b0b1b2b3b4"


def test_what_a_model_thinks_is_kept_apart_and_not_found(library: Library, asked: int) -> None:
    answer = library.messages.begin_answer(asked)
    answer.thinking("A boat, ")
    answer.thinking("perhaps a lighthouse.")
    answer.flush()
    (going,) = library.messages.get(answer.message_id).parts
    answer.thought(3.21, cut=True)
    answer.text("Here it is.")
    answer.finish()

    assert isinstance(going, ThinkingPart)
    assert (going.text, going.seconds) == ("A boat, perhaps a lighthouse.", None)
    message = library.messages.get(answer.message_id)
    thought, words = message.parts
    assert thought == ThinkingPart(going.id, "A boat, perhaps a lighthouse.", 3.2, cut=True)
    assert isinstance(words, TextPart)
    assert message.text == "Here it is."
    assert library.search.newest(Query(text="lighthouse")) == []
    assert len(library.search.newest(Query(text="here it is"))) == 1


def test_thinking_and_words_that_wait_for_one_write_stay_apart(
    timed: tuple[AnswerWriter, Clock, Database],
) -> None:
    answer, clock, database = timed
    answer.text("")
    answer.thinking("first this")
    clock.now += 0.001
    answer.thinking(", then that")
    answer.text("words")
    answer.text(" go on")
    answer.stop()
    thought, words = Messages(database, clock).get(answer.message_id).parts
    assert isinstance(thought, ThinkingPart)
    assert isinstance(words, TextPart)
    assert (thought.text, words.text) == ("first this, then that", "words go on")


def test_thinking_that_a_crash_cut_off_is_kept_and_not_found(library: Library, asked: int) -> None:
    answer = library.messages.begin_answer(asked)
    answer.thinking("perhaps a lighthouse")
    answer.flush()
    close_interrupted_answers(library._database)
    message = library.messages.get(answer.message_id)
    assert message.state == "interrupted"
    assert isinstance(message.parts[0], ThinkingPart)
    assert library.search.newest(Query(text="lighthouse")) == []


def test_words_of_an_answer_that_goes_on_are_found_before_and_after(
    library: Library, asked: int
) -> None:
    answer = library.messages.begin_answer(asked)
    answer.text("a lighthouse")
    answer.finish()
    for words in ("at sea", "at night"):
        more = library.messages.begin_addition(answer.message_id)
        more.text(words)
        assert len(library.search.newest(Query(text="lighthouse"))) == 1
        more.finish()

    for words in ("lighthouse", "at sea", "at night"):
        assert len(library.search.newest(Query(text=words))) == 1
    assert library.check().problems == ()
