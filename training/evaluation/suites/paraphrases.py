"""Asks a bundle once in every phrasing of a set, and reads from its answers what they say they
make.

Shows which requests are understood, apart from how well they are drawn: the media are made in one
diffusion step and nobody looks at them. Knows phrasings and scenes; knows no oracle.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from runtime.engine import Engine
from training.dialogues.exchanges import written
from training.dialogues.follow_ups import SWITCHES
from training.dialogues.phrasings import BOOKS, HELD_OUT_KINDS, held_out
from training.evaluation.judging import Case, Judgement, Question, Result, Rng, hold, is_routed
from training.evaluation.plan import LANGUAGES
from training.evaluation.questions import (
    Setting,
    asked,
    both,
    describe,
    described,
    edit_words,
    given,
    request,
    said,
    stated,
)
from training.evaluation.suites.composition import PHRASINGS as KNOWN
from training.pocketworld.captions import read_caption
from training.pocketworld.scene import ATTRIBUTES, MOTIONS, SHOWN, Scene, pick

STEPS = 1
"""Diffusion steps of what is made."""


@dataclass(frozen=True)
class Paraphrase(Setting):
    """A request in one phrasing. Its direction is its kind, one of `HELD_OUT_KINDS`; its number is
    that of the phrasing."""

    phrase: str = ""

    def rng(self) -> Rng:
        return np.random.default_rng(self._key)

    def words(self) -> Rng:
        return np.random.default_rng([*self._key, LANGUAGES.index(self.language)])

    @property
    def _key(self) -> list[int]:
        return [self.seed, HELD_OUT_KINDS.index(self.direction), self.number]

    def wording(self, kind: str, words: Rng, modality: str = "") -> str:
        return self.phrase

    def asked(self) -> Case:
        """The request about a seen scene, which is the same in both languages."""
        family, *media = self.direction.split()
        return FAMILIES[family](*media)(self)


def turn(source: str, target: str) -> Callable[[Paraphrase], Case]:
    """A given medium as another one: what both can show must be the same."""

    def make(paraphrase: Paraphrase) -> Case:
        rng, words = paraphrase.rng(), paraphrase.words()
        scene = paraphrase.scene(rng)
        medium = given(paraphrase, source, scene, rng)
        states = stated(scene, [name for name in SHOWN[target] if name in SHOWN[source]])
        motion = pick([word for word in MOTIONS if word != "still"], rng)
        if "{m}" in paraphrase.phrase:
            states["motion"] = motion
        move = pick(BOOKS[paraphrase.language].moves[motion], words)
        text = asked(paraphrase, paraphrase.direction, words, m=move)
        return paraphrase.case(Question(said(text, medium), ((target, states),)))

    return make


def edit(name: str) -> Callable[[Paraphrase], Case]:
    """A picture or, to change how it moves, a clip, and then one attribute of it changed."""
    modality = "video" if name == "motion" else "image"

    def make(paraphrase: Paraphrase) -> Case:
        rng, words = paraphrase.rng(), paraphrase.words()
        while True:
            scene = paraphrase.scene(rng)
            word = pick([w for w in ATTRIBUTES[name] if w != getattr(scene, name)], rng)
            if not scene.with_(**{name: word}).held_out:
                break
        first, states = made(paraphrase, scene, modality, rng, words)
        then = edit_words(paraphrase, modality, name, word, words)
        return paraphrase.case(first, Question(said(then), ((modality, states | {name: word}),)))

    return make


def switch(target: str) -> Callable[[Paraphrase], Case]:
    """A case that asks for the same thing in another medium."""

    def make(paraphrase: Paraphrase) -> Case:
        rng, words = paraphrase.rng(), paraphrase.words()
        source = pick([m for m, targets in SWITCHES.items() if target in targets], rng)
        first, states = made(paraphrase, paraphrase.scene(rng), source, rng, words)
        kept = {name: word for name, word in states.items() if name in SHOWN[target]}
        then = asked(paraphrase, paraphrase.direction, words)
        return paraphrase.case(first, Question(said(then), ((target, kept),)))

    return make


def made(
    paraphrase: Paraphrase, scene: Scene, modality: str, rng: Rng, words: Rng
) -> tuple[Question, dict[str, str]]:
    """A request in a known phrasing, which the paraphrase follows, and what it states."""
    text, states = described(paraphrase, scene, modality, rng)
    phrase = KNOWN[paraphrase.language][modality][0].format(x=text)
    return Question(said(written(phrase, words, language=paraphrase.language)), None), states


FAMILIES: dict[str, Callable[..., Callable[[Paraphrase], Case]]] = {
    "request": request, "both": both, "ask": describe, "turn": turn, "edit": edit, "switch": switch,
}  # fmt: skip
"""The function that makes a case of a kind of request, by the first word of its name."""


def paraphrases(
    limit: int, languages: Collection[str], phrasings: str, folder: Path, seed: int
) -> list[Paraphrase]:
    """At most `limit` phrasings of every kind and language, number by number: so the first of them
    already cover everything.

    Args:
        folder: where media that a person gives are written.
    """
    return [
        Paraphrase(kind, number, language, False, folder, seed, phrasings, phrases[number])
        for number in range(limit)
        for kind in HELD_OUT_KINDS
        for language in languages
        if number < len(phrases := held_out(kind, language, phrasings))
    ]


def put(engine: Engine, case: Case) -> Result:
    """Hold the conversation and judge its last answer: the media, and what its words state."""
    answers = hold(engine, case, STEPS)
    last = len(case.questions) - 1
    expected = case.questions[last].expected or ()
    answer = answers[-1]
    routed = len(answers) > last and is_routed(expected, answer)
    told = read_caption(answer.text) if routed else {}
    wanted = {name: word for _, states in expected for name, word in states.items()}
    marks = [Judgement(last, name, word, told.get(name, "")) for name, word in wanted.items()]
    return Result(case, answers, [routed], marks).without_media()
