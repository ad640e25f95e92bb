"""What the two ends of the speech process's pipes say to each other: plain data, msgpack.

Commands go to the process, reports come back. Times of day are of the monotonic clock, which all
processes of a machine share, in seconds. Knows no sound, no pipe and no process.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from plugins.errors import Problem

UtteranceId = int
"""Names what is spoken as one: an answer, or a message that is read aloud."""


class Settings(msgspec.Struct, frozen=True):
    """How to hear and to speak; empty words mean the best there is."""

    microphone: str = ""
    """Id of a device."""
    loudspeaker: str = ""
    """Id of a device."""
    backend: str = ""
    """`portaudio` or `qt`."""
    hearing_model: str = ""
    """Name of an installed model, or a folder."""
    voice_model: str = ""
    """Name of an installed model, or a folder."""
    voice: str = ""
    """Name of a voice for all languages; empty takes one that suits each text."""
    speed: float = 1.0
    """0.5 to 2."""
    language: str = ""
    """`en`, `zh` or another that is spoken; empty recognises it in every turn."""


class Configure(msgspec.Struct, frozen=True, tag="configure"):
    """The first command, and any later one: how to hear and speak from now on."""

    folder: str
    """Private folder for recordings; it exists."""
    settings: Settings = Settings()


class Prepare(msgspec.Struct, frozen=True, tag="prepare"):
    """Load the models of the voice and the hearing, so that the first words come sooner."""

    hearing: bool = True
    voice: bool = True


class Listen(msgspec.Struct, frozen=True, tag="listen"):
    """Open the microphone and hear. Reports `Listening`, then what is heard."""

    hands_free: bool = True
    """Whether turns end by themselves; False waits for `EndTurn`."""


class EndTurn(msgspec.Struct, frozen=True, tag="end_turn"):
    """What was said until now is the turn: the key of push-to-talk was released."""


class StopListening(msgspec.Struct, frozen=True, tag="stop_listening"):
    """Give the microphone back. What was begun to be said is forgotten."""


class Say(msgspec.Struct, frozen=True, tag="say"):
    """A clause to be spoken after those before it."""

    utterance: UtteranceId
    text: str
    language: str = ""
    """Of the text, for the choice of a voice; empty is judged by the text."""


class EndSaying(msgspec.Struct, frozen=True, tag="end_saying"):
    """No clause of this utterance follows; `Spoken` says when the last one was heard."""

    utterance: UtteranceId


class Hush(msgspec.Struct, frozen=True, tag="hush"):
    """Be silent at once; `Interrupted` says what was heard of what was being spoken."""


class ListDevices(msgspec.Struct, frozen=True, tag="list_devices"):
    """Which microphones and loudspeakers are there? `Devices` answers."""


Command = (
    Configure | Prepare | Listen | EndTurn | StopListening | Say | EndSaying | Hush | ListDevices
)


class Loading(msgspec.Struct, frozen=True, tag="loading"):
    """A model is being loaded."""

    part: Literal["hearing", "voice"]


class Loaded(msgspec.Struct, frozen=True, tag="loaded"):
    """A model is ready."""

    part: Literal["hearing", "voice"]
    model: str
    """Its name."""
    languages: tuple[str, ...] = ()
    """What it hears or speaks; empty is any."""
    voices: tuple[str, ...] = ()


class Listening(msgspec.Struct, frozen=True, tag="listening"):
    """The microphone is open and sound has come from it."""

    device: str
    """Its name."""


class Deaf(msgspec.Struct, frozen=True, tag="deaf"):
    """The microphone was given back."""


class Level(msgspec.Struct, frozen=True, tag="level"):
    """How loud it is: every tenth of a second while sound comes from the microphone."""

    rms_db: float
    """Of full scale, 0 is the loudest."""
    heard_s: float = 0.0
    """Seconds of sound that came since the microphone was opened."""
    at: float = 0.0
    """Time of day when the last of them was captured."""
    gaps: int = 0
    """How often sound was lost since then, as far as that is known."""


class SpeechStarted(msgspec.Struct, frozen=True, tag="speech_started"):
    """Somebody has begun to speak."""


class SpeechDropped(msgspec.Struct, frozen=True, tag="speech_dropped"):
    """What was taken for speech was none, or said nothing."""

    reason: str
    """Such as `cough` or `echo`."""


class Partial(msgspec.Struct, frozen=True, tag="partial"):
    """What was understood so far of what is being said."""

    text: str
    language: str


class Heard(msgspec.Struct, frozen=True, tag="heard"):
    """A turn is over."""

    text: str
    language: str
    recording: str
    """A WAV file of this name in the private folder; whoever takes it removes it."""
    duration_s: float
    ended_at: float
    """Time of day when the person stopped to speak."""
    decided_at: float
    """Time of day when that was decided."""
    at: float
    """Time of day when its words were known."""


class Ducked(msgspec.Struct, frozen=True, tag="ducked"):
    """Own speech is softer while somebody may be speaking, or as loud as before."""

    on: bool


class Mouth(msgspec.Struct, frozen=True):
    """A shape of the mouth, in seconds of its clause."""

    start_s: float
    end_s: float
    shape: str
    """One of the fifteen Oculus visemes."""


class Word(msgspec.Struct, frozen=True):
    """A word, in seconds of its clause."""

    text: str
    start_s: float
    end_s: float


class Clause(msgspec.Struct, frozen=True, tag="clause"):
    """A clause was given to the loudspeaker."""

    utterance: UtteranceId
    text: str
    start_s: float
    """On the playing clock."""
    duration_s: float
    words: tuple[Word, ...]
    mouths: tuple[Mouth, ...]
    loudness: tuple[float, ...]
    """0 to 1, for every 20 ms."""
    made_s: float
    """Seconds that its sound took to be made."""


class Played(msgspec.Struct, frozen=True, tag="played"):
    """How far the loudspeaker is: some twenty times a second while something is to be heard."""

    utterance: UtteranceId
    clock_s: float
    """The playing clock: seconds really played since the loudspeaker was opened."""
    at: float
    """Time of day of that."""
    heard: str
    """What was heard of the utterance so far, as it was spoken."""


class FirstSound(msgspec.Struct, frozen=True, tag="first_sound"):
    """An utterance is to be heard from now on."""

    utterance: UtteranceId
    at: float
    """Time of day."""


class Spoken(msgspec.Struct, frozen=True, tag="spoken"):
    """An utterance was heard to its end."""

    utterance: UtteranceId


class Interrupted(msgspec.Struct, frozen=True, tag="interrupted"):
    """An utterance was silenced before its end, and is over."""

    utterance: UtteranceId
    heard: str
    """What was heard of it, as it was spoken."""
    by: Literal["voice", "asked", "lost"]
    """Somebody spoke; `Hush` was said; or the loudspeaker went away."""
    stop_s: float = 0.0
    """Seconds from the moment in the sound at which a voice was certain to the command that clears
    the loudspeaker, which is silent some milliseconds later. 0 where words or `Hush` stopped it."""


class Failed(msgspec.Struct, frozen=True, tag="failed"):
    """Something does not work now."""

    part: Literal["microphone", "loudspeaker", "hearing", "voice", "process"]
    kind: str
    """`no_device`, `lost`, `busy`, `permission`, `no_library`, `no_model`, `silent`, `died` or
    `fault`."""
    problem: Problem
    """Expected, found, what to do."""


class Device(msgspec.Struct, frozen=True):
    """A microphone or a loudspeaker."""

    id: str
    name: str
    default: bool = False


class Devices(msgspec.Struct, frozen=True, tag="devices"):
    """What is there."""

    microphones: tuple[Device, ...]
    loudspeakers: tuple[Device, ...]


Report = (
    Loading
    | Loaded
    | Listening
    | Deaf
    | Level
    | SpeechStarted
    | SpeechDropped
    | Partial
    | Heard
    | Ducked
    | Clause
    | Played
    | FirstSound
    | Spoken
    | Interrupted
    | Failed
    | Devices
)

encode = msgspec.msgpack.Encoder().encode
decode_command = msgspec.msgpack.Decoder(Command).decode
decode_report = msgspec.msgpack.Decoder(Report).decode
