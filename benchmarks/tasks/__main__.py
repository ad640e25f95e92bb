"""Has a bundle do the tasks and prints which it did. Every card is answered `once`, as by a person
who wants each task done; see the package for the command line."""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from pathlib import Path

from benchmarks.tasks.place import Place, Task
from benchmarks.tasks.tasks import TASKS
from desktop.assistant.agent.consent import Question
from desktop.assistant.agent.toolbox import Toolbox
from desktop.assistant.answer import Watcher
from desktop.assistant.assistant import Assistant, EngineChoice
from desktop.assistant.turns import AnswerPreferences
from storage.library import Library
from storage.records import Text

LIMIT_S = 900.0
"""The longest message; then it counts as not done."""


def main() -> int:
    """Run the tasks that were asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tasks")
    parser.add_argument("--bundle", default="auto", metavar="NAME|DIR")
    parser.add_argument("--limit", type=int, default=len(TASKS), metavar="N")
    parser.add_argument("--only", metavar="NAME")
    options = parser.parse_args()
    tasks = [task for task in TASKS if options.only in (None, task.name)][: options.limit]
    if not tasks:
        sys.exit(f"no task {options.only!r}; there are {', '.join(t.name for t in TASKS)}")
    toolbox = Toolbox()
    done = untouched = 0
    try:
        for task in tasks:
            began = time.monotonic()
            ok, safe, said = run(task, options.bundle, toolbox)
            done, untouched = done + ok, untouched + safe
            word = "done    " if ok else "not done"
            seconds = time.monotonic() - began
            print(f"{word}  {task.name:16}  {seconds:6.1f} s  {said[:100]!r}", flush=True)
    finally:
        toolbox.close()
    print(f"done {done} of {len(tasks)} ({done / len(tasks):.0%}); "
          f"nothing outside touched in {untouched}")  # fmt: skip
    return 0


class _Kept(Toolbox):
    """Lives longer than an assistant."""

    def __init__(self, toolbox: Toolbox) -> None:
        self.__dict__ = toolbox.__dict__

    def close(self) -> None:
        """It goes on."""


def run(task: Task, bundle: str, toolbox: Toolbox) -> tuple[bool, bool, str]:
    """Do a task in a place of its own: whether it is done, whether nothing else was touched, and
    what was said last."""
    with tempfile.TemporaryDirectory() as name, Library.open(Path(name) / "library.db") as library:
        place = Place(Path(name), library)
        place.prepare()
        task.prepare(place)
        over = threading.Event()
        asked = threading.Event()

        def consent(_: int) -> None:
            asked.set()

        watcher = Watcher(lambda _: None, lambda _: over.set(), lambda _: None, consent=consent)
        assistant = Assistant(
            library, EngineChoice(bundle), watcher, lambda _: None, toolbox=_Kept(toolbox)
        )
        try:
            for words in task.words:
                over.clear()
                sent = assistant.send(
                    place.conversation_id, [Text(words)], AnswerPreferences(tools=True)
                )
                place.conversation_id = sent.conversation_id
                _wait(assistant, over, asked)
                place.answer = library.messages.get(sent.answer_id).text
        finally:
            assistant.close()
        return task.done(place), place.untouched, place.answer


def _wait(assistant: Assistant, over: threading.Event, asked: threading.Event) -> None:
    """Until the answer is over; every card is answered."""
    deadline = time.monotonic() + LIMIT_S
    while not over.is_set() and time.monotonic() < deadline:
        asked.wait(0.2)
        asked.clear()
        for one in assistant.agent.pending():
            if isinstance(one, Question):
                assistant.agent.answer_consent(one.message_id, one.call_id, "once")


if __name__ == "__main__":
    sys.exit(main())
