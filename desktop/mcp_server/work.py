"""What the tools of the server do: the same engine and helpers as `medley serve` has, started when
they are first needed. Knows no protocol.
"""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from desktop.mcp_server import given_files
from desktop.serve.errors import ApiError
from desktop.serve.media.rendering import made, signal_settings
from desktop.serve.service import Service
from desktop.serve.speech.protocol import Hear, Heard, Speak
from desktop.serve.speech.subtitles import whole_text
from plugins.errors import KnownError, problem_of
from runtime.messages import (
    ArtifactFailed,
    ArtifactReady,
    Message,
    RenderProgress,
    TextDelta,
    TextPart,
    Turn,
)

Told = Callable[[int, int], None]
"""Told step and of."""
SOUNDS = {".wav": "wav", ".mp3": "mp3", ".flac": "flac", ".opus": "opus", ".ogg": "opus"}
"""Formats of speech by the endings of files."""
SPEEDS = (0.5, 2.0)
MOST_FOUND = 50


@dataclass
class Answer:
    """An answer of the model."""

    text: str = ""
    artifacts: list[ArtifactReady] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


class Work:
    """Everything that can be asked for.

    Threads: the event loop's.
    """

    def __init__(self, bundle: str, options: dict[str, Any], library: Path | None = None) -> None:
        """Starts nothing yet.

        Args:
            bundle: name or folder of what answers.
            options: of the engine's client.
            library: the file that is searched; None is the person's own.
        """
        self._bundle, self._options, self._library = bundle, options, library
        self._service: Service | None = None
        self._starting = asyncio.Lock()

    async def service(self) -> Service:
        """The engine and its helpers; they are started now if they were not."""
        async with self._starting:
            if self._service is None:
                service = Service(self._bundle, self._options)
                await service.start()
                self._service = service
        return self._service

    async def close(self) -> None:
        """End all that was started."""
        service, self._service = self._service, None
        if service is not None:
            await asyncio.to_thread(service.close)

    async def ask(
        self, prompt: str, files: list[str], system: str | None, seed: int | None, told: Told
    ) -> Answer:
        """The model's answer, with the media that it makes.

        Raises:
            ApiError: it could not be answered.
            KnownError: a file serves for nothing.
        """
        if not prompt.strip() and not files:
            raise KnownError("expected a request, found none. Say what is wanted.")
        media = [await asyncio.to_thread(given_files.medium, name) for name in files]
        service = await self.service()
        bundle = service.bundles.wanted(None)
        if system and not service.bundles.takes_system(bundle):
            raise KnownError(
                "expected no system text, since this model has no place for one, found one. Leave "
                "it out."
            )
        parts = (*media, *([TextPart(prompt)] if prompt.strip() else ()))
        turn = Turn(messages=(Message("user", parts),), system=system or None, seed=seed)
        answer = Answer()
        running = await service.engine.ask(turn, bundle)
        try:
            async for event in running.events():
                match event:
                    case TextDelta():
                        answer.text += event.text
                    case ArtifactReady():
                        answer.artifacts.append(event)
                    case ArtifactFailed():
                        answer.failures.append(str(event.problem))
                    case RenderProgress():
                        told(event.step, event.of)
        finally:
            running.leave()
        return answer

    async def make(
        self, modality: str, prompt: str, seed: int | None, steps: int | None, told: Told
    ) -> ArtifactReady:
        """A picture, sound or clip from words.

        Raises:
            ApiError: this model makes none, or could not make this one.
        """
        service = await self.service()
        bundle = service.bundles.wanted(None)
        signal_settings(service, bundle, modality)
        parameters: dict[str, int | float | bool | str] = {"steps": steps} if steps else {}
        return await made(
            service,
            bundle,
            modality,
            prompt,
            seed=seed,
            parameters=parameters,
            on_progress=told,
        )

    async def listen(self, path: Path, language: str) -> str:
        """What is said in a sound or a clip.

        Raises:
            ApiError: it could not be heard.
        """
        service = await self.service()
        heard = await service.speech.hearing.ask(Hear(str(path), language, ""))
        if not isinstance(heard, Heard):
            raise ApiError("expected what is said, found something else.", status=500)
        return whole_text(heard.segments)

    async def say(self, text: str, kind: str, voice: str, speed: float) -> bytes:
        """A text as sound, in one of the formats of `SOUNDS`.

        Raises:
            ApiError: it could not be said.
            KnownError: there is nothing to say, or the speed is none.
        """
        if not text.strip():
            raise KnownError("expected a text to say, found none. Give one.")
        if not SPEEDS[0] <= speed <= SPEEDS[1]:
            raise KnownError(
                "expected a speed from {least} to {most}, found {found}. Choose one of these.",
                least=SPEEDS[0],
                most=SPEEDS[1],
                found=speed,
            )
        service = await self.service()
        with service.speech.file() as path:
            await service.speech.voice.ask(Speak(text, voice, speed, kind, str(path)))
            return await asyncio.to_thread(path.read_bytes)

    async def search(self, words: str, modalities: tuple[str, ...], limit: int) -> str:
        """Messages of the person's library with these words, a line each, the newest first.

        Raises:
            KnownError: there is no library.
        """
        return await asyncio.to_thread(self._search, words, modalities, limit)

    def _search(self, words: str, modalities: tuple[str, ...], limit: int) -> str:
        from storage.errors import LibraryError
        from storage.library import Library
        from storage.records import Query

        if not words.strip() and not modalities:
            raise KnownError("expected words to look for, found none. Give some.")
        try:
            with Library.open(self._library, read_only=True) as library:
                hits = library.search.newest(
                    Query(text=words, modalities=modalities),
                    limit=min(max(limit, 1), MOST_FOUND),
                )
        except LibraryError as error:
            raise KnownError(problem_of(error)) from error
        lines = [
            f"{_when(hit.created_ms)}, {hit.role}, in {hit.title!r}: {hit.snippet}"
            + "".join(f" [{medium.modality}]" for medium in hit.media)
            for hit in hits
        ]
        return "\n".join(lines) or "Nothing was found."


def _when(ms: int) -> str:
    return datetime.datetime.fromtimestamp(ms / 1000).isoformat(" ", "minutes")
