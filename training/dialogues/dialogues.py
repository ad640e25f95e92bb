"""Dialogues of Pocketworld: requests, questions, edits and talk, with the scenes they are about.

Text-only dialogues teach the language model, dialogues with media and artifacts are its MosIT.
A dialogue speaks English ("en") or Simplified Chinese ("zh"), and answers in the language of the
request. Knows scenes and sentences; knows no tokens and no tensors.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from training.dialogues.exchanges import (
    MOVES,
    USUAL_COLOUR,
    Dialogue,
    Exchange,
    Medium,
    Pool,
    Rng,
    made,
    shown,
    usual,
    written,
)
from training.dialogues.follow_ups import edit, follow, last_medium, question
from training.dialogues.out_of_domain import outside
from training.dialogues.paraphrases import COUNTED, filled, paraphrased
from training.dialogues.phrasings import BOOKS
from training.dialogues.typos import sometimes_misspelt
from training.pocketworld import levels
from training.pocketworld.captions import varied
from training.pocketworld.compositions.captions import varied as composition_varied
from training.pocketworld.compositions.composition import (
    Composition,
    Relation,
    random_composition,
)
from training.pocketworld.scene import ATTRIBUTES, Scene, pick, random_scene

__all__ = [
    "Dialogue", "Exchange", "Medium", "Pool", "describe", "describe_all", "dialogue", "edit",
    "first_exchange", "is_refused", "made", "question", "request", "request_two", "shown", "talk",
    "turn_into", "usual", "written",
]  # fmt: skip

CHINESE_SHARE = 0.5
"""The share of dialogues in Chinese."""
COMPOSITION_SHARE = 0.25
"""The share of requests for one medium that ask for a composition."""
REFUSED = 0.65
"""The share of plain talk that asks for something outside Pocketworld."""
LENGTHS = (0.45, 0.25, 0.15, 0.06, 0.04, 0.03, 0.02)
"""The probabilities that a dialogue has one, two, ... exchanges."""


def some_language(rng: Rng) -> str:
    """The language of one dialogue."""
    return "zh" if rng.random() < CHINESE_SHARE else "en"


def _composed(modality: str, rng: Rng, language: str) -> tuple[str, Composition]:
    """A caption of a composition for a request, and the whole composition that answers it."""
    wish = random_composition(pick(levels.COMPOSITION_TOPICS[modality], rng), rng)
    keep = float(rng.choice([0.3, 0.6, 1.0]))
    text, names = composition_varied(wish, rng, language=language, keep=keep)
    stated = {name: wish.shown[name] for name in names if name in ATTRIBUTES}
    while True:
        scene = usual(rng, **stated).with_(size="small", position="middle")
        if not isinstance(wish, Relation):
            return text, replace(wish, scene=scene)
        other = scene.with_(thing=wish.other.thing, colour=wish.other.colour)
        if "other colour" not in names and rng.random() < 0.75:
            other = other.with_(colour=USUAL_COLOUR[other.thing])
        if other.colour != scene.colour and not other.held_out:
            return text, replace(wish, scene=scene, other=other)


def _captioned_scene(modality: str, rng: Rng, language: str) -> tuple[str, Scene]:
    """A caption for a request, and the whole scene that answers it."""
    wish = random_scene(rng)
    keep = float(rng.choice([0.3, 0.6, 1.0]))
    text, said = varied(wish, modality, rng, language=language, keep=keep)
    return text, usual(rng, **{name: getattr(wish, name) for name in said})


def request(modality: str, rng: Rng, language: str | None = None) -> Exchange:
    """Draw, play or film something described in words."""
    language = language or some_language(rng)
    phrases = BOOKS[language].request[modality]
    text: str
    subject: levels.Subject
    if rng.random() < COMPOSITION_SHARE:
        phrases = tuple(phrase for phrase in phrases if not re.search(COUNTED, phrase))
        text, subject = _composed(modality, rng, language)
    else:
        text, subject = _captioned_scene(modality, rng, language)
    asked = filled(paraphrased(pick(phrases, rng), rng, language), text)
    return Exchange((), written(asked, rng, language=language), made(modality, subject, language))


def request_two(rng: Rng, language: str | None = None) -> Exchange:
    """A picture or clip, and its sound."""
    language = language or some_language(rng)
    modality = "image" if rng.random() < 0.7 else "video"
    text, scene = _captioned_scene(modality, rng, language)
    words, sound = made("audio", scene, language)
    answer = (*made(modality, scene, language), f"{BOOKS[language].between}{words}", sound)
    asked = paraphrased(pick(BOOKS[language].both[modality], rng), rng, language)
    return Exchange((), written(filled(asked, text), rng, language=language), answer)


def _seen(modality: str, rng: Rng, pool: Pool | None) -> Medium:
    if pool is None:
        return Medium(modality, random_scene(rng))
    index = int(rng.integers(len(pool[modality])))
    return Medium(modality, pool[modality][index], index)


def _description(medium: Medium, language: str) -> str:
    return BOOKS[language].see[medium.modality].format(x=shown(medium, language))


def describe(
    modality: str, rng: Rng, pool: Pool | None = None, language: str | None = None
) -> Exchange:
    """An exchange that asks what is in a picture, sound or clip."""
    language = language or some_language(rng)
    medium = _seen(modality, rng, pool)
    asked = paraphrased(pick(BOOKS[language].ask[modality], rng), rng, language)
    text = written(asked, rng, question=True, language=language)
    return Exchange((medium,), text, (_description(medium, language),))


def describe_all(rng: Rng, pool: Pool | None = None, language: str | None = None) -> Exchange:
    """Several media at once."""
    language = language or some_language(rng)
    order = [m for m in ("image", "audio", "video") if rng.random() < 0.75] or ["image", "audio"]
    media = tuple(_seen(modality, rng, pool) for modality in order)
    words = BOOKS[language].between.join(_description(medium, language) for medium in media)
    asked = paraphrased(pick(BOOKS[language].ask_all, rng), rng, language)
    return Exchange(media, written(asked, rng, question=True, language=language), (words,))


def turn_into(rng: Rng, pool: Pool | None = None, language: str | None = None) -> Exchange:
    """An exchange that asks for a given medium as another one: draw what you hear, make this
    picture move."""
    language = language or some_language(rng)
    book = BOOKS[language]
    pairs = list(book.turn_into)
    source, target = pairs[int(rng.choice(len(pairs), p=[0.25, 0.08, 0.25, 0.27, 0.07, 0.08]))]
    given = _seen(source, rng, pool)
    phrase = paraphrased(pick(book.turn_into[source, target], rng), rng, language)
    scene = given.scene
    if source == "audio":
        scene = usual(rng, thing=scene.thing, weather=scene.weather)
    if target == "video":
        told = (*MOVES, "bounce", "bounce", "appear", "leave")
        motion = pick(told if "{m}" in phrase else MOVES[:2], rng)
        scene = scene.with_(motion=motion)
        phrase = phrase.format(m=pick(book.moves[motion], rng))
    if target == "image" and source == "video":
        scene = scene.with_(size="big", position="middle")
    asked = written(phrase, rng, language=language)
    return Exchange((given,), asked, made(target, scene, language))


def talk(rng: Rng, language: str | None = None) -> Exchange:
    """Plain talk, or an honest refusal of something outside Pocketworld."""
    language = language or some_language(rng)
    book = BOOKS[language]
    if rng.random() < REFUSED:
        asked, answer = pick(book.outside_ask, rng).format(n=outside(rng, language)), book.refusal
    else:
        options, answer = book.talk[int(rng.integers(len(book.talk)))]
        asked = pick(options, rng)
    return Exchange((), written(asked, rng, language=language), (answer,))


def is_refused(exchange: Exchange) -> bool:
    """True if the answer is the honest refusal."""
    return exchange.answer in {(book.refusal,) for book in BOOKS.values()}


def first_exchange(rng: Rng, pool: Pool | None = None, language: str | None = None) -> Exchange:
    """Any opening of a conversation."""
    language = language or some_language(rng)
    makers: list[tuple[float, Callable[[], Exchange]]] = [
        (0.16, lambda: request("image", rng, language)),
        (0.11, lambda: request("audio", rng, language)),
        (0.14, lambda: request("video", rng, language)),
        (0.14, lambda: request_two(rng, language)),
        (0.11, lambda: describe("image", rng, pool, language)),
        (0.07, lambda: describe("audio", rng, pool, language)),
        (0.10, lambda: describe("video", rng, pool, language)),
        (0.03, lambda: describe_all(rng, pool, language)),
        (0.20, lambda: turn_into(rng, pool, language)),
        (0.09, lambda: talk(rng, language)),
    ]
    shares = np.array([share for share, _ in makers])
    return makers[int(rng.choice(len(makers), p=shares / shares.sum()))][1]()


def dialogue(
    rng: Rng, pool: Pool | None = None, *, longest: int = len(LENGTHS), language: str | None = None
) -> Dialogue:
    """One to `longest` exchanges; later ones edit, ask about or leave what went before.

    Args:
        pool: scenes of the media that may be given.
        language: of its first exchange; by default drawn. A few people change it on the way.
    """
    language = language or some_language(rng)
    turns = [first_exchange(rng, pool, language)]
    for _ in range(min(int(rng.choice(len(LENGTHS), p=LENGTHS)), longest - 1)):
        if rng.random() < 0.03:
            language = "en" if language == "zh" else "zh"
        turns.append(_next(turns, rng, pool, language))
    return tuple(
        Exchange(turn.media, sometimes_misspelt(turn.text, rng), turn.answer) for turn in turns
    )


def _next(turns: Sequence[Exchange], rng: Rng, pool: Pool | None, language: str) -> Exchange:
    last = last_medium(turns)
    draw = rng.random()
    if last is None or draw < 0.17:
        return first_exchange(rng, pool, language)
    if draw < 0.21:
        return talk(rng, language)
    return follow(turns, last, rng, language)
