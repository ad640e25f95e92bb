"""Conversations that are heard while they go on: sound in, turns out. Loads each model once.

Belongs to the speech helper: one thread, requests one after the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from desktop.serve.speech.protocol import (
    FED_HZ,
    BeginHearing,
    EndTurn,
    Feed,
    Live,
    Moment,
    Moments,
    StopHearing,
)
from desktop.speech.engines import THREADS, model_folder
from plugins.errors import KnownError

if TYPE_CHECKING:
    from pathlib import Path

    from soxr import ResampleStream

    from runtime.speech.hearing import Hearing, HearingEvent, Recogniser
    from runtime.speech.hearing.sounds import Float32
    from runtime.speech.hearing.turn_end import TurnEnd

MOST = 8
"""Conversations at once."""


@dataclass
class _Conversation:
    hearing: Hearing
    resampler: ResampleStream
    left: Float32
    """Samples that fill no frame yet."""
    begun: bool = False
    """Whether it was told that somebody speaks."""


class LiveHearing:
    """All conversations, by their keys."""

    def __init__(self) -> None:
        self._conversations: dict[str, _Conversation] = {}
        self._recogniser: Recogniser | None = None
        self._turn_end: TurnEnd | None = None

    def do(self, request: Live) -> Moments:
        """What happened.

        Raises:
            KnownError: no model is installed, or too many talk at once.
        """
        if isinstance(request, BeginHearing):
            self._begin(request)
            return Moments((), busy=False)
        if isinstance(request, StopHearing):
            self._end(request.key)
            return Moments((), busy=False)
        now = self._conversations.get(request.key)
        if now is None:
            raise KnownError("expected a conversation that is heard, found none. Connect again.")
        events = now.hearing.finish_turn() if isinstance(request, EndTurn) else _fed(now, request)
        found = tuple(moment for event in events for moment in _moments(now, event))
        return Moments(found, now.hearing.busy)

    def _begin(self, wish: BeginHearing) -> None:
        if wish.key not in self._conversations and len(self._conversations) >= MOST:
            raise KnownError(
                "expected at most {most} conversations at once, found as many. Connect again "
                "later.",
                "request",
                most=MOST,
            )
        self._end(wish.key)
        hearing = self._opened(wish)
        hearing.language, hearing.hands_free = wish.language, wish.hands_free
        import soxr

        resampler = soxr.ResampleStream(FED_HZ, 16_000, 1, dtype="float32")
        self._conversations[wish.key] = _Conversation(hearing, resampler, np.zeros(0, np.float32))

    def _end(self, key: str) -> None:
        ended = self._conversations.pop(key, None)
        if ended is not None:
            ended.hearing.close()

    def _opened(self, wish: BeginHearing) -> Hearing:
        folder, notice = model_folder("hear", ""), model_folder("notice", "")
        from runtime.speech.hearing import Hearing, Recogniser, TurnSettings
        from runtime.speech.hearing.voice_activity import VoiceActivity

        if self._recogniser is None:
            self._recogniser = Recogniser.open(folder, THREADS)
        settings = TurnSettings(latest_s=wish.latest_s, pre_roll_s=wish.pre_roll_s)
        judge: TurnEnd | None = None
        if wish.silence_s is not None:
            settings = TurnSettings(unjudged_s=wish.silence_s, pre_roll_s=wish.pre_roll_s)
        else:
            judge = self._judge(notice)
        voices = VoiceActivity(notice)
        return Hearing(self._recogniser, voices, judge, settings)

    def _judge(self, notice: Path) -> TurnEnd:
        from runtime.speech.hearing.turn_end import TurnEnd

        if self._turn_end is None:
            self._turn_end = TurnEnd(notice)
        return self._turn_end


def _fed(now: _Conversation, request: Feed) -> list[HearingEvent]:
    hearing = now.hearing
    hearing.speaking = request.speaking
    hearing.own_words = lambda begin_s, end_s: request.own_words
    sound = request.sound[: len(request.sound) // 2 * 2]
    numbers = np.frombuffer(sound, "<i2").astype(np.float32) / 32768
    found = now.resampler.resample_chunk(numbers) if len(numbers) else numbers
    samples = np.concatenate((now.left, found))
    whole = len(samples) // 160 * 160
    now.left = samples[whole:]
    return hearing.feed(samples[:whole])


def _moments(now: _Conversation, event: HearingEvent) -> list[Moment]:
    from runtime.speech import hearing as heard

    match event:
        case heard.SpeechStarted() | heard.Confirmed() if not now.begun:
            now.begun = True
            return [Moment("began", event.at_s, event.at_s)]
        case heard.Rejected():
            begun, now.begun = now.begun, False
            # Of what nobody was told nothing needs to be taken back, unless it was waited for.
            asked = not now.hearing.hands_free
            return [Moment("dropped", event.at_s, event.at_s)] if begun or asked else []
        case heard.Heard():
            found = Moment("heard", event.started_s, event.ended_s, event.text, event.language)
            begun, now.begun = now.begun, False
            began = [] if begun else [Moment("began", event.started_s, event.started_s)]
            return [*began, found]
    return []
