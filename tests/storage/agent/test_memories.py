"""What is remembered of a person is readable, theirs to change, and theirs to have forgotten."""

from __future__ import annotations

import pytest

from storage.agent import memories
from storage.errors import LibraryError, NotFoundError
from storage.library import Library
from storage.records import Changed, Text


def test_a_memory_says_where_it_came_from(
    library: Library, conversation: int, heard: list[Changed]
) -> None:
    said = library.messages.add(conversation, [Text("I have a red boat")]).id
    made = library.memories.add("Has a\n red  boat.", said, "model")

    (memory,) = library.memories.all()
    assert (memory.id, memory.text, memory.source) == (made.id, "Has a red boat.", "model")
    assert (memory.message_id, memory.conversation_id) == (said, conversation)
    assert memory.title == "I have a red boat"
    assert heard[-1].kinds == {"memories"}


def test_a_memory_outlives_the_conversation_it_came_from(
    library: Library, conversation: int
) -> None:
    said = library.messages.add(conversation, [Text("I have a red boat")]).id
    library.memories.add("Has a red boat.", said)
    library.conversations.delete(conversation)
    library.conversations.purge(0)

    (memory,) = library.memories.all()
    assert (memory.text, memory.message_id, memory.title) == ("Has a red boat.", None, "")


def test_the_same_is_remembered_once(library: Library) -> None:
    first = library.memories.add("Likes tea.")
    assert library.memories.add(" Likes tea. ", source="model").id == first.id
    library.memories.add("Likes coffee.")

    assert [one.text for one in library.memories.all()] == ["Likes tea.", "Likes coffee."]


def test_a_person_changes_and_forgets_what_is_remembered(library: Library) -> None:
    tea = library.memories.add("Likes tea.", source="model").id
    library.memories.edit(tea, "Likes green tea.")

    (memory,) = library.memories.all()
    assert (memory.text, memory.source) == ("Likes green tea.", "person")
    assert memory.changed_ms >= memory.created_ms
    library.memories.forget(tea)
    library.memories.forget(tea)
    assert library.memories.all() == []
    with pytest.raises(NotFoundError, match="no memory"):
        library.memories.edit(tea, "x")


def test_what_cannot_be_remembered_is_refused(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    for text in ("", " \n ", "x" * (memories.LONGEST + 1)):
        with pytest.raises(LibraryError, match="1 to 2000 characters to be remembered"):
            library.memories.add(text)
    with pytest.raises(NotFoundError, match="no message 7"):
        library.memories.add("x", 7)
    monkeypatch.setattr(memories, "MOST", 1)
    library.memories.add("one")
    with pytest.raises(LibraryError, match="at most 1 memories, found as many already"):
        library.memories.add("two")
    assert [one.text for one in library.memories.all()] == ["one"]


def test_memories_are_exported_to_be_read(
    library: Library, conversation: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memories, "now_ms", lambda: 1_790_000_000_000)
    library.conversations.rename(conversation, "Boats [1]")
    said = library.messages.add(conversation, [Text("hello")]).id
    library.memories.add("Has a *red* boat.", said)
    library.memories.add("喜欢喝茶。")

    assert library.memories.export_markdown() == (
        "# What Medley remembers\n\n"
        '- Has a *red* boat. (2026-09-21, in "Boats [1]")\n'
        "- 喜欢喝茶。 (2026-09-21)\n"
    )
