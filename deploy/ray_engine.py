"""The engine as the server's routes see it, where the replicas of a Ray Serve application compute.

Thread contract: the thread of the event loop, as `desktop.serve.engine`.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import tempfile
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

from deploy.ray_calls import RayTalker
from deploy.remote_renderer import ReplicaLost
from deploy.talker_host import files_of
from desktop.serve.engine import Answer
from desktop.serve.errors import ApiError, from_problem
from desktop.serve.queue import FairQueue
from plugins.errors import KnownError, Problem
from runtime.messages import (
    Embedding,
    Event,
    MediaPart,
    Message,
    Reading,
    TextPart,
    Turn,
    TurnDone,
    TurnFailed,
)
from runtime.worker.client import EngineState

_log = logging.getLogger(__name__)
_UNFINISHED = Problem(
    "expected an answer, found that it did not come to its end. Ask again.", kind="fault"
)
TRIES = 2
"""How often a turn is asked where its replica is lost before anything of the answer came."""


class RayEngine:
    """The language model's replicas, as one engine with as many places."""

    is_shared = False
    """No window's engine answers."""

    def __init__(self, bundle: str, talker: RayTalker, places: int) -> None:
        """Starts nothing.

        Args:
            bundle: name or folder of the bundle that all replicas have.
            talker: the calls to them.
            places: how many of them there are.
        """
        self.bundle = bundle
        self.on_end: Callable[[Event], None] = lambda _: None
        self.queue = FairQueue(places=places)
        self.state = EngineState(phase="starting")
        self._talker = talker
        self._tasks: dict[asyncio.Task[None], Answer] = {}
        self._folder = tempfile.TemporaryDirectory(prefix="medley-media-")

    async def start(self) -> None:
        """Wait until a replica has loaded."""
        about = await self._talker.loaded()
        self.state = EngineState(
            "ready",
            bundle=about.bundle,
            title=about.title,
            modalities=about.modalities,
            device=about.device,
            n_ctx=about.n_ctx,
        )

    def close(self) -> None:
        """Stop what is being answered. The replicas are the application's to end."""
        for task in self._tasks:
            task.cancel()
        self._folder.cleanup()

    def media_folder(self) -> Path:
        """A private folder for media of requests."""
        return Path(self._folder.name)

    async def settled(self, seconds: float) -> EngineState:
        """The state, which does not change."""
        return self.state

    async def ask(self, turn: Turn, bundle: str) -> Answer:
        """Have a turn answered as soon as a replica is free.

        Raises:
            ApiError: too many wait, a medium cannot be read, or the replicas have another bundle.
        """
        self._check(bundle)
        await self.queue.enter()
        answer = Answer(self._abandon)
        try:
            files = files_of(turn)
        except KnownError as error:
            self.queue.leave()
            raise from_problem(error.problem) from error
        task = asyncio.create_task(self._follow(answer, turn, files))
        self._tasks[task] = answer
        task.add_done_callback(self._over)
        return answer

    async def embed(self, content: TextPart | MediaPart, bundle: str) -> Embedding:
        """Where words or a medium lie in the shared space of the bundle's encoder.

        Raises:
            ApiError: too many wait, or the bundle has no encoder for it.
        """
        self._check(bundle)
        await self.queue.enter()
        try:
            files = files_of(Turn((Message("user", (content,)),)))
            return await self._talker.embed(content, files)
        except KnownError as error:
            raise from_problem(error.problem) from error
        finally:
            self.queue.leave()

    def _check(self, bundle: str) -> None:
        if bundle not in (self.bundle, self.state.bundle):
            raise ApiError(
                f"model: expected {self.state.bundle}, which all replicas here have, found "
                f"{bundle[:100]!r}. Name that one, or auto.",
                status=HTTPStatus.NOT_FOUND,
                code="model_not_found",
                param="model",
            )

    async def _follow(self, answer: Answer, turn: Turn, files: dict[str, bytes]) -> None:
        """Hand on the events of a turn. One whose replica is lost before it said anything is asked
        of another."""
        for left in reversed(range(TRIES)):
            said = False
            try:
                async with contextlib.aclosing(self._talker.answer(turn, files)) as events:  # type: ignore[type-var]
                    async for event in events:
                        said |= not isinstance(event, Reading)
                        self._put(answer, event)
            except ReplicaLost as error:
                if said or not left:
                    self._put(answer, TurnFailed(error.problem))
                    return
                _log.info("a replica was lost; its turn is asked of another")
            except KnownError as error:
                self._put(answer, TurnFailed(error.problem))
            if answer.over:
                return

    def _put(self, answer: Answer, event: Event) -> None:
        if isinstance(event, TurnFailed) and event.problem.kind == "fault":
            error = ApiError(str(event.problem), status=503, code="engine_ended")
            answer.put(event, error)
        else:
            answer.put(event)
        if isinstance(event, TurnDone | TurnFailed):
            self.on_end(event)

    def _over(self, task: asyncio.Task[None]) -> None:
        answer = self._tasks.pop(task)
        self.queue.leave()
        if task.cancelled():
            return
        if (error := task.exception()) is not None:
            _log.error("a turn met a fault", exc_info=error)
        if not answer.over:
            self._put(answer, TurnFailed(_UNFINISHED))

    def _abandon(self, answer: Answer) -> None:
        for task, one in self._tasks.items():
            if one is answer:
                task.cancel()
