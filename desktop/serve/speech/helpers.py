"""The helper processes that speak and hear, one each: an answer can be said while it is written,
and whoever gives up a long file ends no conversation."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import tempfile
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path

import msgspec

from desktop.assistant.helper_process import HelperProcess
from desktop.serve.errors import ApiError, from_problem
from desktop.serve.queue import FairQueue
from desktop.serve.speech.protocol import (
    LIMIT_S,
    BeginSpeaking,
    Refused,
    Reply,
    Request,
    SpeakOn,
    SpeechPart,
    StopSpeaking,
    replies,
)
from plugins.errors import phrase
from runtime.process.own_program import process_command


def helper_command() -> list[str]:
    """The command line of a helper, from source and in a frozen app."""
    return process_command("desktop.serve.speech.process")


class SpeechHelper:
    """One helper process and the queue before it."""

    def __init__(self) -> None:
        self._queue = FairQueue()
        self._process: HelperProcess | None = None

    async def ask(self, request: Request, *, brief: bool = False) -> Reply:
        """Its reply. Who gives up ends it, and the next request starts it anew.

        Args:
            request: what is asked.
            brief: whether it is soon done: who gives up leaves it to that.

        Raises:
            ApiError: too many wait, it could not be done, or it brought the helper down.
        """
        await self._queue.enter()
        asking = asyncio.ensure_future(self._asked(request))
        asking.add_done_callback(_looked_at)
        try:
            data = await asyncio.shield(asking)
        except asyncio.CancelledError:
            if not brief:
                self.close()
            raise
        if data is None:
            raise ApiError(
                "the file or the text brought the helper down that speaks and hears. Try another.",
                code="helper_ended",
            )
        reply = replies.decode(data)
        if isinstance(reply, Refused):
            raise from_problem(reply.problem)
        return reply

    async def _asked(self, request: Request) -> bytes | None:
        """Holds its place in the queue until the helper has answered, or is gone."""
        try:
            if self._process is None:
                task = phrase("speaks and hears for other programs")
                self._process = HelperProcess(helper_command(), task, LIMIT_S)
            return await asyncio.to_thread(self._process.ask, msgspec.msgpack.encode(request))
        finally:
            self._queue.leave()

    def close(self) -> None:
        """End it."""
        process, self._process = self._process, None
        if process is not None:
            process.close()


def _looked_at(asking: asyncio.Future[bytes | None]) -> None:
    """Its error is told where somebody waits for it."""
    if not asking.cancelled():
        asking.exception()


class ServedSpeech:
    """The helpers, and a private folder for what they read and write."""

    def __init__(self) -> None:
        self.voice, self.hearing, self.live = SpeechHelper(), SpeechHelper(), SpeechHelper()
        """What says texts; what writes down files; what hears conversations."""
        self.closed = False
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    async def parts(
        self, text: str, voice: str, speed: float, kind: str
    ) -> AsyncGenerator[SpeechPart]:
        """A text as speech, part by part; see `BeginSpeaking`. Who stops early stops the voice.

        Raises:
            ApiError: it cannot be said.
        """
        key = secrets.token_hex(8)
        wish: Request = BeginSpeaking(key, text, voice, speed, kind)
        over = False
        try:
            while not over:
                part = await self.voice.ask(wish, brief=True)
                assert isinstance(part, SpeechPart)
                wish, over = SpeakOn(key), part.last
                yield part
        finally:
            if not over and not self.closed:
                stopping = asyncio.ensure_future(self.voice.ask(StopSpeaking(key), brief=True))
                stopping.add_done_callback(lambda done: done.cancelled() or done.exception())

    @contextlib.contextmanager
    def file(self, suffix: str = "") -> Iterator[Path]:
        """A path in the folder; what lies there is deleted at the end."""
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="medley-serve-")
        path = Path(self._folder.name) / f"{secrets.token_hex(12)}{suffix}"
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    def close(self) -> None:
        """End the helpers."""
        self.closed = True
        self.voice.close()
        self.hearing.close()
        self.live.close()
        if self._folder is not None:
            self._folder.cleanup()
