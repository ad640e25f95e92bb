"""The renderers of one modality, where they compute: what a renderer's replica consists of.

Knows bundles, the bus and what travels. Knows no Ray.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import Future

from deploy.wire import (
    Arrays,
    Beat,
    Described,
    Failed,
    RenderRequest,
    Step,
    Stopped,
    condition_of,
    described,
    encode,
    made_of,
)
from plugins.api import Artifact, Float32, Renderer
from plugins.bus import Bus
from plugins.errors import Cancelled, KnownError, problem_of
from plugins.manifest import discover
from plugins.stage import RenderStage
from plugins.switches import enabled_plugins
from runtime.components.renderers import make_renderer
from runtime.memory import DeviceMemory
from runtime.needs.places import default_budget
from runtime.opening import open_bundle

BEAT_S = 0.5
"""Seconds after which something is told, so that whoever waits can stop."""


class RendererHost:
    """Renders one modality of a bundle, one artifact at a time. The event loop's thread."""

    def __init__(
        self, bundle: str, modality: str, device: str = "auto", threads: int | None = None
    ) -> None:
        """Opens the bundle; its renderers are made at first use, their weights loaded then.

        Raises:
            KnownError: no such bundle, modality or device.
        """
        from runtime.components import devices
        from runtime.components.load import use_threads

        self._bundle = open_bundle(bundle)
        self._signal = self._bundle.signal(modality)
        self._modality = modality
        self._device = devices.choose_device(device)
        if threads:
            use_threads(threads)
        free = devices.free_device_bytes(self._device)
        self._memory = DeviceMemory(default_budget(free, self._device))
        self._found = discover(enabled_plugins())
        self._made: dict[str, Renderer] = {}
        self._bus = Bus()

    def describe(self, renderer: str) -> Described:
        """What a renderer declares.

        Raises:
            KnownError: there is none of this id here.
        """
        one = self._renderer(renderer)
        return described(one.version, tuple(one.parameters))

    def unknown_words(self, renderer: str, caption: str) -> tuple[str, ...]:
        """See `Renderer.unknown_words`."""
        return self._renderer(renderer).unknown_words(caption)

    def condition_targets(self, renderer: str, captions: Sequence[str]) -> Float32:
        """See `Renderer.condition_targets`."""
        return self._renderer(renderer).condition_targets(captions)

    def prepare(self, renderer: str) -> None:
        """Load its weights before they are asked for."""
        self._renderer(renderer)
        self._bus.prepare(self._modality, self._stage(0), renderer_id=renderer)

    async def render(self, request: RenderRequest, arrays: Arrays) -> AsyncIterator[bytes]:
        """What is told of one rendering, as bytes of `wire.Told`; the last is the artifact, or why
        there is none. Leaving the iterator stops it."""
        loop = asyncio.get_running_loop()
        told: asyncio.Queue[bytes | None] = asyncio.Queue()

        def tell(message: bytes | None) -> None:
            with contextlib.suppress(RuntimeError):  # The loop ended before the renderer did.
                loop.call_soon_threadsafe(told.put_nowait, message)

        def progress(step: int, of: int, preview: bytes | None) -> None:
            tell(encode(Step(step, of, preview)))

        stage = RenderStage(
            request.seed,
            self._device,
            wants_preview=request.previews,
            on_progress=progress,
            memory=self._memory,
        )
        try:
            self._renderer(request.renderer)
            future = self._bus.submit(
                self._modality,
                condition_of(request, arrays),
                request.parameters,
                stage,
                renderer_id=request.renderer,
            )
        except (KnownError, ValueError) as error:
            yield encode(Failed(problem_of(error)))
            return
        future.add_done_callback(lambda _: tell(None))
        try:
            while True:
                try:
                    message = await asyncio.wait_for(told.get(), BEAT_S)
                except TimeoutError:
                    yield encode(Beat())
                    continue
                if message is None:
                    break
                yield message
            yield _end(future)
        finally:
            stage.cancel()

    def close(self) -> None:
        """Stop what runs and free everything."""
        self._bus.close()
        self._memory.clear()

    def _renderer(self, name: str) -> Renderer:
        if name not in self._made:
            if name not in (self._signal.renderer, *self._signal.stand_ins):
                raise KnownError(
                    "expected a renderer of {modality} in bundle {bundle}, found {name}. Start all "
                    "replicas with the same bundle.",
                    modality=self._modality,
                    bundle=self._bundle.name,
                    name=repr(name),
                )
            one = make_renderer(self._bundle, self._modality, name, self._found)
            self._bus.register(one, stands_in=bool(self._made))
            self._made[name] = one
        return self._made[name]

    def _stage(self, seed: int) -> RenderStage:
        return RenderStage(seed, self._device, memory=self._memory)


def _end(future: Future[Artifact]) -> bytes:
    """The last that is told of a rendering that is over."""
    try:
        return encode(made_of(future.result()))
    except Cancelled:
        return encode(Stopped())
    except KnownError as error:
        # The bus of whoever asked says which renderer failed; here only why.
        return encode(Failed(getattr(error, "reason", error.problem)))
