"""The plugin bus: hands a condition to the renderer of its modality and keeps trouble local.

One render at a time on a worker thread. A renderer that raises, hangs or returns rubbish fails its
own artifact with a reason and nothing else. Knows no torch and no renderer by name.

Threads: a dispatcher takes jobs in order and watches the clock; a worker runs them. A worker whose
renderer hangs is abandoned (it is a daemon, and its stage says `cancelled`), and a fresh one
takes the next job.
"""

from __future__ import annotations

import queue
import re
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from plugins.api import Artifact, Condition, ParameterValue, Recipe, Renderer, check_parameters
from plugins.errors import BugError, Cancelled, KnownError
from plugins.stage import RenderStage

Factory = Callable[[], Renderer]
DEFAULT_LIMIT_S = 600.0
"""Seconds that a renderer may stay silent."""
GRACE_S = 30.0
"""Seconds that a cancelled renderer gets to notice."""
CLOSE_S = 5.0
"""Seconds that closing waits for the threads; a hung renderer ends with the process."""
LOOK_S = 0.2
"""Seconds between looks at the clock and at `cancelled`."""
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,12}")


class RenderFailed(KnownError):  # noqa: N818  (an outcome, not our error)
    """One artifact could not be made; everything else stands."""

    def __init__(self, modality: str, renderer: str, reason: str) -> None:
        super().__init__(f"{modality}: renderer {renderer} failed: {reason}")
        self.modality = modality
        self.renderer = renderer
        self.reason = reason


@dataclass(eq=False)
class _Slot:
    """One registered renderer; made at its first use, on the worker thread."""

    modality: str
    renderer_id: str
    factory: Factory
    instance: Renderer | None = None
    trouble: str = ""
    """Why the last `prepare` failed; told by the next render."""

    def renderer(self) -> Renderer:
        if self.instance is None:
            made: Any = self.factory()
            if not isinstance(made, Renderer) or made.modality != self.modality:
                raise KnownError(
                    f"expected a renderer of {self.modality}, found {type(made).__name__}; "
                    "the plugin is broken, switch it off."
                )
            self.instance = made
        return self.instance


@dataclass(eq=False)
class _Job:
    """Work for the worker, and what came of it."""

    slot: _Slot
    stage: RenderStage
    limit_s: float
    work: Callable[[], Artifact | None]
    future: Future[Artifact] | None
    """None for a `prepare`."""
    done: threading.Event = field(default_factory=threading.Event)
    result: Artifact | None = None
    error: BaseException | None = None

    def run(self) -> None:
        try:
            self.result = self.work()
        except BaseException as error:  # noqa: BLE001  a plugin may raise anything, even SystemExit
            self.error = error
        self.done.set()


class _Worker:
    """A daemon thread that runs jobs until told to end."""

    def __init__(self) -> None:
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        threading.Thread(target=self._loop, name="renderer", daemon=True).start()

    def start(self, job: _Job) -> None:
        self._jobs.put(job)

    def end(self) -> None:
        self._jobs.put(None)

    def _loop(self) -> None:
        while (job := self._jobs.get()) is not None:
            job.run()


class Bus:
    """Renderers by modality. Every method may be called from any thread and returns at once."""

    def __init__(self, on_work: Callable[[str], None] | None = None) -> None:
        """`on_work` is told a renderer's id before any of its code runs, and an empty text when it
        has ended, on the bus's own thread: whoever watches this process learns who was at work."""
        self._on_work = on_work or _tell_nobody
        self._lock = threading.Lock()
        self._slots: dict[str, _Slot] = {}
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._open: set[_Job] = set()
        self._dispatcher: threading.Thread | None = None
        self._closed = False

    def register(
        self, renderer: Renderer | Factory, *, modality: str = "", renderer_id: str = ""
    ) -> Callable[[], None]:
        """Make a renderer known; returns the undo, which may be called more than once.

        Args:
            renderer: a renderer, or what makes one at its first use (on the worker thread).
            modality: needed with a factory; a renderer says its own.
            renderer_id: needed with a factory; a renderer says its own.

        Raises:
            KnownError: the modality or the id is taken; what is registered is named.
        """
        slot = _slot(renderer, modality, renderer_id)
        with self._lock:
            for other in self._slots.values():
                if slot.modality == other.modality or slot.renderer_id == other.renderer_id:
                    raise KnownError(
                        f"renderer {slot.renderer_id} for {slot.modality}: {other.renderer_id} is "
                        f"already registered for {other.modality}; undo that registration first."
                    )
            self._slots[slot.modality] = slot

        def undo() -> None:
            with self._lock:
                if self._slots.get(slot.modality) is slot:
                    del self._slots[slot.modality]

        return undo

    def renderers(self) -> dict[str, str]:
        """Renderer ids by modality."""
        with self._lock:
            return {modality: slot.renderer_id for modality, slot in self._slots.items()}

    def prepare(
        self, modality: str, stage: RenderStage, *, limit_s: float = DEFAULT_LIMIT_S
    ) -> None:
        """Early start: load on the worker thread. A failure is told by the following render.

        Raises:
            KnownError: no renderer for this modality; the known ones are listed.
        """
        slot = self._slot(modality)

        def work() -> None:
            slot.renderer().prepare(stage)

        self._put(_Job(slot, stage, limit_s, work, None))

    def submit(
        self,
        modality: str,
        condition: Condition,
        parameters: Mapping[str, ParameterValue],
        stage: RenderStage,
        *,
        limit_s: float = DEFAULT_LIMIT_S,
    ) -> Future[Artifact]:
        """Render one artifact after those before it.

        Args:
            modality: `image`, `audio`, `video` or what a plugin brings.
            condition: what to render.
            parameters: over the renderer's defaults; checked against its declarations.
            stage: a fresh stage.
            limit_s: seconds that may pass without a further step, loading included. Time spent
                waiting for earlier jobs does not count.

        Returns:
            A future that holds the artifact, or raises `RenderFailed` or `Cancelled`.

        Raises:
            KnownError: no renderer for this modality; the known ones are listed.
        """
        slot = self._slot(modality)
        future: Future[Artifact] = Future()

        def work() -> Artifact:
            return _render(slot, condition, parameters, stage)

        self._put(_Job(slot, stage, limit_s, work, future))
        return future

    def close(self) -> None:
        """Cancel everything and end the threads; futures that wait raise `Cancelled`."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            waiting, dispatcher = list(self._open), self._dispatcher
        for job in waiting:
            job.stage.cancel()
        self._jobs.put(None)
        if dispatcher is not None and dispatcher is not threading.current_thread():
            dispatcher.join(timeout=CLOSE_S)

    def _slot(self, modality: str) -> _Slot:
        with self._lock:
            slot = self._slots.get(modality)
            known = ", ".join(sorted(self._slots)) or "none"
        if slot is None:
            raise KnownError(f"no renderer for {modality!r}; known: {known}.")
        return slot

    def _put(self, job: _Job) -> None:
        with self._lock:
            if self._closed:
                raise BugError("the bus is closed")
            self._open.add(job)
            if self._dispatcher is None:
                self._dispatcher = threading.Thread(
                    target=self._dispatch, name="plugin-bus", daemon=True
                )
                self._dispatcher.start()
            self._jobs.put(job)

    def _dispatch(self) -> None:
        worker = _Worker()
        while (job := self._jobs.get()) is not None:
            if not self._run(job, worker):
                worker.end()
                worker = _Worker()
            with self._lock:
                self._open.discard(job)
        worker.end()

    def _run(self, job: _Job, worker: _Worker) -> bool:
        """Run one job to its end; False when its worker had to be abandoned."""
        if job.future is not None and not job.future.set_running_or_notify_cancel():
            return True
        if job.stage.cancelled():
            _settle(job, Cancelled("the rendering was stopped"))
            return True
        if job.future is not None and job.slot.trouble:
            trouble, job.slot.trouble = job.slot.trouble, ""
            _settle(job, KnownError(f"it could not be made ready: {trouble}"))
            return True
        job.stage.begin()
        self._on_work(job.slot.renderer_id)
        worker.start(job)
        ended = _wait(job)
        self._on_work("")
        if ended:
            _settle(job, job.error)
            return True
        stopped = job.stage.cancelled()
        job.stage.cancel()
        job.slot.instance = None
        _settle(job, Cancelled("stopped") if stopped else KnownError(_too_slow(job.limit_s)))
        return False


def _tell_nobody(_: str) -> None:
    pass


def _slot(renderer: Renderer | Factory, modality: str, renderer_id: str) -> _Slot:
    if isinstance(renderer, Renderer):
        made = renderer
        return _Slot(made.modality, made.id, lambda: made)
    if not modality or not renderer_id:
        raise BugError("a renderer factory needs its modality and renderer_id")
    return _Slot(modality, renderer_id, renderer)


def _render(
    slot: _Slot,
    condition: Condition,
    parameters: Mapping[str, ParameterValue],
    stage: RenderStage,
) -> Artifact:
    renderer = slot.renderer()
    values = check_parameters(renderer.parameters, parameters)
    artifact = renderer.render(condition, values, stage)
    if rubbish := _rubbish(artifact, slot.modality):
        raise KnownError(
            f"expected an artifact of {slot.modality!r} with its bytes, found {rubbish}; "
            "the plugin is broken, switch it off."
        )
    return artifact


def _rubbish(artifact: Any, modality: str) -> str:
    """What is wrong with what a plugin returned; empty when nothing is."""
    if not isinstance(artifact, Artifact):
        return f"a {type(artifact).__name__}"
    if artifact.modality != modality:
        return f"an artifact of {artifact.modality!r}"
    data: Any = artifact.data
    if not isinstance(data, bytes) or not data:
        return "an artifact without bytes"
    extension: Any = artifact.extension
    if not isinstance(extension, str) or not _EXTENSION.fullmatch(extension):
        return f"an artifact with the file name extension {extension!r}"
    recipe: Any = artifact.recipe
    return "" if isinstance(recipe, Recipe) else "an artifact without a recipe"


def _wait(job: _Job) -> bool:
    """Whether the job ended by itself in time."""
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


def _settle(job: _Job, error: BaseException | None) -> None:
    """Tell whoever waits; a failed `prepare` is remembered instead."""
    slot, future = job.slot, job.future
    if isinstance(error, Cancelled) and not job.stage.cancelled():
        error = KnownError("it stopped by itself although nobody asked it to.")
    if future is None:
        slot.trouble = "" if error is None or isinstance(error, Cancelled) else _reason(error)
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


def _reason(error: BaseException) -> str:
    text = " ".join(str(error).split())
    if isinstance(error, KnownError):
        return text
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _too_slow(limit_s: float) -> str:
    return (
        f"expected a further step within {limit_s:g} s, found none; "
        "try fewer steps or a smaller size, or switch the plugin off."
    )
