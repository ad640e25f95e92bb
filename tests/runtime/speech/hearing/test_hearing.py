"""Sound becomes turns: of people and of nobody else, with own speech among it or not."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from pathlib import Path

import numpy as np
import pytest

from benchmarks.voice import noises
from benchmarks.voice.at_once import AtOnce
from benchmarks.voice.recordings import plain
from benchmarks.voice.room import FRAME, Room
from plugins.errors import KnownError
from runtime.speech.hearing import (
    Candidate,
    Confirmed,
    Heard,
    Hearing,
    HearingEvent,
    Level,
    Partial,
    Recogniser,
    Rejected,
    SpeechStarted,
    open_hearing,
)
from runtime.speech.hearing.recogniser import quietest
from runtime.speech.hearing.sounds import RATE_HZ, Float32
from runtime.speech.hearing.turn_end import TurnEnd
from runtime.speech.hearing.voice_activity import VoiceActivity
from tests.runtime.speech.conftest import Says

People = dict[str, tuple[Float32, str]]
Makes = Callable[..., Hearing]
OWN = "The weather today is warm and sunny, with a light breeze from the west."


@pytest.fixture(scope="module")
def base(whisper_base: Path) -> Recogniser:
    return Recogniser.open(whisper_base)


@pytest.fixture
def hears(base: Recogniser, turn_taking: Path) -> Makes:
    """Makes a hearing whose work is done where it is handed over."""
    at_once = AtOnce()

    def make(judged: bool = True, executor: Executor | None = at_once) -> Hearing:
        judge = TurnEnd(turn_taking) if judged else None
        return Hearing(base, VoiceActivity(turn_taking), judge, executor=executor)

    return make


def between(*sounds: Float32, before: float = 1.0, after: float = 2.5) -> Float32:
    return np.concatenate((noises.silence(before), *sounds, noises.silence(after)))


def told(hearing: Hearing, sound: Float32) -> list[HearingEvent]:
    """All events but levels."""
    starts = range(0, len(sound) - 2 * FRAME + 1, 2 * FRAME)
    events = [event for at in starts for event in hearing.feed(sound[at : at + 2 * FRAME])]
    return [event for event in events if not isinstance(event, Level)]


def only(events: Sequence[HearingEvent], *kinds: type) -> list[HearingEvent]:
    return [event for event in events if isinstance(event, kinds)]


def interrupted(hearing: Hearing, room: Room, own: Float32, *said: Float32) -> list[HearingEvent]:
    """Events while own speech plays twice, softer after a candidate, and somebody says something
    in the second turn of it."""
    other = np.zeros(2 * len(own), np.float32)
    for number, sound in enumerate(said):
        begin = len(own) + int((0.5 + number) * RATE_HZ)
        other[begin : begin + len(sound)] += sound
    playing = np.concatenate((own, own, np.zeros(3 * RATE_HZ, np.float32)))
    other = np.pad(other, (0, 3 * RATE_HZ))
    found: list[HearingEvent] = []
    loudness = 1.0
    for start in range(0, len(playing) - FRAME + 1, FRAME):
        hearing.speaking = loudness > 0 and start < 2 * len(own)
        played = playing[start : start + FRAME] * np.float32(loudness)
        for event in hearing.feed(room.hears(played, other[start : start + FRAME]), played):
            found += [] if isinstance(event, Level | Partial) else [event]
            match event:
                case Candidate():
                    loudness = 0.25
                case Rejected():
                    loudness = 1.0
                case Confirmed():
                    loudness = 0.0
    return found


def test_a_turn_is_heard_with_its_times_and_sound(hears: Makes, people: People) -> None:
    samples, said = people["goforward.raw"]
    events = told(hears(), between(samples))

    started, *partials, heard = events
    assert isinstance(started, SpeechStarted) and isinstance(heard, Heard)
    assert all(isinstance(event, Partial) for event in partials) and partials
    assert plain(heard.text) == plain(said) and heard.language == "en"
    voice = np.flatnonzero(np.abs(samples) > 0.1) / RATE_HZ + 1.0
    assert heard.started_s == started.at_s == pytest.approx(voice[0], abs=0.15)
    assert heard.ended_s == pytest.approx(voice[-1], abs=0.25)
    assert 0.25 <= heard.endpoint_s - heard.ended_s <= 2.1
    spoken_s = heard.ended_s - heard.started_s
    assert len(heard.samples) / RATE_HZ == pytest.approx(spoken_s + 0.7, abs=0.1)


def test_chinese_and_english_follow_each_other(hears: Makes, says: Says, people: People) -> None:
    chinese = says("法国的首都是哪里？", "zf_xiaoxiao")
    events = told(hears(), between(chinese, noises.silence(2.2), people["goforward.raw"][0]))
    first, second = only(events, Heard)
    assert isinstance(first, Heard) and isinstance(second, Heard)
    assert (first.language, second.language) == ("zh", "en")
    assert "首都" in first.text


def test_the_language_can_be_said(hears: Makes, people: People) -> None:
    hearing = hears()
    hearing.language = "en"
    (heard,) = only(told(hearing, between(people["003"][0])), Heard)
    assert isinstance(heard, Heard) and heard.language == "en"


@pytest.mark.parametrize(
    "sound",
    [
        np.zeros(80_000, np.float32),
        noises.noise(5),
        noises.hiss(5),
        noises.tones(5),
        np.tile(np.concatenate((noises.tap(), noises.silence(0.4))), 8),
        np.concatenate([np.pad(noises.cough(seed), (0, 4000)) for seed in range(6)]),
    ],
    ids=["zeros", "noise", "hiss", "tones", "taps", "coughs"],
)
def test_nothing_is_heard_where_nobody_speaks(hears: Makes, sound: Float32) -> None:
    assert only(told(hears(), between(sound)), Heard, Partial) == []


def test_the_level_is_told_ten_times_a_second(hears: Makes) -> None:
    levels = hears().feed(noises.noise(3.0, -20))
    assert len(levels) == 30
    for event in levels:
        assert isinstance(event, Level)
        assert event.rms_db == pytest.approx(-20, abs=1)


def test_a_pause_within_a_sentence_cuts_nothing(hears: Makes, says: Says, people: People) -> None:
    said = says("If it rains tomorrow, then we should stay at home.", "bm_george")
    samples, _ = people["sense_and_sensibility_01_austen_64kb-0920"]
    dip = quietest(samples[: 3 * RATE_HZ])
    longer = np.concatenate((samples[:dip], noises.silence(0.5), samples[dip:]))
    for sound in (said, longer, people["005"][0]):
        (heard,) = only(told(hears(), between(sound)), Heard)
        assert isinstance(heard, Heard) and len(heard.text.split()) >= 9


def test_without_a_judge_silence_ends_a_turn(hears: Makes, people: People) -> None:
    (heard,) = only(told(hears(judged=False), between(people["003"][0])), Heard)
    assert isinstance(heard, Heard)
    assert heard.endpoint_s - heard.ended_s == pytest.approx(0.8, abs=0.1)


def test_a_held_key_makes_one_turn_of_two_sentences(hears: Makes, people: People) -> None:
    hearing = hears()
    hearing.hands_free = False
    sound = between(people["003"][0], noises.silence(2.5), people["goforward.raw"][0], after=0.3)
    assert only(told(hearing, sound), Heard) == []
    (heard,) = only(hearing.finish_turn(), Heard)
    assert isinstance(heard, Heard)
    assert "clubs" in heard.text and "forward" in heard.text
    assert not hearing.busy


def test_a_key_that_was_held_in_silence_says_so(hears: Makes) -> None:
    hearing = hears()
    hearing.hands_free = False
    told(hearing, noises.silence(1.0))
    (rejected,) = hearing.finish_turn()
    assert isinstance(rejected, Rejected) and rejected.reason == "nothing said"


@pytest.mark.soak
def test_a_long_turn_is_heard_to_its_end(hears: Makes, people: People) -> None:
    hearing = hears()
    hearing.hands_free = False
    names = [name for name in people if name.startswith("sense")]
    told(hearing, between(*[people[name][0] for name in names], people["005"][0]))
    told(hearing, between(*[people[name][0] for name in names]))
    (heard,) = only(hearing.finish_turn(), Heard)
    assert isinstance(heard, Heard)
    assert len(heard.samples) > 45 * RATE_HZ
    assert heard.text.lower().count("amiable himself") == 2
    assert "spades" in heard.text


@pytest.mark.parametrize(
    "delay_ms",
    [pytest.param(40, marks=pytest.mark.soak), 120, pytest.param(450, marks=pytest.mark.soak)],
)
def test_own_speech_is_no_turn(hears: Makes, says: Says, delay_ms: int) -> None:
    for gain in (0.2, 0.8):
        own = says(OWN) * np.float32(0.5)
        assert interrupted(hears(), Room(delay_ms, gain), own) == []


@pytest.mark.parametrize("delay_ms", [40, pytest.param(450, marks=pytest.mark.soak)])
def test_who_speaks_into_own_speech_interrupts_it(hears: Makes, says: Says, delay_ms: int) -> None:
    said = says("Wait a moment, please.", "bm_george")
    own = says(OWN) * np.float32(0.5)
    events = interrupted(hears(), Room(delay_ms, 0.4), own, said)
    candidate, confirmed, heard = events
    assert isinstance(candidate, Candidate) and isinstance(heard, Heard)
    assert isinstance(confirmed, Confirmed)
    assert 0.3 <= confirmed.at_s - candidate.at_s <= 1.1
    assert plain(heard.text) == "wait a moment please"


@pytest.mark.soak
def test_what_is_no_interruption_lets_own_speech_go_on(hears: Makes, says: Says) -> None:
    own = says(OWN) * np.float32(0.5)
    others = {"mhm": says("Mhm.", "am_michael"), "cough": noises.cough(), "tap": noises.tap()}
    for name, said in others.items():
        events = interrupted(hears(), Room(120, 0.3), own, said)
        assert only(events, Confirmed, Heard) == [], name
        assert len(only(events, Candidate)) == len(only(events, Rejected))
        assert name != "mhm" or len(events) == 2


@pytest.mark.soak
def test_threads_find_the_same_words(hears: Makes, people: People) -> None:
    samples, said = people["goforward.raw"]
    hearing = hears(executor=None)
    events = told(hearing, between(samples, after=2.2))
    while hearing.busy:
        time.sleep(0.05)
        events += hearing.feed(np.zeros(0, np.float32))
    hearing.close()
    (heard,) = only(events, Heard)
    assert isinstance(heard, Heard) and plain(heard.text) == plain(said)


def test_a_reset_forgets_what_was_said(hears: Makes, people: People) -> None:
    hearing = hears()
    told(hearing, between(people["goforward.raw"][0], after=0.0))
    hearing.reset()
    assert told(hearing, noises.silence(3.0)) == []
    (heard,) = only(told(hearing, between(people["003"][0])), Heard)
    assert isinstance(heard, Heard) and "clubs" in heard.text


def test_missing_models_are_one_line(whisper_base: Path, tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="medley models get turn-taking"):
        open_hearing(whisper_base)
    with pytest.raises(KnownError, match=r"expected config\.json"):
        open_hearing(tmp_path, tmp_path)
