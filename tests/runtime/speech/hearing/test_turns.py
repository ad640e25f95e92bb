"""Who speaks is followed from windows that hold a voice or not; nothing else is needed for it."""

from __future__ import annotations

import pytest

from runtime.speech.hearing.sounds import WINDOW, WINDOW_S
from runtime.speech.hearing.turns import Step, TurnSettings, TurnTaking

SETTINGS = TurnSettings()


class Follower:
    """Feeds a machine and notes when each step came, in seconds."""

    def __init__(self, taking: TurnTaking) -> None:
        self.taking = taking
        self.steps: list[tuple[Step, float]] = []
        self.windows = 0

    def hears(self, seconds: float, voice: float, *, echo: bool = False) -> None:
        for _ in range(round(seconds / WINDOW_S)):
            self.windows += 1
            found = self.taking.window(voice, self.windows * WINDOW, echo=echo)
            self.steps += [(step, self.windows * WINDOW_S) for step in found]
            if Step.ENDED in found:
                self.taking.end()

    def at(self, step: Step) -> list[float]:
        return [when for which, when in self.steps if which is step]


@pytest.fixture
def follower() -> Follower:
    return Follower(TurnTaking(SETTINGS))


def test_a_turn_begins_with_its_first_voice(follower: Follower) -> None:
    follower.hears(1.0, 0.01)
    follower.hears(0.5, 0.9)
    turn = follower.taking.turn
    assert turn is not None
    assert turn.start / 16_000 == pytest.approx(1.0, abs=WINDOW_S)
    assert follower.at(Step.BEGAN)[0] - 1.0 < SETTINGS.candidate_s + 2 * WINDOW_S


@pytest.mark.parametrize("seconds", [WINDOW_S, 2 * WINDOW_S])
def test_a_knock_begins_nothing(follower: Follower, seconds: float) -> None:
    for _ in range(20):
        follower.hears(seconds, 0.9)
        follower.hears(0.2, 0.01)
    assert follower.steps == []


@pytest.mark.parametrize(
    ("over", "least", "most"), [(0.98, 0.3, 0.4), (0.5, 1.0, 1.3), (0.05, 1.8, 2.05)]
)
def test_the_surer_a_turn_is_over_the_sooner_it_ends(
    follower: Follower, over: float, least: float, most: float
) -> None:
    follower.hears(1.0, 0.9)
    follower.hears(0.2, 0.01)
    follower.taking.judge(over)
    follower.hears(3.0, 0.01)
    (ended,) = follower.at(Step.ENDED)
    assert least <= ended - 1.0 <= most


def test_a_judgement_holds_for_its_own_silence_only(follower: Follower) -> None:
    follower.hears(1.0, 0.9)
    follower.hears(0.2, 0.01)
    follower.taking.judge(0.99)
    follower.hears(0.3, 0.9)
    follower.hears(1.0, 0.01)
    assert follower.at(Step.ENDED) == []
    assert len(follower.at(Step.RESUMED)) == 1


def test_without_a_judge_silence_ends_a_turn() -> None:
    follower = Follower(TurnTaking(SETTINGS))
    follower.taking.judged = False
    follower.hears(1.0, 0.9)
    follower.hears(2.0, 0.01)
    (ended,) = follower.at(Step.ENDED)
    assert ended - 1.0 == pytest.approx(SETTINGS.unjudged_s, abs=2 * WINDOW_S)


def test_a_pause_is_told_once_and_judged_twice(follower: Follower) -> None:
    follower.hears(1.0, 0.9)
    follower.hears(1.5, 0.01)
    assert len(follower.at(Step.PAUSED)) == 1
    assert len(follower.at(Step.JUDGE)) == 2


def test_while_the_key_is_held_silence_ends_nothing(follower: Follower) -> None:
    follower.taking.hands_free = False
    follower.hears(1.0, 0.9)
    follower.hears(10.0, 0.01)
    assert follower.at(Step.ENDED) == []
    assert follower.taking.end() is not None


def test_a_long_voice_in_own_speech_is_confirmed(follower: Follower) -> None:
    follower.taking.speaking = True
    follower.hears(2.0, 0.9)
    (confirmed,) = follower.at(Step.CONFIRMED)
    assert confirmed == pytest.approx(SETTINGS.confirmed_s, abs=2 * WINDOW_S)


def test_where_own_speech_may_sound_like_somebody_it_takes_longer(follower: Follower) -> None:
    follower.taking.speaking = follower.taking.unsure = True
    follower.hears(2.0, 0.9)
    (confirmed,) = follower.at(Step.CONFIRMED)
    assert confirmed == pytest.approx(SETTINGS.unsure_s, abs=2 * WINDOW_S)


def test_a_short_voice_in_own_speech_ends_soon_and_unconfirmed(follower: Follower) -> None:
    follower.taking.speaking = True
    follower.hears(0.5, 0.9)
    follower.hears(1.0, 0.01)
    assert follower.at(Step.CONFIRMED) == []
    (ended,) = follower.at(Step.ENDED)
    assert ended - 0.5 == pytest.approx(SETTINGS.soonest_s, abs=2 * WINDOW_S)


def test_echo_is_no_voice(follower: Follower) -> None:
    follower.taking.speaking = True
    follower.hears(5.0, 0.9, echo=True)
    assert follower.steps == []


def test_who_goes_on_after_own_speech_has_ended_is_confirmed_at_once(follower: Follower) -> None:
    follower.taking.speaking = True
    follower.hears(0.3, 0.9)
    follower.taking.speaking = False
    follower.hears(WINDOW_S, 0.9)
    assert len(follower.at(Step.CONFIRMED)) == 1
