"""What the routes share. Knows no route."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from typing import Any

from desktop.serve.bundles import Bundles
from desktop.serve.engine import Engine, ServedEngine
from desktop.serve.media.artifacts import Artifacts
from desktop.serve.media.attachments import Attachments, Readings
from desktop.serve.media.jobs import Jobs
from desktop.serve.responses.store import Responses
from desktop.serve.speech.helpers import ServedSpeech
from runtime.messages import Event, TurnDone
from runtime.worker.client import EngineState

_log = logging.getLogger(__name__)
SETTLE_S = 8.0
"""Seconds that a list of models waits for the engine to be ready; programs wait about ten."""


@dataclass
class Service:
    """The engine, and what is kept between requests."""

    bundle: str
    options: dict[str, Any] = field(default_factory=dict)
    """Of the engine's client."""
    computing: Engine | None = None
    """What computes; None is an engine of its own."""

    def __post_init__(self) -> None:
        self.bundles = Bundles(self.bundle)
        own = self.computing or ServedEngine(self.bundle, **self.options)
        self.engine: Engine = own
        self.engine.on_end = self._ended
        self.artifacts = Artifacts()
        self.readings = Readings()
        self.responses = Responses()
        self.videos = Jobs()
        self.sessions: set[asyncio.Task[None]] = set()
        """Realtime sessions that are connected."""
        self.speech = ServedSpeech()
        self._n_ctx: dict[str, int] = {}
        """Positions that were allocated, by bundle."""

    async def start(self) -> None:
        """Start what computes."""
        await self.engine.start()

    def close(self) -> None:
        """End it."""
        for job in self.videos.all():
            self.videos.remove(job)
        self.speech.close()
        self.engine.close()

    def attachments(self) -> Attachments:
        """A place for the media of one request."""
        return Attachments(self.engine.media_folder(), self.readings)

    async def models(self) -> list[dict[str, Any]]:
        """The bundles, with the context that the open one has."""
        state = await self.engine.settled(SETTLE_S)
        return self.bundles.listed(state, self.n_ctx(state))

    def n_ctx(self, state: EngineState) -> int:
        """Positions of the context that the open bundle has; 0 while it is not loaded."""
        return state.n_ctx or self._n_ctx.get(state.bundle, 0)

    def _ended(self, event: Event) -> None:
        if not isinstance(event, TurnDone):
            return
        if event.usage.n_ctx:
            self._n_ctx[event.bundle] = event.usage.n_ctx
        speed = event.tokens_per_second
        _log.info(
            "%s: %d tokens read, %d written%s%s",
            event.bundle,
            event.usage.prompt_tokens,
            event.usage.new_tokens,
            f", {speed:.1f} a second" if speed else "",
            ", stopped" if event.finish == "stopped" else "",
        )
