"""Asks a bundle in every phrasing of a set, once, and reads what its answers say they make.

Shows which wishes are understood, apart from how well they are drawn: the media are made in one
diffusion step and nobody looks at them. Knows phrasings and scenes; knows no oracle.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from runtime.engine import Engine
from runtime.messages import MediaPart
from training import examination
from training.examination import Case, Expected, Mark, Question, Result, Rng, write_true
from training.exchanges import written
from training.follow_ups import SWITCHES
from training.phrasings import BOOKS, HELD_OUT_KINDS, held_out
from training.plan import LANGUAGES
from training.pocketworld.captions import alone, read_caption, varied
from training.pocketworld.scene import ATTRIBUTES, MOTIONS, SHOWN, Scene, pick, random_scene
from training.questions import KEPT, said, stated
from training.second_ring_suite import PHRASINGS as KNOWN
from training.wording import filled

STEPS = 1
"""Diffusion steps of what is made."""
Questions = Generator[Question, None, None]


@dataclass(frozen=True)
class Wording:
    """One phrasing in which a wish is made."""

    kind: str
    """One of `HELD_OUT_KINDS`."""
    phrase: str
    language: str
    number: int
    """Of its kind and language."""
    folder: Path
    """Where the medium that is shown with it is written."""

    def case(self, seed: int) -> Case:
        """The wish about a seen scene, which is the same in both languages."""
        key = [seed, HELD_OUT_KINDS.index(self.kind), self.number]
        rng = np.random.default_rng(key)
        words = np.random.default_rng([*key, LANGUAGES.index(self.language)])
        family, *media = self.kind.split()
        families: dict[str, Callable[..., Questions]] = {
            "request": self._request, "both": self._both, "ask": self._ask, "turn": self._turn,
            "edit": self._edit, "switch": self._switch,
        }  # fmt: skip
        asked = families[family](rng, words, *media)
        return Case(self.kind, tuple(asked), self.number, self.language)

    def _request(self, rng: Rng, words: Rng, modality: str) -> Questions:
        text, states = self._described(random_scene(rng), modality, rng)
        yield self._asked(words, ((modality, states),), x=text)

    def _both(self, rng: Rng, words: Rng, modality: str) -> Questions:
        text, states = self._described(random_scene(rng), modality, rng)
        heard = {name: word for name, word in states.items() if name in SHOWN["audio"]}
        yield self._asked(words, ((modality, states), ("audio", heard)), x=text)

    def _ask(self, rng: Rng, words: Rng, modality: str) -> Questions:
        scene = random_scene(rng)
        medium = self._given(modality, scene, rng)
        expected = (("text", stated(scene, SHOWN[modality])),)
        yield self._asked(words, expected, medium, question=True)

    def _turn(self, rng: Rng, words: Rng, source: str, target: str) -> Questions:
        scene = random_scene(rng)
        medium = self._given(source, scene, rng)
        states = stated(scene, [name for name in SHOWN[target] if name in SHOWN[source]])
        motion = pick([word for word in MOTIONS if word != "still"], rng)
        if "{m}" in self.phrase:
            states["motion"] = motion
        move = pick(BOOKS[self.language].moves[motion], words)
        yield self._asked(words, ((target, states),), medium, m=move)

    def _edit(self, rng: Rng, words: Rng, name: str) -> Questions:
        modality = "video" if name == "motion" else "image"
        while True:
            scene = random_scene(rng)
            word = pick([w for w in ATTRIBUTES[name] if w != getattr(scene, name)], rng)
            if not scene.with_(**{name: word}).held_out:
                break
        states = yield from self._made(scene, modality, rng, words)
        expected = ((modality, states | {name: word}),)
        if name == "motion":
            yield self._asked(words, expected, m=pick(BOOKS[self.language].moves[word], words))
        else:
            yield self._asked(words, expected, e=alone(name, word, self.language, words))

    def _switch(self, rng: Rng, words: Rng, target: str) -> Questions:
        source = pick([m for m, targets in SWITCHES.items() if target in targets], rng)
        states = yield from self._made(random_scene(rng), source, rng, words)
        kept = {name: word for name, word in states.items() if name in SHOWN[target]}
        yield self._asked(words, ((target, kept),))

    def _made(
        self, scene: Scene, modality: str, rng: Rng, words: Rng
    ) -> Generator[Question, None, dict[str, str]]:
        """A request in a known phrasing, which the wish follows; returns what it states."""
        text, states = self._described(scene, modality, rng)
        phrase = KNOWN[self.language][modality][0].format(x=text)
        yield Question(said(written(phrase, words, language=self.language)), None)
        return states

    def _described(self, scene: Scene, modality: str, rng: Rng) -> tuple[str, dict[str, str]]:
        text, names = varied(scene, modality, rng, language=self.language, keep=KEPT)
        return text, stated(scene, names)

    def _given(self, modality: str, scene: Scene, rng: Rng) -> MediaPart:
        path = self.folder / f"{self.kind} {self.number}".replace(" ", "-")
        return MediaPart(modality, str(write_true(modality, scene, rng, path)))

    def _asked(
        self, words: Rng, expected: Expected, *media: MediaPart, question: bool = False, **fill: str
    ) -> Question:
        phrase = self.phrase
        phrase = filled(phrase, fill["x"]) if "x" in fill else phrase.format(**fill)
        text = written(phrase, words, question=question, language=self.language)
        return Question(said(text, *media), expected)


def wordings(limit: int, languages: Collection[str], phrasings: str, folder: Path) -> list[Wording]:
    """At most `limit` phrasings of every kind and language, number by number: so the first of them
    already cover everything."""
    return [
        Wording(kind, phrases[number], language, number, folder)
        for number in range(limit)
        for kind in HELD_OUT_KINDS
        for language in languages
        if number < len(phrases := held_out(kind, language, phrasings))
    ]


def put(engine: Engine, case: Case) -> Result:
    """Hold the conversation and judge its last answer: the media, and what its words state."""
    result = examination.put(engine, case, STEPS).without_media()
    (expected,) = (q.expected for q in case.questions if q.expected is not None)
    told = read_caption(result.answers[-1].text) if all(result.routed) else {}
    wanted = {name: word for _, states in expected for name, word in states.items()}
    last = len(case.questions) - 1
    result.marks = [Mark(last, name, word, told.get(name, "")) for name, word in wanted.items()]
    return result
