"""What other programs exported becomes conversations of the library, once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from storage.errors import ExchangeError
from storage.library import Library
from storage.records import MediumPart, TextPart, ThinkingPart, ToolPart
from tests.storage.exchange.foreign import exports
from tests.storage.exchange.foreign.exports import PNG, boats, chat, chat_node, chatgpt_zip


def test_an_export_of_chatgpt_comes_with_branches_thoughts_calls_and_pictures(
    library: Library, tmp_path: Path
) -> None:
    taken = library.exchange.import_file(chatgpt_zip(tmp_path / "export.zip", boats()))

    assert (taken.programs, taken.skipped, taken.media) == (("ChatGPT",), 0, 2)
    assert taken.left_out == (("hidden", 1),)
    conversation = library.conversations.get(taken.imported[0])
    assert (conversation.title, conversation.created_ms) == ("Boats", 1_726_000_000_500)
    asked, answer, again, drawn = library.messages.path(conversation.id)
    picture, words = asked.parts
    assert isinstance(picture, MediumPart) and isinstance(words, TextPart)
    assert (picture.medium.mime, picture.medium.width, picture.medium.height) == ("image/png", 2, 3)
    with library.media.open(picture.medium.sha256) as file:
        assert file.read() == PNG
    assert words.text == "How many boats are here?"
    assert (answer.text, answer.siblings) == ("I see two boats.", 2)
    assert again.text == "Draw a third one."
    assert [type(part) for part in drawn.parts] == [ToolPart, MediumPart]

    library.messages.choose(library.messages.siblings(answer.id)[0])
    first = library.messages.path(conversation.id)[1]
    thought, call, said = first.parts
    assert isinstance(thought, ThinkingPart) and isinstance(call, ToolPart)
    assert thought.text == "Counting\n\nTwo boats."
    assert (call.tool, call.arguments, call.result) == ("python", '{"input":"print(1 + 1)"}', "2")
    assert isinstance(said, TextPart) and said.text == "There are **two**."
    assert first.details["model"] == "gpt-5-thinking"


def test_what_came_before_does_not_come_again_but_what_grew_does(
    library: Library, tmp_path: Path
) -> None:
    short = chat(chat_node("u1", "root", "user", "hello"))
    library.exchange.import_file(chatgpt_zip(tmp_path / "first.zip", short))
    again = library.exchange.import_file(chatgpt_zip(tmp_path / "second.zip", short, boats()))
    longer = chat(
        chat_node("u1", "root", "user", "hello"), chat_node("a1", "u1", "assistant", "Hi.")
    )
    grown = library.exchange.import_file(chatgpt_zip(tmp_path / "third.zip", longer, boats()))

    assert (len(again.imported), again.skipped) == (1, 1)
    assert (len(grown.imported), grown.skipped) == (1, 1)
    assert len(library.conversations.list()) == 3


def test_a_picture_that_is_not_in_the_export_is_counted_and_named(
    library: Library, tmp_path: Path
) -> None:
    path = tmp_path / "conversations.json"
    path.write_text(json.dumps([boats()]), "utf-8")

    taken = library.exchange.import_file(path)

    assert (taken.media, dict(taken.left_out)["file"]) == (0, 2)
    asked = library.messages.path(taken.imported[0])[0]
    assert asked.text.startswith("[file_00000000abcd]")


def test_the_other_programs_come_too(library: Library, tmp_path: Path) -> None:
    chats = tmp_path / "chat-export-1726.json"
    chats.write_text(json.dumps(exports.webui_chats()), "utf-8")
    lm_studio = exports.lm_studio_folder(tmp_path / "lm")
    jan = exports.jan_folder(tmp_path / "jan")

    for path, program in ((chats, "Open WebUI"), (lm_studio, "LM Studio"), (jan, "Jan")):
        taken = library.exchange.import_file(path)
        assert (taken.programs, len(taken.imported)) == ((program,), 1)
        assert library.exchange.import_file(path).skipped == 1

    titles = sorted(one.title for one in library.conversations.list())
    assert titles == ["A picture", "Harbour", "Tides"]


def test_one_file_of_lm_studio_finds_no_other_files(library: Library, tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    secret.write_bytes(PNG)
    conversation = exports.lm_conversation()
    file = conversation["messages"][0]["versions"][0]["content"][1]
    file["fileIdentifier"] = "../secret.png"
    folder = tmp_path / "home" / "conversations"
    folder.mkdir(parents=True)
    (folder / "1.conversation.json").write_text(json.dumps(conversation))
    (folder / "secret.png").symlink_to(secret)

    taken = library.exchange.import_file(folder / "1.conversation.json")

    assert (taken.media, taken.left_out) == (0, (("file", 1),))


def test_what_medley_exported_comes_by_the_same_door(
    library: Library, other: Library, boats: int, tmp_path: Path
) -> None:
    library.exchange.export(boats, tmp_path / "package")

    by_folder = other.exchange.import_file(tmp_path / "package")
    by_file = other.exchange.import_file(tmp_path / "package" / "conversation.json")

    assert by_folder.programs == by_file.programs == ("Medley",)
    assert len(other.conversations.list()) == 2


def test_an_import_that_is_ended_keeps_what_came(library: Library, tmp_path: Path) -> None:
    many = [chat(chat_node("u", "root", "user", str(n)), key=str(n)) for n in range(5)]

    def report(looked_at: int) -> None:
        if looked_at == 3:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        library.exchange.import_file(chatgpt_zip(tmp_path / "export.zip", *many), report)

    assert len(library.conversations.list()) == 2


WRONG: dict[str, Any] = {
    "a number": 7,
    "a list of numbers": [1, 2],
    "something else": {"swagger": "2.0", "messages": {}},
    "another list": [{"role": "user", "content": "hello"}],
    "nothing": [],
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_what_no_program_wrote_is_refused_in_a_sentence(
    library: Library, tmp_path: Path, wrong: Any
) -> None:
    path = tmp_path / "export.json"
    path.write_text(json.dumps(wrong))

    with pytest.raises(ExchangeError, match="found none"):
        library.exchange.import_file(path)
    assert library.conversations.list() == []


def test_one_broken_conversation_keeps_no_other_from_coming(
    library: Library, tmp_path: Path
) -> None:
    good = json.dumps(chat(chat_node("u", "root", "user", "hello")))
    deep = '{"mapping": {"a": ' + "[" * 50_000 + "]" * 50_000 + "}}"
    path = tmp_path / "conversations.json"
    path.write_text(f"[{good}]", "utf-8")
    (tmp_path / "deep.json").write_text(f"[{deep}]")

    taken = library.exchange.import_file(tmp_path)

    assert (len(taken.imported), len(taken.refused)) == (1, 1)
    assert "no whole JSON" in taken.refused[0]


def test_half_a_character_keeps_nothing_from_coming(library: Library, tmp_path: Path) -> None:
    text = json.dumps([chat(chat_node("u", "root", "user", "\\ud800 \ud83d\ude00 \ud83d cut"))])
    (tmp_path / "conversations.json").write_text(text)

    taken = library.exchange.import_file(tmp_path)

    asked = library.messages.path(taken.imported[0])[0]
    assert asked.text == "\\ud800 \U0001f600 \ufffd cut"
