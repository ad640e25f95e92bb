"""Words into sound: the voice, its words and shapes of the mouth in time, clauses of an answer."""

from runtime.speech.voice.clauses import ClauseCutter, speakable
from runtime.speech.voice.names import VoiceName, voices_of
from runtime.speech.voice.spoken import Spoken, Word, joined
from runtime.speech.voice.voice import SPEEDS, Voice

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
