"""Makes the table that separates known requests from others, from phrasebooks.

Wishes are what dialogues teach, in all their phrasings; others are the lists of plain questions,
and wishes about things from outside Pocketworld. Held-out phrasings are in none of it. Knows
sentences; knows no media.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from runtime.familiarity.words import KINDS, WordReader, hashed, mask, names_pattern
from training.dialogues import dialogues
from training.dialogues.exchanges import Rng, written
from training.dialogues.follow_ups import edit, question
from training.dialogues.out_of_domain import outside
from training.dialogues.paraphrases import around
from training.dialogues.phrasings import BOOKS
from training.dialogues.phrasings.lists import read_list
from training.dialogues.typos import sometimes_misspelt
from training.familiarity.logistic import fit
from training.pocketworld import captions, captions_zh
from training.pocketworld.captions import BY_LANGUAGE, LANGUAGES
from training.pocketworld.scene import SHOWN, pick, random_scene

ROWS = 16384
"""Rows of the table: 16384 rows of four kinds are 64 kB."""
DECAY, ROUNDS = 2e-6, 150
REFUSED = 0.001
"""Share of wishes, in phrasings that are held back, which may be taken for others."""
LEAST_OTHER, MOST_OTHER = 0.7, 0.95
"""Bounds of the share of others from which a text is refused."""
PLAIN = "plain"
"""Name of the lists of what Pocket cannot do."""
MORE_NAMES: dict[str, tuple[str, ...]] = {
    "place": (
        "sea", "ocean", "water", "grass", "meadow", "lawn", "sand", "beach", "desert", "snow",
        "海", "大海", "海面", "水面", "草地", "草坪", "草原", "沙地", "沙滩", "沙漠", "雪地",
    ),
    "time": (
        "day", "daytime", "noon", "night", "midnight", "dark", "sunset", "dusk", "evening", "日落",
    ),
    "weather": (
        "rain", "rainy", "raining", "snowing", "snowfall", "storm", "stormy", "thunderstorm",
        "clear sky", "雨", "大雨", "雪", "大雪", "晴空", "雷声",
    ),
    "other": (
        "hot dog", "hot dogs", "dumbbell", "地球", "足球", "篮球", "网球", "排球", "乒乓球",
        "羽毛球", "星球", "全球", "球队", "点钟", "分钟", "秒钟", "几点钟", "鼓励", "鼓掌", "热狗",
        "熊猫", "飞船", "鸵鸟", "企鹅", "门铃", "铃声",
    ),
}  # fmt: skip
"""Words for what Pocketworld has, outside captions; and words that hold one and mean another."""

CONTRACTIONS = (
    ("what is", "what's"), ("who is", "who's"), ("where is", "where's"), ("how is", "how's"),
    ("when is", "when's"), ("it is", "it's"), ("that is", "that's"), ("i am", "i'm"),
    ("i have", "i've"), ("you are", "you're"), ("let us", "let's"), ("do not", "don't"),
    ("does not", "doesn't"), ("is not", "isn't"), ("i would", "i'd"), ("what are", "what're"),
)  # fmt: skip


def names() -> dict[str, tuple[str, ...]]:
    """Every word for what Pocketworld has, by attribute, in both languages."""
    found: dict[str, dict[str, None]] = {name: {} for name in (*SHOWN["image"], "motion", "other")}
    for known in BY_LANGUAGE.values():
        for name, values in known.items():
            words = [word for phrases in values.values() for word in phrases]
            if name == "thing":
                words += [_plural(word) for word in words if word.isascii()]
            found[name].update(dict.fromkeys(words))
    for name, more in MORE_NAMES.items():
        found[name].update(dict.fromkeys(more))
    return {name: tuple(words) for name, words in found.items()}


def _plural(noun: str) -> str:
    return f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"


@dataclass(frozen=True)
class Example:
    """A text and what kind of wish it is."""

    text: str
    kind: str


def example(rng: Rng, language: str, kind: str, plain: Mapping[str, Sequence[str]]) -> Example:
    """One text of a kind in a language, worded as dialogues are."""
    ways: dict[str, Callable[[], str]] = {
        "make": lambda: _make(rng, language),
        "follow": lambda: _follow(rng, language),
        "talk": lambda: _talk(rng, language),
        "other": lambda: _other(rng, language, plain),
    }
    return Example(sometimes_misspelt(ways[kind](), rng), kind)


def _make(rng: Rng, language: str) -> str:
    draw = rng.random()
    if draw < 0.04:  # a caption alone
        modality = pick(tuple(SHOWN), rng)
        return captions.varied(random_scene(rng), modality, rng, language=language)[0]
    if draw < 0.3:
        return dialogues.request_two(rng, language).text
    return dialogues.request(pick(("image", "audio", "video"), rng), rng, language).text


def _follow(rng: Rng, language: str) -> str:
    draw, scene = rng.random(), random_scene(rng)
    modality = pick(("image", "audio", "video"), rng)
    if draw < 0.22:
        return dialogues.describe(modality, rng, language=language).text
    if draw < 0.25:
        return dialogues.describe_all(rng, language=language).text
    if draw < 0.45:
        return dialogues.turn_into(rng, language=language).text
    if draw < 0.85:
        return edit(scene, modality, rng, language)[0].text
    first = rng.random() < 0.2 and modality != "audio"
    return question(scene, modality, rng, language, first=first).text


def _talk(rng: Rng, language: str) -> str:
    options = BOOKS[language].talk[int(rng.integers(len(BOOKS[language].talk)))][0]
    return written(around(pick(options, rng), rng, language), rng, language=language)


def _other(rng: Rng, language: str, plain: Mapping[str, Sequence[str]]) -> str:
    draw = rng.random()
    if draw < 0.4:
        phrase = pick(plain["plain"], rng)
    elif draw < 0.6:
        subject = _known(rng, language) if rng.random() < 0.7 else outside(rng, language)
        phrase = pick(plain["about"], rng).format(n=subject)
    else:
        phrase = pick(BOOKS[language].outside_ask, rng).format(n=outside(rng, language))
    if rng.random() < 0.4:
        phrase = contracted(phrase)
    return written(around(phrase, rng, language), rng, language=language)


def contracted(phrase: str) -> str:
    """An English phrase as it is spoken: "what's" for "what is"."""
    for long, short in CONTRACTIONS:
        phrase = re.sub(rf"\b{long}\b", short, phrase)
    return phrase


def _known(rng: Rng, language: str) -> str:
    """A thing of Pocketworld as one asks about it."""
    thing = random_scene(rng).thing
    if language == "zh":
        word = pick(captions_zh.PHRASES["thing"][thing], rng)
        return f"一{captions_zh.MEASURE[thing]}{word}" if rng.random() < 0.2 else word
    word = pick(captions.PHRASES["thing"][thing], rng)
    return pick((captions.counted(word), f"the {word}", f"my {word}", _plural(word), word), rng)


@cache
def plain_list(language: str) -> dict[str, tuple[str, ...]]:
    """Requests that Pocket cannot fulfil, by kind."""
    return read_list(PLAIN, language)


def examples(count: int, seed: int) -> list[Example]:
    """Texts of every kind in both languages, drawn from a seed."""
    shares = np.array([0.3, 0.34, 0.06, 0.3])
    made = []
    for index in range(count):
        rng = np.random.default_rng([seed, index])
        kind = KINDS[int(rng.choice(len(KINDS), p=shares))]
        language = LANGUAGES[int(rng.integers(len(LANGUAGES)))]
        made.append(example(rng, language, kind, plain_list(language)))
    return made


def table(
    count: int, seed: int, say: Callable[[str], None] = print
) -> tuple[dict[str, NDArray[Any]], float]:
    """The tensors that `WordReader` takes, and the largest share of others a wish may have.

    That share is set by texts in phrasings that the table has not seen.
    """
    texts = examples(count, seed)
    known = names_pattern(names())
    fresh = [_is_held_back(mask(one.text, *known)[0]) for one in texts]
    own = reader(learn([one for one, held in zip(texts, fresh, strict=True) if not held]))
    shares: dict[bool, list[float]] = {False: [], True: []}
    for one, held in zip(texts, fresh, strict=True):
        if held:
            shares[one.kind == "other"].append(own.read(one.text).kind_shares["other"])
    wishes, others = np.array(shares[False]), np.array(shares[True])
    most = float(np.clip(np.quantile(wishes, 1 - REFUSED), LEAST_OTHER, MOST_OTHER))
    say(
        f"words: {len(texts)} texts; a share of others above {most:.3f} is refused: "
        f"{(wishes > most).mean():.2%} of {len(wishes)} wishes in phrasings that were held back, "
        f"{(others > most).mean():.1%} of {len(others)} other texts"
    )
    return learn(texts), most


def _is_held_back(masked: str) -> bool:
    """One in ten, by what stands around the names in a text: its phrasing, whatever it is about."""
    around_names = re.sub(r"(?:\ban? *)?<.*>", "", masked)
    return zlib.crc32(re.sub(r"[\W_]+", " ", around_names).encode("utf-8")) % 10 == 0


def learn(texts: Sequence[Example]) -> dict[str, NDArray[Any]]:
    """The tensors that `WordReader` takes: `table`, `scale` and `bias`."""
    pattern, attribute = names_pattern(names())
    rows = [hashed(mask(one.text, pattern, attribute)[0], ROWS) for one in texts]
    counts = np.array([len(one) for one in rows])
    shares = np.repeat(1 / np.sqrt(counts), counts)
    starts = np.concatenate([[0], np.cumsum(counts)])
    pieces = csr_matrix((shares, np.concatenate(rows), starts), shape=(len(rows), ROWS))
    kinds = np.array([KINDS.index(one.kind) for one in texts])
    weights, bias = fit(pieces, kinds, len(KINDS), decay=DECAY, rounds=ROUNDS)
    scale = np.abs(weights).max(axis=0) / 127 + 1e-12
    return {
        "words.table": np.round(weights / scale).astype(np.int8),
        "words.scale": scale.astype(np.float32),
        "words.bias": bias.astype(np.float32),
    }


def reader(tensors: Mapping[str, NDArray[Any]]) -> WordReader:
    """The reader of a table that was learned."""
    return WordReader(
        names(), tensors["words.table"], tensors["words.scale"], tensors["words.bias"]
    )
