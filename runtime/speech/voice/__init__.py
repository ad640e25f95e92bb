"""Words into sound: the voice, its words and shapes of the mouth in time, clauses of an answer."""

from typing import TYPE_CHECKING

from plugins.late import late

if TYPE_CHECKING:
    from runtime.speech.voice.clauses import ClauseCutter, speakable
    from runtime.speech.voice.names import VoiceName, voices_of
    from runtime.speech.voice.spoken import Spoken, Word, joined
    from runtime.speech.voice.voice import SPEEDS, Voice

__getattr__ = late(
    __name__,
    {
        "SPEEDS": "voice",
        "ClauseCutter": "clauses",
        "Spoken": "spoken",
        "Voice": "voice",
        "VoiceName": "names",
        "Word": "spoken",
        "joined": "spoken",
        "speakable": "clauses",
        "voices_of": "names",
    },
)

__all__ = [
    "SPEEDS",
    "ClauseCutter",
    "Spoken",
    "Voice",
    "VoiceName",
    "Word",
    "joined",
    "speakable",
    "voices_of",
]
