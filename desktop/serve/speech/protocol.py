"""What the server and its speech helper say to each other: plain data. Imports no library of
sound."""

from __future__ import annotations

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


class Voices(msgspec.Struct, frozen=True, tag="named"):
    """The voices, the preferred one first."""

    names: tuple[str, ...]


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """It could not be done."""

    problem: Problem


Request = Speak | BeginSpeaking | SpeakOn | StopSpeaking | Hear | ListVoices
Reply = Said | SpeechPart | Heard | Voices | Refused

requests: msgspec.msgpack.Decoder[Request] = msgspec.msgpack.Decoder(Request)
replies: msgspec.msgpack.Decoder[Reply] = msgspec.msgpack.Decoder(Reply)
