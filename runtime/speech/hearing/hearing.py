"""One listener: frames of sound in, events out.

Nothing in `feed` waits for a model that takes long: words and the judgement whether a turn is over
are found on threads beside, and what they found is told at the next feed. As soon as a pause begins
the words are looked for, so that at the end of a turn they are mostly there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from plugins.errors import KnownError
from runtime.speech.hearing.backchannel import interrupts
from runtime.speech.hearing.echo import HELD, LINGERS_S, EchoCanceller
from runtime.speech.hearing.events import (
    Candidate,
    Confirmed,
    Heard,
    HearingEvent,
    Level,
    Partial,
    Rejected,
    SpeechStarted,
)
from runtime.speech.hearing.own_words import echoes
from runtime.speech.hearing.recogniser import MOST_S, Recogniser, Transcript, joined, quietest
from runtime.speech.hearing.sounds import FRAME, RATE_HZ, WINDOW, Float32, Tape, rms_db
from runtime.speech.hearing.turn_end import TurnEnd
from runtime.speech.hearing.turns import Step, Turn, TurnSettings, TurnTaking
from runtime.speech.hearing.voice_activity import VoiceActivity

_LEVEL = RATE_HZ // 10
_PARTIAL_S = 1.0
"""Seconds of new sound after which the words so far are looked for again."""
_SETTLED_S = 20.0
"""Seconds of a turn after which a pause settles the words so far; see also `MOST_S`."""
_ECHO_DB = 9.0
"""Where the canceller took out more than this, what is left of a voice is its echo."""


@dataclass
class _Words:
    """What is being done to find the words of the turn that goes on."""

    begin: int
    """Where the part begins whose words are not settled."""
    settled: list[Future[Transcript]] = field(default_factory=list)
    newest: Future[Transcript] | None = None
    """Of the part that is not settled."""
    newest_end: int = 0
    """Where the last voice in `newest` ended; 0 where somebody was still speaking."""
    sought: int = 0
    """Where the tape ended when words were last looked for."""
    told: str = ""


@dataclass(frozen=True)
class _Closed:
    """A turn that is over and whose words are on their way."""

    turn: Turn
    endpoint: int
    words: list[Future[Transcript]]
    samples: Float32
    in_speech: bool
    """Whether own speech still played and nothing had confirmed the turn."""
    unsure: bool
    """Whether it may be own speech."""


class Hearing:
    """One listener. Not thread-safe; feed it from one thread."""

    def __init__(
        self,
        recogniser: Recogniser,
        voices: VoiceActivity,
        turn_end: TurnEnd | None = None,
        settings: TurnSettings | None = None,
        *,
        executor: Executor | None = None,
    ) -> None:
        """Nothing is loaded here.

        Args:
            recogniser: writes down what was said.
            voices: tells voices from noise.
            turn_end: judges whether a turn is over; without it silence alone ends turns.
            settings: how long is waited for what.
            executor: runs the recogniser and the judge instead of two threads of its own.
        """
        self.language = ""
        """Code of the language of all turns; empty: each is found out."""
        self.own_words: Callable[[float, float], str] = lambda begin_s, end_s: ""
        """What own speech said between two seconds of what was fed; the owner knows."""
        self._recogniser, self._voices, self._turn_end = recogniser, voices, turn_end
        self._settings = settings or TurnSettings()
        self._recognising = executor or ThreadPoolExecutor(1, "recogniser")
        self._judging = executor or ThreadPoolExecutor(1, "turn-end")
        self._echo = EchoCanceller()
        self._taking = TurnTaking(self._settings)
        self._taking.judged = turn_end is not None
        self.reset()

    @property
    def speaking(self) -> bool:
        """Whether own speech plays; the owner says so."""
        return self._taking.speaking

    @speaking.setter
    def speaking(self, value: bool) -> None:
        self._taking.speaking = value

    @property
    def unsure(self) -> bool:
        """Whether what is fed as played may not be what was played; the owner says so. It takes
        longer then to interrupt own speech."""
        return self._taking.unsure

    @unsure.setter
    def unsure(self, value: bool) -> None:
        self._taking.unsure = value

    @property
    def hands_free(self) -> bool:
        """Whether silence ends a turn; else `finish_turn` does. The owner says so."""
        return self._taking.hands_free

    @hands_free.setter
    def hands_free(self, value: bool) -> None:
        self._taking.hands_free = value

    @property
    def busy(self) -> bool:
        """Whether a turn goes on, or is over and not yet told."""
        return self._taking.turn is not None or bool(self._closed)

    def reset(self) -> None:
        """Forget all sound and every turn that was not told; times begin at 0 again."""
        self._taking.end()
        self._echo.reset()
        self._voices.reset()
        self._tape = Tape()
        self._clean = self._heard = self._loud = np.zeros(0, np.float32)
        self._words: _Words | None = None
        self._judgement: tuple[int, Future[float]] | None = None
        self._closed: list[_Closed] = []

    def close(self) -> None:
        """Let the threads end."""
        self._recognising.shutdown(wait=False, cancel_futures=True)
        self._judging.shutdown(wait=False, cancel_futures=True)

    def feed(self, near: Float32, far: Float32 | None = None) -> list[HearingEvent]:
        """Hear more.

        Args:
            near: [160 k] of the microphone at 16 kHz; none at all only asks for news.
            far: [160 k] what was played meanwhile; None for silence.

        Raises:
            KnownError: a turn cannot be written down.
        """
        events: list[HearingEvent] = []
        for start in range(0, len(near) - FRAME + 1, FRAME):
            frame = slice(start, start + FRAME)
            clean, heard = self._echo.clean(near[frame], None if far is None else far[frame])
            self._tape.append(clean)
            events += self._level(near[frame])
            events += self._windows(clean, heard)
        events += self._news()
        return events

    def finish_turn(self) -> list[HearingEvent]:
        """End the turn now: what was said until here is all. Its words come at a later `feed`."""
        if self._taking.turn is not None:
            return [*self._end(), *self._news()]
        return [] if self._closed else [Rejected(self._at(self._tape.end), "nothing said")]

    def _windows(self, clean: Float32, heard: Float32) -> Iterator[HearingEvent]:
        self._clean = np.concatenate((self._clean, clean))
        self._heard = np.concatenate((self._heard, heard))
        if len(self._clean) < WINDOW:
            return
        window, loud = self._clean[:WINDOW], self._heard[:WINDOW]
        self._clean, self._heard = self._clean[WINDOW:], self._heard[WINDOW:]
        echo = self._echo.active and rms_db(loud) - rms_db(window) > _ECHO_DB
        end = self._tape.end - len(self._clean)
        for step in self._taking.window(self._voices.probability(window), end, echo=echo):
            yield from self._took(step)
        self._look_for_more()
        yield from self._news()
        self._forget()

    def _took(self, step: Step) -> Iterator[HearingEvent]:
        turn = self._taking.turn
        match step:
            case Step.BEGAN if turn is not None:
                self._words = _Words(self._begin(turn), sought=self._tape.end)
                begun = Candidate if turn.intrudes else SpeechStarted
                yield begun(self._at(turn.start))
            case Step.CONFIRMED:
                yield Confirmed(self._at(self._tape.end))
            case Step.PAUSED if turn is not None:
                self._paused(turn)
            case Step.JUDGE if turn is not None and self._turn_end is not None:
                self._judge(turn, self._turn_end)
            case Step.ENDED:
                yield from self._end()

    def _judge(self, turn: Turn, turn_end: TurnEnd) -> None:
        """Have it judged whether the turn is over, unless that is being done."""
        if self._judgement is not None and self._judgement[0] == turn.voice_end:
            return
        sound = self._tape.cut(self._begin(turn), self._tape.end)
        self._judgement = (turn.voice_end, self._judging.submit(turn_end.probability, sound))

    def _paused(self, turn: Turn) -> None:
        """Look for the words as if nothing more came."""
        words = self._words
        if words is None:
            return
        future = self._seek(words, self._tape.end)
        if self._tape.end - words.begin > _SETTLED_S * RATE_HZ:
            self._settle(words, future, self._tape.end)
        else:
            words.newest, words.newest_end = future, turn.voice_end

    def _look_for_more(self) -> None:
        """Look for the words so far, where somebody goes on speaking."""
        words, turn = self._words, self._taking.turn
        if words is None or turn is None or turn.silence_s:
            return
        if turn.intrudes and not self.unsure:
            return
        if self._tape.end - words.begin > MOST_S * RATE_HZ:
            sound = self._tape.cut(words.begin, self._tape.end)
            end = words.begin + quietest(sound)
            self._settle(words, self._seek(words, end), end)
        elif self._tape.end - words.sought >= _PARTIAL_S * RATE_HZ and not self._seeks(words):
            words.newest, words.newest_end = self._seek(words, self._tape.end), 0

    def _settle(self, words: _Words, future: Future[Transcript], end: int) -> None:
        words.settled.append(future)
        words.begin, words.newest = end, None

    def _seek(self, words: _Words, end: int) -> Future[Transcript]:
        words.sought = self._tape.end
        before: list[Future[Any]] = list(words.settled[:1])
        if self._judgement is not None:
            before.append(self._judgement[1])
        sound = self._tape.cut(words.begin, end)
        return self._recognising.submit(
            self._transcribed, sound, self.language, before, bool(words.settled)
        )

    def _transcribed(
        self, sound: Float32, language: str, before: list[Future[Any]], goes_on: bool
    ) -> Transcript:
        """The words of a part, in the language of the turn's first part. On the thread that
        recognises, which lets the judge go first: less is to be done there, and sooner."""
        wait(before)
        if goes_on and not language:
            language = before[0].result().language
        return self._recogniser.transcribe(sound, language)

    def _seeks(self, words: _Words) -> bool:
        """Whether words are being looked for already."""
        futures = [*words.settled, *(() if words.newest is None else (words.newest,))]
        futures += [future for closed in self._closed for future in closed.words]
        return not all(future.done() for future in futures)

    def _end(self) -> Iterator[HearingEvent]:
        """The turn is over; its words are told when they are there."""
        turn, words = self._drop()
        if turn is None or words is None:
            return
        if turn.too_short or turn.echo_s > turn.voice_s:
            reason = "echo" if turn.echo_s >= turn.voice_s else "tap"
            yield Rejected(self._at(self._tape.end), reason)
            return
        found = list(words.settled)
        if words.newest is not None and words.newest_end == turn.voice_end:
            found.append(words.newest)
        elif turn.voice_end > words.begin:
            found.append(self._seek(words, self._tape.end))
        sound = self._tape.cut(self._begin(turn), turn.voice_end + RATE_HZ // 5)
        in_speech = turn.intrudes and self._taking.speaking
        closed = _Closed(turn, self._tape.end, found, sound, in_speech, self.unsure)
        self._closed.append(closed)

    def _drop(self) -> tuple[Turn | None, _Words | None]:
        """End the turn; what was known of it."""
        words, self._words, self._judgement = self._words, None, None
        return self._taking.end(), words

    def _news(self) -> Iterator[HearingEvent]:
        """What the threads have found."""
        turn, words = self._taking.turn, self._words
        if self._judgement is not None and self._judgement[1].done():
            voice_end, judging = self._judgement
            self._judgement = None
            if turn is not None and turn.voice_end == voice_end:
                self._taking.judge(judging.result())
        while self._closed and all(future.done() for future in self._closed[0].words):
            yield from self._told(self._closed.pop(0))
        if words is not None and words.newest is not None and words.newest.done():
            parts = [*words.settled, words.newest]
            found = joined([part.result() for part in parts if part.done()])
            if found.text and found.text != words.told and turn is not None:
                words.told = found.text
                if self._is_own(found.text, turn):
                    self._drop()
                    yield Rejected(self._at(self._tape.end), "echo")
                elif not turn.intrudes:
                    yield Partial(found.text, found.language)

    def _is_own(self, text: str, turn: Turn) -> bool:
        """Whether the words of a turn are own ones that came back."""
        begin_s, end_s = self._at(turn.start), self._at(turn.voice_end)
        return echoes(text, self.own_words(begin_s - LINGERS_S, end_s))

    def _told(self, closed: _Closed) -> Iterator[HearingEvent]:
        found = joined([future.result() for future in closed.words])
        turn, at_s = closed.turn, self._at(self._tape.end)
        if not found.text:
            yield Rejected(at_s, "cough" if turn.into_speech else "nothing said")
            return
        if self._is_own(found.text, turn):
            yield Rejected(at_s, "echo")
            return
        if closed.in_speech:
            # Of an echo a recogniser makes short words.
            if closed.unsure or not interrupts(found.text):
                yield Rejected(at_s, "echo" if closed.unsure else "backchannel")
                return
            yield Confirmed(at_s)
        yield Heard(
            found.text,
            found.language,
            self._at(turn.start),
            self._at(turn.voice_end),
            self._at(closed.endpoint),
            closed.samples,
        )

    def _level(self, near: Float32) -> Iterator[HearingEvent]:
        self._loud = np.concatenate((self._loud, near))
        if len(self._loud) >= _LEVEL:
            yield Level(rms_db(self._loud), self._at(self._tape.end))
            self._loud = self._loud[:0]

    def _forget(self) -> None:
        turn = self._taking.turn
        start = self._tape.end - RATE_HZ if turn is None else turn.start
        self._tape.forget(start - int(self._settings.pre_roll_s * RATE_HZ))

    def _begin(self, turn: Turn) -> int:
        return max(0, turn.start - int(self._settings.pre_roll_s * RATE_HZ))

    def _at(self, place: int) -> float:
        """Seconds of what was fed."""
        return max(0, place - HELD) / RATE_HZ


def open_hearing(
    folder: Path,
    notice: Path | None = None,
    threads: int = 2,
    settings: TurnSettings | None = None,
) -> Hearing:
    """A listener on installed models.

    Args:
        folder: of a Whisper model (purpose `hear`).
        notice: of the models of turn taking (purpose `notice`).
        threads: to recognise with.
        settings: how long is waited for what.

    Raises:
        KnownError: a model is missing or broken.
    """
    if notice is None:
        raise KnownError(
            "speech: expected the models that notice when somebody speaks, found none. Fetch them "
            "under Settings, Models, or with `medley models get turn-taking`."
        )
    recogniser = Recogniser.open(folder, threads)
    return Hearing(recogniser, VoiceActivity(notice), TurnEnd(notice), settings)
