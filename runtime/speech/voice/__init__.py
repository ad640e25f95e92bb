"""Words into sound: the voice, its words and shapes of the mouth in time, clauses of an answer."""

from runtime.speech.voice.clauses import ClauseCutter, speakable
from runtime.speech.voice.mouth import visemes_of_sound
from runtime.speech.voice.names import VoiceName, voices_of
from runtime.speech.voice.spoken import VISEMES, Spoken, Viseme, Word
from runtime.speech.voice.voice import SPEEDS, Voice

__all__ = [
    "SPEEDS",
    "VISEMES",
    "ClauseCutter",
    "Spoken",
    "Viseme",
    "Voice",
    "VoiceName",
    "Word",
    "speakable",
    "visemes_of_sound",
    "voices_of",
]
