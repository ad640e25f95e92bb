"""Hosts on an event loop of their own thread, called as replicas are, without Ray between."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Coroutine, Iterator, Sequence
from typing import Any, TypeVar

import msgspec

from deploy.remote_renderer import ReplicaLost
from deploy.renderer_host import RendererHost
from deploy.wire import Arrays, Described, RenderRequest, Told, decode_told, encode
from plugins.api import Float32

T = TypeVar("T")


class Loop:
    """An event loop in a thread; `close` it."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of something that is awaited there."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result()

    def each(self, told: AsyncIterator[T]) -> Iterator[T]:
        """What an iterator there gives; closing this one closes it."""

        async def following() -> T | None:
            return await anext(told, None)

        async def closing() -> None:
            await told.aclose()  # type: ignore[attr-defined]

        try:
            while (one := self.run(following())) is not None:
                yield one
        finally:
            self.run(closing())

    def close(self) -> None:
        """End the thread."""
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()


class LocalCalls:
    """`RendererCalls` to a host in this process, of which some are lost."""

    def __init__(self, loop: Loop, host: RendererHost) -> None:
        self._loop, self._host = loop, host
        self.lost = 0
        """So many of the next renderings lose their replica after the first step."""
        self.begun = 0

    def describe(self, renderer: str) -> Described:
        """Through bytes, as it would travel."""
        return msgspec.msgpack.decode(encode(self._host.describe(renderer)), type=Described)

    def render(self, request: RenderRequest, arrays: Arrays) -> Iterator[Told]:
        """Through bytes."""
        self.begun += 1
        asked = msgspec.msgpack.decode(encode(request), type=RenderRequest)
        for told in self._loop.each(self._host.render(asked, arrays)):
            yield decode_told(told)
            if self.lost:
                self.lost -= 1
                raise ReplicaLost("its process ended.")

    def unknown_words(self, renderer: str, caption: str) -> tuple[str, ...]:
        """Of the host's renderer."""
        return self._host.unknown_words(renderer, caption)

    def condition_targets(self, renderer: str, captions: Sequence[str]) -> Float32:
        """Of the host's renderer."""
        return self._host.condition_targets(renderer, captions)

    def prepare(self, renderer: str) -> None:
        """Of the host's renderer."""
        self._loop.loop.call_soon_threadsafe(self._host.prepare, renderer)
