"""Own speech is taken out of what the microphone hears, in rooms with long ways and tails."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.voice.room import FRAME, Room
from runtime.speech.hearing.echo import HELD, EchoCanceller
from runtime.speech.hearing.sounds import Float32, rms_db

People = dict[str, tuple[Float32, str]]


def talked(people: People) -> Float32:
    return np.concatenate([samples for samples, _ in list(people.values())[:3]]) * 0.5


@pytest.mark.parametrize("delay_ms", [0, 40, 120, 450])
def test_echo_is_taken_out(people: People, delay_ms: int) -> None:
    canceller, room = EchoCanceller(), Room(delay_ms)
    heard, cleaned = [], []
    own = talked(people)
    for start in range(0, len(own) - FRAME + 1, FRAME):
        played = own[start : start + FRAME]
        clean, near = canceller.clean(room.hears(played, np.zeros(FRAME, np.float32)), played)
        cleaned.append(clean)
        heard.append(near)
    late = slice(len(heard) // 4, None)
    assert rms_db(np.concatenate(cleaned[late])) < rms_db(np.concatenate(heard[late])) - 20


def test_somebody_who_speaks_alone_is_left_as_they_are(people: People) -> None:
    canceller = EchoCanceller()
    samples = talked(people)[: 100 * FRAME]
    parts = [
        canceller.clean(samples[at : at + FRAME], None) for at in range(0, len(samples), FRAME)
    ]
    clean = np.concatenate([part for part, _ in parts])
    np.testing.assert_array_equal(clean[HELD:], samples[:-HELD])
    assert not canceller.active


def test_somebody_who_speaks_into_own_speech_stays(people: People) -> None:
    canceller, room = EchoCanceller(), Room(120, gain=0.2)
    own = talked(people)
    other = np.zeros_like(own)
    said, _ = people["005"]
    begin = 8 * 16_000
    other[begin : begin + len(said)] = said
    cleaned = []
    for start in range(0, len(own) - FRAME + 1, FRAME):
        frame = slice(start, start + FRAME)
        cleaned.append(canceller.clean(room.hears(own[frame], other[frame]), own[frame])[0])
    kept = np.concatenate(cleaned)[begin + HELD : begin + HELD + len(said)]
    assert rms_db(kept) > rms_db(said) - 6
