"""The plugin bus: gives a condition to the renderer of its modality and contains its failures.

A modality has one renderer, and may have substitutes for captions that it does not know, which are
asked in the order of registration. One render runs at a time, on a worker thread. A renderer that
raises, hangs or returns invalid data only fails its own artifact, with a reason. Knows no torch and
no renderer by name.

Threads: a dispatcher takes jobs in order and watches the clock; a worker runs them. A worker whose
renderer hangs is abandoned (it is a daemon, and its stage says `cancelled`), and a fresh one
takes the next job.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from functools import partial

from plugins.api import Artifact, Condition, Parameter, ParameterValue, Renderer
from plugins.bus_jobs import (
    Choice,
    Factory,
    Job,
    Slot,
    Worker,
    choose,
    render,
    settle,
    too_slow,
    wait,
)
from plugins.errors import BugError, Cancelled, KnownError
from plugins.stage import RenderStage

DEFAULT_LIMIT_S = 600.0
"""Seconds that a renderer may stay silent."""
CLOSE_S = 5.0
"""Seconds that closing waits for the threads; a hung renderer ends with the process."""


class Bus:
    """Renderers by modality. Every method may be called from any thread and returns at once."""

    def __init__(self, on_work: Callable[[str], None] | None = None) -> None:
        """Start without renderers.

        `on_work` is called on the bus's own thread with a renderer's id before any of its code
        runs, and with an empty text when it has ended. If the process crashes, this names the
        renderer that was running.
        """
        self._on_work = on_work or _tell_nobody
        self._lock = threading.Lock()
        self._slots: dict[str, list[Slot]] = {}
        """The registered renderers by modality, in the order of registration."""
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._open: set[Job] = set()
        self._dispatcher: threading.Thread | None = None
        self._closed = False

    def register(
        self,
        renderer: Renderer | Factory,
        *,
        modality: str = "",
        renderer_id: str = "",
        stands_in: bool = False,
    ) -> Callable[[], None]:
        """Make a renderer known; returns the undo, which may be called more than once.

        Args:
            renderer: a renderer, or what makes one at its first use (on the worker thread).
            modality: needed with a factory; a renderer says its own.
            renderer_id: needed with a factory; a renderer says its own.
            stands_in: for captions that the renderers registered before it do not know.

        Raises:
            KnownError: the modality or the id is taken; what is registered is named.
        """
        slot = _slot(renderer, modality, renderer_id, stands_in)
        with self._lock:
            for other in (one for slots in self._slots.values() for one in slots):
                taken = slot.modality == other.modality and not stands_in
                if taken or slot.renderer_id == other.renderer_id:
                    raise KnownError(
                        "renderer {renderer_id} for {modality}: {renderer_id_2} is already "
                        "registered for {modality_2}; undo that registration first.",
                        renderer_id=slot.renderer_id,
                        modality=slot.modality,
                        renderer_id_2=other.renderer_id,
                        modality_2=other.modality,
                    )
            self._slots.setdefault(slot.modality, []).append(slot)

        def undo() -> None:
            with self._lock:
                slots = [one for one in self._slots.get(slot.modality, ()) if one is not slot]
                self._slots.pop(slot.modality, None)
                if slots:
                    self._slots[slot.modality] = slots

        return undo

    def renderers(self) -> dict[str, tuple[str, ...]]:
        """Renderer ids by modality, substitutes last."""
        with self._lock:
            return {
                modality: tuple(slot.renderer_id for slot in slots)
                for modality, slots in self._slots.items()
            }

    def choose(
        self,
        modality: str,
        caption: str,
        stage: RenderStage,
        *,
        limit_s: float = DEFAULT_LIMIT_S,
    ) -> Future[Choice]:
        """Ask the renderers of a modality, in order, which of them knows a caption.

        Returns:
            A future, settled on the worker thread: making a renderer at its first use may take
            seconds. It raises `RenderFailed` or `Cancelled` as that of `submit`.

        Raises:
            KnownError: no renderer for this modality; the known ones are listed.
        """
        first = self._slot(modality)
        with self._lock:
            slots = tuple(self._slots[modality])
        future: Future[Choice] = Future()
        self._put(Job(first, stage, limit_s, lambda: choose(slots, caption), future))
        return future

    def parameters(
        self, modality: str, stage: RenderStage, *, limit_s: float = DEFAULT_LIMIT_S
    ) -> Future[tuple[Parameter, ...]]:
        """What the first renderer of a modality declares.

        Returns:
            A future, as that of `choose`.

        Raises:
            KnownError: no renderer for this modality; the known ones are listed.
        """
        slot = self._slot(modality)
        future: Future[tuple[Parameter, ...]] = Future()
        work = partial(_declared, slot)
        self._put(Job(slot, stage, limit_s, work, future))
        return future

    def prepare(
        self,
        modality: str,
        stage: RenderStage,
        *,
        renderer_id: str = "",
        limit_s: float = DEFAULT_LIMIT_S,
    ) -> None:
        """Load early, on the worker thread. A failure is reported by the following render.

        Raises:
            KnownError: no such renderer for this modality; the known ones are listed.
        """
        slot = self._slot(modality, renderer_id)

        def work() -> None:
            slot.renderer().prepare(stage)

        self._put(Job(slot, stage, limit_s, work, None))

    def submit(
        self,
        modality: str,
        condition: Condition,
        parameters: Mapping[str, ParameterValue],
        stage: RenderStage,
        *,
        renderer_id: str = "",
        limit_s: float = DEFAULT_LIMIT_S,
    ) -> Future[Artifact]:
        """Render one artifact after those before it.

        Args:
            modality: `image`, `audio`, `video` or what a plugin brings.
            condition: what to render.
            parameters: over the renderer's defaults; checked against its declarations. One that
                stands in gets those that it declares.
            stage: a fresh stage.
            renderer_id: which of the modality's renderers; empty is the first.
            limit_s: seconds that may pass without a further step, loading included. Time spent
                waiting for earlier jobs does not count.

        Returns:
            A future that holds the artifact, or raises `RenderFailed` or `Cancelled`.

        Raises:
            KnownError: no such renderer for this modality; the known ones are listed.
        """
        slot = self._slot(modality, renderer_id)
        future: Future[Artifact] = Future()

        def work() -> Artifact:
            return render(slot, condition, parameters, stage)

        self._put(Job(slot, stage, limit_s, work, future))
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

    def _slot(self, modality: str, renderer_id: str = "") -> Slot:
        with self._lock:
            slots = tuple(self._slots.get(modality, ()))
            known = ", ".join(sorted(self._slots)) or "none"
        if not slots:
            raise KnownError(
                "expected something that can make {modality}, found no renderer for it; known: "
                "{known}. Ask for one of these, or switch on a plugin that makes it.",
                modality=repr(modality),
                known=known,
            )
        for slot in slots:
            if renderer_id in ("", slot.renderer_id):
                return slot
        names = ", ".join(slot.renderer_id for slot in slots)
        raise KnownError(
            "expected a renderer for {modality} that is here, found no {renderer_id}; known: "
            "{names}. Choose one of these, or switch on its plugin.",
            renderer_id=repr(renderer_id),
            modality=repr(modality),
            names=names,
        )

    def _put(self, job: Job) -> None:
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
        worker = Worker()
        while (job := self._jobs.get()) is not None:
            if not self._run(job, worker):
                worker.end()
                worker = Worker()
            with self._lock:
                self._open.discard(job)
        worker.end()

    def _run(self, job: Job, worker: Worker) -> bool:
        """Run one job to its end; False when its worker had to be abandoned."""
        if job.future is not None and not job.future.set_running_or_notify_cancel():
            return True
        if job.stage.cancelled():
            settle(job, Cancelled("the rendering was stopped"))
            return True
        if job.future is not None and job.slot.trouble:
            trouble, job.slot.trouble = job.slot.trouble, None
            settle(job, KnownError("it could not be made ready: {trouble}", trouble=trouble))
            return True
        job.stage.begin()
        self._on_work(job.slot.renderer_id)
        worker.start(job)
        ended = wait(job)
        self._on_work("")
        if ended:
            settle(job, job.error)
            return True
        stopped = job.stage.cancelled()
        job.stage.cancel()
        job.slot.instance = None
        settle(job, Cancelled("stopped") if stopped else too_slow(job.limit_s))
        return False


def _declared(slot: Slot) -> tuple[Parameter, ...]:
    return tuple(slot.renderer().parameters)


def _slot(renderer: Renderer | Factory, modality: str, renderer_id: str, stands_in: bool) -> Slot:
    if isinstance(renderer, Renderer):
        made = renderer
        return Slot(made.modality, made.id, lambda: made, stands_in)
    if not modality or not renderer_id:
        raise BugError("a renderer factory needs its modality and renderer_id")
    return Slot(modality, renderer_id, renderer, stands_in)


def _tell_nobody(_: str) -> None:
    """Ignore who is at work: the default for `on_work`."""
