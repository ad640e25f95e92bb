"""Asks helper processes what a file is. Decodes nothing itself and imports no media library.

Thread contract: `look` may be called from any thread and waits; some looks go on beside each other,
each in a process of its own, so that a file that takes long holds up no other.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from desktop.assistant.helper_process import HelperProcess
from desktop.assistant.media_probe.protocol import (
    LIMIT_S,
    Look,
    Probed,
    ProbeFailed,
    RefusedFileError,
    decode_outcome,
    encode,
)
from plugins.errors import KnownError, Problem, phrase
from plugins.printable import shown
from runtime.process.own_program import process_command

AT_ONCE = 3
"""Looks beside each other; more would only slow each other down."""
_CLOSING = "media are no longer looked at: Medley is closing."


def probe_command() -> list[str]:
    """The command line of a helper, from source and in a frozen app."""
    return process_command("desktop.assistant.media_probe.process")


class MediaProbe:
    """The helper processes. One stays between looks; others come where looks meet."""

    def __init__(self) -> None:
        self._room = threading.BoundedSemaphore(AT_ONCE)
        self._lock = threading.Lock()
        """Guards the three below."""
        self._idle: list[HelperProcess] = []
        self._busy: set[HelperProcess] = set()
        self._closed = False

    @property
    def started(self) -> int:
        """How many helpers there are now."""
        with self._lock:
            return len(self._idle) + len(self._busy)

    def start(self) -> None:
        """Have a helper ready for the first look, which comes sooner then.

        Raises:
            KnownError: it cannot be started, or everything was closed.
        """
        with self._helper() as helper:
            helper.start()

    def look(self, path: Path, claimed: str = "") -> Probed:
        """What the file is, with what stands for it; `claimed` is what `Look` has.

        Raises:
            RefusedFileError: no picture, sound or clip; broken; or so broken that its decoder
                crashed.
            KnownError: no helper can be started, or everything was closed.
        """
        with self._room, self._helper() as helper:
            outcome = _outcome(helper.ask(encode(Look(str(path), claimed))))
        if outcome is None and self._closed:
            raise KnownError(_CLOSING)
        if outcome is None:
            raise RefusedFileError(
                "{path}: expected a readable picture, sound or clip, found a file that "
                "brings its decoder down. Choose another file.",
                "broken",
                path=path.name,
            )
        if isinstance(outcome, ProbeFailed):
            # A person knows the file by its name, not by where a copy of it lies.
            raise RefusedFileError(_by_name(outcome.problem, path), outcome.refusal)
        return outcome

    def close(self) -> None:
        """End the helpers. Looks fail from now on."""
        with self._lock:
            self._closed = True
            helpers = [*self._idle, *self._busy]
            self._idle = []
        for helper in helpers:
            helper.close()

    @contextmanager
    def _helper(self) -> Iterator[HelperProcess]:
        """A helper that nobody else asks meanwhile."""
        with self._lock:
            if self._closed:
                raise KnownError(_CLOSING)
            helper = self._idle.pop() if self._idle else _new_helper()
            self._busy.add(helper)
        try:
            yield helper
        finally:
            with self._lock:
                self._busy.remove(helper)
                stays = not self._closed and not self._idle
                if stays:
                    self._idle.append(helper)
            if not stays:
                helper.close()


def _new_helper() -> HelperProcess:
    return HelperProcess(probe_command(), phrase("looks at media"), LIMIT_S)


def _outcome(answer: bytes | None) -> Probed | ProbeFailed | None:
    try:
        return None if answer is None else decode_outcome(answer)
    except msgspec.DecodeError:
        return None


def _by_name(problem: Problem, path: Path) -> Problem:
    """The problem with the file's name in place of its path."""
    named = {
        key: path.name if value == str(path) or value == shown(path) else value
        for key, value in problem.arguments.items()
    }
    return msgspec.structs.replace(
        problem, template=problem.template.removeprefix("medium "), arguments=named
    )
