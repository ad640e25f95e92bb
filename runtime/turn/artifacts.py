"""The artifacts of one answer: submits them to the bus and relays what happens as events.

Knows the bus and the messages; knows no language model and no torch.
"""

from __future__ import annotations

import functools
import hashlib
import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future

from plugins.api import Artifact, Condition, ParameterValue
from plugins.bus import Bus
from plugins.bus_jobs import Choice
from plugins.errors import Cancelled, KnownError, Problem, phrase, problem_of
from plugins.stage import MemoryLike, OnProgress, RenderStage
from runtime.messages import ArtifactFailed, ArtifactReady, Event, RenderProgress, SignalStarted

STOPPED = Problem("it was stopped before it was finished.", kind="stopped")
"""Reason of an artifact that somebody did not want any more."""


def artifact_seed(turn_seed: int, index: int) -> int:
    """Seed of the artifact number `index` of an answer: 31 bits that depend on both."""
    digest = hashlib.sha256(f"{turn_seed}:{index}".encode()).digest()
    return int.from_bytes(digest[:4], "big") & 0x7FFFFFFF


ConditionOf = Callable[[str, str, str, Callable[[], bool]], Condition]
"""Makes the condition of a modality for a caption and a renderer; see `runtime.turn.captions`."""


class TimedStage(RenderStage):
    """A stage that knows when its renderer began."""

    began_at: float | None = None
    """`time.perf_counter()`; None while it waits for its turn."""

    def begin(self) -> None:
        """The renderer starts now; called by the bus."""
        super().begin()
        self.began_at = time.perf_counter()

    @property
    def elapsed_s(self) -> float:
        """Seconds since the renderer began, 0 before."""
        return 0.0 if self.began_at is None else time.perf_counter() - self.began_at


class ArtifactStops:
    """Stops single artifacts of one answer by their index. Every method from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stopped: set[int] = set()
        self._watching: dict[int, list[Callable[[], None]]] = {}

    def stop(self, index: int) -> None:
        """Stop one artifact, whether it is begun, waiting or not yet asked for."""
        with self._lock:
            self._stopped.add(index)
            watching = self._watching.pop(index, [])
        for tell in watching:
            tell()

    def watch(self, index: int, tell: Callable[[], None]) -> None:
        """Call `tell` once when the artifact is stopped; at once if it is already."""
        with self._lock:
            if index not in self._stopped:
                self._watching.setdefault(index, []).append(tell)
                return
        tell()


class TurnRenders:
    """All artifacts of one answer, by index.

    `begin`, `submit` and the iterators belong to the answering thread; what renderers report
    comes from the bus's threads through a queue.
    """

    def __init__(
        self,
        bus: Bus,
        *,
        memory: Callable[[str], MemoryLike],
        device: str,
        seed: int,
        parameters: Mapping[str, Mapping[str, ParameterValue]],
        previews: bool,
        cancelled: threading.Event,
        stops: ArtifactStops,
        conditions: ConditionOf,
    ) -> None:
        self._bus = bus
        self._conditions = conditions
        self._cancelled = cancelled
        self._stops = stops
        self._seed = seed
        self._parameters = parameters
        self._memory = memory
        self._new_stage = functools.partial(
            TimedStage, device=device, wants_preview=previews, cancel=cancelled
        )
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._stages: list[TimedStage] = []
        self._modalities: list[str] = []
        self._open: set[int] = set()
        self._submitted: set[int] = set()
        self.seconds: list[float] = []
        """Seconds per artifact, 0 for one that failed."""
        self.asked = 0
        """Artifacts that a renderer was asked for."""
        self.made = 0
        """Artifacts that were finished."""
        self.problems: list[Problem] = []
        """Why others failed."""
        self.stopped = 0
        """The number of those that were stopped."""

    @property
    def begun(self) -> int:
        """Artifacts that were asked for so far."""
        return len(self._modalities)

    def begin(self, modality: str) -> SignalStarted:
        """The model has begun to ask for an artifact: warm its renderer up."""
        index = self.begun
        self._modalities.append(modality)
        self.seconds.append(0.0)
        self._open.add(index)
        stage = self._stage(index)
        self._bus.prepare(modality, stage)
        return SignalStarted(index, modality)

    def choose(self, modality: str, caption: str) -> Choice | None:
        """Wait for the choice of the renderer that knows the words of the latest artifact; None
        where that was stopped meanwhile, or failed."""
        try:
            return self._bus.choose(modality, caption, self._stage(self.begun - 1)).result()
        except Cancelled:
            self.fail(STOPPED)
        except KnownError as error:
            self.fail(error.problem)
        return None

    def submit(self, condition: Condition, renderer_id: str = "") -> None:
        """Render the artifact that was begun last, by the first renderer where none is named."""
        index = self.begun - 1
        modality = self._modalities[index]

        def on_progress(step: int, of: int, preview: bytes | None) -> None:
            self._events.put(RenderProgress(index, modality, step, of, preview))

        stage = self._stage(index, on_progress)
        self._submitted.add(index)
        parameters = self._parameters.get(modality, {})
        future = self._bus.submit(modality, condition, parameters, stage, renderer_id=renderer_id)
        self.asked += 1
        future.add_done_callback(
            lambda done: self._events.put(_outcome(index, modality, stage, done))
        )

    def submit_caption(self, caption: str, renderer_id: str = "") -> None:
        """Render the artifact that was begun last from its caption; without words it fails.

        Raises:
            Cancelled: it was stopped while its condition was made.
        """
        if not caption:
            self.fail(phrase("the model asked for it without saying what to show. Ask again."))
            return
        modality, stopped = self._modalities[-1], self._cancelled.is_set
        try:
            condition = self._conditions(modality, caption, renderer_id, stopped)
        except KnownError as error:
            self.fail(error.problem)
        else:
            self.submit(condition, renderer_id)

    def fail(self, problem: Problem) -> None:
        """The artifact that was begun last cannot be asked for."""
        index = self.begun - 1
        self._submitted.add(index)
        self._events.put(ArtifactFailed(index, self._modalities[index], problem))

    def ready(self) -> Iterator[Event]:
        """The events since the last call."""
        while not self._events.empty():
            yield self._noted(self._events.get())

    def wait(self) -> Iterator[Event]:
        """Wait until every artifact is finished or failed, and yield the events."""
        for index in sorted(self._open - self._submitted):
            self._events.put(ArtifactFailed(index, self._modalities[index], STOPPED))
        while self._open:
            yield self._noted(self._events.get())

    def cancel(self) -> None:
        """Stop everything that is not finished; no more events are read."""
        for stage in self._stages:
            stage.cancel()

    def _stage(self, index: int, on_progress: OnProgress | None = None) -> TimedStage:
        memory = self._memory(self._modalities[index])
        seed = artifact_seed(self._seed, index)
        stage = self._new_stage(seed, on_progress=on_progress, memory=memory)
        self._stages.append(stage)
        self._stops.watch(index, stage.cancel)
        return stage

    def _noted(self, event: Event) -> Event:
        if isinstance(event, ArtifactReady):
            self._open.discard(event.index)
            self.seconds[event.index] = event.render_s
            self.made += 1
        elif isinstance(event, ArtifactFailed):
            self._open.discard(event.index)
            self.problems.append(event.problem)
            self.stopped += event.problem == STOPPED
        return event


def ready_event(index: int, artifact: Artifact, render_s: float) -> ArtifactReady:
    """A finished artifact as a message."""
    return ArtifactReady(
        index=index,
        modality=artifact.modality,
        mime=artifact.mime,
        extension=artifact.extension,
        data=artifact.data,
        recipe=artifact.recipe.to_json(),
        seed=artifact.recipe.seed,
        renderer=artifact.recipe.renderer,
        render_s=render_s,
        width=artifact.width,
        height=artifact.height,
        duration_s=artifact.duration_s,
        caption=_caption(artifact.recipe.condition),
    )


def _caption(condition: Condition) -> str:
    return condition.caption or condition.from_caption


def _outcome(index: int, modality: str, stage: TimedStage, future: Future[Artifact]) -> Event:
    error = Cancelled() if future.cancelled() else future.exception()
    if error is None:
        return ready_event(index, future.result(), stage.elapsed_s)
    problem = STOPPED if isinstance(error, Cancelled) else problem_of(error)
    return ArtifactFailed(index, modality, problem)
