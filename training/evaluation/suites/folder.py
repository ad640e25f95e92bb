"""Measures a bundle on the user's own captioned media, in the formats of COCO, AudioCaps or
MSR-VTT.

Media -> text is judged by BLEU-4, METEOR and CIDEr against all captions of a medium; text -> media
by the Fréchet distance to the media themselves, clips by CLIPSIM too. Knows the engine, the readers
of data and the measures; knows nothing of Pocketworld.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from plugins.errors import KnownError
from runtime.media import shown
from runtime.messages import MEDIA_MODALITIES, MediaPart
from training.datasets.examples import Pair, summary
from training.datasets.reading import read_folder
from training.evaluation.judging import answer
from training.evaluation.metrics.distributions import frechet_distance
from training.evaluation.metrics.embeddings import Embeddings, Float32
from training.evaluation.paper_metrics import captions_scored, clipsim, distance_name, told
from training.evaluation.questions import said
from training.evaluation.scores import Measure
from training.evaluation.session import EvaluationRun

ENOUGH_TO_SCORE = 2
DESCRIBE = {
    "image": "describe this picture", "audio": "describe this sound", "video": "describe this clip"
}  # fmt: skip
MAKE = {
    "image": "make a picture of {x}", "audio": "play the sound of {x}",
    "video": "make a video of {x}",
}  # fmt: skip


@dataclass(frozen=True)
class Sample:
    """One medium and all that is said of it."""

    modality: str
    path: Path
    captions: tuple[str, ...]


def samples_in(folder: Path, limit: int) -> tuple[list[Sample], list[str]]:
    """The first `limit` captioned media of each modality, and what is to be said about the rest.

    Raises:
        KnownError: no such folder, or nothing in it that can be used.
    """
    reading = read_folder(folder, MEDIA_MODALITIES)
    captions: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in reading.examples:
        if isinstance(one.example, Pair):
            medium = one.example.medium
            captions[medium.modality, medium.path].append(one.example.caption)
    taken: dict[str, list[Sample]] = defaultdict(list)
    for (modality, path), texts in captions.items():
        if modality in MEDIA_MODALITIES and len(taken[modality]) < limit:
            taken[modality].append(Sample(modality, Path(path), tuple(texts)))
    samples = [sample for modality in MEDIA_MODALITIES for sample in taken[modality]]
    if not samples:
        raise KnownError(
            f"data folder {shown(folder)}: expected captions of pictures, sounds or clips, found "
            f"none that can be used ({summary(reading.skipped)}). Correct the data, or give "
            "another folder."
        )
    notes = [f"skipped in the data: {summary(reading.skipped)}"] if reading.skipped else []
    return samples, notes


def measures(session: EvaluationRun, samples: Sequence[Sample]) -> Iterator[Measure | str]:
    """Both directions of every modality that the samples have; a text is why one is left out."""
    for modality in MEDIA_MODALITIES:
        mine = [sample for sample in samples if sample.modality == modality]
        if mine:
            yield from _described(session, modality, mine)
            yield from _made(session, modality, mine)


def _described(
    session: EvaluationRun, modality: str, samples: Sequence[Sample]
) -> Iterator[Measure | str]:
    """Media -> text; what cannot be read has no answer, and so no part in the scores."""
    direction = f"{modality} -> text"
    answers, references = [], []
    for number, sample in enumerate(samples):
        asked = said(DESCRIBE[modality], MediaPart(modality, str(sample.path)))
        found = answer(session.engine, [asked], number, session.steps)
        session.tick()
        if found.reply is None:
            yield f"{direction}: {found.text}"
        else:
            answers.append(told(found.text, modality))
            references.append(sample.captions)
    if len(answers) < ENOUGH_TO_SCORE:
        yield f"{direction}: {len(answers)} answers of {len(samples)}, too few to score"
    else:
        yield from captions_scored(direction, answers, references)


def _made(
    session: EvaluationRun, modality: str, samples: Sequence[Sample]
) -> Iterator[Measure | str]:
    """Text -> media, asked for by each medium's first caption."""
    direction = f"text -> {modality}"
    embeddings = Embeddings(session.engine, session.folder)
    pairs, near, far = list[tuple[Path, Sample]](), list[Float32](), list[Float32]()
    for number, sample in enumerate(samples):
        asked = said(MAKE[modality].format(x=sample.captions[0]))
        found = answer(session.engine, [asked], number, session.steps)
        session.tick()
        if found.modalities != [modality]:
            continue
        path = session.folder / f"folder-{modality}-{number}{found.artifacts[0].extension}"
        path.write_bytes(found.artifacts[0].data)
        try:
            far.append(embeddings.media(modality, [sample.path]))
        except KnownError as error:
            yield f"{direction}: {error}"
            continue
        near.append(embeddings.media(modality, [path]))
        pairs.append((path, sample))
    if len(pairs) < ENOUGH_TO_SCORE:
        yield f"{direction}: {len(pairs)} made of {len(samples)} asked for, too few to measure"
        return
    apart = frechet_distance(np.concatenate(far), np.concatenate(near))
    yield Measure(direction, distance_name(modality), apart, None, len(pairs))
    if modality == "video":
        yield _clipsim(embeddings, direction, pairs)


def _clipsim(
    embeddings: Embeddings, direction: str, pairs: Sequence[tuple[Path, Sample]]
) -> Measure | str:
    made, true = [path for path, _ in pairs], [sample.path for _, sample in pairs]
    try:
        return clipsim(embeddings, direction, [s.captions[0] for _, s in pairs], made, true)
    except KnownError as error:
        return f"{direction}: CLIPSIM is left out: {error}"
