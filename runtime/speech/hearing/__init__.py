"""Hears a conversation: sound in, turns of a person out.

    hearing = open_hearing(whisper_folder, turn_taking_folder)
    for event in hearing.feed(near, far): ...

Echo of own speech is taken out (`echo`), voices are told from noise (`voice_activity`), a state
machine follows who speaks (`turns`) with a model that says when a turn is over (`turn_end`), and
Whisper writes down what was said (`recogniser`). `hearing` joins them. Heavy packages are imported
when the models are opened.
"""

from runtime.speech.hearing.events import (
    Candidate,
    Confirmed,
    Heard,
    HearingEvent,
    Level,
    Partial,
    Rejected,
    SpeechStarted,
)
from runtime.speech.hearing.hearing import Hearing, open_hearing
from runtime.speech.hearing.recogniser import Recogniser, Transcript
from runtime.speech.hearing.turns import TurnSettings

__all__ = [
    "Candidate",
    "Confirmed",
    "Heard",
    "Hearing",
    "HearingEvent",
    "Level",
    "Partial",
    "Recogniser",
    "Rejected",
    "SpeechStarted",
    "Transcript",
    "TurnSettings",
    "open_hearing",
]
