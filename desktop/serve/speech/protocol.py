"""What the server and its speech helper say to each other: plain data. Imports no library of
sound."""

from __future__ import annotations

from typing import Literal

import msgspec

from plugins.errors import Problem

FORMATS = {
    "mp3": "audio/mpeg",
    "opus": "audio/ogg",
    "aac": "audio/aac",
    "flac": "audio/flac",
    "wav": "audio/wav",
    "pcm": "audio/pcm",
}
"""Media types of the formats in which speech can be had."""
FED_HZ = 24_000
"""Samples a second of what conversations give, and of what they are given."""
LIMIT_S = 3600.0
"""Seconds after which one request is given up."""


class Speak(msgspec.Struct, frozen=True, tag="speak"):
    """Say a text into a file."""

    text: str
    voice: str
    """Name of a voice, or one that other programs are used to, such as `alloy`; empty for the
    best."""
    speed: float
    format: str
    path: str


class BeginSpeaking(msgspec.Struct, frozen=True, tag="begin_speaking"):
    """Say a text part by part; the reply is the first."""

    key: str
    """Names it in `SpeakOn`."""
    text: str
    voice: str
    """As in `Speak`."""
    speed: float
    format: str
    """Not `wav`, whose head tells how long it is."""


class SpeakOn(msgspec.Struct, frozen=True, tag="speak_on"):
    """Say the next part."""

    key: str


class StopSpeaking(msgspec.Struct, frozen=True, tag="stop_speaking"):
    """Nobody listens any more."""

    key: str


class Hear(msgspec.Struct, frozen=True, tag="hear"):
    """Write down what is said in a file."""

    path: str
    language: str
    """Empty where it is to be found out."""
    model: str
    """Name of an installed or added model; empty for the best."""


class BeginHearing(msgspec.Struct, frozen=True, tag="begin_hearing"):
    """Hear a conversation from now on; what this key heard before is forgotten."""

    key: str
    language: str = ""
    """Empty where it is to be found out in every turn."""
    hands_free: bool = True
    """Whether turns end by themselves; False waits for `EndTurn`."""
    silence_s: float | None = None
    """Silence that ends a turn; None has a model judge whether it is over."""
    latest_s: float = 2.0
    """Silence that ends a turn of which that model is not sure."""
    pre_roll_s: float = 0.5
    """Sound that is kept from before the first voice."""


class Feed(msgspec.Struct, frozen=True, tag="feed"):
    """Hear more, or only what became of it."""

    key: str
    sound: bytes
    """16-bit samples at `FED_HZ`, little endian, mono."""
    speaking: bool = False
    """Whether own speech plays."""
    own_words: str = ""
    """What of it may have been heard of late."""


class EndTurn(msgspec.Struct, frozen=True, tag="end_turn"):
    """What was said until now is the turn."""

    key: str


class StopHearing(msgspec.Struct, frozen=True, tag="stop_hearing"):
    """The conversation is over."""

    key: str


class ListVoices(msgspec.Struct, frozen=True, tag="voices"):
    """Name the voices."""


class Said(msgspec.Struct, frozen=True, tag="said"):
    """The file is written."""

    seconds: float


class SpeechPart(msgspec.Struct, frozen=True, tag="speech_part"):
    """A part of a text that is said part by part."""

    data: bytes
    """In its format; all parts one after the other are one file."""
    seconds: float
    last: bool
    text: str = ""
    """What is said in it."""
    words: tuple[tuple[str, float], ...] = ()
    """Its words, and the second of it at which each ends."""


class Segment(msgspec.Struct, frozen=True):
    """A stretch of speech."""

    text: str
    start_s: float
    end_s: float
    language: str
    confidence: float


class Heard(msgspec.Struct, frozen=True, tag="heard"):
    """What is said."""

    segments: tuple[Segment, ...]
    duration_s: float


class Moment(msgspec.Struct, frozen=True):
    """What happened in a conversation, in seconds of what was fed."""

    kind: Literal["began", "dropped", "heard"]
    """Somebody began to speak; it was none; or a turn is over and its words are known."""
    start_s: float
    end_s: float
    text: str = ""
    language: str = ""


class Moments(msgspec.Struct, frozen=True, tag="moments"):
    """What happened since the last was told."""

    found: tuple[Moment, ...]
    busy: bool
    """Whether somebody speaks, or words are still on their way: ask again."""


class Voices(msgspec.Struct, frozen=True, tag="named"):
    """The voices, the preferred one first."""

    names: tuple[str, ...]


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """It could not be done."""

    problem: Problem


Live = BeginHearing | Feed | EndTurn | StopHearing
Request = Speak | BeginSpeaking | SpeakOn | StopSpeaking | Hear | Live | ListVoices
Reply = Said | SpeechPart | Heard | Moments | Voices | Refused

requests: msgspec.msgpack.Decoder[Request] = msgspec.msgpack.Decoder(Request)
replies: msgspec.msgpack.Decoder[Reply] = msgspec.msgpack.Decoder(Reply)
