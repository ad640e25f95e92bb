"""What a realtime session hears: sound goes to the speech helper, what happened comes back.

Knows the helper's protocol; knows no socket.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Awaitable, Callable

from desktop.serve.errors import ApiError
from desktop.serve.realtime.settings import RATE_HZ, Settings, Vad
from desktop.serve.speech.helpers import ServedSpeech
from desktop.serve.speech.protocol import (
    BeginHearing,
    EndTurn,
    Feed,
    Live,
    Moment,
    Moments,
    StopHearing,
)

BYTES_A_SECOND = 2 * RATE_HZ
_MOST_FED = BYTES_A_SECOND // 2
"""Bytes that are heard at once."""
_MOST_WAITING = 600 * BYTES_A_SECOND
_AGAIN_S = 0.05
"""Seconds after which it is asked what became of what was fed."""


class Ears:
    """Hears one session. Starts the helper when the first sound comes."""

    def __init__(
        self,
        speech: ServedSpeech,
        on_moment: Callable[[Moment], Awaitable[None]],
        on_error: Callable[[ApiError], Awaitable[None]],
        speaking: Callable[[], tuple[bool, str]],
    ) -> None:
        """
        Args:
            speech: with the helper.
            on_moment: told what happened, in seconds of all that was fed.
            on_error: told why nothing can be heard.
            speaking: whether own speech plays, and which words of it were heard of late.
        """
        self._speech = speech
        self._on_moment, self._on_error, self._speaking = on_moment, on_error, speaking
        self._key = secrets.token_hex(8)
        self._vad: Vad | None = Vad()
        self._language = ""
        self._begun = False
        """Whether the helper knows how to hear."""
        self._waiting = bytearray()
        self._end_turn = self._busy = False
        self._base_s = self._fed_s = 0.0
        """Seconds that were fed before the helper began anew, and since."""
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def heard_s(self) -> float:
        """Seconds that were given."""
        return self._base_s + self._fed_s + len(self._waiting) / BYTES_A_SECOND

    def configure(self, settings: Settings) -> None:
        """How to hear from now on."""
        sound = settings.audio.input
        language = (sound.transcription and sound.transcription.language) or ""
        if (sound.turn_detection, language) != (self._vad, self._language):
            self._vad, self._language, self._begun = sound.turn_detection, language, False

    def append(self, sound: bytes) -> None:
        """Hear more.

        Raises:
            ApiError: more waits than can be heard soon.
        """
        if len(self._waiting) + len(sound) > _MOST_WAITING:
            raise ApiError(
                f"audio: expected at most {_MOST_WAITING // BYTES_A_SECOND} seconds that wait to "
                "be heard, found more. Send more slowly.",
                param="audio",
            )
        self._waiting += sound
        self._wake()

    def end_turn(self) -> None:
        """What was given until now is the turn."""
        self._end_turn = True
        self._wake()

    def clear(self) -> None:
        """Forget what is not a turn yet."""
        self._waiting.clear()
        self._end_turn = self._busy = self._begun = False

    async def close(self) -> None:
        """Hear no more."""
        if self._task is None:
            return
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        if not self._speech.closed:
            stopping = asyncio.ensure_future(self._ask(StopHearing(self._key)))
            stopping.add_done_callback(lambda done: done.cancelled() or done.exception())

    def _wake(self) -> None:
        self._news.set()
        if self._task is None:
            self._task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        while True:
            if not self._busy:
                await self._news.wait()
            elif not self._waiting:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._news.wait(), _AGAIN_S)
            self._news.clear()
            try:
                await self._hear()
            except ApiError as error:
                self.clear()
                await self._on_error(error)

    async def _hear(self) -> None:
        """Feed what waits."""
        if not self._begun:
            self._base_s, self._fed_s = self._base_s + self._fed_s, 0.0
            await self._ask(self._beginning())
            self._begun = True
        while True:
            sound = bytes(self._waiting[:_MOST_FED])
            del self._waiting[:_MOST_FED]
            self._fed_s += len(sound) / BYTES_A_SECOND
            speaking, own = self._speaking()
            base_s = self._base_s
            await self._tell(await self._ask(Feed(self._key, sound, speaking, own)), base_s)
            if not self._waiting:
                break
        if self._end_turn:
            self._end_turn = False
            await self._tell(await self._ask(EndTurn(self._key)), self._base_s)

    def _beginning(self) -> BeginHearing:
        vad = self._vad
        if vad is None:
            return BeginHearing(self._key, self._language, hands_free=False)
        padding = 500 if vad.prefix_padding_ms is None else vad.prefix_padding_ms
        return BeginHearing(
            self._key,
            self._language,
            silence_s=vad.silence_s,
            latest_s=vad.latest_s,
            pre_roll_s=max(0, padding) / 1000,
        )

    async def _ask(self, request: Live) -> Moments:
        reply = await self._speech.live.ask(request, brief=True)
        assert isinstance(reply, Moments)
        return reply

    async def _tell(self, moments: Moments, base_s: float) -> None:
        self._busy = moments.busy
        for one in moments.found:
            moved = Moment(
                one.kind, base_s + one.start_s, base_s + one.end_s, one.text, one.language
            )
            await self._on_moment(moved)
