"""Questions to a bundle about Pocketworld: every direction, in words that training never used.

Requests, descriptions, conversions and edits are worded in held-out phrasings; plain talk and
questions about an attribute have none and use the known ones, and refusals are of subjects that
no dialogue names. Both languages are asked about the same scenes. The same seed gives the same
questions. Knows scenes and sentences; knows no engine.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from runtime.messages import MediaPart, Message, TextPart
from training.dialogues.exchanges import written
from training.dialogues.follow_ups import EDITED, SWITCHES
from training.dialogues.paraphrases import filled
from training.dialogues.phrasings import BOOKS, held_out
from training.evaluation.judging import WORDS, Case, Expected, Question, Rng, write_true
from training.evaluation.plan import SEED
from training.pocketworld.captions import LANGUAGES, alone, varied
from training.pocketworld.scene import ATTRIBUTES, MOTIONS, SHOWN, Scene, pick, random_scene

KEPT = 0.8
"""Chance that an attribute is stated in a request."""
SHORTEST, LONGEST = 3, 5
"""Exchanges of a conversation."""
UNKNOWN = {
    "en": ("a giraffe", "napoleon", "a guitar", "the stone age", "a submarine", "mathematics"),
    "zh": ("长颈鹿", "拿破仑", "吉他", "石器时代", "潜水艇", "数学"),
}
"""Outside Pocketworld, and named in no training dialogue."""


@dataclass(frozen=True)
class Setting:
    """The number, language and settings of one question of a direction."""

    direction: str
    number: int
    language: str
    unseen: bool
    folder: Path
    """The folder in which the user's media are written."""
    seed: int
    phrasings: str = "held-out"
    """One of `training.dialogues.phrasings.PHRASINGS`."""

    def rng(self) -> Rng:
        """Chance that both languages share: the scene, and what of it is stated."""
        key = [ord(letter) for letter in self.direction]
        return np.random.default_rng([self.seed, self.number, int(self.unseen), *key])

    def words(self) -> Rng:
        """Chance in the wording."""
        key = [ord(letter) for letter in self.direction]
        return np.random.default_rng(
            [self.seed + 1, self.number, int(self.unseen), LANGUAGES.index(self.language), *key]
        )

    def scene(self, rng: Rng) -> Scene:
        """A scene of the kind that is asked for."""
        return random_scene(rng, held_out=self.unseen)

    def wording(self, kind: str, words: Rng, modality: str = "") -> str:
        """A phrasing of a kind of wish, its places still to be filled; one that names no other
        medium than `modality`, if that is given."""
        phrases = held_out(kind, self.language, self.phrasings)
        return pick(BOOKS[self.language].about(modality, phrases) if modality else phrases, words)

    def case(self, *questions: Question, edited: str = "") -> Case:
        """A case of this setting."""
        return Case(
            self.direction, questions, self.number, self.language, self.unseen, edited=edited
        )


Maker = Callable[[Setting], Case]


@dataclass(frozen=True)
class Direction:
    """One row of the table."""

    make: Maker
    combines: bool = True
    """True if it shows or states thing, colour and place, so that combinations can be unseen."""


def cases(
    limit: int,
    folder: Path,
    *,
    languages: Collection[str] = ("en",),
    combinations: Collection[str] = ("seen",),
    directions: Collection[str] | None = None,
    seed: int = SEED,
    phrasings: str = "held-out",
) -> Iterator[Case]:
    """`limit` cases of every direction, language and combination, the same on every run.

    They come number by number, so that the first of them already cover everything.

    Args:
        folder: where media that a person gives are written.
        directions: keys of `DIRECTIONS`; None is all.
        phrasings: one of `training.dialogues.phrasings.PHRASINGS`.
    """
    for number in range(limit):
        for setting in settings(languages, combinations, directions):
            direction, language, unseen = setting
            made = Setting(direction, number, language, unseen, folder, seed, phrasings)
            yield DIRECTIONS[direction].make(made)


def settings(
    languages: Collection[str], combinations: Collection[str], directions: Collection[str] | None
) -> Iterator[tuple[str, str, bool]]:
    """Every direction, language and whether unseen that can be asked."""
    for combination in combinations:
        for language in languages:
            for name, direction in DIRECTIONS.items():
                wanted = directions is None or name in directions
                if wanted and (direction.combines or combination == "seen"):
                    yield name, language, combination == "unseen"


def said(text: str, *media: MediaPart) -> Message:
    """A user's message, with the media shown."""
    return Message("user", (*media, TextPart(text)))


def stated(scene: Scene, names: Collection[str]) -> dict[str, str]:
    """Some of a scene's attributes."""
    return {name: getattr(scene, name) for name in names}


def described(
    setting: Setting, scene: Scene, modality: str, rng: Rng, keep: float = KEPT
) -> tuple[str, dict[str, str]]:
    """A caption in free words and what it states; an unseen combination is always stated."""
    mention = ("colour", "place") if setting.unseen else ()
    text, names = varied(
        scene, modality, rng, language=setting.language, keep=keep, mention=mention
    )
    return text, stated(scene, names)


def asked(
    setting: Setting, kind: str, words: Rng, *, question: bool = False, modality: str = "",
    **fill: str,
) -> str:  # fmt: skip
    """A held-out phrasing, filled and as users type it; `modality` is the medium that an edit is
    about."""
    phrase = setting.wording(kind, words, modality)
    phrase = filled(phrase, fill["x"]) if "x" in fill else phrase.format(**fill)
    return written(phrase, words, question=question, language=setting.language)


def request(modality: str, keep: float = KEPT) -> Maker:
    """Draw, play or film something described in words."""

    def make(setting: Setting) -> Case:
        rng = setting.rng()
        text, states = described(setting, setting.scene(rng), modality, rng, keep)
        words = asked(setting, f"request {modality}", setting.words(), x=text)
        return setting.case(Question(said(words), ((modality, states),)))

    return make


def describe(modality: str) -> Maker:
    """A case that asks what is in a picture, sound or clip."""

    def make(setting: Setting) -> Case:
        rng = setting.rng()
        scene = setting.scene(rng)
        medium = given(setting, modality, scene, rng)
        words = asked(setting, f"ask {modality}", setting.words(), question=True)
        expected = (("text", stated(scene, SHOWN[modality])),)
        return setting.case(Question(said(words, medium), expected))

    return make


def given(setting: Setting, modality: str, scene: Scene, rng: Rng) -> MediaPart:
    """A true medium of the scene, as a file that a user attaches."""
    name = f"{setting.direction}-{setting.number}-{int(setting.unseen)}".replace(" -> ", "-")
    return MediaPart(modality, str(write_true(modality, scene, rng, setting.folder / name)))


def convert(source: str, target: str) -> Maker:
    """A given medium as another one: what both can show must be the same."""

    def make(setting: Setting) -> Case:
        rng, words = setting.rng(), setting.words()
        scene = setting.scene(rng)
        motion = pick([word for word in MOTIONS if word != "still"], rng)
        medium = given(setting, source, scene, rng)
        states = stated(scene, [name for name in SHOWN[target] if name in SHOWN[source]])
        phrase = setting.wording(f"turn {source} {target}", words)
        if "{m}" in phrase:
            states["motion"] = motion
            phrase = phrase.format(m=pick(BOOKS[setting.language].moves[motion], words))
        text = written(phrase, words, language=setting.language)
        return setting.case(Question(said(text, medium), ((target, states),)))

    return make


def both(modality: str) -> Maker:
    """A picture or clip, and its sound."""

    def make(setting: Setting) -> Case:
        rng = setting.rng()
        text, states = described(setting, setting.scene(rng), modality, rng)
        heard = {name: value for name, value in states.items() if name in SHOWN["audio"]}
        words = asked(setting, f"both {modality}", setting.words(), x=text)
        return setting.case(Question(said(words), ((modality, states), ("audio", heard))))

    return make


def two(setting: Setting) -> Case:
    """A picture, or every third time a clip, and its sound."""
    return both("video" if setting.number % 3 == 2 else "image")(setting)


def edit(setting: Setting) -> Case:
    """A picture, or every fourth time a clip, and then one attribute of it changed."""
    rng, words = setting.rng(), setting.words()
    modality = "video" if setting.number % 4 == 3 else "image"
    before, name, value = _changeable(setting, modality, rng)
    text, states = described(setting, before, modality, rng)
    first = asked(setting, f"request {modality}", words, x=text)
    then = edit_words(setting, modality, name, value, words)
    return setting.case(
        Question(said(first), None),
        Question(said(then), ((modality, states | {name: value}),)),
        edited=name,
    )


def _changeable(setting: Setting, modality: str, rng: Rng) -> tuple[Scene, str, str]:
    """A scene and an edit of it; both before and after are seen, or both unseen."""
    while True:
        scene = setting.scene(rng)
        name, value = _change(scene, modality, rng)
        if scene.with_(**{name: value}).held_out == setting.unseen:
            return scene, name, value


def _change(scene: Scene, modality: str, rng: Rng) -> tuple[str, str]:
    name = pick(EDITED[modality], rng)
    return name, pick([word for word in ATTRIBUTES[name] if word != getattr(scene, name)], rng)


def edit_words(setting: Setting, modality: str, name: str, value: str, words: Rng) -> str:
    """The wish that an attribute of a medium becomes another value."""
    if name == "motion":
        move = pick(BOOKS[setting.language].moves[value], words)
        return asked(setting, "edit motion", words, modality=modality, m=move)
    word = alone(name, value, setting.language, words)
    return asked(setting, f"edit {name}", words, modality=modality, e=word)


@dataclass(frozen=True)
class Talk:
    """The state of a conversation."""

    scene: Scene
    modality: str
    known: Mapping[str, str]
    """Attributes of the scene that were stated or edited so far."""

    @property
    def expected(self) -> Expected:
        """Attributes that the answer's medium must show."""
        shown = {n: v for n, v in self.known.items() if n in SHOWN[self.modality]}
        return ((self.modality, shown),)


def converse(setting: Setting) -> Case:
    """Three to five exchanges: a request, then edits, questions and other media of the same."""
    rng, words = setting.rng(), setting.words()
    modality = "video" if setting.number % 4 == 3 else "image"
    scene = setting.scene(rng)
    text, states = described(setting, scene, modality, rng)
    questions = [Question(said(asked(setting, f"request {modality}", words, x=text)), None)]
    talk = Talk(scene, modality, states)
    chance = np.random.default_rng([setting.seed, setting.number, int(setting.unseen)])
    for _ in range(SHORTEST + setting.number % (LONGEST - SHORTEST + 1) - 1):
        question, talk = _follow(setting, talk, chance, words)
        questions.append(question)
    return setting.case(*questions)


def _follow(setting: Setting, talk: Talk, rng: Rng, words: Rng) -> tuple[Question, Talk]:
    """The next message; `rng` draws the same for both languages."""
    draw = rng.random()
    if draw < 0.2:
        return _question(setting, talk, rng, words), talk
    if draw < 0.4:
        target = pick(SWITCHES[talk.modality], rng)
        talk = replace(talk, modality=target)
        text = asked(setting, f"switch {target}", words)
        return Question(said(text), talk.expected), talk
    while True:
        name, value = _change(talk.scene, talk.modality, rng)
        scene = talk.scene.with_(**{name: value})
        if scene.held_out == setting.unseen:
            break
    known = {**talk.known, name: value}
    if talk.modality == "audio" and name == "thing":
        known = {heard: getattr(scene, heard) for heard in SHOWN["audio"] if heard in known}
    talk = Talk(scene, talk.modality, known)
    text = edit_words(setting, talk.modality, name, value, words)
    return Question(said(text), talk.expected), talk


def _question(setting: Setting, talk: Talk, rng: Rng, words: Rng) -> Question:
    """About one attribute that was stated."""
    ways = BOOKS[setting.language].question
    names = [n for n in BOOKS["en"].question if n in SHOWN[talk.modality] and n in talk.known]
    name = pick(names, rng)
    text = written(pick(ways[name], words), words, question=True, language=setting.language)
    return Question(said(text), (("text", {name: talk.known[name]}),))


def chat(setting: Setting) -> Case:
    """Plain talk: the known answer, in words alone."""
    book, words = BOOKS[setting.language], setting.words()
    options, answer = book.talk[setting.number % len(book.talk)]
    text = written(pick(options, words), words, language=setting.language)
    return setting.case(Question(said(text), (("text", {WORDS: answer}),)))


def refuse(setting: Setting) -> Case:
    """A case about something outside Pocketworld: the answer must be the refusal and make
    nothing."""
    book, words = BOOKS[setting.language], setting.words()
    subject = UNKNOWN[setting.language][setting.number % len(UNKNOWN[setting.language])]
    text = written(
        pick(book.outside_ask, words).format(n=subject), words, language=setting.language
    )
    return setting.case(Question(said(text), (("text", {WORDS: book.refusal}),)))


DIRECTIONS: dict[str, Direction] = {
    "text -> image": Direction(request("image")),
    "text -> audio": Direction(request("audio"), combines=False),
    "text -> video": Direction(request("video")),
    "image -> text": Direction(describe("image")),
    "audio -> text": Direction(describe("audio"), combines=False),
    "video -> text": Direction(describe("video")),
    "audio -> image": Direction(convert("audio", "image"), combines=False),
    "image -> audio": Direction(convert("image", "audio")),
    "image -> video": Direction(convert("image", "video")),
    "text -> two artifacts": Direction(two),
    "edit in a second turn": Direction(edit),
    "conversation of 3-5 turns": Direction(converse),
    "plain talk": Direction(chat, combines=False),
    "refusal": Direction(refuse, combines=False),
}
"""The functions that make cases, by the name of their row."""
