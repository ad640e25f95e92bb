"""A spoken turn is answered in the place and in the manner that the window shows."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from desktop.assistant.assistant import Assistant, Sent
from desktop.assistant.media_import import MediaImport
from desktop.assistant.spoken.library_answers import LibraryAnswers, Place
from desktop.assistant.spoken.view import SpokenTurn
from desktop.assistant.turns import AnswerPreferences
from storage.records import Manner
from tests.desktop.assistant.test_assistant import Engine, assistant

__all__ = ["assistant"]
MANNER = Manner(system="Be brief.", temperature=0.2)


def asked(assistant: Assistant, place: Place) -> Sent:
    """What became of a spoken turn."""
    sent: list[Sent] = []
    nothing_recorded = cast(MediaImport, None)
    answers = LibraryAnswers(
        assistant, nothing_recorded, lambda work: work(), lambda: place, sent.append
    )
    answers.ask(1, SpokenTurn("Are you there?", "en", None, 1.0))
    return sent[0]


def test_a_new_conversation_has_the_manner_and_the_modalities_that_were_chosen(
    assistant: Assistant,
    tmp_path: Path,
) -> None:
    wishes = AnswerPreferences(allowed=("text", "image"))
    sent = asked(assistant, Place(None, wishes, False, MANNER))
    turn = Engine.made[-1].turns[-1]
    assert (turn.allowed, turn.system) == (("text", "image"), "Be brief.")
    assert turn.sampling.temperature == 0.2
    assert assistant.library.conversations.settings(sent.conversation_id) == MANNER


def test_one_that_is_there_keeps_its_own(assistant: Assistant) -> None:
    place = assistant.library.conversations.new().id
    sent = asked(assistant, Place(place, AnswerPreferences(), False, MANNER))
    assert sent.conversation_id == place
    assert assistant.library.conversations.settings(place) == Manner()
    assert Engine.made[-1].turns[-1].system is None
