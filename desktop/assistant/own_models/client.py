"""Has something done with a person's own models by a process of its own. Reads no model itself.

job = Job(on_report, on_end)
job.start(Look(("/models/Qwen3-4B.gguf",)))
job.cancel()
"""

from __future__ import annotations

from collections.abc import Callable

from desktop.assistant.own_models.protocol import (
    Cancel,
    Cancelled,
    Failed,
    Last,
    Report,
    Wish,
    decode_report,
    encode_command,
)
from desktop.file_names import readable
from plugins.errors import phrase
from runtime.process.own_program import process_command
from runtime.process.task import Ended, Task

CLEAR_UP_S = 2.0
"""Seconds to clear up in when the window closes."""


def own_models_command() -> list[str]:
    """The command line of the process, from source and in a frozen app."""
    return process_command("desktop.assistant.own_models.process")


class Job:
    """One thing that is done.

    Threads: `start`, `cancel` and `wait` from any; the callbacks come on a thread of its own.
    """

    def __init__(
        self, on_report: Callable[[Report], object], on_end: Callable[[Last], object]
    ) -> None:
        """`on_report` gets every report but the last, which `on_end` gets."""
        self._on_end = on_end
        self._cancelled = False
        self._task: Task[Report] = Task(
            own_models_command(),
            decode_report,
            lambda report: isinstance(report, Last),
            on_report,
            self._ended,
        )

    def start(self, wish: Wish) -> None:
        """Begin; returns at once."""
        try:
            command = encode_command(wish)
        except UnicodeEncodeError as error:
            self._on_end(_unwritable(error.object))
            return
        self._task.start(command, encode_command(Cancel()))

    def cancel(self) -> None:
        """Stop soon, and leave nothing half-made; returns at once."""
        self._cancelled = True
        self._task.cancel()

    def wait(self) -> None:
        """Wait for the end."""
        self._task.wait()

    def close(self) -> None:
        """Stop it and wait for the end, which comes soon in any case."""
        self.cancel()
        if not self._task.wait(CLEAR_UP_S):
            self._task.kill()
            self._task.wait()

    def _ended(self, ended: Ended[Report]) -> None:
        if isinstance(ended.last, Last):
            self._on_end(ended.last)
        elif self._cancelled:
            self._on_end(Cancelled())
        elif ended.not_started is not None:
            self._on_end(_not_started(ended.not_started))
        else:
            self._on_end(_died(ended.code))


def _unwritable(path: str) -> Failed:
    return Failed(
        phrase(
            "{path}: expected a path written in UTF-8, found other bytes in it. Give the file and "
            "its folders another name.",
            path=readable(path),
        )
    )


def _not_started(error: OSError) -> Failed:
    return Failed(
        phrase(
            "expected the process for your models to start, found: {error}. Free some memory, then "
            "try again.",
            error=error.strerror or str(error),
        )
    )


def _died(code: int) -> Failed:
    return Failed(
        phrase(
            "expected the process for your models to go on, found that it ended (exit code "
            "{code}), perhaps because memory ran out. Close other programs, then try again.",
            code=code,
        )
    )
