"""What a person decided on tools is kept, is asked anew when it must be, and can be taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.agent import tools
from storage.agent.records import Decision
from storage.errors import LibraryError, NotFoundError
from storage.library import Library
from storage.records import Changed, Text

ONE, OTHER = "1" * 64, "2" * 64
"""Two definitions."""


@pytest.fixture
def answer(library: Library, conversation: int) -> int:
    """An answer that is over."""
    asked = library.messages.add(conversation, [Text("what do I write?")]).id
    writer = library.messages.begin_answer(asked)
    writer.finish()
    return writer.message_id


def test_a_decision_holds_for_its_server_tool_definition_and_folder(library: Library) -> None:
    assert library.tools.decision("files", "read", ONE, ["/a"]) is None
    library.tools.decide("files", "read", ONE, "/a", "always")

    for server, tool, definition, folders, expected in (
        ("files", "read", ONE, ["/a"], "always"),
        ("files", "read", ONE, ["/a", "/a"], "always"),
        ("files", "read", ONE, ["/a", "/b"], None),
        ("files", "read", ONE, ["/a/b"], None),
        ("files", "read", ONE, [], None),
        ("files", "read", OTHER, ["/a"], None),
        ("files", "write", ONE, ["/a"], None),
        ("other", "read", ONE, ["/a"], None),
    ):
        assert library.tools.decision(server, tool, definition, folders) == expected


@pytest.mark.parametrize(
    ("decided", "folders", "expected"),
    [
        ({"": "always"}, [], "always"),
        ({"": "always"}, ["/a"], None),
        ({"": "never"}, ["/a"], "never"),
        ({"/a": "always", "": "never"}, ["/a"], "never"),
        ({"/a": "always", "/b": "never"}, ["/a", "/b"], "never"),
        ({"/a": "always", "/b": "always"}, ["/a", "/b"], "always"),
        ({"/a": "never"}, [], None),
    ],
)
def test_decisions_of_several_folders_go_together(
    library: Library, decided: dict[str, Decision], folders: list[str], expected: str | None
) -> None:
    for folder, decision in decided.items():
        library.tools.decide("files", "read", ONE, folder, decision)
    assert library.tools.decision("files", "read", ONE, folders) == expected


def test_a_tool_that_changed_is_decided_on_anew(library: Library) -> None:
    library.tools.decide("files", "read", ONE, "/a", "always")
    library.tools.decide("files", "read", ONE, "/b", "always")
    assert not library.tools.was_other("files", "read", ONE)
    assert not library.tools.was_other("files", "write", OTHER)

    assert library.tools.was_other("files", "read", OTHER)
    library.tools.decide("files", "read", OTHER, "/a", "never")

    assert [one.definition for one in library.tools.decisions()] == [OTHER]
    assert library.tools.decision("files", "read", ONE, ["/b"]) is None
    assert not library.tools.was_other("files", "read", OTHER)


def test_what_was_decided_is_listed_and_taken_back(
    library: Library, library_path: Path, heard: list[Changed]
) -> None:
    first = library.tools.decide("files", "read", ONE, "/a", "never").id
    second = library.tools.decide("files", "read", ONE, "/a", "always").id

    (only,) = library.tools.decisions()
    assert (only.id, only.folder, only.decision) == (second, "/a", "always") and first != second
    with Library.open(library_path, read_only=True) as later:
        assert later.tools.decision("files", "read", ONE, ["/a"]) == "always"
    library.tools.revoke(second)
    library.tools.revoke(second)

    assert library.tools.decisions() == []
    assert library.tools.decision("files", "read", ONE, ["/a"]) is None
    assert all("tools" in change.kinds for change in heard)


def test_folders_are_granted_to_one_conversation_or_to_all(library: Library) -> None:
    here, there = library.conversations.new().id, library.conversations.new().id
    library.tools.grant("/all", False)
    own = library.tools.grant("/own", True, here)

    assert own.conversations == {here}
    assert [(one.path, one.writable) for one in library.tools.folders(here)] == [
        ("/all", False), ("/own", True),
    ]  # fmt: skip
    for conversation in (there, None):
        assert [one.path for one in library.tools.folders(conversation)] == ["/all"]

    library.tools.grant("/own", False, here)
    assert [one.writable for one in library.tools.folders(here)] == [False, False]
    library.conversations.delete(here)
    library.conversations.purge(0)
    assert [one.path for one in library.tools.folders(here)] == ["/all"]


def test_what_was_decided_in_a_folder_leaves_with_it(library: Library, conversation: int) -> None:
    everywhere = library.tools.grant("/a", True).id
    here = library.tools.grant("/a", True, conversation).id
    library.tools.decide("files", "read", ONE, "/a", "always")
    library.tools.decide("files", "read", ONE, "/b", "always")

    library.tools.withdraw(everywhere)
    assert library.tools.decision("files", "read", ONE, ["/a"]) == "always"
    library.tools.withdraw(here)
    library.tools.withdraw(here)

    assert library.tools.folders(conversation) == []
    assert [one.folder for one in library.tools.decisions()] == ["/b"]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("notes", "the whole path of a folder, found 'notes'"),
        ("", "the whole path of a folder"),
        ("/" + "x" * tools.LONGEST_PATH, "at most 4096 characters, found 4097"),
        ("/caf\udce9", r"a folder whose name is text, found '/caf\\udce9'"),
    ],
)
def test_what_is_no_folder_is_not_granted(library: Library, path: str, said: str) -> None:
    with pytest.raises(LibraryError, match=said):
        library.tools.grant(path, False)
    assert library.tools.folders() == []


def test_what_is_not_there_is_not_granted_to_and_not_logged(library: Library) -> None:
    with pytest.raises(NotFoundError, match="no conversation 7"):
        library.tools.grant("/a", False, 7)
    with pytest.raises(NotFoundError, match="no message 7"):
        library.tools.log(7, "c1", "medley", "clock", "{}", "unasked")
    with pytest.raises(LibraryError, match="at most 200 characters each, found 201"):
        library.tools.decide("x" * 201, "read", ONE, "", "always")
    assert not library.tools.logged() and not library.tools.decisions()


def test_every_call_is_in_the_list_with_what_became_of_it(library: Library, answer: int) -> None:
    first = library.tools.log(answer, "c1", "medley", "clock", "{}", "unasked").id
    second = library.tools.log(None, "c2", "files", "read", "x" * 5000, "refused", "refused").id
    library.tools.ended(first, "done", 0.25)
    library.tools.ended(99, "done")

    newest, oldest = library.tools.logged()
    assert (oldest.id, oldest.state, oldest.seconds) == (first, "done", 0.25)
    assert (oldest.title, oldest.message_id, oldest.call_id, oldest.decision) == (
        "what do I write?", answer, "c1", "unasked",
    )  # fmt: skip
    assert (newest.id, newest.state, newest.seconds, newest.title) == (second, "refused", None, "")
    assert newest.arguments == "x" * tools.LONGEST_ARGUMENTS
    assert library.tools.logged(limit=1) == [newest]
    assert library.tools.logged(before=second) == [oldest]
    assert library.tools.logged(before=first) == []


def test_the_list_of_calls_does_not_grow_for_ever(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tools, "MOST_LOGGED", 3)
    for number in range(5):
        library.tools.log(None, f"c{number}", "medley", "clock", "{}", "unasked", "done")
    assert [one.call_id for one in library.tools.logged()] == ["c4", "c3", "c2"]


def test_of_a_conversation_that_is_forgotten_the_list_keeps_no_words(
    library: Library, conversation: int, answer: int
) -> None:
    library.tools.log(answer, "c1", "files", "read", '{"path": "/a/secret"}', "once", "done")
    library.tools.log(None, "c2", "files", "read", '{"path": "/b"}', "once", "done")
    library.conversations.delete(conversation)
    assert library.tools.logged()[1].arguments == '{"path": "/a/secret"}'

    library.conversations.purge(0)

    other, forgotten = library.tools.logged()
    assert (forgotten.tool, forgotten.arguments, forgotten.title) == ("read", "", "")
    assert (forgotten.conversation_id, forgotten.message_id) == (None, None)
    assert other.arguments == '{"path": "/b"}'


def test_what_came_from_another_library_may_do_nothing_here(
    library: Library, boats: int, other: Library, tmp_path: Path
) -> None:
    assert library.tools.decisions() and library.tools.folders(boats)
    other.exchange.import_conversation(library.exchange.export(boats, tmp_path / "boats.zip"))
    other.exchange.import_library(library.path)

    assert not other.tools.decisions() and not other.tools.logged()
    assert not other.reminders.pending() and not other.memories.all() and not other.presets.all()
    assert [other.tools.folders(one.id) for one in other.conversations.list()] == [[]]
