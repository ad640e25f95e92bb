"""Answers spoken turns as typed ones are answered: in a conversation of the library.

Threads: as `Answerer`; what waits for the disk is done by `submit`, in order.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass

from desktop.assistant.assistant import Assistant, Sent
from desktop.assistant.media_import import MediaImport
from desktop.assistant.problems import problem_of_message
from desktop.assistant.spoken.heard_words import heard_length
from desktop.assistant.spoken.view import AnswerId, SpokenTurn
from desktop.assistant.turns import AnswerPreferences
from plugins.errors import KnownError, Problem, problem_of
from storage.errors import LibraryError
from storage.records import Manner, NewPart, Observation, Recording, Text, TextPart

SPEECH = "speech"
SOURCE = "spoken"
"""Who found the words of a recording: the conversation itself."""


@dataclass(frozen=True)
class Place:
    """Where and how a turn is to be answered."""

    conversation_id: int | None
    """None begins a conversation."""
    wishes: AnswerPreferences
    keep_sound: bool
    """Whether the recording is kept beside its words."""
    manner: Manner | None = None
    """How a conversation that is begun is to be answered."""


class LibraryAnswers:
    """The answers of one spoken conversation."""

    def __init__(
        self,
        assistant: Assistant,
        intake: MediaImport,
        submit: Callable[[Callable[[], None]], None],
        place: Callable[[], Place],
        on_sent: Callable[[Sent], None],
    ) -> None:
        """`on_text` and `on_ended` are to be set before the first turn, and `words` and `ended` to
        be told what the assistant's watcher is told.

        Args:
            assistant: who answers.
            intake: takes recordings into the library.
            submit: does work that may wait for the disk, one after the other.
            place: where the next turn is to be answered.
            on_sent: told what a turn became.
        """
        self.on_text: Callable[[AnswerId, str], None] = lambda answer, words: None
        self.on_ended: Callable[[AnswerId, Problem | None], None] = lambda answer, problem: None
        self._assistant, self._intake = assistant, intake
        self._submit, self._place, self._on_sent = submit, place, on_sent
        self._lock = threading.RLock()
        self._sent: dict[AnswerId, Sent] = {}
        self._answers: dict[int, AnswerId] = {}
        """By the message that is the answer."""

    def prepare(self, text: str) -> None:
        """Read what a person is still saying."""

        def prepare() -> None:
            with contextlib.suppress(KnownError, LibraryError):  # It is said when it is asked.
                place = self._place()
                wishes = place.wishes
                if place.conversation_id is None and place.manner is not None:
                    wishes = wishes.filled_from(place.manner)
                self._assistant.prepare(place.conversation_id, text, wishes)

        self._submit(prepare)

    def ask(self, answer: AnswerId, turn: SpokenTurn) -> None:
        """Answer a turn."""
        self._submit(lambda: self._ask(answer, turn))

    def stop(self, answer: AnswerId) -> None:
        """Stop an answer that is being made."""

        def stop() -> None:
            if (sent := self._sent.get(answer)) is not None:
                self._assistant.stop(sent.conversation_id)

        self._submit(stop)

    def keep_heard(self, answer: AnswerId, heard: str) -> None:
        """Only this was heard of an answer: the rest is kept apart."""
        self._submit(lambda: self._keep_heard(answer, heard))

    def words(self, message_id: int, words: str) -> None:
        """An answer's message grew."""
        with self._lock:
            answer = self._answers.get(message_id)
        if answer is not None:
            self.on_text(answer, words)

    def ended(self, message_id: int) -> None:
        """An answer's message is complete."""
        with self._lock:
            answer = self._answers.pop(message_id, None)
        if answer is not None:
            message = self._assistant.library.messages.get(message_id)
            failed = message.state == "failed"
            self.on_ended(answer, problem_of_message(message) if failed else None)

    def _ask(self, answer: AnswerId, turn: SpokenTurn) -> None:
        place = self._place()
        try:
            parts = [Text(turn.text), *self._recording(turn, place.keep_sound)]
            with self._lock:  # No word is told before it is known whose it is.
                sent = self._assistant.send(
                    place.conversation_id, parts, place.wishes, place.manner
                )
                self._sent[answer] = sent
                self._answers[sent.answer_id] = answer
        except (KnownError, LibraryError) as error:
            self.on_ended(answer, problem_of(error))
            return
        finally:
            if turn.recording is not None:
                turn.recording.unlink(missing_ok=True)
        self._on_sent(sent)

    def _recording(self, turn: SpokenTurn, kept: bool) -> list[NewPart]:
        """The sound of a turn, taken into the library with its words; nothing where it is not to
        be kept."""
        if turn.recording is None or not kept:
            return []
        medium = self._intake.file(turn.recording)
        found = Observation(SPEECH, turn.text, None, 0.0, turn.duration_s, source=SOURCE)
        self._assistant.library.media.set_observations(medium.sha256, [found], complete=True)
        return [Recording(medium.sha256)]

    def _keep_heard(self, answer: AnswerId, heard: str) -> None:
        sent = self._sent.get(answer)
        if sent is None:
            return
        library = self._assistant.library
        parts = library.messages.get(sent.answer_id).parts
        whole = "".join(p.text + p.unheard for p in parts if isinstance(p, TextPart))
        library.messages.keep_heard(sent.answer_id, heard_length(whole, heard))
