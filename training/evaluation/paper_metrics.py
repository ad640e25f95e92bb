"""The paper's metrics on Pocketworld: BLEU-4, METEOR and CIDEr of captions; Fréchet distance,
inception score, divergence and CLIPSIM of generated media.

Every request states every attribute, in a held-out phrasing, so what is made and the true media it
is compared with are about the same scenes. Beside each number stands what the truth would get with
as many samples: another set of true media, or the true captions in Pocket's word order. Knows the
engine and the measures.

Legend: N samples, E embedding width.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from training.dialogues.phrasings import BOOKS
from training.evaluation.judging import Rng, answer, frames_of, write_true
from training.evaluation.metrics.distributions import (
    frechet_distance,
    inception_score,
    mean_divergence,
)
from training.evaluation.metrics.embeddings import Embeddings, Float32
from training.evaluation.metrics.words import caption_scores
from training.evaluation.questions import Setting, asked, given, request, said
from training.evaluation.scores import Measure
from training.evaluation.session import EvaluationRun
from training.pocketworld.captions import canonical, varied
from training.pocketworld.scene import THINGS, Scene, random_scene

ENOUGH = 50
"""Samples below which the numbers mean little."""
REFERENCES = 5
"""Captions of each true scene, all its attributes stated: the canonical one and free ones."""
CLASS_CAPTIONS = 8
"""Captions of random scenes whose mean direction stands for a thing."""
FEATURES = (
    "distances are over the bundle's own encoder (embeddings of unit length), not over Inception "
    "or VGGish; classes of IS and KL are the things, by likeness to their captions in that "
    "encoder, and CLIPSIM is the mean cosine of frames and caption in it: comparable only with "
    "numbers of the same encoder"
)


@dataclass
class Made:
    """The generated media of one modality, and the references for them."""

    made: list[Path] = field(default_factory=list)
    true: list[Path] = field(default_factory=list)
    """A true medium of each request's scene."""
    other: list[Path] = field(default_factory=list)
    """Another one of each, with other chance."""
    captions: list[str] = field(default_factory=list)
    """The canonical caption of each."""


def samples_of(limit: int) -> int:
    """Samples a direction for a limit on cases: as many as both languages and combinations have."""
    return 4 * limit


def caption_measures(session: EvaluationRun, modality: str, count: int) -> Iterator[Measure]:
    """Media -> text: BLEU-4, METEOR and CIDEr-D of `count` answers."""
    answers: list[str] = []
    truths: list[str] = []
    references: list[list[str]] = []
    for setting in _settings(session, f"{modality} -> text", count):
        rng, words = setting.rng(), setting.words()
        scene = setting.scene(rng)
        medium = given(setting, modality, scene, rng)
        text = asked(setting, f"ask {modality}", words, question=True)
        found = answer(session.engine, [said(text, medium)], setting.number, session.steps)
        answers.append(told(found.text, modality))
        truths.append(canonical(scene, modality))
        references.append(references_of(scene, modality, words))
        session.tick()
    if len(answers) > 1:
        yield from captions_scored(f"{modality} -> text", answers, references, truths)


def captions_scored(
    direction: str,
    answers: Sequence[str],
    references: Sequence[Sequence[str]],
    truths: Sequence[str] | None = None,
) -> Iterator[Measure]:
    """The three measures of captions, and of the true captions where there are any."""
    scores = caption_scores(answers, references)
    best = caption_scores(truths, references) if truths is not None else None
    for name, field_name in (("BLEU-4", "bleu4"), ("METEOR", "meteor"), ("CIDEr", "cider")):
        anchor = None if best is None else getattr(best, field_name)
        yield Measure(direction, name, getattr(scores, field_name), anchor, scores.n)


def distance_name(modality: str) -> str:
    """The paper's name for the Fréchet distance of this modality."""
    return "FD" if modality == "audio" else "FID"


def references_of(scene: Scene, modality: str, rng: Rng) -> list[str]:
    """Correct captions of a scene."""
    free = [varied(scene, modality, rng, keep=1.0)[0] for _ in range(REFERENCES - 1)]
    return [canonical(scene, modality), *free]


def told(text: str, modality: str) -> str:
    """The caption in an answer, without the words that Pocket puts around it."""
    before, after = BOOKS["en"].see[modality].split("{x}")
    return text.strip().removeprefix(before).removesuffix(after)


def made_measures(
    session: EvaluationRun, embeddings: Embeddings, modality: str, count: int
) -> Iterator[Measure]:
    """Text -> media: distances to true media, and what else the paper measures of this medium."""
    made = _make(session, modality, count)
    direction = f"text -> {modality}"
    if len(made.made) < 2:
        return
    rows = embeddings.media(modality, made.made)
    true, other = embeddings.media(modality, made.true), embeddings.media(modality, made.other)
    floor = frechet_distance(true, other)
    name = distance_name(modality)
    yield Measure(direction, name, frechet_distance(true, rows), floor, len(rows))
    if modality == "audio":
        yield from _sound_measures(embeddings, direction, rows, true, other)
    if modality == "video":
        yield clipsim(embeddings, direction, made.captions, made.made, made.true)


def _make(session: EvaluationRun, modality: str, count: int) -> Made:
    """All media that were asked for and made."""
    found = Made()
    maker = request(modality, keep=1.0)
    for setting in _settings(session, f"text -> {modality}", count):
        scene = setting.scene(setting.rng())
        (question,) = maker(setting).questions
        got = answer(session.engine, [question.said], setting.number, session.steps)
        session.tick()
        if got.modalities != [modality]:
            continue
        path = session.folder / f"made-{modality}-{setting.number}{got.artifacts[0].extension}"
        path.write_bytes(got.artifacts[0].data)
        found.made.append(path)
        found.captions.append(canonical(scene, modality))
        for stream, kept in ((0, found.true), (1, found.other)):
            rng = np.random.default_rng([session.seed, setting.number, stream])
            target = session.folder / f"true{stream}-{modality}-{setting.number}"
            kept.append(write_true(modality, scene, rng, target))
    return found


def _sound_measures(
    embeddings: Embeddings, direction: str, made: Float32, true: Float32, other: Float32
) -> Iterator[Measure]:
    classes = _things(embeddings, "audio")
    of_made, of_true = (embeddings.posteriors(rows, classes) for rows in (made, true))
    again = embeddings.posteriors(other, classes)
    yield Measure(direction, "IS", inception_score(of_made), inception_score(of_true), len(made))
    yield Measure(
        direction,
        "KL",
        mean_divergence(of_true, of_made),
        mean_divergence(of_true, again),
        len(made),
    )


def _things(embeddings: Embeddings, modality: str) -> Float32:
    """[C, E] one direction a thing."""
    rng = np.random.default_rng(0)
    rows = []
    for thing in THINGS:
        scenes = [random_scene(rng).with_(thing=thing) for _ in range(CLASS_CAPTIONS)]
        rows.append(embeddings.of_class([canonical(scene, modality) for scene in scenes]))
    return np.stack(rows)


def clipsim(
    embeddings: Embeddings,
    direction: str,
    captions: Sequence[str],
    made: Sequence[Path],
    true: Sequence[Path],
) -> Measure:
    """Mean cosine between the frames of clips and their captions."""
    words = embeddings.captions(captions)
    found, anchor = (
        float(
            np.mean(
                [
                    (embeddings.frames(frames_of(path.read_bytes())) @ row).mean()
                    for path, row in zip(paths, words, strict=True)
                ]
            )
        )
        for paths in (made, true)
    )
    return Measure(direction, "CLIPSIM", found, anchor, len(captions))


def _settings(session: EvaluationRun, direction: str, count: int) -> Iterator[Setting]:
    """English, every second one about an unseen combination."""
    for number in range(count):
        yield Setting(
            f"paper {direction}", number, "en", number % 2 == 1, session.folder, session.seed
        )
