"""The sidebar's rows: order, paging, names, and deleting that can be undone."""

from __future__ import annotations

import pytest

from storage.errors import NotFoundError
from storage.library import Library
from storage.records import Changed, Text


def test_a_new_conversation_is_listed_without_messages(library: Library) -> None:
    made = library.conversations.new("Boats")

    (listed,) = library.conversations.list()

    assert (listed.id, listed.title, listed.opening, listed.length) == (made.id, "Boats", "", 0)
    assert listed.created_ms == listed.updated_ms > 1_700_000_000_000
    assert len(listed.uuid) == 32


def test_the_opening_stands_in_for_a_title(library: Library, conversation: int) -> None:
    library.messages.add(conversation, [Text("draw\n a   red boat " + "x" * 500)])

    opening = library.conversations.get(conversation).opening

    assert opening.startswith("draw a red boat xxx")
    assert len(opening) <= 120


def test_pinned_ones_come_first_and_then_those_written_last(library: Library) -> None:
    first, second, third = (library.conversations.new(name).id for name in "abc")
    library.conversations.pin(first)
    library.messages.add(second, [Text("later")])

    listed = [c.id for c in library.conversations.list()]

    assert listed[0] == first
    assert set(listed[1:]) == {second, third}
    assert library.conversations.list(pinned=True)[0].id == first
    assert first not in [c.id for c in library.conversations.list(pinned=False)]
    library.conversations.pin(first, False)
    assert library.conversations.list(pinned=True) == []


def test_pages_follow_each_other_without_gap_or_repeat(library: Library) -> None:
    made = {library.conversations.new(str(i)).id for i in range(23)}
    library.conversations.pin(min(made))

    seen, page = [], library.conversations.list(limit=5)
    while page:
        seen += [c.id for c in page]
        page = library.conversations.list(limit=5, after=page[-1])

    assert len(seen) == 23
    assert set(seen) == made


def test_renaming_tells_the_listeners_what_changed(
    library: Library, conversation: int, heard: list[Changed]
) -> None:
    changed = library.conversations.rename(conversation, "A boat")

    assert library.conversations.get(conversation).title == "A boat"
    assert heard == [changed]
    assert changed.conversations == {conversation}
    assert changed.kinds == {"conversations"}


def test_a_deleted_conversation_comes_back_whole(library: Library, conversation: int) -> None:
    library.messages.add(conversation, [Text("keep me")])

    library.conversations.delete(conversation)
    assert library.conversations.list() == []
    assert [c.id for c in library.conversations.list(deleted=True)] == [conversation]
    library.conversations.restore(conversation)

    assert [c.id for c in library.conversations.list()] == [conversation]
    assert library.messages.path(conversation)[0].text == "keep me"


def test_purge_forgets_only_what_was_deleted_long_enough_ago(library: Library) -> None:
    kept, deleted = library.conversations.new().id, library.conversations.new().id
    library.messages.add(deleted, [Text("secret")])
    library.conversations.delete(deleted)

    library.conversations.purge()
    assert library.conversations.get(deleted).deleted_ms is not None
    changed = library.conversations.purge(older_than_ms=0)

    assert changed.conversations == {deleted}
    with pytest.raises(NotFoundError, match=f"no conversation {deleted}"):
        library.conversations.get(deleted)
    assert library.conversations.get(kept).id == kept


def test_an_id_is_not_used_again_after_a_purge(library: Library) -> None:
    gone = library.conversations.new().id
    library.conversations.delete(gone)
    library.conversations.purge(older_than_ms=0)

    assert library.conversations.new().id > gone


@pytest.mark.parametrize("what", ["rename", "pin", "delete", "restore", "get"])
def test_a_conversation_that_is_not_there_is_named(library: Library, what: str) -> None:
    arguments = ["x"] if what == "rename" else []

    with pytest.raises(NotFoundError, match="no conversation 77"):
        getattr(library.conversations, what)(77, *arguments)
