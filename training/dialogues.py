"""Dialogues of Pocketworld: requests, questions, edits and talk, with the scenes they are about.

Text-only dialogues teach the language model, dialogues with media and artifacts are its MosIT.
Knows scenes and sentences; knows no tokens and no tensors.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from training import phrasings as say
from training.pocketworld.captions import PHRASES, canonical, varied
from training.pocketworld.scene import ATTRIBUTES, Scene, pick, random_scene

Rng = np.random.Generator


@dataclass(frozen=True)
class Medium:
    """A picture, sound or clip of a scene: given by a person, or asked of a decoder."""

    modality: str
    scene: Scene
    index: int = -1
    """Which medium of the pool it is, when there is one."""


@dataclass(frozen=True)
class Exchange:
    """One request and its answer; a `Medium` in the answer is an artifact to make."""

    media: tuple[Medium, ...]
    text: str
    answer: tuple[str | Medium, ...]


Dialogue = tuple[Exchange, ...]
Pool = Mapping[str, Sequence[Scene]]
"""Scenes of the media at hand, by modality; without one, media are of any scene."""

MOVES = ("left", "right", "up", "down")
USUAL_PLACE = {
    "boat": "sea", "car": "grass", "train": "grass", "bird": "grass", "dog": "grass",
    "cat": "grass", "bell": "snow", "drum": "sand", "ball": "sand", "frog": "grass",
    "clock": "sand", "bee": "grass",
}  # fmt: skip
USUAL_COLOUR = {
    "boat": "red", "car": "blue", "train": "green", "bird": "blue", "dog": "black",
    "cat": "orange", "bell": "yellow", "drum": "red", "ball": "orange", "frog": "green",
    "clock": "purple", "bee": "yellow",
}  # fmt: skip


def usual(rng: Rng, **stated: str) -> Scene:
    """A training scene with the stated attributes; the others are mostly what is usual."""
    while True:
        thing = stated.get("thing") or pick(ATTRIBUTES["thing"], rng)
        words = {
            "thing": thing,
            "colour": USUAL_COLOUR[thing],
            "place": USUAL_PLACE[thing],
            "time": "day",
            "weather": "clear",
            "size": "big",
            "position": "middle",
            "motion": pick(MOVES[:2], rng),
        }
        for name in words:
            if name != "thing" and rng.random() < 0.25:
                words[name] = pick(ATTRIBUTES[name], rng)
        scene = Scene(**{**words, **stated})
        if not scene.held_out or {"thing", "colour", "place"} <= set(stated):
            return scene


def written(text: str, rng: Rng, *, question: bool = False) -> str:
    """A sentence as people type it: with or without a capital and an end mark."""
    if rng.random() < 0.4:
        text = text[0].upper() + text[1:]
    marks = ["", "?", "?"] if question else ["", "", ".", "!"]
    return text + pick(marks, rng)


def shown(medium: Medium) -> str:
    """What an answer says of an artifact or of a medium that was seen or heard."""
    return canonical(medium.scene, medium.modality)


MAKE_WORDS = {"image": "Here is {x}.", "audio": "This is {x}.", "video": "Here is a clip of {x}."}
SEE_WORDS = {"image": "I see {x}.", "audio": "I hear {x}.", "video": "I see a clip of {x}."}


def made(modality: str, scene: Scene) -> tuple[str | Medium, ...]:
    """The words and the artifact that answer a request."""
    medium = Medium(modality, scene)
    return MAKE_WORDS[modality].format(x=shown(medium)), medium


def _described(modality: str, rng: Rng) -> tuple[str, Scene]:
    """A caption for a request, and the whole scene that answers it."""
    wish = random_scene(rng)
    text, said = varied(wish, modality, rng, keep=float(rng.choice([0.3, 0.6, 1.0])))
    return text, usual(rng, **{name: getattr(wish, name) for name in said})


def request(modality: str, rng: Rng) -> Exchange:
    """Draw, play or film something described in words."""
    text, scene = _described(modality, rng)
    options = {"image": say.DRAW, "audio": say.HEAR, "video": say.CLIP}[modality]
    asked = polite(pick(options, rng), rng)
    return Exchange((), written(asked.format(x=text), rng), made(modality, scene))


def polite(phrase: str, rng: Rng) -> str:
    """Sometimes the phrase with polite words around it, never so that a held-out one is in it."""
    if phrase.split()[0] not in say.VERBS or rng.random() < 0.5:
        return phrase
    around = (pick(("", *say.BEFORE), rng), pick(("", *say.AFTER), rng))
    dressed = f"{around[0]}{phrase}{around[1]}"
    return phrase if _holds_held_out(dressed) else dressed


def _holds_held_out(phrase: str) -> bool:
    templates = [template.split("{x}") for known in say.HELD_OUT.values() for template in known]
    return any(phrase.startswith(f"{a}{{x}}") and phrase.endswith(b) for a, b in templates)


def request_two(rng: Rng) -> Exchange:
    """A picture or clip, and its sound."""
    modality = "image" if rng.random() < 0.7 else "video"
    text, scene = _described(modality, rng)
    options = say.SEE_AND_HEAR if modality == "image" else say.FILM_AND_HEAR
    words, sound = made("audio", scene)
    answer = (*made(modality, scene), f" {words}", sound)
    asked = polite(pick(options, rng), rng)
    return Exchange((), written(asked.format(x=text), rng), answer)


def _seen(modality: str, rng: Rng, pool: Pool | None) -> Medium:
    if pool is None:
        return Medium(modality, random_scene(rng))
    index = int(rng.integers(len(pool[modality])))
    return Medium(modality, pool[modality][index], index)


def describe(modality: str, rng: Rng, pool: Pool | None = None) -> Exchange:
    """What is in this picture, sound or clip?"""
    medium = _seen(modality, rng, pool)
    text = written(pick(say.ASK[modality], rng), rng, question=True)
    return Exchange((medium,), text, (SEE_WORDS[modality].format(x=shown(medium)),))


def describe_all(rng: Rng, pool: Pool | None = None) -> Exchange:
    """Several media at once."""
    order = [m for m in ("image", "audio", "video") if rng.random() < 0.75] or ["image", "audio"]
    media = tuple(_seen(modality, rng, pool) for modality in order)
    words = " ".join(SEE_WORDS[m.modality].format(x=shown(m)) for m in media)
    asked = pick(("what is this", "what are these", "describe these"), rng)
    text = written(asked, rng, question=True)
    return Exchange(media, text, (words,))


def turn_into(rng: Rng, pool: Pool | None = None) -> Exchange:
    """Draw what you hear, make this picture move, ..."""
    pairs = list(say.TURN_INTO)
    source, target = pairs[int(rng.choice(len(pairs), p=[0.25, 0.08, 0.25, 0.27, 0.07, 0.08]))]
    given = _seen(source, rng, pool)
    seen = given.scene
    phrase = pick(say.TURN_INTO[source, target], rng)
    scene = seen
    if source == "audio":
        scene = usual(rng, thing=seen.thing, weather=seen.weather)
    if target == "video":
        motion = pick(MOVES if "{m}" in phrase else MOVES[:2], rng)
        scene = scene.with_(motion=motion)
        phrase = phrase.format(m=_direction(motion, rng))
    if target == "image" and source == "video":
        scene = scene.with_(size="big", position="middle")
    return Exchange((given,), written(phrase, rng), made(target, scene))


def _direction(motion: str, rng: Rng) -> str:
    return f"to the {motion}" if motion in ("left", "right") and rng.random() < 0.5 else motion


def edit(scene: Scene, modality: str, rng: Rng) -> tuple[Exchange, Scene, str]:
    """A follow-up on what was just made; gives the new scene and modality too."""
    draw = rng.random()
    if modality != "audio" and draw < 0.15:
        text, target, changed = pick(say.NOW_SOUND, rng), "audio", scene
    elif modality == "image" and draw < 0.3:
        motion = pick(MOVES, rng)
        text = pick(say.NOW_MOVE, rng).format(m=_direction(motion, rng))
        target, changed = "video", scene.with_(motion=motion)
    else:
        text, changed = _change(scene, modality, rng)
        target = modality
    return Exchange((), written(text, rng), made(target, changed)), changed, target


def _change(scene: Scene, modality: str, rng: Rng) -> tuple[str, Scene]:
    names = {
        "image": ["place", "time", "time", "weather", "colour", "size", "thing"],
        "video": ["place", "time", "weather", "colour", "thing"],
        "audio": ["weather", "thing"],
    }[modality]
    while True:
        name = pick(names, rng)
        value = pick([v for v in ATTRIBUTES[name] if v != getattr(scene, name)], rng)
        changed = scene.with_(**{name: value})
        if not changed.held_out or scene.held_out:
            break
    phrase = pick(PHRASES[name][value], rng)
    forms = {"colour": say.NOW_COLOUR, "size": say.NOW_SIZE, "thing": say.NOW_THING}
    return pick(forms.get(name, say.NOW), rng).format(e=phrase), changed


def question(scene: Scene, modality: str, rng: Rng) -> Exchange:
    """A question about one attribute of what was made or shown."""
    names = [n for n in say.QUESTION if modality != "audio" or n in ("thing", "weather")]
    if modality == "video":
        names.remove("size")
    name = pick(names, rng)
    phrase = PHRASES[name][getattr(scene, name)][0]
    article = "a " if name == "thing" else ""
    text = written(pick(say.QUESTION[name], rng), rng, question=True)
    return Exchange((), text, (f"It is {article}{phrase}.",))


def talk(rng: Rng) -> Exchange:
    """Plain talk, or an honest refusal of what lies outside Pocketworld."""
    if rng.random() < 0.5:
        text = pick(say.OUTSIDE_ASK, rng).format(n=pick(say.OUTSIDE, rng))
        return Exchange((), written(text, rng), (say.REFUSAL,))
    asked, answer = say.TALK[int(rng.integers(len(say.TALK)))]
    return Exchange((), written(pick(asked, rng), rng), (answer,))


def first_exchange(rng: Rng, pool: Pool | None = None) -> Exchange:
    """Any opening of a conversation."""
    makers: list[tuple[float, Callable[[], Exchange]]] = [
        (0.16, lambda: request("image", rng)),
        (0.11, lambda: request("audio", rng)),
        (0.14, lambda: request("video", rng)),
        (0.09, lambda: request_two(rng)),
        (0.11, lambda: describe("image", rng, pool)),
        (0.07, lambda: describe("audio", rng, pool)),
        (0.10, lambda: describe("video", rng, pool)),
        (0.03, lambda: describe_all(rng, pool)),
        (0.13, lambda: turn_into(rng, pool)),
        (0.06, lambda: talk(rng)),
    ]
    shares = np.array([share for share, _ in makers])
    return makers[int(rng.choice(len(makers), p=shares / shares.sum()))][1]()


def dialogue(rng: Rng, pool: Pool | None = None, *, longest: int = 3) -> Dialogue:
    """One to `longest` exchanges; later ones edit, ask about or leave what went before."""
    turns = [first_exchange(rng, pool)]
    for _ in range(int(rng.choice([0, 0, 1, 1, 2])) if longest > 1 else 0):
        last = _last_medium(turns)
        draw = rng.random()
        if last is None or draw < 0.12:
            turns.append(first_exchange(rng, pool))
        elif draw < 0.3:
            turns.append(question(last.scene, last.modality, rng))
        else:
            turns.append(edit(last.scene, last.modality, rng)[0])
    return tuple(turns[:longest])


def _last_medium(turns: list[Exchange]) -> Medium | None:
    """What "it" means: the picture or clip of the last exchange that made or showed something."""
    for exchange in reversed(turns):
        made_here = [part for part in exchange.answer if isinstance(part, Medium)]
        about = made_here or list(exchange.media)
        if about:
            return about[0]
    return None
