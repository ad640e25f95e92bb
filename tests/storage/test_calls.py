"""Calls of tools are parts of answers: kept before they are shown, never found, never half-done."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from storage import calls
from storage.errors import LibraryError, NotFoundError
from storage.library import Library
from storage.records import (
    Changed,
    MediumPart,
    Message,
    Query,
    Text,
    TextPart,
    ThinkingPart,
    ToolPart,
)

ARGUMENTS = '{"path": "日记.txt"}'


@pytest.fixture
def asked(library: Library, conversation: int) -> int:
    """A question to answer."""
    return library.messages.add(conversation, [Text("what do I write?")]).id


def kinds(message: Message) -> list[type]:
    """The kinds of a message's parts in order."""
    return [type(part) for part in message.parts]


def calls_of(message: Message) -> list[ToolPart]:
    """The calls of a message."""
    return [part for part in message.parts if isinstance(part, ToolPart)]


def test_a_call_is_there_before_it_is_shown_and_words_begin_anew_behind_it(
    library: Library, asked: int
) -> None:
    answer = library.messages.begin_answer(asked)
    answer.text("Let me ")
    answer.text("look. ")
    shown = answer.tool_call("c1", "medley", "read_file", ARGUMENTS, details={"title": "Read"})
    asking = library.messages.get(answer.message_id)
    answer.tool_state("c1", "running", details={"permission": "once"})
    answer.tool_state("c1", "done", "Dear diary", {"seconds": 0.25})
    answer.artifact(0, b"png", mime="image/png", modality="image", name="page.png")
    answer.thinking("hm")
    answer.thought(1.0)
    answer.text("You write a diary.")
    answer.finish()

    assert shown.messages == {answer.message_id} and shown.kinds == {"messages"}
    assert asking.text == "Let me look. "
    assert calls_of(asking)[0].state == "asking"
    whole = library.messages.get(answer.message_id)
    assert kinds(whole) == [TextPart, ToolPart, MediumPart, ThinkingPart, TextPart]
    (call,) = calls_of(whole)
    assert msgspec.structs.replace(call, id=0) == ToolPart(
        0, "c1", "medley", "read_file", ARGUMENTS, "done", "Dear diary",
        {"title": "Read", "permission": "once", "seconds": 0.25},
    )  # fmt: skip
    assert whole.text == "Let me look. You write a diary."
    assert isinstance(whole.parts[2], MediumPart) and whole.parts[2].name == "page.png"


def test_what_a_tool_gave_is_found_by_no_search(library: Library, asked: int) -> None:
    answer = library.messages.begin_answer(asked)
    answer.text("It says: ")
    answer.tool_call("c1", "files", "read", ARGUMENTS, "running")
    answer.tool_state("c1", "done", "a lighthouse")
    answer.finish()
    more = library.messages.begin_addition(answer.message_id)
    more.tool_call("c2", "files", "read", ARGUMENTS)
    more.tool_state("c2", "failed", "another lighthouse")
    more.finish()

    for words in ("lighthouse", "li", "日记"):
        assert library.search.newest(Query(text=words)) == []
        assert library.search.ranked(Query(text=words)) == []
    assert len(library.search.newest(Query())) == 2
    assert len(library.search.newest(Query(text="It says"))) == 1


@pytest.mark.parametrize("end", ["finish", "stop", "fail"])
def test_a_call_that_has_not_ended_is_interrupted_with_its_answer(
    library: Library, asked: int, end: str
) -> None:
    answer = library.messages.begin_answer(asked)
    for name in ("asking", "running", "done"):
        answer.tool_call(name, "medley", "clock", "{}")
    answer.tool_state("running", "running")
    answer.tool_state("done", "refused", "No.")
    if end == "fail":
        answer.fail("It broke off.")
    else:
        getattr(answer, end)()

    ended = calls_of(library.messages.get(answer.message_id))
    assert [call.state for call in ended] == ["interrupted", "interrupted", "refused"]


def test_the_newest_of_two_calls_of_one_name_is_changed(library: Library, asked: int) -> None:
    answer = library.messages.begin_answer(asked)
    answer.tool_call("c", "medley", "clock", "{}", "done")
    answer.tool_call("c", "medley", "clock", "{}")
    answer.tool_state("c", "done", "noon")

    assert [one.result for one in calls_of(library.messages.get(answer.message_id))] == ["", "noon"]
    with pytest.raises(NotFoundError, match="has no call other of a tool"):
        answer.tool_state("other", "done")
    answer.finish()


def test_a_call_that_cannot_be_kept_leaves_nothing_behind(library: Library, asked: int) -> None:
    answer = library.messages.begin_answer(asked)
    answer.text("Here: ")
    with pytest.raises(LibraryError, match="write_file that can be kept, found more than 1 MiB"):
        answer.tool_call("c1", "medley", "write_file", json.dumps({"text": "x" * 2**20}))
    deep = json.loads('{"a":' * 40 + "1" + "}" * 40)
    with pytest.raises(LibraryError, match="details deeper than 32 levels"):
        answer.tool_call("c1", "medley", "write_file", "{}", details=deep)
    answer.tool_call("c2", "medley", "read_file", "{}")
    answer.tool_state("c2", "done", "y" * (calls.LONGEST_RESULT + 5))
    answer.finish()

    whole = library.messages.get(answer.message_id)
    assert kinds(whole) == [TextPart, ToolPart] and whole.text == "Here: "
    assert len(calls_of(whole)[0].result) == calls.LONGEST_RESULT


def test_a_branch_that_makes_a_picture_anew_has_the_calls_too(library: Library, asked: int) -> None:
    answer = library.messages.begin_answer(asked)
    answer.tool_call("c1", "medley", "clock", "{}", "done")
    answer.artifact(0, b"png", mime="image/png", modality="image", recipe="{}")
    answer.finish()
    call, picture = library.messages.get(answer.message_id).parts

    again = library.messages.begin_rerender(answer.message_id, picture.id)
    again.artifact(0, b"png2", mime="image/png", modality="image")
    again.finish()

    (copied,) = calls_of(library.messages.get(again.message_id))
    assert msgspec.structs.replace(copied, id=call.id) == call
    with pytest.raises(NotFoundError, match="no medium"):
        library.messages.begin_rerender(answer.message_id, call.id)


def test_details_are_added_to_a_call_of_an_answer_that_is_over(
    library: Library, asked: int, heard: list[Changed]
) -> None:
    answer = library.messages.begin_answer(asked)
    answer.tool_call("c1", "medley", "write_file", "{}", "done", {"undo": "{}"})
    answer.finish()

    changed = library.tools.note(answer.message_id, "c1", {"undone": True})

    (call,) = calls_of(library.messages.get(answer.message_id))
    assert call.state == "done" and call.details == {"undo": "{}", "undone": True}
    assert changed == heard[-1] and changed.messages == {answer.message_id}
    with pytest.raises(NotFoundError):
        library.tools.note(answer.message_id, "c2", {})


@pytest.mark.parametrize(
    "details",
    [
        '{"tool": null}',
        '{"tool": []}',
        '{"tool": {"call": 7, "server": [], "name": {}, "arguments": "[1]", "state": "odd"}}',
        '{"tool": {"arguments": "{", "state": ["done"], "details": "no"}}',
        '{"tool": {"arguments": ' + json.dumps('{"a":' * 5000 + "1" + "}" * 5000) + "}}",
    ],
)
def test_a_row_that_holds_anything_is_a_call_that_harms_nobody(
    library: Library, asked: int, details: str, tmp_path: Path
) -> None:
    answer = library.messages.begin_answer(asked)
    answer.tool_call("c1", "medley", "clock", "{}", "done")
    answer.finish()
    with library._database.maintenance() as connection:
        connection.execute("UPDATE parts SET details = ? WHERE details IS NOT NULL", (details,))

    (call,) = calls_of(library.messages.get(answer.message_id))

    assert (call.call_id, call.server, call.tool, call.details) == ("", "", "", {})
    assert (call.arguments, call.state) == ("{}", "interrupted")
    library.exchange.export(answer.conversation_id, tmp_path / "package")
    made = library.exchange.import_conversation(tmp_path / "package")
    assert library.messages.path(made.id)[1].text == ""


def test_details_beyond_all_limits_are_left_out(library: Library, asked: int) -> None:
    answer = library.messages.begin_answer(asked)
    answer.tool_call("c1", "medley", "clock", "{}")
    answer.tool_state("c1", "done", "noon")
    answer.finish()
    with library._database.maintenance() as connection:
        for huge in ('{"tool": "' + "x" * 2**21 + '"}', '{"tool":' * 900 + "1" + "}" * 900, "{"):
            connection.execute("UPDATE parts SET details = ? WHERE details IS NOT NULL", (huge,))
            assert library.messages.get(answer.message_id).text == "noon"
            assert library.search.newest(Query(text="noon")) == []


CHILD = """
import os, signal, sys
from pathlib import Path
from storage.library import Library
from storage.records import Text

library = Library.open(Path(sys.argv[1]))
_, answer = library.messages.ask(None, [Text("what is in it?")])
answer.text("I look. ")
answer.tool_call("c1", "medley", "read_file", "{}")
logged = library.tools.log(answer.message_id, "c1", "medley", "read_file", "{}", "once")
match sys.argv[2]:
    case "asking":
        pass
    case "running":
        answer.tool_state("c1", "running")
    case "done":
        answer.tool_state("c1", "done", "a diary")
        library.tools.ended(logged.id, "done", 1.0)
    case "half":
        with library._database.write() as write:
            write.run("DELETE FROM parts")
            os.kill(os.getpid(), signal.SIGKILL)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize(
    ("moment", "state", "result"),
    [
        ("asking", "interrupted", ""), ("running", "interrupted", ""), ("half", "interrupted", ""),
        ("done", "done", "a diary"),
    ],
)  # fmt: skip
def test_a_kill_in_the_middle_of_a_call_leaves_nothing_half_done(
    tmp_path: Path, moment: str, state: str, result: str
) -> None:
    path = tmp_path / "library.db"
    child = subprocess.run([sys.executable, "-c", CHILD, path, moment], check=False)
    assert child.returncode == -signal.SIGKILL

    with Library.open(path) as library:
        (message,) = library.messages.path(library.conversations.list()[0].id)[1:]
        assert message.state == "interrupted" and message.text == "I look. "
        (call,) = calls_of(message)
        assert (call.state, call.result) == (state, result)
        (logged,) = library.tools.logged()
        assert logged.state == state
        assert library.check().problems == ()

        again = library.messages.begin_addition(message.id)
        again.tool_state("c1", "done", "a diary")
        again.finish()
        whole = library.messages.get(message.id)
        assert whole.state == "complete" and calls_of(whole)[0].result == "a diary"
