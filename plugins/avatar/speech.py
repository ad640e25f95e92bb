"""Speech as the condition of a talking face: the contract for whoever draws one.

A condition is float32 [T, 241]: for every 10 ms its 240 samples at 24 kHz, -1 to 1, and behind them
the number of the mouth's shape in `VISEMES`, or -1 where nobody knows it. Knows no face.

Legend: n samples, T steps of 10 ms.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

import numpy as np

from plugins.api import Condition
from plugins.avatar.visemes import VISEMES, Float32, Viseme
from plugins.errors import KnownError

MODALITY = "avatar"
RATE_HZ = 24_000
STEP = 240
"""Samples."""
LONGEST_S = 120.0
"""Longer speech would not fit into the recipe of its file."""
UNKNOWN = -1.0


class VisemeLike(Protocol):
    """A mouth shape with its time, of whichever class."""

    @property
    def start_s(self) -> float:
        """Seconds from the beginning of the sound."""
        ...

    @property
    def end_s(self) -> float:
        """Seconds from the beginning of the sound."""
        ...

    @property
    def shape(self) -> str:
        """One of `VISEMES`."""
        ...


@dataclass(frozen=True)
class Speech:
    """What a face is to say, at 24 kHz."""

    samples: Float32
    """[n], -1 to 1."""
    visemes: tuple[Viseme, ...] = ()
    """In the order of time; empty where nobody knows them."""


def condition(samples: Float32, visemes: Iterable[VisemeLike] = ()) -> Condition:
    """Speech for `Renderer.render`, with silence added to the end of its last 10 ms.

    Raises:
        KnownError: no speech, too much of it, or visemes that are none.
    """
    sound, shapes = checked_samples(samples), checked_visemes(visemes)
    if len(sound) > LONGEST_S * RATE_HZ:
        raise KnownError(
            "talking face: expected at most {longest_s:.0f} s of speech, found "
            "{sound_count:.0f} s; make several clips.",
            longest_s=LONGEST_S,
            sound_count=len(sound) / RATE_HZ,
        )
    steps = -(-len(sound) // STEP)
    table = np.full((steps, STEP + 1), UNKNOWN, np.float32)
    table[:, :STEP] = np.pad(sound, (0, steps * STEP - len(sound))).reshape(steps, STEP)
    middles = (np.arange(steps) + 0.5) * STEP / RATE_HZ
    for viseme in shapes:
        inside = (middles >= viseme.start_s) & (middles < viseme.end_s)
        table[inside, STEP] = VISEMES.index(viseme.shape)
    return Condition({"embeds": table})


def speech_in(condition: Condition) -> Speech:
    """The inverse of `condition`, with times to 10 ms.

    Raises:
        KnownError: the condition is no speech.
    """
    table = condition.embeds
    if table is None:
        raise KnownError(
            "talking face: expected speech, found a caption; make the words a sound first."
        )
    if table.ndim != 2 or table.shape[1] != STEP + 1 or not np.isfinite(table).all():
        raise KnownError(
            "talking face: expected speech as numbers of shape [T, {step}], found "
            "{table_shape}; make it with plugins.avatar.speech.condition.",
            step=STEP + 1,
            table_shape=list(table.shape),
        )
    samples = np.ascontiguousarray(table[:, :STEP]).reshape(-1).astype(np.float32)
    return Speech(checked_samples(samples), _runs(table[:, STEP]))


def checked_samples(samples: Float32) -> Float32:
    """[n], within -1 to 1.

    Raises:
        KnownError: not a sound of one channel, or nothing in it.
    """
    sound = np.asarray(samples, np.float32)
    if sound.ndim != 1 or not len(sound) or not np.isfinite(sound).all():
        raise KnownError(
            "talking face: expected finite samples of one channel, found an array of shape "
            "{sound_shape}; give it speech.",
            sound_shape=list(sound.shape),
        )
    return np.clip(sound, -1, 1)


def checked_visemes(visemes: Iterable[VisemeLike]) -> tuple[Viseme, ...]:
    """The same ones, as `Viseme`.

    Raises:
        KnownError: one has an unknown shape, ends before it starts, or comes before another.
    """
    found = tuple(Viseme(float(v.start_s), float(v.end_s), v.shape) for v in visemes)
    before = 0.0
    for viseme in found:
        if viseme.shape not in VISEMES or not before - 1e-6 <= viseme.start_s <= viseme.end_s:
            raise KnownError(
                "talking face: expected visemes in the order of time, of {visemes}, found "
                "{viseme}; correct them.",
                visemes=", ".join(VISEMES),
                viseme=viseme,
            )
        before = viseme.start_s
    return found


def _runs(numbers: Float32) -> tuple[Viseme, ...]:
    found, at = [], 0
    for number, run in groupby(np.round(numbers).astype(int).tolist()):
        steps = len(list(run))
        times = (at * STEP / RATE_HZ, (at + steps) * STEP / RATE_HZ)
        if 0 <= number < len(VISEMES):
            found.append(Viseme(*times, VISEMES[number]))
        at += steps
    return tuple(found)
