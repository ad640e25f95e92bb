"""Conversations leave a library and come back the same: folders, zip files, libraries."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from storage.errors import DamagedError, ExchangeError, NotFoundError
from storage.exchange import outgoing
from storage.library import Library
from storage.records import (
    Attachment,
    Manner,
    MediumPart,
    Message,
    Observation,
    Query,
    Text,
    ThinkingPart,
    ToolPart,
    ToolState,
)
from tests.storage.file.making_versions import MANNER, OBSERVED

HOME = ("folder", "boats.zip")


def shape(messages: list[Message]) -> list[Any]:
    """What must be the same after a journey: everything but ids."""
    return [
        (
            m.role, m.state, m.created_ms, m.error, m.details, m.depth, m.sibling, m.siblings,
            [
                (p.name, p.medium.sha256, p.medium.width, p.has_recipe, p.details)
                if isinstance(p, MediumPart) else (type(p).__name__, getattr(p, "text", ""))
                for p in m.parts
            ],
        )
        for m in messages
    ]  # fmt: skip


@pytest.mark.parametrize("name", HOME)
def test_a_conversation_comes_back_the_same(
    library: Library, boats: int, other: Library, tmp_path: Path, name: str
) -> None:
    target = library.exchange.export(boats, tmp_path / "out" / name)
    made = other.exchange.import_conversation(target)

    before, after = library.conversations.get(boats), other.conversations.get(made.id)
    assert (after.title, after.uuid, after.updated_ms) == (
        before.title, before.uuid, before.updated_ms,
    )  # fmt: skip
    theirs, ours = other.messages.path(made.id), library.messages.path(boats)
    assert shape(theirs) == shape(ours)
    for mine, yours in zip(ours, theirs, strict=True):
        for a, b in zip(mine.parts, yours.parts, strict=True):
            if isinstance(a, MediumPart) and isinstance(b, MediumPart):
                assert other.media.read(b.medium.sha256) == library.media.read(a.medium.sha256)
                assert other.messages.recipe(b.id) == library.messages.recipe(a.id)
    first = other.messages.siblings(theirs[1].id)[0]
    assert other.messages.get(first).text == "A red boat: "
    other.messages.choose(first)
    assert len(other.messages.path(made.id)) == 2
    assert len(other.search.newest(Query(text="这是什么"))) == 1


@pytest.mark.parametrize("name", HOME)
def test_what_readers_found_and_how_to_answer_come_along(
    library: Library, boats: int, other: Library, tmp_path: Path, name: str
) -> None:
    target = library.exchange.export(boats, tmp_path / "out" / name)
    made = other.exchange.import_conversation(target)

    picture = other.messages.path(made.id)[0].parts[1]
    assert isinstance(picture, MediumPart)
    assert other.media.observations(picture.medium.sha256) == OBSERVED
    assert (picture.medium.observed, picture.medium.read) == (True, True)
    assert other.conversations.settings(made.id) == MANNER
    assert [hit.snippet for hit in other.search.newest(Query(text="灯塔"))] == ["MS 灯塔 Regina"]


def test_what_readers_found_here_is_not_replaced_by_an_import(
    library: Library, package: Path, other: Library
) -> None:
    made = other.exchange.import_conversation(package)
    picture = other.messages.path(made.id)[0].parts[1]
    assert isinstance(picture, MediumPart)
    ours = (Observation("text", "read here"),)
    other.media.set_observations(picture.medium.sha256, ours)

    other.exchange.import_conversation(package)

    assert other.media.observations(picture.medium.sha256) == ours


def test_more_than_goes_with_a_conversation_is_left_to_be_read_again(
    library: Library, boats: int, other: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outgoing, "_MOST_OBSERVED", 40)
    made = other.exchange.import_conversation(library.exchange.export(boats, tmp_path / "out"))

    picture = other.messages.path(made.id)[0].parts[1]
    assert isinstance(picture, MediumPart)
    assert (picture.medium.observed, picture.medium.read) == (False, False)


def test_what_was_exported_can_be_read_without_medley(
    library: Library, boats: int, package: Path
) -> None:
    text = (package / "conversation.md").read_text("utf-8")

    assert text.startswith("# Boats\n")
    assert "**You**" in text
    assert "**Medley**" in text
    assert "what is this? 这是什么" in text
    assert "*(video: was not made)*" in text
    assert "*The engine broke off.*" in text
    links = [line.rpartition("](")[2].rstrip(")") for line in text.splitlines() if "](" in line]
    assert len(links) == 2
    assert all((package / link).is_file() for link in links)
    assert sorted(link[-4:] for link in links) == [".png", ".wav"]
    assert "![boat.png](media/" in text


def test_an_answer_that_is_still_coming_is_exported_as_interrupted(
    library: Library, conversation: int, other: Library, tmp_path: Path
) -> None:
    answer = library.messages.begin_answer(library.messages.add(conversation, [Text("x")]).id)
    answer.text("half")
    answer.begin_artifact(0, "image")

    library.exchange.export(conversation, tmp_path / "out")
    made = other.exchange.import_conversation(tmp_path / "out")

    assert other.messages.path(made.id)[1].state == "interrupted"
    answer.finish()


def test_importing_twice_makes_a_second_conversation(
    library: Library, boats: int, package: Path
) -> None:
    made = library.exchange.import_conversation(package)

    assert made.id != boats
    assert library.conversations.get(made.id).uuid != library.conversations.get(boats).uuid
    assert shape(library.messages.path(made.id)) == shape(library.messages.path(boats))


def test_an_empty_conversation_makes_the_journey_too(
    library: Library, conversation: int, other: Library, tmp_path: Path
) -> None:
    library.exchange.export(conversation, tmp_path / "empty.zip")

    made = other.exchange.import_conversation(tmp_path / "empty.zip")

    assert other.messages.path(made.id) == []


def test_exporting_never_writes_over_anything(library: Library, boats: int, package: Path) -> None:
    before = sorted(path.name for path in package.parent.iterdir())
    with pytest.raises(ExchangeError, match="there already"):
        library.exchange.export(boats, package)
    with pytest.raises(NotFoundError, match="no conversation 99"):
        library.exchange.export(99, package.parent / "new")

    assert sorted(path.name for path in package.parent.iterdir()) == before


def test_a_broken_medium_is_not_exported(library_path: Path, tmp_path: Path) -> None:
    with Library.open(library_path) as library:
        conversation = library.conversations.new().id
        sha = library.media.add_bytes(b"picture", mime="image/png", modality="image").sha256
        library.messages.add(conversation, [Attachment(sha)])
        with library._database.write() as write:
            write.run("UPDATE chunks SET data = ?", (b"zzzzzzz",))

        with pytest.raises(DamagedError, match="does not hold the bytes"):
            library.exchange.export(conversation, tmp_path / "out")

    assert not (tmp_path / "out").exists()
    assert list(tmp_path.glob(".medley-*")) == []


def test_a_library_is_merged_into_another_and_only_once(
    library: Library, boats: int, other: Library
) -> None:
    mine = other.conversations.new("mine").id

    first = other.exchange.import_library(library.path)
    second = other.exchange.import_library(library.path)

    assert (len(first.imported), first.skipped) == (1, 0)
    assert (second.imported, second.skipped) == ((), 1)
    assert shape(other.messages.path(first.imported[0])) == shape(library.messages.path(boats))
    assert {c.id for c in other.conversations.list()} == {mine, *first.imported}
    library.messages.add(boats, [Text("more")])
    third = other.exchange.import_library(library.path)
    assert len(third.imported) == 1
    with pytest.raises(ExchangeError, match="this library itself"):
        library.exchange.import_library(library.path)


def test_where_a_bundle_lies_is_a_matter_of_one_machine(
    library: Library, boats: int, other: Library, tmp_path: Path
) -> None:
    here = msgspec.structs.replace(MANNER, bundle=str(tmp_path / "bundles" / "mine"))
    library.conversations.set_settings(boats, here)

    target = library.exchange.export(boats, tmp_path / "boats.zip")
    made = other.exchange.import_conversation(target)

    there = other.conversations.settings(made.id)
    assert there == msgspec.structs.replace(MANNER, bundle=None)


@pytest.mark.parametrize("name", HOME)
def test_what_a_model_thought_comes_along_and_is_not_found(
    library: Library, other: Library, tmp_path: Path, name: str
) -> None:
    _, answer = library.messages.ask(None, [Text("draw a boat")])
    answer.thinking("perhaps a lighthouse")
    answer.thought(2.5, cut=True)
    answer.text("Here it is.")
    answer.finish()
    target = library.exchange.export(answer.conversation_id, tmp_path / "out" / name)
    made = other.exchange.import_conversation(target)

    thought = other.messages.path(made.id)[1].parts[0]
    assert isinstance(thought, ThinkingPart)
    assert (thought.text, thought.seconds, thought.cut) == ("perhaps a lighthouse", 2.5, True)
    assert other.search.newest(Query(text="lighthouse")) == []
    assert len(other.search.newest(Query(text="here it is"))) == 1
    if target.is_dir():
        assert "lighthouse" not in (target / "conversation.md").read_text("utf-8")


@pytest.mark.parametrize("name", HOME)
def test_calls_of_tools_come_along_and_nothing_can_be_taken_back_by_them(
    library: Library, boats: int, other: Library, tmp_path: Path, name: str
) -> None:
    made = other.exchange.import_conversation(library.exchange.export(boats, tmp_path / name))

    (ours,) = _calls(library.messages.path(boats)[1])
    (theirs,) = _calls(other.messages.path(made.id)[1])
    assert ours.details == {"undo": "{}", "seconds": 0.5}
    details = {"seconds": 0.5, "foreign": True}
    assert msgspec.structs.replace(ours, id=theirs.id, details=details) == theirs
    assert theirs.result == "It is noon."
    assert other.search.newest(Query(text="noon")) == []


@pytest.mark.parametrize("state", ["asking", "running"])
def test_a_call_that_goes_on_here_has_ended_elsewhere(
    library: Library, conversation: int, other: Library, tmp_path: Path, state: ToolState
) -> None:
    asked = library.messages.add(conversation, [Text("what do I write?")]).id
    answer = library.messages.begin_answer(asked)
    answer.tool_call("c1", "medley", "read_file", "{}", state)
    package = library.exchange.export(conversation, tmp_path / "package")
    text = (package / "conversation.json").read_text("utf-8")
    assert f'"{state}"' not in text
    whole = json.loads(text)
    whole["messages"][1]["parts"][0]["details"]["tool"]["state"] = state
    (package / "conversation.json").write_text(json.dumps(whole), "utf-8")

    for source in (package, library.exchange.export(conversation, tmp_path / "again.zip")):
        made = other.exchange.import_conversation(source)
        (call,) = _calls(other.messages.path(made.id)[1])
        assert call.state == "interrupted"
    assert _calls(library.messages.get(answer.message_id))[0].state == state


def test_a_conversation_to_be_read_shows_calls_as_they_were(
    library: Library, conversation: int, tmp_path: Path
) -> None:
    asked = library.messages.add(conversation, [Text("what do I write?")]).id
    answer = library.messages.begin_answer(asked)
    answer.tool_call("c1", "my [files]", "read_file", '{"path": "diary.txt"}', "running")
    answer.tool_state("c1", "done", "# Dear diary\n```\n**boat**\n````")
    answer.tool_call("c2", "medley", "clock", "{}", "refused")
    answer.text("A diary.")
    answer.finish()

    package = library.exchange.export(conversation, tmp_path / "package")

    assert (package / "conversation.md").read_text("utf-8").split("UTC\n\n")[2] == (
        "*Tool read_file (my \\[files\\], done)*\n\n"
        '```json\n{"path": "diary.txt"}\n```\n\n'
        "`````text\n# Dear diary\n```\n**boat**\n````\n`````\n\n"
        "*Tool clock (medley, refused)*\n\n```json\n{}\n```\n\n"
        "A diary.\n"
    )


@pytest.mark.parametrize(("here", "there"), [(True, None), (None, None), (False, False)])
def test_that_there_are_tools_is_said_anew_elsewhere(
    library: Library, boats: int, other: Library, tmp_path: Path, here: bool, there: bool | None
) -> None:
    library.conversations.set_settings(boats, Manner(tools=here))

    made = other.exchange.import_conversation(library.exchange.export(boats, tmp_path / "package"))

    assert other.conversations.settings(made.id) == Manner(tools=there)


def _calls(message: Message) -> list[ToolPart]:
    """The calls of a message."""
    return [part for part in message.parts if isinstance(part, ToolPart)]
