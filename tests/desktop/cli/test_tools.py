"""`medley tools`, and tools in a terminal."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from desktop.assistant.agent.toolbox import Toolbox
from desktop.cli.printing.output import OutputFolder
from desktop.cli.printing.terminal import Screen
from desktop.cli.tools.use import ToolUse, run_with_tools
from desktop.cli.turn import Interrupt, Save
from desktop.tools.protocol import GrantedFolder
from runtime.bundle.bundle import Bundle
from runtime.messages import Message, TextPart, ToolCallPart, ToolResultPart, Turn
from storage.library import Library
from tests.desktop.assistant.agent.scripted import Say, call, done, say
from tests.desktop.conftest import Run, error_line


class Engine:
    """A model that says and calls what a test wrote down, in the place of the engine."""

    def __init__(self, bundle: Bundle, *script: Say) -> None:
        self.bundle, self.script, self.turns = bundle, list(script), list[Turn]()

    def answer(self, turn: Turn, cancelled: object) -> Iterator[Any]:
        """The next step of the script."""
        self.turns.append(turn)
        said = self.script.pop(0)
        parts: list[Any] = [TextPart(said.words)] if said.words else []
        parts += [
            ToolCallPart(f"c{len(self.turns)}", tool, json.dumps(arguments))
            for tool, arguments in said.calls
        ]
        yield done(parts, "tool_calls" if said.calls else "end")


@pytest.fixture(scope="module")
def toolbox() -> Iterator[Toolbox]:
    """The real tools process."""
    with closing(Toolbox()) as made:
        yield made


Ask = Callable[..., tuple[Engine, ToolUse]]


@pytest.fixture
def ask(tmp_path: Path, toolbox: Toolbox, tiny_bundle: Bundle) -> Iterator[Ask]:
    """Has a script followed, in a folder that may be written to."""
    granted = tmp_path / "granted"
    granted.mkdir()
    with Library.open(tmp_path / "library.db") as library:

        def run(*script: Say, **options: Any) -> tuple[Engine, ToolUse]:
            engine = Engine(tiny_bundle, *script)
            screen = Screen()
            folders = (GrantedFolder(str(granted), True),)
            options = {"only": (), "allowed": (), **options}
            use = ToolUse(toolbox, library, True, folders, screen=screen, **options)
            turn = Turn((Message("user", (TextPart("do it"),)),))
            save = Save(OutputFolder(tmp_path / "out"), "answer")
            answer = run_with_tools(engine, turn, Interrupt(), screen, save, use)  # type: ignore[arg-type]
            assert answer.done is not None
            return engine, use

        yield run


def test_calls_are_made_and_told_to_the_model(ask: Ask, capsys: pytest.CaptureFixture[str]) -> None:
    engine, use = ask(call("calculate", expression="6*7"), say("It is 42."), only=("calculate",))

    assert [one.state for one in use.made] == ["done"]
    told = engine.turns[1].messages[-1]
    assert told.goes_on
    (result,) = [part for part in told.parts if isinstance(part, ToolResultPart)]
    assert "42" in result.text
    said = capsys.readouterr().err
    assert 'calculate {"expression": "6*7"}' in said
    assert use.library is not None
    assert [one.tool for one in use.library.tools.logged()] == ["calculate"]


def test_without_a_terminal_what_asks_is_refused(
    ask: Ask, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, use = ask(call("write_file", path="a.txt", text="x"), say("No."), only=("write_file",))

    assert [one.state for one in use.made] == ["refused"]
    assert "--allow write_file" in capsys.readouterr().err
    assert list((tmp_path / "granted").iterdir()) == []


def test_what_was_allowed_is_done(ask: Ask, tmp_path: Path) -> None:
    ask(
        call("write_file", path="a.txt", text="x"), say("Done."),
        only=("write_file",), allowed=("write_file",),
    )  # fmt: skip

    assert (tmp_path / "granted" / "a.txt").read_text() == "x"


@pytest.mark.parametrize(
    ("typed", "state", "kept"),
    [
        (["y"], "done", []),
        (["maybe", "a"], "done", ["always"]),
        (["n"], "refused", []),
        (["N"], "refused", ["never"]),
    ],
)
def test_a_person_at_a_terminal_is_asked(
    ask: Ask,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    typed: list[str],
    state: str,
    kept: list[str],
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("sys.stderr", Terminal())
    answers = iter(typed)

    _, use = ask(
        call("write_file", path="a.txt", text="x"), say("Done."),
        only=("write_file",), read_answer=lambda prompt: next(answers),
    )  # fmt: skip

    assert [one.state for one in use.made] == [state]
    assert use.library is not None
    assert [one.decision for one in use.library.tools.decisions()] == kept


def test_folders_are_granted_listed_and_withdrawn(medley: Run, tmp_path: Path) -> None:
    library = tmp_path / "library.db"
    ran = medley("tools", "folders", "--library", library, "--add", f"{tmp_path}:rw", "--json")

    (folder,) = json.loads(ran.out)["folders"]
    assert (folder["path"], folder["writable"]) == (str(tmp_path.resolve()), True)
    assert "read and write" in medley("tools", "folders", "--library", library).out
    medley("tools", "folders", "--library", library, "--remove", folder["id"])
    assert medley("tools", "folders", "--library", library).out == ""
    assert "no folder number" in error_line(
        medley("tools", "folders", "--library", library, "--remove", "7")
    )
    assert "expected a folder" in error_line(
        medley("tools", "folders", "--library", library, "--add", tmp_path / "none")
    )


def test_a_tool_is_allowed_listed_and_revoked(medley: Run, tmp_path: Path) -> None:
    library = tmp_path / "library.db"
    assert medley("tools", "allow", "set_timer", "--library", library).code == 0

    (kept,) = json.loads(medley("tools", "permissions", "--library", library, "--json").out)[
        "permissions"
    ]
    assert (kept["tool"], kept["decision"]) == ("set_timer", "always")
    assert "1 revoked" in medley("tools", "revoke", "set_timer", "--library", library).out
    assert "no permission" in error_line(
        medley("tools", "revoke", "set_timer", "--library", library)
    )
    assert "every call" in error_line(medley("tools", "allow", "remember", "--library", library))
    assert "no tool" in error_line(medley("tools", "allow", "nothing", "--library", library))


def test_memories_and_calls_are_printed(medley: Run, tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    with Library.open(path) as library:
        memory = library.memories.add("likes tea").id
        library.tools.log(None, "c1", "medley", "calculate", "{}", "unasked", "done")

    assert "- likes tea" in medley("tools", "memories", "--library", path).out
    assert "calculate (medley)  unasked, done" in medley("tools", "log", "--library", path).out
    medley("tools", "memories", "--library", path, "--forget", str(memory))
    assert "likes tea" not in medley("tools", "memories", "--library", path).out
