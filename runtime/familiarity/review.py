"""A bundle's answer to things outside its small world, before its model is asked.

A medium that the encoder cannot know, a wish for something that has no word in the bundle's world,
and a question about nothing are answered with the bundle's own sentences, in the language that the
person used. Everything else goes to the model: what is not recognised is left out of its prompt,
and a medium without words gets the bundle's usual question. Knows messages; knows no model and no
language but by the bundle's sentences.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from plugins.errors import KnownError
from runtime.bundle.manifest import FamiliaritySpec, SentencesSpec
from runtime.familiarity.words import WordReader, language_of
from runtime.messages import MediaPart, Message, Part, SignalPart, TextPart

THING = "thing"
"""The attribute that says what a medium is of."""
SEVERAL = "several"
"""Stands for a modality in the question about several media."""


@dataclass(frozen=True)
class Review:
    """The decision about a conversation."""

    messages: tuple[Message, ...]
    """The conversation for the model."""
    answer: str | None = None
    """The whole answer, instead of the model's."""


class Reviewer:
    """Reviews conversations for one bundle."""

    def __init__(
        self, spec: FamiliaritySpec, words: WordReader, knows: Callable[[MediaPart], bool]
    ) -> None:
        """`knows` says of a medium whether the encoder was trained on its kind."""
        self.spec, self._words, self._knows = spec, words, knows
        self._own = {text for said in spec.sentences.values() for text in _answers(said)}

    def review(self, messages: Sequence[Message], *, ask: bool = True) -> Review:
        """The decision about a conversation whose last message is the user's.

        Args:
            ask: whether a medium without words is asked about; else it goes to the model as it is.

        Raises:
            KnownError: a medium of the last message cannot be read.
        """
        *turns, (last, *_) = _turns(messages)
        said = self.spec.sentences[self._language(messages)]
        given = [part for part in last.parts if isinstance(part, MediaPart)]
        for part in given:
            if not self._is_known(part):
                return Review((), _not_known(part.modality, said))
        kept = tuple(message for turn in turns if self._keeps(turn) for message in turn)
        if not _text(last).strip():
            return Review((*kept, _asking(last, given, said) if ask else last))
        shown = bool(given) or any(_is_medium(part) for m in kept for part in m.parts)
        answer = self._answer(_text(last), shown, said, self._strange(turns))
        return Review((*kept, last)) if answer is None else Review((), answer)

    def _answer(
        self, text: str, shown: bool, said: SentencesSpec, strange: str | None
    ) -> str | None:
        """The sentence to answer a text with, or None for the model's own answer.

        Args:
            shown: whether there is a medium that the text could be about.
            strange: the modality of the last medium, if that was not recognised.
        """
        read = self._words.read(text)
        kind = max(read.kind_shares, key=lambda name: read.kind_shares[name])
        if read.kind_shares["other"] > self.spec.most_other:
            return said.unknown_words
        if THING in read.names or kind == "talk":
            return None
        if strange is not None and kind == "follow":
            return _not_known(strange, said)
        if shown:
            return said.unknown_words if kind == "make" and not read.names else None
        if kind == "follow":
            return said.nothing_shown
        return None if kind == "make" and read.names else said.unknown_words

    def _is_known(self, part: MediaPart) -> bool:
        return part.modality in self.spec.thresholds and self._knows(part)

    def _keeps(self, turn: Sequence[Message]) -> bool:
        """True if the model may see a turn: not one that was answered in its place, and none with
        an unknown medium."""
        answered = {_text(message) for message in turn if message.role == "assistant"}
        return not answered & self._own and self._strange([turn]) is None

    def _strange(self, turns: Sequence[Sequence[Message]]) -> str | None:
        """The modality of the last medium in some turns if it is one that is not recognised."""
        media = (p for turn in reversed(turns) for m in reversed(turn) for p in m.parts)
        last = next((part for part in media if _is_medium(part)), None)
        if not isinstance(last, MediaPart):
            return None
        try:
            return None if self._is_known(last) else last.modality
        except KnownError:
            return None  # an old file that is gone; the prompt says so if it needs it

    def _language(self, messages: Sequence[Message]) -> str:
        """The language of the user's last words; the bundle's first language if there are none."""
        for message in reversed(messages):
            language = language_of(_text(message)) if message.role == "user" else None
            if language in self.spec.sentences:
                return language
        return next(iter(self.spec.sentences))


def _turns(messages: Sequence[Message]) -> list[list[Message]]:
    """Messages grouped so that each group begins with a person's message."""
    turns: list[list[Message]] = []
    for message in messages:
        if message.role == "user" or not turns:
            turns.append([])
        turns[-1].append(message)
    return turns


def _text(message: Message) -> str:
    return " ".join(part.text for part in message.parts if isinstance(part, TextPart))


def _is_medium(part: Part) -> bool:
    """True if it is a medium that was given, or the place of one that was made."""
    return isinstance(part, MediaPart | SignalPart)


def _asking(message: Message, given: Sequence[MediaPart], said: SentencesSpec) -> Message:
    """The message with the usual question about its media."""
    about = given[0].modality if len(given) == 1 else SEVERAL
    question = said.ask.get(about, "")
    return Message(message.role, (*given, TextPart(question))) if given and question else message


def _not_known(modality: str, said: SentencesSpec) -> str:
    return said.unknown_medium.get(modality, said.unknown_words)


def _answers(said: SentencesSpec) -> tuple[str, ...]:
    return (*said.unknown_medium.values(), said.unknown_words, said.nothing_shown)
