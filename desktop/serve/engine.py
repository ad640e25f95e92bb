"""The engine as the routes see it: turns whose events can be awaited, one at a time in a queue.

Thread contract: everything on the thread of the event loop; what the client tells on its own thread
is handed over to it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from desktop.assistant.sharing.connector import connector_command
from desktop.assistant.sharing.place import is_open
from desktop.serve.errors import ApiError, from_problem
from desktop.serve.queue import FairQueue
from plugins.errors import KnownError
from runtime.messages import (
    Embedding,
    Event,
    MediaPart,
    TextPart,
    Turn,
    TurnDone,
    TurnFailed,
)
from runtime.worker.child import worker_command
from runtime.worker.client import EngineClient, EngineState

_log = logging.getLogger(__name__)
_OPENING = ("not_started", "starting")


class Answer:
    """The events of one turn, from its place in the queue to its end."""

    def __init__(self, leave: Callable[[Answer], None]) -> None:
        self._events: asyncio.Queue[Event] = asyncio.Queue()
        self._leave = leave
        self._error: ApiError | None = None
        self.over = False
        """Whether the last event has come, read or not."""

    def put(self, event: Event, error: ApiError | None = None) -> None:
        """An event that has come; with a `TurnFailed` perhaps what is told instead."""
        self._error = error
        self.over = isinstance(event, TurnDone | TurnFailed)
        self._events.put_nowait(event)

    async def events(self) -> AsyncIterator[Event]:
        """What comes, to `TurnDone`.

        Raises:
            ApiError: the turn could not be answered.
        """
        while True:
            event = await self._events.get()
            if isinstance(event, TurnFailed):
                raise self._error or from_problem(event.problem)
            yield event
            if isinstance(event, TurnDone):
                return

    def leave(self) -> None:
        """Nobody reads on: the turn stops within a token. Twice does no harm."""
        self._leave(self)


class Engine(Protocol):
    """What the routes ask of whatever computes, here or elsewhere."""

    on_end: Callable[[Event], None]
    """Told the last event of every turn, also of one that nobody waits for any more."""
    queue: FairQueue

    @property
    def is_shared(self) -> bool:
        """Whether the window's engine answers."""

    @property
    def state(self) -> EngineState:
        """What it is doing."""

    async def start(self) -> None:
        """Start what computes."""

    def close(self) -> None:
        """End it."""

    def media_folder(self) -> Path:
        """A private folder for media that a turn is to name as files.

        Raises:
            KnownError: it cannot be made.
        """

    async def settled(self, seconds: float) -> EngineState:
        """The state once a bundle is open, or could not be opened, or the time is up."""

    async def ask(self, turn: Turn, bundle: str) -> Answer:
        """Have a turn answered after those asked before it.

        Raises:
            ApiError: too many wait, or it cannot be asked.
        """

    async def embed(self, content: TextPart | MediaPart, bundle: str) -> Embedding:
        """Where words or a medium lie in the shared space of a bundle's encoder.

        Raises:
            ApiError: too many wait, or the bundle has no encoder for it.
        """


class ServedEngine:
    """One engine for all connections."""

    def __init__(
        self,
        bundle: str | Path,
        window: Path | None = None,
        **options: Any,
    ) -> None:
        """Starts nothing yet.

        Args:
            bundle: name or folder of the bundle that answers where a request names none.
            window: socket at which the window shares its engine while it is open, which is used
                then; None has an engine of its own in any case.
            options: of `EngineClient`.
        """
        self.bundle = str(bundle)
        self.on_end: Callable[[Event], None] = lambda _: None
        self._window, self._options = window, options
        self._shared = False
        self.queue = FairQueue()
        self._answers: dict[int, Answer] = {}
        self._changed = asyncio.Condition()
        self._client: EngineClient | None = None

    async def start(self) -> None:
        """Start the worker; the language model is loaded meanwhile."""
        loop = asyncio.get_running_loop()

        def on_event(turn: int, event: Event) -> None:
            loop.call_soon_threadsafe(self._deliver, turn, event)

        def on_state(_: EngineState) -> None:
            loop.call_soon_threadsafe(self._tell)

        self._client = EngineClient(
            self.bundle,
            on_event=on_event,
            on_state=on_state,
            command=self._command,
            **self._options,
        )
        self._client.start()

    def close(self) -> None:
        """End the worker."""
        if self._client is not None:
            self._client.close()

    @property
    def is_shared(self) -> bool:
        """Whether the window's engine answers."""
        return self._shared

    def media_folder(self) -> Path:
        """A private folder for media of requests, which the worker reads."""
        return self.client.media_folder()

    @property
    def client(self) -> EngineClient:
        """The engine's client, once it is started."""
        if self._client is None:
            raise ApiError("expected a server that is started, found one that begins.", status=503)
        return self._client

    @property
    def state(self) -> EngineState:
        """What the engine is doing."""
        return EngineState() if self._client is None else self._client.state

    async def settled(self, seconds: float) -> EngineState:
        """The state once a bundle is open, or could not be opened, or the time is up."""
        try:
            async with asyncio.timeout(seconds), self._changed:
                await self._changed.wait_for(lambda: self.state.phase not in _OPENING)
        except TimeoutError:
            pass
        return self.state

    async def ask(self, turn: Turn, bundle: str) -> Answer:
        """Have a turn answered after those asked before it.

        Raises:
            ApiError: too many wait, or the request is too large.
        """
        await self.queue.enter()
        answer = Answer(self._abandon)
        try:
            self._look_for_window()
            turn_id = self.client.ask(turn, bundle)
        except BaseException as error:
            self.queue.leave()
            if isinstance(error, KnownError):
                raise from_problem(error.problem) from error
            raise
        # Its events come by way of the event loop, so none can have been missed.
        self._answers[turn_id] = answer
        return answer

    async def embed(self, content: TextPart | MediaPart, bundle: str) -> Embedding:
        """Where words or a medium lie in the shared space of a bundle's encoder.

        Raises:
            ApiError: too many wait, or the bundle has no encoder for it.
        """
        await self.queue.enter()
        try:
            self._look_for_window()
            self.client.prepare(None, bundle)  # It is done before an embedding.
            return await asyncio.wrap_future(self.client.embed(content))
        except KnownError as error:
            raise from_problem(error.problem) from error
        finally:
            self.queue.leave()

    def _command(self) -> Sequence[str]:
        """What answers from now on: the window's engine, or one of its own."""
        self._shared = self._window is not None and is_open(self._window)
        if self._window is not None and self._shared:
            _log.info("the window's engine answers")
            return connector_command(self._window)
        return worker_command()

    def _look_for_window(self) -> None:
        """Before a request, while nothing else runs: a window that was opened since shares its
        engine, and the models are loaded once. That it was closed shows by itself."""
        window = self._window
        if self._shared or window is None or not window.exists() or not is_open(window):
            return
        self.client.restart()

    def _deliver(self, turn: int, event: Event) -> None:
        answer = self._answers.get(turn)
        if answer is None:
            return
        answer.put(event, self._ended(event))
        if answer.over:
            del self._answers[turn]
            self.queue.leave()
            self.on_end(event)

    def _ended(self, event: Event) -> ApiError | None:
        """What is told where a turn failed because the engine's process ended."""
        if not isinstance(event, TurnFailed) or self.client.pid is not None:
            return None
        return ApiError(str(event.problem), status=503, code="engine_ended")

    def _abandon(self, answer: Answer) -> None:
        for turn, one in self._answers.items():
            if one is answer:
                _log.debug("turn %d is stopped: nobody reads it", turn)
                self.client.stop(turn)

    def _tell(self) -> None:
        async def tell() -> None:
            async with self._changed:
                self._changed.notify_all()

        task = asyncio.ensure_future(tell())
        task.add_done_callback(lambda done: done.exception() if not done.cancelled() else None)
