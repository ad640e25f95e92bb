"""An engine whose renderers are elsewhere: what a language model's replica consists of.

Knows the engine and its messages. Knows no Ray.
"""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

import msgspec

from deploy.remote_renderer import RemoteRenderer, RendererCalls
from plugins.bus_jobs import Factory
from plugins.errors import KnownError
from runtime.messages import (
    Embedding,
    Event,
    MediaPart,
    MediumRead,
    Message,
    Reading,
    TextPart,
    Turn,
    TurnFailed,
)
from runtime.opening import EngineOptions, open_bundle, open_engine
from runtime.worker.service import fault


class Loaded(msgspec.Struct, frozen=True):
    """What a replica has loaded."""

    bundle: str
    """Name."""
    title: str
    modalities: tuple[str, ...]
    """What it can answer in, `text` first."""
    device: str
    """A torch device name."""
    n_ctx: int
    """Positions of its context."""


class TalkerHost:
    """Answers turns of one bundle, one at a time. The event loop's thread."""

    def __init__(
        self,
        bundle: str,
        calls: Mapping[str, RendererCalls],
        device: str = "auto",
        threads: int | None = None,
    ) -> None:
        """Opens the bundle and loads its language model.

        Args:
            bundle: name or folder.
            calls: to the replicas of the renderers, by modality; what is left out renders here.
            device: `auto`, `cpu`, `cuda` or `cuda:N`.
            threads: to compute with; None is the number of physical cores.

        Raises:
            KnownError: no such bundle or device, or not enough memory.
        """
        opened = open_bundle(bundle)
        options = EngineOptions(opened, device, threads=threads)
        self._engine = open_engine(options, renderers=_elsewhere(opened.name, calls))
        about = opened.manifest
        self.loaded = Loaded(
            about.name, about.title, opened.modalities, self._engine.load(), self._engine.n_ctx
        )
        self._one = asyncio.Lock()

    async def answer(self, turn: Turn, files: Mapping[str, bytes]) -> AsyncIterator[Event]:
        """The events of a turn; `TurnDone` or `TurnFailed` is the last. Leaving the iterator stops
        it.

        Args:
            turn: its media are among `files`.
            files: what they hold, by the path that the turn names.
        """
        loop = asyncio.get_running_loop()
        events: asyncio.Queue[Event | None] = asyncio.Queue()
        cancelled = threading.Event()

        def tell(event: Event | None) -> None:
            with contextlib.suppress(RuntimeError):  # The loop ended before the answer did.
                loop.call_soon_threadsafe(events.put_nowait, event)

        def work() -> None:
            try:
                with _placed(turn, files) as (placed, names):
                    for event in self._engine.answer(placed, cancelled):
                        tell(_renamed(event, names))
            except Exception as error:  # noqa: BLE001  whatever a library raises ends this turn only
                tell(TurnFailed(fault(error)))
            finally:
                tell(None)

        async with self._one:
            done = loop.run_in_executor(None, work)
            try:
                while (event := await events.get()) is not None:
                    yield event
            finally:
                cancelled.set()
                await asyncio.shield(done)

    async def embed(self, content: TextPart | MediaPart, files: Mapping[str, bytes]) -> Embedding:
        """Where words or a medium lie in the encoder's shared space.

        Raises:
            KnownError: the bundle's encoder does not take this, or it is no readable medium.
        """

        def work() -> Embedding:
            turn = Turn((Message("user", (content,)),))
            with _placed(turn, files) as (placed, _):
                part = placed.messages[0].parts[0]
                assert isinstance(part, TextPart | MediaPart)
                return self._engine.embed(part)

        async with self._one:
            return await asyncio.get_running_loop().run_in_executor(None, work)

    def close(self) -> None:
        """Stop what runs and free everything."""
        self._engine.close()


def files_of(turn: Turn) -> dict[str, bytes]:
    """What the files that a turn names hold, by their paths.

    Raises:
        KnownError: one cannot be read.
    """
    found: dict[str, bytes] = {}
    for path in _paths(turn):
        try:
            found[path] = Path(path).read_bytes()
        except OSError as error:
            raise KnownError(
                "{path}: expected a readable file, found: {strerror}. Choose another file.",
                "medium",
                path=path,
                strerror=error.strerror or error,
            ) from error
    return found


def _elsewhere(
    bundle: str, calls: Mapping[str, RendererCalls]
) -> Callable[[str, str], Factory] | None:
    if not calls:
        return None

    def of(modality: str, renderer_id: str) -> Factory:
        return partial(RemoteRenderer, modality, renderer_id, bundle, calls[modality])

    return of


def _media(turn: Turn) -> Iterator[MediaPart]:
    for message in turn.messages:
        for part in message.parts:
            if isinstance(part, MediaPart):
                yield part
            else:
                yield from getattr(part, "media", ())


def _paths(turn: Turn) -> dict[str, None]:
    return dict.fromkeys(part.path for part in _media(turn))


@contextlib.contextmanager
def _placed(turn: Turn, files: Mapping[str, bytes]) -> Iterator[tuple[Turn, dict[str, str]]]:
    """A turn whose files lie in a private folder here, and the paths that they had before."""
    with tempfile.TemporaryDirectory(prefix="medley-turn-") as folder:
        places: dict[str, str] = {}
        for number, path in enumerate(_paths(turn)):
            place = Path(folder) / f"{number}{Path(path).suffix}"
            if path in files:
                place.write_bytes(files[path])
            places[path] = str(place)
        yield _moved(turn, places), {place: path for path, place in places.items()}


def _moved(turn: Turn, places: Mapping[str, str]) -> Turn:
    """The turn with its media at other places; it names each as the person knows it still."""
    if not places:
        return turn

    def moved(part: MediaPart) -> MediaPart:
        name = part.name or Path(part.path).name
        return msgspec.structs.replace(part, path=places[part.path], name=name)

    def of(part: object) -> object:
        if isinstance(part, MediaPart):
            return moved(part)
        if media := getattr(part, "media", ()):
            return msgspec.structs.replace(part, media=tuple(map(moved, media)))  # type: ignore[type-var]
        return part

    messages = tuple(
        msgspec.structs.replace(message, parts=tuple(map(of, message.parts)))
        for message in turn.messages
    )
    return msgspec.structs.replace(turn, messages=messages)


def _renamed(event: Event, names: Mapping[str, str]) -> Event:
    """An event that names a file as whoever asked knows it."""
    if isinstance(event, Reading | MediumRead) and event.path in names:
        return msgspec.structs.replace(event, path=names[event.path])
    return event
