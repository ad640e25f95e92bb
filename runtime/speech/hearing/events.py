"""What a hearing tells its owner, as plain data.

Times are seconds of sound since the hearing was made or reset.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from runtime.speech.hearing.sounds import Float32


@dataclass(frozen=True)
class SpeechStarted:
    """Somebody began to speak while own speech was silent."""

    at_s: float


@dataclass(frozen=True)
class Candidate:
    """Somebody may be speaking into own speech: make it softer."""

    at_s: float


@dataclass(frozen=True)
class Confirmed:
    """Somebody does speak into own speech: stop it."""

    at_s: float


@dataclass(frozen=True)
class Rejected:
    """What began was no turn: go on."""

    at_s: float
    reason: str
    """`echo`, `backchannel` (mhm, yes), `cough` (a short sound without words), `tap` (too short
    for a word) or `nothing said`."""


@dataclass(frozen=True)
class Partial:
    """The words so far of somebody who is still speaking; the next may correct them."""

    text: str
    language: str
    """`en`, `zh`, or what the owner said."""


@dataclass(frozen=True)
class Heard:
    """A whole turn."""

    text: str
    language: str
    started_s: float
    ended_s: float
    """When the last voice was heard."""
    endpoint_s: float
    """When it was decided that nothing more comes."""
    samples: Float32 = field(repr=False, compare=False)
    """[n] at 16 kHz: the sound of it, with half a second before it and without echo."""


@dataclass(frozen=True)
class Level:
    """How loud it is at the microphone, ten times a second."""

    rms_db: float
    """Decibels of full scale, -100 to 0."""
    at_s: float


HearingEvent = SpeechStarted | Candidate | Confirmed | Rejected | Partial | Heard | Level
