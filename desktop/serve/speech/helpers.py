"""The helper processes that speak and hear, one each: an answer can be said while it is written."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

from desktop.assistant.helper_process import HelperProcess
from desktop.serve.errors import ApiError, from_problem
from desktop.serve.queue import FairQueue
from desktop.serve.speech.protocol import LIMIT_S, Refused, Reply, Request, replies
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

    async def ask(self, request: Request) -> Reply:
        """Its reply. Who gives up ends it: the next request starts it anew.

        Raises:
            ApiError: too many wait, it could not be done, or it brought the helper down.
        """
        await self._queue.enter()
        try:
            if self._process is None:
                task = phrase("speaks and hears for other programs")
                self._process = HelperProcess(helper_command(), task, LIMIT_S)
            data = await asyncio.to_thread(self._process.ask, msgspec.msgpack.encode(request))
        except asyncio.CancelledError:
            self.close()
            raise
        finally:
            self._queue.leave()
        if data is None:
            raise ApiError(
                "the file or the text brought the helper down that speaks and hears. Try another.",
                code="helper_ended",
            )
        reply = replies.decode(data)
        if isinstance(reply, Refused):
            raise from_problem(reply.problem)
        return reply

    def close(self) -> None:
        """End it."""
        process, self._process = self._process, None
        if process is not None:
            process.close()


class ServedSpeech:
    """Both helpers, and a private folder for what they read and write."""

    def __init__(self) -> None:
        self.voice, self.hearing = SpeechHelper(), SpeechHelper()
        self._folder: tempfile.TemporaryDirectory[str] | None = None

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
        self.voice.close()
        self.hearing.close()
        if self._folder is not None:
            self._folder.cleanup()
