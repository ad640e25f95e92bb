"""What the worker has to do, in order: turns and renderings first, embeddings between them.

Knows commands; knows no engine and no pipe.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from runtime.turn.artifacts import ArtifactStops
from runtime.worker.protocol import Ask, Embed, Prepare, Render, TurnId


@dataclass(eq=False)
class Job:
    """One command and the means to stop it."""

    command: Ask | Prepare | Render | Embed
    cancelled: threading.Event = field(default_factory=threading.Event)
    stops: ArtifactStops = field(default_factory=ArtifactStops)
    begun: bool = False
    """Whether it is worked on; until then its bundle may be being opened."""


class Jobs:
    """The queue between the thread that reads commands and the one that runs the engine."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._turns: deque[Job] = deque()
        self._embeds: deque[Job] = deque()
        self._prepare: Job | None = None
        """The newest turn that is to be read before it is asked."""
        self._running: Job | None = None

    def prepare(self, command: Prepare) -> None:
        """Read a turn when nothing else is to be done, in place of one that waited for that."""
        with self._changed:
            self._prepare = Job(command)
            self._changed.notify()

    def put(self, command: Ask | Render | Embed) -> None:
        """Add a command behind those of its kind."""
        queue = self._embeds if isinstance(command, Embed) else self._turns
        with self._changed:
            queue.append(Job(command))
            if queue is self._turns:
                self._prepare = None
                if self._running is not None and isinstance(self._running.command, Prepare):
                    self._running.cancelled.set()
            self._changed.notify()

    def stop(self, turn: TurnId) -> Job | None:
        """Stop a job. The one returned was still waiting and will not run: answer it."""
        with self._changed:
            running = self._running
            if running is not None and running.command.id == turn:
                told = running.begun or running.cancelled.is_set()
                running.cancelled.set()
                return None if told else running
            for queue in (self._turns, self._embeds):
                for job in queue:
                    if job.command.id == turn:
                        queue.remove(job)
                        return job
        return None

    def stop_artifact(self, turn: TurnId, index: int) -> None:
        """Stop one artifact of a job, running or waiting; a rendering is all of its own."""
        with self._changed:
            known = [*self._turns, *([self._running] if self._running is not None else [])]
        for job in known:
            if job.command.id == turn:
                job.stops.stop(index)
                if isinstance(job.command, Render):
                    job.cancelled.set()

    def begin(self, job: Job) -> bool:
        """Work on a job from now on; False where it was stopped, and answered, before."""
        with self._changed:
            job.begun = not job.cancelled.is_set()
            return job.begun

    def each(self) -> Iterator[Job]:
        """Jobs as they come, for ever; one is the running one until the next is asked for."""
        while True:
            with self._changed:
                self._running = None
                self._changed.wait_for(lambda: self._turns or self._prepare or self._embeds)
                if self._prepare is not None and not self._turns:
                    self._running, self._prepare = self._prepare, None
                else:
                    self._running = (self._turns or self._embeds).popleft()
            yield self._running
