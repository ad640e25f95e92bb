"""The thirty tasks can be done with Medley's tools: a model that knows the calls does each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.tasks.place import Place, Task
from benchmarks.tasks.tasks import TASKS
from desktop.assistant.agent.consent import Question
from tests.desktop.assistant.agent.conftest import SharedToolbox
from tests.desktop.assistant.agent.scripted import ScriptedClient, Talk, call, say, talking


@pytest.fixture(scope="module")
def toolbox() -> Iterator[SharedToolbox]:
    """The real tools process."""
    made = SharedToolbox()
    yield made
    made.end()


def test_there_are_thirty() -> None:
    assert len({task.name for task in TASKS}) == 30


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_a_model_that_knows_the_calls_does_the_task(
    task: Task, tmp_path: Path, toolbox: SharedToolbox
) -> None:
    with talking(tmp_path, tmp_path / "unused", toolbox=toolbox) as talk:
        for folder in talk.library.tools.folders():
            talk.library.tools.withdraw(folder.id)
        place = Place(tmp_path, talk.library)
        place.prepare()
        task.prepare(place)
        calls = [call(tool, **arguments) for tool, arguments in task.script]
        first = len(calls) - (len(task.words) - 1)
        for number, words in enumerate(task.words):
            part = calls[:first] if number == 0 else calls[first + number - 1 :][:1]
            ScriptedClient.script[:] = []
            sent = talk.ask(words, *part, say(task.says))
            place.conversation_id = sent.conversation_id
            _allow_all(talk)
            place.answer = talk.answer.text
            assert [one.state for one in talk.calls] == ["done"] * len(part), talk.calls
        assert task.done(place)
        assert place.untouched


def _allow_all(talk: Talk) -> None:
    agent = talk.assistant.agent

    def over() -> bool:
        for one in agent.pending():
            if isinstance(one, Question):
                agent.answer_consent(one.message_id, one.call_id, "once")
        return talk.sent is not None and talk.sent.answer_id in talk.ended

    talk.until(over)
