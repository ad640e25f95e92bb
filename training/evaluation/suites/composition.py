"""Asks a bundle for compositions of Pocketworld, and has the answers judged.

Every topic (count, relation, loudness, order, speed) is asked in known phrasings, in each language
about the same compositions; its words are asked equally often. Knows compositions and sentences;
knows no engine.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import numpy as np

from plugins.api import Condition, Recipe
from training.dialogues.attached import write_medium
from training.dialogues.exchanges import written
from training.evaluation.judging import Case, Question, Rng, oracle_of
from training.evaluation.metrics.proportions import Proportion, proportion_of
from training.evaluation.plan import LANGUAGES, SEED
from training.evaluation.questions import KEPT, said
from training.evaluation.session import EvaluationRun
from training.pocketworld.compositions.captions import canonical, varied
from training.pocketworld.compositions.composition import TOPICS, Composition, random_composition
from training.pocketworld.compositions.oracle import judges_of
from training.pocketworld.compositions.render import render
from training.pocketworld.scene import pick

PHRASINGS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "image": ("draw {x}", "show me {x}", "a picture of {x}", "can you draw {x}"),
        "audio": ("play {x}", "i want to hear {x}", "play the sound of {x}", "the sound of {x}"),
        "video": ("show a clip of {x}", "make a video of {x}", "film {x}", "a clip of {x}"),
    },
    "zh": {
        "image": ("画{x}", "给我看{x}", "我想看{x}", "生成一张图片：{x}"),
        "audio": ("播放{x}", "让我听听{x}", "我想听{x}", "生成一段声音：{x}"),
        "video": ("生成一段视频：{x}", "视频：{x}", "我想要一段短片：{x}"),
    },
}
"""The phrasings of plain requests that fit any caption."""
ORACLE = 40
"""First stream of what the oracle alone sees; what is asked has its topic's number."""
CAPTIONED = 60
"""First stream of what decoders alone are asked."""


def compositions(
    topic: str, limit: int, seed: int, stream: int
) -> Iterator[tuple[Composition, Rng]]:
    """`limit` seen compositions of a topic with its words in turn, each with a random generator for
    later use."""
    words = TOPICS[topic].words
    for number in range(limit):
        for attempt in count():
            rng = np.random.default_rng([seed, stream, number, attempt])
            composition = random_composition(topic, rng)
            if composition.word == words[number % len(words)]:
                yield composition, rng
                break


def cases(limit: int, languages: Collection[str], seed: int = SEED) -> Iterator[Case]:
    """`limit` cases of every topic and language, the same on every run.

    They come number by number, so that the first of them already cover everything.
    """
    streams = [compositions(topic, limit, seed, k) for k, topic in enumerate(TOPICS)]
    for number, round_ in enumerate(zip(*streams, strict=True)):
        for composition, rng in round_:
            state = rng.bit_generator.state
            for language in languages:
                rng.bit_generator.state = state
                yield _case(composition, rng, number, language)


def _case(wanted: Composition, rng: Rng, number: int, language: str) -> Case:
    text, names = varied(wanted, rng, language=language, keep=KEPT)
    words = np.random.default_rng([number, LANGUAGES.index(language)])
    phrase = pick(PHRASINGS[language][wanted.modality], words).format(x=text)
    stated = {name: wanted.shown[name] for name in names}
    question = Question(
        said(written(phrase, words, language=language)), ((wanted.modality, stated),)
    )
    return Case(wanted.topic, (question,), number, language, judges=judges_of(wanted))


def captioned_share(topic: str, recipe: Recipe, limit: int, session: EvaluationRun) -> Proportion:
    """The share of `limit` full captions for which the decoder, reading them itself, shows the
    topic's word.

    Args:
        recipe: of something that the decoder made, whose settings it uses.
    """
    marks = []
    for wanted, rng in compositions(topic, limit, session.seed, CAPTIONED + [*TOPICS].index(topic)):
        asked = replace(
            recipe, condition=Condition(caption=canonical(wanted)), seed=int(rng.integers(2**31))
        )
        made = session.engine.rerender(asked).data
        found = oracle_of(wanted.modality, made, judges_of(wanted))
        marks.append(found.get(topic) == wanted.word)
        session.tick()
    return proportion_of(marks)


def chance() -> dict[str, float]:
    """The chance of a blind choice among the words of each topic."""
    return {topic: 1 / len(kind.words) for topic, kind in TOPICS.items()}


def oracle_shares(limit: int, folder: Path, seed: int = SEED) -> dict[str, dict[str, Proportion]]:
    """The oracle's shares on `limit` true media, written as files, by topic and attribute."""
    shares = {}
    for stream, topic in enumerate(TOPICS, ORACLE):
        marks: dict[str, list[bool]] = defaultdict(list)
        for wanted, rng in compositions(topic, limit, seed, stream):
            path = write_medium(wanted.modality, render(wanted, rng), folder / f"oracle-{topic}")
            found = oracle_of(wanted.modality, path.read_bytes(), judges_of(wanted))
            for name, word in wanted.shown.items():
                marks[name].append(found.get(name) == word)
        shares[topic] = {name: proportion_of(every) for name, every in marks.items()}
    return shares
