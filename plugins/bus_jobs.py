"""The bus's parts: registered renderers, jobs, the worker thread.

Knows renderers by their contract; decides nothing about order or time. Used by `plugins.bus` alone.
"""

from __future__ import annotations

import itertools
import queue
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from plugins.api import Artifact, Condition, ParameterValue, Renderer, check_parameters
from plugins.artifact_check import rubbish
from plugins.errors import BugError, Cancelled, KnownError, Problem, phrase
from plugins.printable import one_line
from plugins.stage import RenderStage

Factory = Callable[[], Renderer]
GRACE_S = 30.0
"""Seconds that a cancelled renderer gets to notice."""
_REASON, _WORDS, _WORD = 1000, 20, 100
"""Characters of a reason, words that are said to be unknown, and characters of one."""
LOOK_S = 0.2
"""Seconds between looks at the clock and at `cancelled`."""


class RenderFailed(KnownError):  # noqa: N818  (an outcome, not our error)
    """One artifact could not be made; the others are not affected."""

    def __init__(self, modality: str, renderer: str, reason: Problem) -> None:
        super().__init__(
            "{modality}: renderer {renderer} failed: {reason}",
            reason.kind or "plugin",
            modality=modality,
            renderer=renderer,
            reason=reason,
        )
        self.modality = modality
        self.renderer = renderer
        self.reason = reason


@dataclass(eq=False)
class Slot:
    """One registered renderer; made at its first use, on the worker thread."""

    modality: str
    renderer_id: str
    factory: Factory
    stands_in: bool = False
    instance: Renderer | None = None
    trouble: Problem | None = None
    """Why the last `prepare` failed; told by the next render."""

    def renderer(self) -> Renderer:
        if self.instance is None:
            made: Any = self.factory()
            if not isinstance(made, Renderer) or made.modality != self.modality:
                raise KnownError(
                    "expected a renderer of {modality}, found {made_type}; the plugin is "
                    "broken, switch it off.",
                    "plugin",
                    modality=self.modality,
                    made_type=type(made).__name__,
                )
            self.instance = made
        return self.instance


@dataclass(frozen=True)
class Choice:
    """The choice of a modality's renderer for a caption."""

    renderer_id: str | None
    """None: there is none that knows all of its words."""
    unknown: tuple[str, ...] = ()
    """Then the words that the renderer which knows most does not know."""


@dataclass(eq=False)
class Job:
    """Work for the worker, and what came of it."""

    slot: Slot
    stage: RenderStage
    limit_s: float
    work: Callable[[], Any]
    future: Future[Any] | None
    """None for a `prepare`."""
    done: threading.Event = field(default_factory=threading.Event)
    result: Any = None
    error: BaseException | None = None

    def run(self) -> None:
        try:
            self.result = self.work()
        except BaseException as error:  # noqa: BLE001  a plugin may raise anything, even SystemExit
            self.error = error
        self.done.set()


class Worker:
    """A daemon thread that runs jobs until told to end."""

    def __init__(self) -> None:
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        threading.Thread(target=self._loop, name="renderer", daemon=True).start()

    def start(self, job: Job) -> None:
        self._jobs.put(job)

    def end(self) -> None:
        self._jobs.put(None)

    def _loop(self) -> None:
        while (job := self._jobs.get()) is not None:
            job.run()


def choose(slots: Sequence[Slot], caption: str) -> Choice:
    """The first renderer that knows the caption. A renderer that cannot be made knows nothing,
    unless it is the only one: then its error is raised."""
    fewest: tuple[str, ...] | None = None
    for slot in slots:
        try:
            unknown = _words(slot.renderer().unknown_words(caption))
        except Cancelled:
            raise
        except Exception:
            if len(slots) == 1:
                raise
            continue
        if not unknown:
            return Choice(slot.renderer_id)
        if fewest is None or len(unknown) < len(fewest):
            fewest = unknown
    return Choice(None, fewest or ())


def _words(said: Iterable[Any]) -> tuple[str, ...]:
    """Some words that a plugin does not know, as they may be shown."""
    return tuple(one_line(str(word))[:_WORD] for word in itertools.islice(said, _WORDS))


def render(
    slot: Slot,
    condition: Condition,
    parameters: Mapping[str, ParameterValue],
    stage: RenderStage,
) -> Artifact:
    renderer = slot.renderer()
    if slot.stands_in:
        declared = {parameter.name for parameter in renderer.parameters}
        parameters = {name: value for name, value in parameters.items() if name in declared}
    values = check_parameters(renderer.parameters, parameters)
    artifact = renderer.render(condition, values, stage)
    if found := rubbish(artifact, slot.modality):
        raise KnownError(
            "expected an artifact of {modality} with its bytes, found {found}; the plugin is "
            "broken, switch it off.",
            "plugin",
            modality=repr(slot.modality),
            found=found,
        )
    return artifact


def wait(job: Job) -> bool:
    """True if the job ended by itself in time."""
    asked_to_stop: float | None = None
    while not job.done.wait(min(LOOK_S, job.limit_s)):
        now = time.monotonic()
        if now - job.stage.advanced_at >= job.limit_s:
            return job.done.is_set()
        if asked_to_stop is None and job.stage.cancelled():
            asked_to_stop = now
        if asked_to_stop is not None and now - asked_to_stop >= GRACE_S:
            return job.done.is_set()
    return True


def settle(job: Job, error: BaseException | None) -> None:
    """Settle the job's future; for a failed `prepare`, remember the error."""
    slot, future = job.slot, job.future
    if isinstance(error, Cancelled) and not job.stage.cancelled():
        error = KnownError(
            "expected it to make something or to say why not, found that it stopped by itself. "
            "Ask again; if that does not help, switch the plugin off."
        )
    if future is None:
        slot.trouble = None if error is None or isinstance(error, Cancelled) else _reason(error)
    elif error is None:
        if job.result is None:
            raise BugError("a render ended without a result or an error")
        future.set_result(job.result)
    elif isinstance(error, Cancelled):
        future.set_exception(error)
    else:
        failed = RenderFailed(slot.modality, slot.renderer_id, _reason(error))
        failed.__cause__ = error
        future.set_exception(failed)


def _reason(error: BaseException) -> Problem:
    try:
        text = one_line(str(error))[:_REASON]
        if isinstance(error, KnownError):
            return error.problem if text == str(error) else Problem(text, kind=error.problem.kind)
    except Exception:  # noqa: BLE001  an error of a plugin may not even be able to say what it is
        text = ""
    kind = type(error).__name__
    return phrase("{error_type}: {said}", error_type=kind, said=text) if text else Problem(kind)


def too_slow(limit_s: float) -> KnownError:
    return KnownError(
        "expected it to go on within {limit_s:g} s, found that it stands still, so it was given "
        "up. Ask for fewer steps or a smaller size, close other programs, or switch the plugin "
        "off.",
        limit_s=limit_s,
    )
