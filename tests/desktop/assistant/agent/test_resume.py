"""A kill in the middle: nothing half-done, the conversation says what happened, and it goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil

from desktop.assistant.agent.toolbox import Toolbox
from desktop.assistant.choices import Sent
from storage.library import Library
from storage.records import ToolPart
from tests.desktop.assistant.agent.scripted import (
    LIMIT_S,
    TOOLS,
    ScriptedClient,
    Talk,
    call,
    results,
    say,
    talking,
)

ROOT = Path(__file__).parents[4]


def killed(folder: Path, moment: str) -> int:
    """Kill the program at a moment; the id of the answer."""
    command = [sys.executable, "-m", "tests.desktop.assistant.agent.killed", str(folder), moment]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        answer = int(program.stdout.readline())
        family = psutil.Process(program.pid).children(recursive=True)
        os.kill(program.pid, signal.SIGKILL)
    _, alive = psutil.wait_procs(family, timeout=LIMIT_S)
    assert alive == []
    return answer


def resumed(talk: Talk, answer: int) -> None:
    """Go on with the answer."""
    conversation = talk.library.messages.get(answer).conversation_id
    talk.assistant.resume(answer, TOOLS)
    talk.sent = Sent(conversation, 0, answer)


def test_a_kill_while_a_question_waits(tmp_path: Path, toolbox: Toolbox) -> None:
    answer = killed(tmp_path, "question")
    with talking(tmp_path, tmp_path / "granted", toolbox=toolbox) as talk:
        message = talk.library.messages.get(answer)
        assert (message.state, message.text) == ("interrupted", "I will write. ")
        assert list(talk.folder.iterdir()) == []

        ScriptedClient.script[:] = [say("Written.")]
        resumed(talk, answer)
        talk.choose("once")

        assert talk.over().text == "I will write. Written."
        assert (talk.folder / "a").read_text() == "b"
        assert [part.state for part in talk.calls] == ["done"]
        assert talk.answer.state == "complete"


def test_a_kill_while_a_call_is_made(tmp_path: Path, toolbox: Toolbox) -> None:
    answer = killed(tmp_path, "call")
    with Library.open(tmp_path / "library.db") as library:
        (part,) = [p for p in library.messages.get(answer).parts if isinstance(p, ToolPart)]
        assert part.state == "interrupted"
        assert library.tools.logged()[0].state == "interrupted"
    with talking(tmp_path, tmp_path / "granted", toolbox=toolbox) as talk:
        ScriptedClient.script[:] = [say("It was cut off.")]

        resumed(talk, answer)

        assert talk.over().text == "It was cut off."
        (told,) = results(ScriptedClient.turns[-1])
        assert told.failed
        assert "nobody knows how far it came" in told.text
        assert talk.calls[0].state == "interrupted"


def test_a_kill_while_the_model_writes_behind_a_call(tmp_path: Path, toolbox: Toolbox) -> None:
    answer = killed(tmp_path, "write")
    with talking(tmp_path, tmp_path / "granted", toolbox=toolbox) as talk:
        ScriptedClient.script[:] = [say("It is 2.")]

        resumed(talk, answer)

        assert talk.over().text == "It\n\nIt is 2."
        assert [type(p).__name__ for p in ScriptedClient.turns[-1].messages[-1].parts] == [
            "ToolCallPart", "ToolResultPart"
        ]  # fmt: skip


def test_an_answer_without_calls_is_given_once_more(talk: Talk) -> None:
    sent = talk.ask("hello", say("Hi."))
    talk.over()
    ScriptedClient.script[:] = [say("Hello.")]

    talk.assistant.resume(sent.answer_id, TOOLS)

    talk.until(lambda: talk.library.messages.path(sent.conversation_id)[-1].text == "Hello.")
    assert talk.answer.text == "Hi."


def test_an_answer_that_was_stopped_at_a_question_asks_again(talk: Talk) -> None:
    sent = talk.ask("write", call("write_file", path="a.txt", text="x"))
    talk.question()
    talk.assistant.stop(sent.conversation_id)
    talk.over()
    talk.ended.clear()

    talk.assistant.resume(sent.answer_id, TOOLS)
    talk.choose("once")

    assert talk.over().state == "complete"
    assert (talk.folder / "a.txt").read_text() == "x"
