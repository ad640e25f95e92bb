"""Follows who speaks, window by window: when a turn begins, pauses and is over, and whether it is
meant to interrupt. A state machine; knows no sound and no model.

Places are counted in samples, see `sounds`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from runtime.speech.hearing.sounds import WINDOW, WINDOW_S

_VOICE, _STILL_VOICE = 0.5, 0.35
"""Chances of a voice from which one begins, and below which it has ended."""
_PAUSE_S, _AGAIN_S = 0.09, 0.5
"""Seconds of silence after which what was said may be all, which is judged then, and once more."""
_LEAST_VOICE_S = 0.16
"""Seconds of voice; less is no word."""


@dataclass(frozen=True)
class TurnSettings:
    """How long is waited for what. All in seconds."""

    candidate_s: float = 0.08
    """Voice that may be the beginning of a turn."""
    confirmed_s: float = 0.66
    """Voice that is no cough and no "uh-huh" any more, which last a little less."""
    unsure_s: float = 1.3
    """The same while nobody knows how well own speech is taken out."""
    soonest_s: float = 0.3
    """Silence that ends a turn that surely is over."""
    latest_s: float = 2.0
    """Silence that ends every turn."""
    unjudged_s: float = 0.8
    """Silence that ends a turn where nothing can judge whether it is over."""
    pre_roll_s: float = 0.5
    """Sound that is kept from before the first voice."""


class Step(Enum):
    """What a window changed."""

    BEGAN = auto()
    CONFIRMED = auto()
    """What began in own speech is meant to interrupt it."""
    PAUSED = auto()
    """What was said may be all; the words can be looked for already."""
    JUDGE = auto()
    """Now is the time to judge whether the turn is over."""
    RESUMED = auto()
    ENDED = auto()


@dataclass
class Turn:
    """One person's turn while it lasts."""

    start: int
    """Where the first voice began."""
    voice_end: int
    """Where the last voice ended."""
    intrudes: bool
    """Whether it began in own speech and is not yet confirmed."""
    into_speech: bool
    """Whether it began in own speech."""
    voice_s: float = 0.0
    echo_s: float = 0.0
    """Seconds that sounded like a voice and were own speech."""
    silence_s: float = 0.0
    over: float = 0.0
    """0 to 1: how likely it is over, from the last judgement since a voice was heard."""

    @property
    def too_short(self) -> bool:
        """Whether it cannot hold a word."""
        return self.voice_s < _LEAST_VOICE_S


class TurnTaking:
    """Who speaks now. Set the switches before each window."""

    def __init__(self, settings: TurnSettings | None = None) -> None:
        self.settings = settings or TurnSettings()
        self.speaking = False
        """Whether own speech plays."""
        self.unsure = False
        """Whether own speech may sound like somebody else's now."""
        self.hands_free = True
        """Whether silence ends a turn; else only `end` does."""
        self.judged = True
        """Whether somebody judges whether a turn is over."""
        self.turn: Turn | None = None
        self._run_s = 0.0
        self._run_start = 0

    def window(self, voice: float, end: int, *, echo: bool = False) -> list[Step]:
        """Take one more window in.

        Args:
            voice: 0 to 1, how likely it holds a voice.
            end: the place where it ends.
            echo: whether a voice in it is own speech.
        """
        speaks = voice >= (_VOICE if self.turn is None else _STILL_VOICE)
        if self.turn is None:
            return self._waiting(speaks and not echo, end)
        if speaks and echo:
            self.turn.echo_s += WINDOW_S
        return self._voiced(self.turn, end) if speaks and not echo else self._silent(self.turn)

    def judge(self, over: float) -> None:
        """Say how likely the turn is over, 0 to 1; of two judgements in one silence the surer
        counts."""
        if self.turn is not None and self.turn.silence_s:
            self.turn.over = max(self.turn.over, over)

    def end(self) -> Turn | None:
        """End the turn now; the turn, None where there is none."""
        turn, self.turn = self.turn, None
        self._run_s = 0.0
        return turn

    def _waiting(self, speaks: bool, end: int) -> list[Step]:
        if not speaks:
            self._run_s = 0.0
            return []
        if not self._run_s:
            self._run_start = end - WINDOW
        self._run_s += WINDOW_S
        if self._run_s < self.settings.candidate_s:
            return []
        intrudes = self.speaking and self.hands_free
        self.turn = Turn(self._run_start, end, intrudes, intrudes, self._run_s)
        return [Step.BEGAN]

    def _voiced(self, turn: Turn, end: int) -> list[Step]:
        resumed = turn.silence_s > _PAUSE_S
        turn.voice_end, turn.silence_s, turn.over = end, 0.0, 0.0
        turn.voice_s += WINDOW_S
        steps = [Step.RESUMED] if resumed else []
        least_s = self.settings.unsure_s if self.unsure else self.settings.confirmed_s
        if turn.intrudes and (turn.voice_s >= least_s or not self.speaking):
            turn.intrudes = False
            steps.append(Step.CONFIRMED)
        return steps

    def _silent(self, turn: Turn) -> list[Step]:
        before, turn.silence_s = turn.silence_s, turn.silence_s + WINDOW_S
        if self.hands_free and turn.silence_s >= self._waits_s(turn):
            return [Step.ENDED]
        marks = ((_PAUSE_S, Step.JUDGE), (_PAUSE_S, Step.PAUSED), (_AGAIN_S, Step.JUDGE))
        return [step for mark, step in marks if before < mark <= turn.silence_s]

    def _waits_s(self, turn: Turn) -> float:
        """Seconds of silence that end this turn: the sooner, the surer it is over."""
        if turn.intrudes and self.speaking:
            return self.settings.soonest_s
        if not self.judged:
            return self.settings.unjudged_s
        span = self.settings.latest_s - self.settings.soonest_s
        return self.settings.latest_s - turn.over * span
