"""Calls to the replicas of a Ray Serve deployment, and what becomes of one that is lost.

Knows Ray's handles and what travels; knows no engine.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Iterator, Sequence
from concurrent.futures import CancelledError
from typing import Any

import msgspec
import ray
from ray.serve.exceptions import RayServeException
from ray.serve.handle import DeploymentHandle

from deploy.remote_renderer import ReplicaLost
from deploy.talker_host import Loaded
from deploy.wire import Arrays, Described, Embedded, RenderRequest, Told, decode_told, encode
from plugins.api import Float32
from plugins.errors import KnownError, Problem, problem_of
from runtime.messages import Embedding, Event, MediaPart, TextPart, Turn, decode_event


class RayRenderer:
    """The calls to a renderer's replicas; see `RendererCalls`. Threads without an event loop."""

    def __init__(self, modality: str, handle: DeploymentHandle[Any]) -> None:
        self._part = modality
        self._handle = handle

    def describe(self, renderer: str) -> Described:
        """What the renderer of this id declares."""
        with _sentences(self._part):
            told = self._handle.describe.remote(renderer).result()
        return msgspec.msgpack.decode(told, type=Described)

    def render(self, request: RenderRequest, arrays: Arrays) -> Iterator[Told]:
        """Have something made; closing the iterator stops it."""
        streaming = self._handle.options(stream=True)
        with _sentences(self._part):
            answer = streaming.render.remote(encode(request), arrays)
            try:
                for told in answer:
                    yield decode_told(told)
            finally:
                answer.cancel()

    def unknown_words(self, renderer: str, caption: str) -> tuple[str, ...]:
        """See `Renderer.unknown_words`."""
        with _sentences(self._part):
            return tuple(self._handle.unknown_words.remote(renderer, caption).result())

    def condition_targets(self, renderer: str, captions: Sequence[str]) -> Float32:
        """See `Renderer.condition_targets`."""
        with _sentences(self._part):
            made: Float32 = self._handle.condition_targets.remote(renderer, list(captions)).result()
        return made

    def prepare(self, renderer: str) -> None:
        """Have it warm up."""
        with _sentences(self._part):
            self._handle.prepare.remote(renderer)


class RayTalker:
    """The calls to the language model's replicas. The event loop's thread."""

    def __init__(self, handle: DeploymentHandle[Any]) -> None:
        self._handle = handle

    async def loaded(self) -> Loaded:
        """What the replicas have loaded; waits until one is there.

        Raises:
            ReplicaLost: there is none.
        """
        with _sentences("text"):
            told = await self._handle.loaded.remote()
        return msgspec.msgpack.decode(told, type=Loaded)

    async def answer(self, turn: Turn, files: dict[str, bytes]) -> AsyncIterator[Event]:
        """The events of a turn. Leaving the iterator stops it.

        Raises:
            ReplicaLost: the replica that answers is gone.
        """
        streaming = self._handle.options(stream=True)
        with _sentences("text"):
            answer = streaming.answer.remote(encode(turn), files)
            try:
                async for event in answer:
                    yield decode_event(event)
            finally:
                answer.cancel()

    async def embed(self, content: TextPart | MediaPart, files: dict[str, bytes]) -> Embedding:
        """Where words or a medium lie in the shared space.

        Raises:
            KnownError: there is no encoder for it; or the replica is gone (`ReplicaLost`).
        """
        with _sentences("text"):
            told = await self._handle.embed.remote(encode(content), files)
        found = msgspec.msgpack.decode(told, type=Embedded)
        if found.embedding is None:
            raise KnownError(found.problem or Problem("there is no embedding."))
        return found.embedding


@contextlib.contextmanager
def _sentences(part: str) -> Iterator[None]:
    """What Ray says of a call that failed, as a sentence."""
    try:
        yield
    except ray.exceptions.RayTaskError as error:
        # The replica lives and says what is wrong.
        raise KnownError(problem_of(error.cause)) from error
    except (ray.exceptions.RayError, RayServeException, CancelledError) as error:
        raise ReplicaLost(
            "expected a replica for {part} that answers, found that it ended or cannot be reached "
            "({error_type}). Another one is being started; ask again.",
            part=part,
            error_type=type(error).__name__,
        ) from error
