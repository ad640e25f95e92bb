"""Turns media into text for bundles that cannot see or hear: asks the readers, each medium once.

    reader = MediumReader(known_readers(discovery.readers, store.find), memory, device)
    read = yield from reader.read(part, cancelled)

Knows the contract of readers and the messages; knows no reader by name, no prompt and no model.

Threads: a reader runs on a daemon thread of its own while the engine's thread waits and passes its
progress on, so that stopping is heard at once. One that hangs is abandoned with its thread.
"""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from plugins.api import Observation, Reader
from plugins.bus import DEFAULT_LIMIT_S
from plugins.bus_jobs import GRACE_S, LOOK_S
from plugins.errors import Cancelled, KnownError, Problem, distinct, phrase
from plugins.manifest import Purpose, ReaderManifest, SuspendedError, load_reader
from plugins.stage import MemoryLike, RenderStage
from runtime.media.files import NOUNS, shown
from runtime.messages import (
    MediaPart,
    MediumRead,
    Reading,
)
from runtime.observations.content_keys import ContentKeys
from runtime.observations.found import checked, shortened

KEPT_READINGS = 1024
"""The number of recent readings that are kept, by reader and contents."""

_ABILITIES: dict[Purpose, Problem] = {
    "hear": phrase("hear speech"),
    "see": phrase("say what a picture shows"),
    "read": phrase("read text in pictures"),
}
_FAULT = 300
"""Characters kept of what a reader raised."""

Outcome = tuple[tuple[Observation, ...], Problem | None]
"""One reader's observations of one medium, and the reason if it could not read all of it."""


@dataclass(frozen=True)
class KnownReader:
    """A reader that is installed and switched on."""

    id: str
    modalities: tuple[str, ...]
    make: Callable[[], Reader]
    """Raises `KnownError` where its model is not there: a sentence for the person."""


class ModelFound(Protocol):
    """An installed model."""

    @property
    def folder(self) -> Path:
        """The folder of its files."""
        ...


def known_readers(
    readers: Iterable[ReaderManifest],
    find: Callable[[Purpose], ModelFound | None],
    suspended: Collection[str] = (),
) -> list[KnownReader]:
    """The readers that are switched on; `find` gives the best installed model for a purpose.
    `suspended` plugins are not used all the same, which is said when one is asked for."""
    return [
        KnownReader(
            manifest.id, manifest.modalities, _maker(manifest, find, manifest.plugin in suspended)
        )
        for manifest in readers
        if manifest.enabled
    ]


def _maker(
    manifest: ReaderManifest, find: Callable[[Purpose], ModelFound | None], suspended: bool
) -> Callable[[], Reader]:
    made: dict[Path | None, Reader] = {}
    """The reader by the folder of its model: another model makes another reader."""

    def make() -> Reader:
        if suspended:
            raise SuspendedError(manifest.plugin)
        model = find(manifest.model) if manifest.model else None
        if manifest.model and model is None:
            raise KnownError(
                "expected a model to {abilities}, found none on this computer. Fetch it under "
                "Settings, Models, or with `medley models get starter`.",
                "bundle",
                abilities=_ABILITIES[manifest.model],
            )
        folder = None if model is None else model.folder
        if folder not in made:
            kind = load_reader(manifest)
            made.clear()
            try:
                made[folder] = kind(folder)
            except KnownError:
                raise
            except Exception as error:  # a plugin may raise anything
                said = " ".join(f"{type(error).__name__}: {error}".split())[:_FAULT]
                raise KnownError(
                    "{reader} cannot be made ready ({said}).",
                    reader=manifest.id,
                    said=said,
                ) from error
        return made[folder]

    return make


class MediumReader:
    """All readers of one engine. One thread at a time."""

    def __init__(
        self,
        readers: Sequence[KnownReader],
        memory: MemoryLike,
        device: str = "cpu",
        *,
        limit_s: float = DEFAULT_LIMIT_S,
        on_work: Callable[[str], None] | None = None,
    ) -> None:
        """Imports and loads nothing yet.

        Args:
            readers: in the order in which their observations are to stand.
            memory: keeps their models.
            device: a torch device name.
            limit_s: seconds that a reader may stay silent.
            on_work: told a reader's id before any of its code runs, and an empty text when it has
                ended.
        """
        self._on_work = on_work or (lambda _: None)
        self._readers = tuple(readers)
        self._memory = memory
        self._device = device
        self._limit_s = limit_s
        self._keys = ContentKeys()
        self._kept: OrderedDict[tuple[str, str, str], Outcome] = OrderedDict()
        """The outcomes by contents, modality and reader."""

    def read(
        self, part: MediaPart, cancelled: threading.Event
    ) -> Generator[Reading, None, MediumRead]:
        """The observations of all readers of the medium's modality. Each reader fails alone: the
        problems hold one sentence per failed reader.

        Raises:
            KnownError: there is no such file, or it cannot be read at all.
            Cancelled: `cancelled` was set.
        """
        key = self._keys.of(part.path)
        found: list[Observation] = []
        problems: list[Problem] = []
        fitting = [reader for reader in self._readers if part.modality in reader.modalities]
        if not fitting:
            noun = NOUNS.get(part.modality, part.modality)
            told = (
                "expected a reader for a {noun}, found none that is switched on. Switch on a "
                "plugin that reads it, or send something else."
            )
            problems.append(phrase(told, noun=phrase(noun)))
        for reader in fitting:
            observations, problem = yield from self._outcome(reader, part, key, cancelled)
            found += observations
            if problem:
                problems.append(problem)
        return MediumRead(part.path, tuple(found), tuple(distinct(problems)))

    def _outcome(
        self, reader: KnownReader, part: MediaPart, key: str, cancelled: threading.Event
    ) -> Generator[Reading, None, Outcome]:
        name = (key, part.modality, reader.id)
        outcome = self._kept.pop(name, None)
        if outcome is None:
            self._on_work(reader.id)
            try:
                made = reader.make()
                outcome = yield from self._run(made, reader.id, part, cancelled)
            except KnownError as error:
                # Not kept: what is missing may come.
                return (), error.problem
            finally:
                self._on_work("")
        self._kept[name] = outcome
        while len(self._kept) > KEPT_READINGS:
            self._kept.popitem(last=False)
        return outcome

    def _run(
        self, reader: Reader, reader_id: str, part: MediaPart, cancelled: threading.Event
    ) -> Generator[Reading, None, Outcome]:
        run = _Run(reader, part, cancelled, self._memory, self._device)
        yield Reading(part.path, reader_id, 0, 0)
        for step, of in run.steps(self._limit_s):
            yield Reading(part.path, reader_id, step, of)
        name = shown(part.name or Path(part.path).name)
        try:
            return shortened(checked(run.result(), reader_id), name)
        except KnownError as error:
            return (), error.problem
        except _FaultError as error:
            return (), phrase(
                "{reader} could not read {name} ({error}).",
                reader=reader_id,
                name=name,
                error=error,
            )


class _FaultError(Exception):
    """A reader raised what it should not; `str(error)` says what."""


class _Run:
    """One reader at work on one medium."""

    def __init__(
        self,
        reader: Reader,
        part: MediaPart,
        cancelled: threading.Event,
        memory: MemoryLike,
        device: str,
    ) -> None:
        self._asked = cancelled
        self._asked_at = 0.0
        """The time at which it was asked to stop, by the monotonic clock; 0 before."""
        self._news: queue.SimpleQueue[tuple[int, int] | None] = queue.SimpleQueue()
        self._stage = RenderStage(
            seed=0, device=device, on_progress=self._tell, cancel=cancelled, memory=memory
        )
        self._found: Any = None
        self._error: BaseException | None = None
        self._reader, self._part = reader, part
        self._thread = threading.Thread(target=self._work, name="reader", daemon=True)

    def steps(self, limit_s: float) -> Iterator[tuple[int, int]]:
        """Start, and give the newest step and how many there are whenever the reader went further,
        until it is done or was given up. Leaving early stops it."""
        self._stage.begin()
        self._thread.start()
        try:
            while not self._given_up(limit_s):
                with contextlib.suppress(queue.Empty):
                    if (news := self._newest(min(LOOK_S, limit_s))) is None:
                        return
                    yield news
        finally:
            self._stage.cancel()

    def result(self) -> Any:
        """The observations that the reader returned.

        Raises:
            KnownError: it says that it cannot read the medium, or was given up.
            Cancelled: it was stopped.
            _FaultError: it raised anything else.
        """
        error = self._error
        if error is None:
            return self._found
        if isinstance(error, KnownError) or (isinstance(error, Cancelled) and self._asked.is_set()):
            raise error
        raise _FaultError(" ".join(f"{type(error).__name__}: {error}".split())[:_FAULT]) from error

    def _newest(self, timeout: float) -> tuple[int, int] | None:
        """The last of the steps that were reported meanwhile; None where the reader is done."""
        last = self._news.get(timeout=timeout)
        while last is not None and not self._news.empty():
            news = self._news.get()
            if news is None:
                self._news.put(None)
                break
            last = news
        return last

    def _given_up(self, limit_s: float) -> bool:
        now = time.monotonic()
        if self._asked.is_set():
            self._asked_at = self._asked_at or now
            if now - self._asked_at >= GRACE_S:
                self._error = Cancelled("a reader did not stop and was left behind")
        elif now - self._stage.advanced_at >= limit_s:
            self._error = KnownError(
                "{reader} was given up: expected it to go on within {limit_s:g} s, found that it "
                "stands still. Give a smaller file, close other programs, or switch its plugin "
                "off.",
                reader=self._reader.id,
                limit_s=limit_s,
            )
        return self._error is not None and self._thread.is_alive()

    def _work(self) -> None:
        try:
            found = self._reader.read(Path(self._part.path), self._part.modality, self._stage)
        except BaseException as error:  # noqa: BLE001  a plugin may raise anything, even SystemExit
            self._error = self._error or error
        else:
            self._found = found
        self._news.put(None)

    def _tell(self, step: int, of: int, _preview: bytes | None) -> None:
        self._news.put((step, of))
