"""What a person decided holds for one tool in one definition and folder, until it is revoked."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest

from desktop.assistant.agent import consent
from desktop.assistant.agent.toolbox import Toolbox
from desktop.tools.protocol import GrantedFolder, ToolInfo
from plugins.tool import Asks, Touch
from tests.desktop.assistant.agent.scripted import Talk, call, talking

FILES = ToolInfo("medley", "f", "F", "", "{}", "d", touches=("read files",))


def test_always_holds_for_this_tool_in_this_folder(talk: Talk, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    talk.library.tools.grant(str(other), True)
    talk.ask("write", call("write_file", path="a.txt", text="a"))
    talk.choose("always")
    talk.over()

    talk.ask("write", call("write_file", path="b.txt", text="b"))
    talk.over()
    talk.ask("write", call("write_file", path=str(other / "c.txt"), text="c"))

    assert talk.question().folders == (str(other),)
    talk.choose("refuse")
    talk.over()
    talk.ask("move", call("move_file", path="a.txt", to="d.txt"))
    talk.choose("refuse")
    talk.over()
    assert sorted(path.name for path in talk.folder.iterdir()) == ["a.txt", "b.txt"]


def test_always_is_kept_over_a_restart_and_a_revoked_one_counts_at_once(
    tmp_path: Path, toolbox: Toolbox
) -> None:
    with talking(tmp_path, tmp_path / "granted", toolbox=toolbox) as talk:
        talk.ask("write", call("write_file", path="a.txt", text="a"))
        talk.choose("always")
        talk.over()

    with talking(tmp_path, tmp_path / "granted", toolbox=toolbox) as talk:
        talk.ask("write", call("write_file", path="b.txt", text="b"))
        assert talk.over().state == "complete"
        (kept,) = talk.library.tools.decisions()
        talk.library.tools.revoke(kept.id)
        talk.ask("write", call("write_file", path="c.txt", text="c"))
        talk.question()
        assert not (talk.folder / "c.txt").exists()


def test_never_is_told_to_the_model_without_asking(talk: Talk) -> None:
    talk.ask("write", call("write_file", path="a.txt", text="a"))
    talk.choose("never")
    talk.over()

    talk.ask("write", call("write_file", path="b.txt", text="b"))

    assert talk.over().state == "complete"
    assert talk.calls[0].state == "refused"
    assert list(talk.folder.iterdir()) == []
    assert [one.decision for one in talk.library.tools.logged()] == ["never", "never"]


def test_another_definition_asks_anew_and_says_so(talk: Talk) -> None:
    talk.library.tools.decide("medley", "write_file", "0" * 64, str(talk.folder), "always")

    talk.ask("write", call("write_file", path="a.txt", text="a"))

    question = talk.question()
    assert question.changed
    talk.choose("always")
    talk.over()
    (kept,) = talk.library.tools.decisions()
    assert kept.definition == question.tool.definition


def test_a_tool_that_asks_each_time_offers_no_always(talk: Talk) -> None:
    talk.ask("remember", call("remember", fact="likes tea"))

    question = talk.question()
    assert question.choices == ("once", "refuse", "never")
    assert not talk.assistant.agent.answer_consent(question.message_id, question.call_id, "always")
    talk.choose("once")
    talk.over()
    (memory,) = talk.library.memories.all()
    assert (memory.text, memory.message_id) == ("likes tea", question.message_id)


def test_what_lies_outside_the_granted_folders_is_not_touched_nor_asked_for(
    talk: Talk, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    (talk.folder / "link").symlink_to(secret)
    for number, path in enumerate((str(secret), "../secret.txt", "link")):
        talk.ask(f"read {number}", call("read_file", path=path))
        talk.until(lambda: bool(talk.assistant.agent.pending()) or talk.answer.state == "complete")
        if talk.assistant.agent.pending():
            talk.choose("once")
        talk.over()
        assert talk.calls[0].state == "failed"
        assert "secret" not in talk.calls[0].result.replace("secret.txt", "")


@pytest.mark.parametrize(
    ("asks", "touches", "kept", "foreign", "expected"),
    [
        ("never", ("nothing",), None, False, "free"),
        ("never", ("memory",), None, True, "free"),
        ("never", ("network",), None, False, "ask"),
        ("never", ("nothing",), "never", False, "never"),
        ("once", ("clipboard",), "always", False, "always"),
        ("once", ("clipboard",), None, False, "ask"),
        ("once", ("memory",), "always", False, "always"),
        ("once", ("memory",), "always", True, "ask"),
        ("each", ("open",), "always", False, "ask"),
        ("each", ("open",), "never", False, "never"),
    ],
)
def test_what_becomes_of_a_call(
    asks: Asks, touches: tuple[Touch, ...], kept: Literal["always", "never"] | None,
    foreign: bool, expected: str,
) -> None:  # fmt: skip
    class Kept:
        def decision(self, *_: object) -> Literal["always", "never"] | None:
            return kept

        def was_other(self, *_: object) -> bool:
            return False

    tool = ToolInfo("s", "t", "T", "", "{}", "d", touches=touches, asks=asks)

    assert consent.decided(tool, (), Kept(), foreign=foreign) == expected


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({}, ["a"]),
        ({"path": "x.txt"}, ["a"]),
        ({"path": "x.txt", "to": "../b/y"}, ["a", "b"]),
        ({"edits": [{"path": "sub/x"}]}, ["a"]),
        ({"path": "../c/x"}, []),
        ({"path": "link/x"}, []),
        ({"text": "/etc/passwd"}, ["a"]),
    ],
)
def test_folders_of_a_call(
    tmp_path: Path, arguments: dict[str, object], expected: list[str]
) -> None:
    granted = []
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
    (tmp_path / "a" / "link").symlink_to(tmp_path / "c")
    granted = [GrantedFolder(str(tmp_path / name)) for name in ("a", "b")]

    found = consent.folders_of(FILES, arguments, granted)

    assert [Path(path).name for path in found] == expected
    assert consent.folders_of(ToolInfo("s", "t", "", "", "{}", "d"), arguments, granted) == ()
