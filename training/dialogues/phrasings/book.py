"""The phrasebook of one language, and how two are merged. Knows no language."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from typing import Any

Phrases = tuple[str, ...]


def crossed(*parts: Phrases, between: str = " ") -> Phrases:
    """Every way to say one phrase of each part after the other."""
    return tuple(between.join(phrases) for phrases in product(*parts))


@dataclass(frozen=True)
class Phrasebook:
    """Sentences with places to fill: `{x}` a caption, `{e}` an attribute, `{m}` a movement, `{n}` a
    name from outside Pocketworld.
    """

    request: Mapping[str, Phrases]
    """Phrasings of requests, by modality."""
    both: Mapping[str, Phrases]
    """A picture or clip, and its sound; by the modality that is seen."""
    ask: Mapping[str, Phrases]
    """Questions about what a given medium shows, by its modality."""
    ask_all: Phrases
    """Questions about what several media show."""
    turn_into: Mapping[tuple[str, str], Phrases]
    """A given medium as another one; by both modalities."""
    now: Mapping[str, Phrases]
    """Edits of what was made; by attribute."""
    switch: Mapping[str, Phrases]
    """Requests for the same thing in another medium, by the wanted modality."""
    moves: Mapping[str, Phrases]
    """Words that may fill `{m}`, by motion."""
    question: Mapping[str, Phrases]
    """About what was made or shown last; by attribute."""
    question_first: Mapping[str, Phrases]
    """About what was made or shown first; by attribute."""
    answer: Mapping[str, str]
    """Answers to a question, by attribute."""
    make: Mapping[str, str]
    """Words before an artifact; by modality."""
    make_several: str
    """Words before a picture of several things that are counted."""
    see: Mapping[str, str]
    """Words about a given medium; by modality."""
    between: str
    """Between two sentences of one answer."""
    talk: tuple[tuple[Phrases, str], ...]
    """Small talk, and the one answer to each."""
    outside_ask: Phrases
    outside: Phrases
    refusal: str
    before: Phrases
    after: Phrases
    """Polite words around a request that begins with one of the verbs."""
    verbs: Phrases
    openers: Phrases
    closers: Phrases
    """Small words before and after anything that is said."""
    unclosed: str
    """Regular expression of sentences after which no closer can stand."""
    nouns: tuple[tuple[str, Phrases], ...]
    """Words for one kind of medium, and a regular expression that finds them as nouns."""
    named: Mapping[str, str]
    """Regular expression of words that name a medium; by modality."""
    ends: Phrases
    """Marks at the end of a sentence."""
    question_ends: Phrases
    asks: str
    """Regular expression of what makes a sentence a question, wherever it is found."""

    def phrases(self) -> Phrases:
        """Every phrasing of a user with or without places, talk aside."""
        families = (
            self.request, self.both, self.ask, {"": self.ask_all}, self.turn_into, self.now,
            self.switch, self.question, self.question_first,
        )  # fmt: skip
        return tuple(p for family in families for ps in family.values() for p in ps)

    def about(self, modality: str, phrases: Phrases) -> Phrases:
        """The phrasings that name no other medium: "draw it again", said of a clip, asks for a
        picture."""
        others = tuple(words for medium, words in self.named.items() if medium != modality)
        return _naming_none(phrases, others)

    def with_more(self, more: Mapping[str, Phrases]) -> Phrasebook:
        """This phrasebook with further phrasings, appended to those of the same kind."""

        def joined(kind: str, families: Mapping[Any, Phrases]) -> dict[Any, Phrases]:
            return {
                key: _together(phrases, more.get(kind_of(kind, key), ()))
                for key, phrases in families.items()
            }

        talk = tuple(
            (_together(asked, more.get(f"talk {name}", ())), answer)
            for name, (asked, answer) in zip(TALK, self.talk, strict=True)
        )
        return replace(
            self,
            request=joined("request", self.request), both=joined("both", self.both),
            ask=joined("ask", self.ask), turn_into=joined("turn", self.turn_into),
            now=joined("edit", self.now), switch=joined("switch", self.switch),
            question=joined("question", self.question), talk=talk,
            outside_ask=_together(self.outside_ask, more.get("outside", ())),
            outside=_together(self.outside, more.get("subject", ())),
        )  # fmt: skip

    def without(self, held_out: Collection[str]) -> Phrasebook:
        """This phrasebook without these phrasings."""

        def kept(families: Mapping[Any, Phrases]) -> dict[Any, Phrases]:
            return {key: _others(phrases, held_out) for key, phrases in families.items()}

        return replace(
            self,
            request=kept(self.request), both=kept(self.both), ask=kept(self.ask),
            ask_all=_others(self.ask_all, held_out), turn_into=kept(self.turn_into),
            now=kept(self.now), switch=kept(self.switch), question=kept(self.question),
            question_first=kept(self.question_first),
        )  # fmt: skip


TALK = ("hello", "who", "can", "thanks", "bye", "how")
"""The topics of the rows of `talk`."""


def kind_of(family: str, key: str | tuple[str, str]) -> str:
    """The name of one kind of phrasings: "request image", "turn audio video"."""
    return " ".join((family, key) if isinstance(key, str) else (family, *key))


@cache
def _naming_none(phrases: Phrases, patterns: tuple[str, ...]) -> Phrases:
    return tuple(p for p in phrases if not any(re.search(words, p) for words in patterns))


def _together(phrases: Phrases, more: Phrases) -> Phrases:
    return tuple(dict.fromkeys((*phrases, *more)))


def _others(phrases: Phrases, held_out: Collection[str]) -> Phrases:
    return tuple(phrase for phrase in phrases if phrase not in held_out)
