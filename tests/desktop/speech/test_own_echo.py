"""Own speech in a room, with devices that lose sound: it must not be taken for a person's.

The whole way of the sound but the devices: the clock of the microphone, the reference of the
loudspeaker, and what hears. Real models, and the voice of the starter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from benchmarks.voice.at_once import AtOnce
from benchmarks.voice.room import FRAME, RATE_HZ, Room
from desktop.devices.audio import Float32
from desktop.devices.playing import Played, Reference
from desktop.devices.steady_clock import SteadyClock
from desktop.speech.speaker import UNSURE_S
from runtime.speech.hearing import (
    Candidate,
    Confirmed,
    Heard,
    Hearing,
    HearingEvent,
    Level,
    Recogniser,
    Rejected,
)
from runtime.speech.hearing.turn_end import TurnEnd
from runtime.speech.hearing.voice_activity import VoiceActivity
from tests.runtime.speech.conftest import Says, says, turn_taking, whisper_base

__all__ = ["says", "turn_taking", "whisper_base"]
OWN = (
    "The weather today is warm and sunny, with a light breeze from the west. "
    "Once upon a time there was an old miller, who lived alone with his cat beside a quiet river."
)
AHEAD_S = 0.05
"""How long before it is heard the loudspeaker takes what it plays."""


@dataclass
class Table:
    """A loudspeaker and a microphone on it, which lose sound and tell nobody."""

    room: Room
    lost_by_microphone: dict[int, int] = field(default_factory=dict)
    """Frames that are lost, by the number of the frame before them."""
    late_by_loudspeaker: dict[int, int] = field(default_factory=dict)
    """Frames of silence that the device plays by itself, by the number of the frame before."""
    reference: Reference = field(default_factory=lambda: Reference(RATE_HZ))
    clock: SteadyClock = field(default_factory=lambda: SteadyClock(RATE_HZ))
    now: float = 100.0
    said: list[tuple[float, Float32]] = field(default_factory=list)

    def plays(
        self, number: int, own: Float32, other: Float32
    ) -> Iterator[tuple[Float32, Float32, bool]]:
        """What is heard of a frame: microphone, reference, and whether that is sure."""
        for _ in range(self.late_by_loudspeaker.get(number, 0)):
            yield from self._passes(np.zeros(FRAME, np.float32), None, other, lost=False)
        lost = any(at <= number < at + n for at, n in self.lost_by_microphone.items())
        yield from self._passes(own, own, other, lost=lost)

    def _passes(
        self, played: Float32, taken: Float32 | None, other: Float32, *, lost: bool
    ) -> Iterator[tuple[Float32, Float32, bool]]:
        heard = self.room.hears(played, other)
        if taken is not None:
            self.reference.add(Played(taken, self.now + AHEAD_S))
        self.now += FRAME / RATE_HZ
        if not lost:
            captured_at = self.clock.at(FRAME, self.now)
            far = self.reference.until(captured_at, FRAME)
            yield heard, far, captured_at - self.reference.stepped_at > UNSURE_S


@pytest.fixture(scope="module")
def base(whisper_base: Path) -> Recogniser:
    return Recogniser.open(whisper_base)


@pytest.fixture
def hearing(base: Recogniser, turn_taking: Path) -> Hearing:
    return Hearing(base, VoiceActivity(turn_taking), TurnEnd(turn_taking), executor=AtOnce())


def conversed(
    hearing: Hearing, table: Table, own: Float32, said: Float32, at_s: float
) -> list[HearingEvent]:
    """Events while own speech plays, softer after a candidate, and somebody speaks into it."""
    other = np.zeros(len(own), np.float32)
    other[int(at_s * RATE_HZ) :][: len(said)] = said
    hearing.own_words = lambda begin_s, end_s: OWN if hearing.speaking else ""
    found: list[HearingEvent] = []
    hearing.speaking, loudness = True, 1.0
    for number in range(len(own) // FRAME):
        frame = slice(number * FRAME, (number + 1) * FRAME)
        played = own[frame] * np.float32(loudness)
        for near, far, sure in table.plays(number, played, other[frame]):
            hearing.unsure = not sure
            for event in hearing.feed(near, far):
                found += [] if isinstance(event, Level) else [event]
                match event:
                    case Candidate():
                        loudness = 0.25
                    case Rejected():
                        loudness = 1.0
                    case Confirmed():
                        loudness, hearing.speaking = 0.0, False
    return found


def interruptions(events: list[HearingEvent]) -> list[HearingEvent]:
    return [event for event in events if isinstance(event, Confirmed | Heard)]


LOSSES = {100 + 150 * n: 3 + 4 * n for n in range(6)}
"""30 to 230 ms, every second and a half."""


@pytest.mark.parametrize("who", ["microphone", "loudspeaker", "both"])
@pytest.mark.parametrize(
    "delay_ms",
    [40, pytest.param(120, marks=pytest.mark.soak), pytest.param(450, marks=pytest.mark.soak)],
)
def test_own_speech_is_no_turn_where_devices_lose_sound(
    hearing: Hearing,
    says: Says,
    delay_ms: int,
    who: str,
) -> None:
    own = says(OWN) * np.float32(0.5)
    table = Table(
        Room(delay_ms, 0.5, seed=delay_ms),
        LOSSES if who != "loudspeaker" else {},
        {at + 70: n for at, n in LOSSES.items()} if who != "microphone" else {},
    )
    assert interruptions(conversed(hearing, table, own, np.zeros(0, np.float32), 0.0)) == []


@pytest.mark.parametrize("delay_ms", [40, pytest.param(450, marks=pytest.mark.soak)])
def test_a_person_is_heard_all_the_same(
    hearing: Hearing,
    says: Says,
    delay_ms: int,
) -> None:
    own = says(OWN) * np.float32(0.5)
    said = says("Wait a moment please, I want to ask you about something else.", "bm_george")
    table = Table(Room(delay_ms, 0.5), {300: 10}, {320: 10})
    confirmed, *heard = interruptions(conversed(hearing, table, own, said, at_s=4.0))
    assert isinstance(confirmed, Confirmed)
    assert any(isinstance(one, Heard) and "something else" in one.text for one in heard)
