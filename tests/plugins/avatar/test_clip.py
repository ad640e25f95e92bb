"""Clips of the talking face: what other programs find in them, and when the mouth moves."""

from __future__ import annotations

import io
from collections.abc import Iterator

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from plugins.avatar.clip import face_clip
from plugins.avatar.visemes import Float, Float32, Viseme
from plugins.errors import Cancelled, KnownError
from tests.plugins.avatar.recordings import energy, recordings

RATE, FPS = 24_000, 25
MOUTH = np.array([0x6A, 0x20, 0x30])
TEETH = np.array([0xFF, 0xFB, 0xF3])
TONGUE = np.array([0xD9, 0x72, 0x7A])


def tone(seconds: float) -> Float32:
    time = np.arange(round(seconds * RATE)) / RATE
    return (0.3 * np.sin(2 * np.pi * 200 * time)).astype(np.float32)


def pictures(clip: bytes) -> list[NDArray[np.uint8]]:
    with av.open(io.BytesIO(clip)) as file:
        return [frame.to_ndarray(format="rgb24") for frame in file.decode(video=0)]


def sound(clip: bytes) -> Float32:
    with av.open(io.BytesIO(clip)) as file:
        return np.concatenate([frame.to_ndarray()[0] for frame in file.decode(audio=0)])


def opening(picture: NDArray[np.uint8]) -> float:
    """Pixels from lip to lip: the most, in a column below the nose, that show a mouth's inside."""
    side = len(picture)
    part = picture[round(0.58 * side) : round(0.8 * side), round(0.36 * side) : round(0.64 * side)]
    part = part.astype(int)
    shows = [np.abs(part - colour).sum(axis=2) < 24 for colour in (MOUTH, TEETH, TONGUE)]
    return float(np.any(shows, axis=0).sum(axis=0).max())


def shifted(mouth: Float, loud: Float, by: int) -> float:
    """The correlation when the mouth is `by` pictures late."""
    count = min(len(mouth), len(loud))
    mouth, loud = mouth[:count], loud[:count]
    first, last = max(by, 0), count + min(by, 0)
    return float(np.corrcoef(mouth[first:last], loud[first - by : last - by])[0, 1])


@pytest.fixture(scope="module")
def spoken() -> Iterator[list[tuple[Float32, bytes]]]:
    yield [(samples, face_clip(samples, RATE, size=256)) for samples in recordings()]


def test_the_mouth_moves_with_the_sound(spoken: list[tuple[Float32, bytes]]) -> None:
    mouths = [np.array([opening(p) for p in pictures(clip)]) for _, clip in spoken]
    louds = [energy(samples, RATE, FPS) for samples, _ in spoken]
    mouth, loud = np.concatenate(mouths), np.concatenate(louds)

    by_lag = {lag: shifted(mouth, loud, lag) for lag in range(-5, 6)}

    best = max(by_lag, key=lambda lag: by_lag[lag])
    assert by_lag[best] > 0.8, by_lag
    assert -0.045 <= best / FPS <= 0.125, by_lag


def test_pictures_and_sound_are_as_long_as_the_speech(spoken: list[tuple[Float32, bytes]]) -> None:
    for samples, clip in spoken:
        seconds = len(samples) / RATE
        with av.open(io.BytesIO(clip)) as file:
            video, audio = file.streams.video[0], file.streams.audio[0]
            assert (video.codec_context.name, audio.codec_context.name) == ("h264", "aac")
            assert abs(video.frames / FPS - seconds) <= 1 / FPS
            assert video.duration is not None and audio.duration is not None
            assert abs(float(video.duration * video.time_base) - seconds) <= 1 / FPS
            assert abs(float(audio.duration * audio.time_base) - seconds) <= 1 / FPS


def test_the_sound_in_the_clip_is_the_speech_and_not_late(
    spoken: list[tuple[Float32, bytes]],
) -> None:
    samples, clip = spoken[0]

    heard = sound(clip)[: len(samples)]

    middle = samples[1000 : len(heard) - 1000]
    assert np.correlate(heard, middle, "valid").argmax() == 1000
    assert np.corrcoef(heard[1000 : 1000 + len(middle)], middle)[0, 1] > 0.98


def test_the_same_speech_makes_the_same_bytes_and_another_seed_others() -> None:
    first = face_clip(tone(0.6), RATE, size=128)

    assert face_clip(tone(0.6), RATE, size=128) == first
    assert face_clip(tone(0.6), RATE, size=128, seed=7) != first


def test_silence_is_said_with_a_shut_mouth() -> None:
    shown = pictures(face_clip(np.zeros(RATE // 2, np.float32), RATE, size=256))

    loud = pictures(face_clip(tone(0.5), RATE, [Viseme(0, 0.5, "aa")], size=256))

    assert opening(shown[6]) < 0.1 * opening(loud[6])


@pytest.mark.parametrize("size", [64, 96, 512])
def test_a_clip_has_the_size_and_pace_that_were_asked_for(size: int) -> None:
    clip = face_clip(tone(0.5), RATE, size=size, fps=30, ground="dark")

    shown = pictures(clip)
    assert len(shown) == 15
    assert shown[0].shape == (size, size, 3)
    assert shown[0][2, 2].max() < 60


def test_it_tells_how_far_it_is_and_stops_when_asked() -> None:
    told: list[tuple[int, int]] = []

    with pytest.raises(Cancelled):
        face_clip(
            tone(1.0), RATE, size=64, progress=lambda *step: told.append(step),
            cancelled=lambda: len(told) == 3,
        )  # fmt: skip

    assert told == [(1, 25), (2, 25), (3, 25)]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"rate_hz": 23_000}, "found 23000"),
        ({"samples": np.zeros(0, np.float32)}, r"shape \[0\]"),
        ({"samples": np.zeros((2, 9), np.float32)}, r"shape \[2, 9\]"),
        ({"samples": np.array([np.nan], np.float32)}, "finite samples"),
        ({"size": 65}, "found 65"),
        ({"size": 4096}, "found 4096"),
        ({"fps": 0}, "found 0"),
        ({"ground": "green"}, "found 'green'"),
        ({"visemes": [Viseme(0, 1, "zz")]}, "zz"),
        ({"visemes": [Viseme(1, 2, "aa"), Viseme(0, 1, "aa")]}, "in the order of time"),
        ({"visemes": [Viseme(2, 1, "aa")]}, "in the order of time"),
    ],
)
def test_what_does_not_fit_is_told_in_a_sentence(wrong: dict[str, object], words: str) -> None:
    given: dict[str, object] = {"samples": tone(0.1), "rate_hz": RATE, "visemes": (), "size": 64}

    with pytest.raises(KnownError, match=words):
        face_clip(**(given | wrong))  # type: ignore[arg-type]
