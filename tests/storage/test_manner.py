"""How a conversation is answered is kept with it, and what no engine can follow is refused."""

from __future__ import annotations

import pytest

from storage.errors import LibraryError
from storage.library import Library
from storage.manner import LONGEST_ANSWER, LONGEST_BUNDLE, LONGEST_SYSTEM, WARMEST
from storage.records import Manner, Text

ALL = Manner("In rhymes.", WARMEST, 1.0, LONGEST_ANSWER, "/bundles/mine", False, True)


def test_all_of_it_is_kept_and_taken_back(library: Library) -> None:
    conversation = library.conversations.new("Boats").id

    library.conversations.set_settings(conversation, ALL)
    assert library.conversations.settings(conversation) == ALL
    library.conversations.set_settings(conversation, Manner())
    assert library.conversations.settings(conversation) == Manner()


def test_a_conversation_that_begins_with_a_question_has_it_at_once(library: Library) -> None:
    _, writer = library.messages.ask(None, [Text("hello")], ALL)
    library.messages.ask(writer.conversation_id, [Text("and?")], Manner("Others."))

    assert library.conversations.settings(writer.conversation_id) == ALL


@pytest.mark.parametrize(
    ("manner", "said"),
    [
        (Manner("x" * (LONGEST_SYSTEM + 1)), "characters of what the model is told"),
        (Manner(temperature=2.1), "a temperature from 0 to 2"),
        (Manner(top_p=0.0), "top-p"),
        (Manner(top_p=1.5), "top-p"),
        (Manner(max_new_tokens=0), "an answer of 1 to 32768 tokens"),
        (Manner(max_new_tokens=LONGEST_ANSWER + 1), "an answer of 1 to 32768 tokens"),
        (Manner(bundle="b" * (LONGEST_BUNDLE + 1)), "Move the bundle"),
    ],
)
def test_what_no_engine_can_follow_is_refused_and_nothing_is_kept(
    library: Library, manner: Manner, said: str
) -> None:
    conversation = library.conversations.new("Boats").id

    with pytest.raises(LibraryError, match=said):
        library.conversations.set_settings(conversation, manner)
    with pytest.raises(LibraryError, match=said):
        library.messages.ask(None, [Text("hello")], manner)

    assert library.conversations.settings(conversation) == Manner()
    assert [one.title for one in library.conversations.list()] == ["Boats"]


def test_values_that_are_none_count_as_not_set(library: Library) -> None:
    conversation = library.conversations.new("Boats").id
    with library._database.maintenance() as connection:
        connection.execute(
            "UPDATE conversations SET temperature = 'hot', top_p = 7.5, max_new_tokens = -4, "
            "bundle = '', system = x'ff', think = 7, tools = 2"
        )

    assert library.conversations.settings(conversation) == Manner()
    assert len(library.check().problems) == 7
    library.conversations.set_settings(conversation, Manner())
