"""Follow-up messages: edits, the same thing in another medium, questions.

Knows scenes and sentences; knows no tokens and no tensors.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from training.dialogues.exchanges import MOVES, Exchange, Medium, Rng, made, usual, written
from training.dialogues.paraphrases import paraphrased
from training.dialogues.phrasings import BOOKS
from training.dialogues.phrasings.book import Phrases
from training.pocketworld.captions import alone
from training.pocketworld.scene import ATTRIBUTES, SHOWN, Scene, pick

EDITED = {
    "image": ("place", "time", "time", "weather", "colour", "size", "thing"),
    "video": ("place", "time", "weather", "colour", "thing", "motion", "motion"),
    "audio": ("weather", "thing"),
}
"""Attributes that an edit may change, by modality; a repeated one is likelier."""
SWITCHES = {
    "image": ("audio", "audio", "video"),
    "video": ("audio", "audio", "image"),
    "audio": ("image", "image", "video"),
}


def last_medium(turns: Sequence[Exchange]) -> Medium | None:
    """The medium that "it" refers to: the first medium of the last exchange that made or was given
    something. Compositions do not count, because nobody follows them up."""
    last = next((turn.about[0] for turn in reversed(turns) if turn.about), None)
    return None if last is None or last.composition else last


def known_of(turns: Sequence[Exchange], last: Medium) -> dict[str, str]:
    """The attributes of the last medium's scene that it or an earlier medium has shown."""
    known: dict[str, str] = {}
    for medium in (turn.about[0] for turn in reversed(turns) if turn.about):
        if medium.composition or medium.scene.thing != last.scene.thing:
            break
        for name in SHOWN[medium.modality]:
            known.setdefault(name, getattr(medium.scene, name))
    return known


def follow(turns: Sequence[Exchange], last: Medium, rng: Rng, language: str = "en") -> Exchange:
    """An edit of the last medium, the same as another medium, or a question."""
    draw = rng.random()
    media = [medium for turn in turns for medium in turn.about]
    if draw < 0.06 and len(media) > 1 and not media[0].composition:
        return question(media[0].scene, media[0].modality, rng, language, first=True)
    if draw < 0.25:
        return question(last.scene, last.modality, rng, language)
    return edit(last.scene, last.modality, rng, language, known_of(turns, last))[0]


def edit(
    scene: Scene,
    modality: str,
    rng: Rng,
    language: str = "en",
    known: Mapping[str, str] | None = None,
) -> tuple[Exchange, Scene, str]:
    """A follow-up on what was just made; gives the new scene and modality too.

    Args:
        known: the attributes that were shown so far; by default those that the medium shows.
    """
    known = known or {name: getattr(scene, name) for name in SHOWN[modality]}
    draw = rng.random()
    if draw < 0.25:
        target = pick(SWITCHES[modality], rng)
        text = paraphrased(pick(BOOKS[language].switch[target], rng), rng, language)
        changed = as_medium(scene, modality, target, known, rng)
    elif draw < 0.35 and modality == "image":
        target, motion = "video", pick((*MOVES, "bounce"), rng)
        text = _told_to(motion, BOOKS[language].now["motion"], rng, language)
        changed = scene.with_(motion=motion)
    else:
        target = modality
        text, changed = _change(scene, modality, rng, language)
    answer = made(target, changed, language)
    return Exchange((), written(text, rng, language=language), answer), changed, target


def as_medium(scene: Scene, source: str, target: str, known: Mapping[str, str], rng: Rng) -> Scene:
    """The scene of the same thing as another medium: what is known stays, the rest is usual."""
    if target == "audio":
        return scene
    if source == "audio":
        return usual(rng, **known)
    if target == "video":
        return scene.with_(motion=known.get("motion") or pick(MOVES[:2], rng))
    return scene.with_(size=known.get("size", "big"), position=known.get("position", "middle"))


def _told_to(motion: str, phrases: Phrases, rng: Rng, language: str) -> str:
    phrase = paraphrased(pick(phrases, rng), rng, language)
    return phrase.format(m=pick(BOOKS[language].moves[motion], rng))


def _change(scene: Scene, modality: str, rng: Rng, language: str) -> tuple[str, Scene]:
    """One attribute changed, never from a training combination to a held-out one."""
    while True:
        name = pick(EDITED[modality], rng)
        value = pick([v for v in ATTRIBUTES[name] if v != getattr(scene, name)], rng)
        changed = scene.with_(**{name: value})
        if not changed.held_out or scene.held_out:
            break
    phrases = BOOKS[language].about(modality, BOOKS[language].now[name])
    if name == "motion":
        return _told_to(value, phrases, rng, language), changed
    word = alone(name, value, language, rng)
    return paraphrased(pick(phrases, rng), rng, language).format(e=word), changed


def question(
    scene: Scene, modality: str, rng: Rng, language: str = "en", *, first: bool = False
) -> Exchange:
    """A question about one attribute of what was made or shown last, or first of all."""
    book = BOOKS[language]
    asked = book.question_first if first else book.question
    name = pick([n for n in asked if n in SHOWN[modality]], rng)
    answer = book.answer[name].format(e=alone(name, getattr(scene, name), language))
    phrase = paraphrased(pick(asked[name], rng), rng, language)
    text = written(phrase, rng, question=True, language=language)
    return Exchange((), text, (answer,))
