"""The tree of messages: branches, windows on the active one, parts and recipes."""

from __future__ import annotations

import pytest

from storage.errors import LibraryError, NotFoundError
from storage.library import Library
from storage.records import (
    Attachment,
    Changed,
    FailedPart,
    MediumPart,
    NewPart,
    Query,
    Recording,
    Role,
    Text,
    TextPart,
)


def say(library: Library, conversation: int, *texts: str) -> list[int]:
    """Messages of a person and of the assistant in turns."""
    roles: tuple[Role, Role] = ("user", "assistant")
    return [
        library.messages.add(conversation, [Text(text)], roles[i % 2]).id
        for i, text in enumerate(texts)
    ]


def texts(library: Library, conversation: int) -> list[str]:
    """The active branch in words."""
    return [message.text for message in library.messages.path(conversation)]


def test_messages_follow_each_other(library: Library, conversation: int) -> None:
    ids = say(library, conversation, "one", "two", "three")

    path = library.messages.path(conversation)

    assert [m.id for m in path] == ids
    assert [m.depth for m in path] == [0, 1, 2]
    assert [m.parent_id for m in path] == [None, *ids[:-1]]
    assert [m.role for m in path] == ["user", "assistant", "user"]
    assert {m.state for m in path} == {"complete"}
    assert library.conversations.get(conversation).length == 3


def test_parts_keep_their_order_and_media_their_names(library: Library, conversation: int) -> None:
    sha = library.media.add_bytes(b"png", mime="image/png", modality="image", width=4).sha256
    parts: list[NewPart] = [
        Text("look"),
        Attachment(sha, "boat.png"),
        Text("what is it?"),
        Attachment(sha),
    ]

    message = library.messages.get(library.messages.add(conversation, parts).id)

    kinds = [type(part).__name__ for part in message.parts]
    assert kinds == ["TextPart", "MediumPart", "TextPart", "MediumPart"]
    medium = message.parts[1]
    assert isinstance(medium, MediumPart)
    assert (medium.name, medium.medium.sha256, medium.medium.width) == ("boat.png", sha, 4)
    assert not medium.has_recipe
    assert message.text == "lookwhat is it?"


def test_a_question_and_its_answer_to_come_are_one_write(
    library: Library, heard: list[Changed]
) -> None:
    made, writer = library.messages.ask(None, [Text("one")])
    (conversation,) = made.conversations
    assert len(heard) == 1
    assert heard[0].messages == {made.id, writer.message_id}
    writer.text("two")
    writer.finish()

    library.messages.ask(conversation, [Text("three")])[1].stop()

    assert texts(library, conversation) == ["one", "two", "three", ""]
    with pytest.raises(NotFoundError):
        library.messages.ask(None, [Attachment("0" * 64)])
    with pytest.raises(NotFoundError):
        library.messages.ask(77, [Text("four")])
    assert [one.id for one in library.conversations.list()] == [conversation]


def test_an_edited_message_begins_a_branch_and_the_old_one_stays(
    library: Library, conversation: int
) -> None:
    first, _, _ = say(library, conversation, "red", "here is red", "thanks")

    blue = library.messages.edit(first, [Text("blue")]).id

    assert texts(library, conversation) == ["blue"]
    assert library.messages.siblings(blue) == [first, blue]
    shown = library.messages.get(blue)
    assert (shown.sibling, shown.siblings, shown.parent_id) == (1, 2, None)


def test_choosing_a_branch_goes_back_to_where_it_was_left(
    library: Library, conversation: int
) -> None:
    _, second, third, _ = say(library, conversation, "1", "2", "3", "4")
    other = library.messages.edit(third, [Text("3b")]).id
    say(library, conversation, "4b")
    library.messages.edit(second, [Text("2b")])
    assert texts(library, conversation) == ["1", "2b"]

    changed = library.messages.choose(second)
    assert texts(library, conversation) == ["1", "2", "3b", "4b"]
    library.messages.choose(third)

    assert texts(library, conversation) == ["1", "2", "3", "4"]
    assert changed.conversations == {conversation}
    assert library.messages.siblings(third) == [third, other]


def test_choosing_deep_inside_another_branch_makes_all_of_its_way_active(
    library: Library, conversation: int
) -> None:
    first, *_, last = say(library, conversation, "1", "2", "3")
    again = library.messages.edit(first, [Text("1b")]).id

    library.messages.choose(last)
    assert texts(library, conversation) == ["1", "2", "3"]
    library.messages.choose(again)

    assert texts(library, conversation) == ["1b"]


def test_the_branch_is_read_in_windows_from_its_end(library: Library, conversation: int) -> None:
    say(library, conversation, *"abcdefg")

    last = library.messages.path(conversation, limit=3)
    before = library.messages.path(conversation, limit=3, before=last[0].id)
    rest = library.messages.path(conversation, limit=3, before=before[0].id)

    assert [[m.text for m in window] for window in (rest, before, last)] == [
        ["a"], list("bcd"), list("efg"),
    ]  # fmt: skip
    assert library.messages.path(conversation, before=rest[0].id) == []


def test_thousands_of_messages_are_read_in_order(library: Library, conversation: int) -> None:
    with library._database.write() as write:
        for i in range(2_000):
            write.run(
                "INSERT INTO messages (conversation_id, parent_id, depth, role, state, created_ms)"
                " VALUES (?, ?, ?, 'user', 'complete', 0)",
                (conversation, i or None, i),
            )
            write.run(
                "INSERT INTO parts (message_id, position, kind, text) VALUES (?, 0, 'text', ?)",
                (i + 1, str(i)),
            )
        write.run("UPDATE messages SET chosen_id = id + 1 WHERE id < 2000")
        write.run("UPDATE conversations SET leaf_id = 2000")
        write.run("UPDATE parts SET searchable = 1")

    assert texts(library, conversation) == [str(i) for i in range(2_000)]


def test_an_answer_is_regenerated_beside_the_old_one(library: Library, conversation: int) -> None:
    asked = library.messages.add(conversation, [Text("draw")]).id
    for words in ("first", "second"):
        answer = library.messages.begin_answer(asked)
        answer.text(words)
        answer.finish()

    shown = library.messages.path(conversation)[-1]

    assert (shown.text, shown.sibling, shown.siblings) == ("second", 1, 2)


def test_rendering_again_keeps_the_other_parts_and_the_old_answer(
    library: Library, conversation: int
) -> None:
    asked = library.messages.add(conversation, [Text("draw")]).id
    answer = library.messages.begin_answer(asked)
    answer.text("A boat: ")
    answer.artifact(0, b"old", mime="image/png", modality="image", recipe='{"seed": 1}')
    answer.text("and a bell: ")
    answer.artifact(1, b"bell", mime="audio/wav", modality="audio", recipe='{"seed": 2}')
    answer.finish()
    old = library.messages.get(answer.message_id)

    again = library.messages.begin_rerender(old.id, old.parts[1].id)
    again.artifact(0, b"new", mime="image/png", modality="image", recipe='{"seed": 3}')
    again.finish()

    new = library.messages.get(again.message_id)
    assert library.messages.get(old.id).parts == old.parts
    assert new.text == old.text
    media = [part for part in new.parts if isinstance(part, MediumPart)]
    assert [library.media.read(part.medium.sha256) for part in media] == [b"new", b"bell"]
    recipes = [library.messages.recipe(part.id) for part in media]
    assert recipes == ['{"seed": 3}', '{"seed": 2}']
    assert library.messages.siblings(new.id) == [old.id, new.id]


def test_a_failed_rendering_again_says_why(library: Library, conversation: int) -> None:
    asked = library.messages.add(conversation, [Text("draw")]).id
    answer = library.messages.begin_answer(asked)
    answer.artifact(0, b"old", mime="image/png", modality="image")
    answer.finish()
    part = library.messages.get(answer.message_id).parts[0].id

    again = library.messages.begin_rerender(answer.message_id, part)
    again.artifact_failed(0, "image", "out of memory")
    again.finish()

    (failed,) = library.messages.get(again.message_id).parts
    assert isinstance(failed, FailedPart)
    assert (failed.modality, failed.reason) == ("image", "out of memory")


def test_what_cannot_be_added_changes_nothing(
    library: Library, conversation: int, heard: list[Changed]
) -> None:
    with pytest.raises(LibraryError, match="at least one part"):
        library.messages.add(conversation, [])
    with pytest.raises(NotFoundError, match="no medium 000000000000"):
        library.messages.add(conversation, [Text("x"), Attachment("0" * 64)])
    with pytest.raises(NotFoundError, match="no conversation 5"):
        library.messages.add(5, [Text("x")])
    with pytest.raises(NotFoundError, match="no message 5"):
        library.messages.begin_answer(5)

    assert library.messages.path(conversation) == []
    assert heard == []


def test_reading_what_is_not_there_says_so(library: Library, conversation: int) -> None:
    message = library.messages.add(conversation, [Text("x")]).id
    part = library.messages.get(message).parts[0].id

    for call in (library.messages.get, library.messages.siblings, library.messages.choose):
        with pytest.raises(NotFoundError, match="no message 99"):
            call(99)
    with pytest.raises(NotFoundError, match="no message 99"):
        library.messages.path(conversation, before=99)
    with pytest.raises(NotFoundError, match="no conversation 99"):
        library.messages.path(99)
    with pytest.raises(NotFoundError, match="no part 99"):
        library.messages.recipe(99)
    with pytest.raises(NotFoundError, match="no medium"):
        library.messages.begin_rerender(message, part)
    assert library.messages.recipe(part) is None
    assert library.messages.get_many([99, message])[0].id == message


def test_half_characters_are_saved_as_question_marks(library: Library, conversation: int) -> None:
    message = library.messages.add(conversation, [Text("boat \ud83d!")])

    assert library.messages.get(message.id).text == "boat ?!"


def test_an_interrupted_answer_keeps_what_was_heard_and_apart_the_rest(
    library: Library, conversation: int, heard: list[Changed]
) -> None:
    made, writer = library.messages.ask(conversation, [Text("tell me")])
    writer.text("Once upon a time.")
    writer.begin_artifact(0, "image")
    writer.artifact_failed(0, "image", "no")
    writer.text("The end.")
    with pytest.raises(LibraryError, match="still being written"):
        library.messages.keep_heard(writer.message_id, 4)
    writer.stop()

    changed = library.messages.keep_heard(writer.message_id, 4)

    assert heard[-1] == changed and changed.messages == {writer.message_id}
    first, _, last = library.messages.get(writer.message_id).parts
    assert first == TextPart(first.id, "Once", " upon a time.")
    assert last == TextPart(last.id, "", "The end.")
    assert not library.search.newest(Query(text="upon"))
    assert library.search.newest(Query(text="Once"))
    library.messages.keep_heard(writer.message_id, 22)
    assert library.messages.get(writer.message_id).text == "Once upon a time.The e"
    library.messages.keep_heard(writer.message_id, 1000)
    assert library.messages.get(writer.message_id).text == "Once upon a time.The end."
    assert library.search.newest(Query(text="upon"))
    assert made.id == library.messages.get(writer.message_id).parent_id


def test_a_recording_lies_beside_its_words(library: Library, conversation: int) -> None:
    sha = library.media.add_bytes(b"wav", mime="audio/wav", modality="audio").sha256

    made = library.messages.add(conversation, [Recording(sha), Text("hello"), Attachment(sha)])

    sound, _, given = library.messages.get(made.id).parts
    assert isinstance(sound, MediumPart) and sound.is_recording and sound.name == ""
    assert isinstance(given, MediumPart) and not given.is_recording
