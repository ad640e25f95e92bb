"""Comparison of answers to the same requests: projected or captioned, and by formats.

Projected routing is what NExT-GPT does; captioned routing hands the caption in the model's own
answer to the decoder's own text encoder. Decoder, seed and steps are the same, so only the way
from the language model to the decoder differs. Knows the engine and judged answers.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import gguf
import numpy as np

from plugins.api import Condition, Recipe
from runtime.bundle.bundle import Bundle
from runtime.bundle.write import write_manifest
from runtime.messages import ArtifactReady
from runtime.opening import EngineOptions, open_engine
from training.evaluation.judging import Case, Result, oracle_of, put
from training.evaluation.metrics.proportions import proportion_of
from training.evaluation.scores import FormatRow, RoutePair, attributes_of, routing_of
from training.evaluation.session import EvaluationRun
from training.gguf.quantize import COMPARED, quantize
from training.pocketworld.captions import canonical, read_caption
from training.pocketworld.scene import SHOWN, Scene

ROUTES = {f"text -> {modality}": modality for modality in ("image", "audio", "video")}
"""Directions that are compared, and the modality of each."""
Marks = dict[str, list[tuple[bool, bool]]]
"""Pairs of whether projected and whether captioned was right, by attribute."""


def comparable(results: Iterable[Result], limit: int) -> dict[str, list[Result]]:
    """At most `limit` requests per modality whose answers hold one artifact of that modality."""
    found: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        modality = ROUTES.get(result.case.direction)
        if modality and all(result.routed) and len(found[modality]) < limit:
            found[modality].append(result)
    return {modality: group for modality, group in found.items() if group}


def compare_route(
    session: EvaluationRun, modality: str, group: Sequence[Result]
) -> Iterator[RoutePair]:
    """Render every request again from its caption; what is known so far after each of them."""
    marks: Marks = defaultdict(list)
    for number, result in enumerate(group, 1):
        answer = result.answers[-1]
        (made,) = answer.artifacts
        caption = caption_in(answer.text, modality)
        recipe = replace(Recipe.from_json(made.recipe), condition=Condition(caption=caption))
        shown = oracle_of(modality, session.engine.rerender(recipe).data)
        for judgement in result.judgements:
            marks[judgement.name].append(
                (judgement.right, shown.get(judgement.name) == judgement.wanted)
            )
        session.tick()
        yield _pair(modality, number, marks)


def _pair(modality: str, requests: int, marks: Marks) -> RoutePair:
    every = [pair for pairs in marks.values() for pair in pairs]
    projected, captioned = (proportion_of(pair[side] for pair in every) for side in (0, 1))
    by_name = {
        name: (proportion_of(p for p, _ in pairs), proportion_of(c for _, c in pairs))
        for name, pairs in marks.items()
    }
    return RoutePair(modality, requests, projected, captioned, by_name)


def caption_in(answer: str, modality: str) -> str:
    """The caption that an answer's words hold, in the words the decoder's text encoder knows.

    That is the canonical caption of the attributes which the answer states; an answer that leaves
    one out is taken as it is.
    """
    states = read_caption(answer)
    if not set(SHOWN[modality]) <= set(states):
        return answer.strip()
    rest = {"colour": "red", "place": "sea"}  # a sound's caption says nothing of them
    return canonical(Scene(**{**rest, **states}), modality)


def formats_to_try(bundle: Bundle) -> tuple[str, tuple[str, ...]]:
    """The format that the bundle's language model has, and the others to compare it with."""
    file = gguf.GGUFReader(str(bundle.path(bundle.manifest.language_model.file)))
    known = file.get_field("general.file_type")
    kind = gguf.LlamaFileType(known.contents()).name if known else "unknown"
    own = kind.removeprefix("MOSTLY_")
    return own, tuple(name for name in COMPARED if name != own)


def in_format(bundle: Bundle, name: str, folder: Path) -> Bundle:
    """A copy of a bundle whose language model is stored in another format.

    Raises:
        KnownError: unknown format, or llama.cpp cannot make it from this file.
    """
    target = folder / name
    file = bundle.manifest.language_model.file
    shutil.copytree(bundle.folder, target)
    quantize(bundle.path(file), target / file, name)
    write_manifest(target, bundle.manifest)
    return Bundle.open(target)


def is_short(case: Case, every: int) -> bool:
    """True if a case belongs to the short suite that each format answers: one in `every`."""
    return case.language == "en" and not case.unseen and case.seed % every == 0


def answers_of(bundle: Bundle, session: EvaluationRun, own: Sequence[Result]) -> Iterator[Result]:
    """The cases of `own` put to another bundle; no media are kept."""
    with open_engine(EngineOptions(bundle)) as engine:
        for result in own:
            yield put(engine, result.case, session.steps).without_media()
            session.tick()


def format_row(
    name: str, bundle: Bundle, results: Sequence[Result], own: Sequence[Result]
) -> FormatRow:
    """The scores of one format on the cases that the unchanged bundle was asked too."""
    file = bundle.path(bundle.manifest.language_model.file)
    pairs = [
        (one, other)
        for a, b in zip(results, own, strict=False)
        for one, other in zip(a.answers, b.answers, strict=False)
    ]
    likeness = [
        _likeness(one, other)
        for a, b in pairs
        for one, other in zip(a.artifacts, b.artifacts, strict=False)
        if one.modality == other.modality
    ]
    return FormatRow(
        name,
        file.stat().st_size / 1e6,
        len(results),
        routing_of(results),
        attributes_of(results),
        proportion_of(a.text == b.text for a, b in pairs),
        float(np.mean(likeness)) if likeness else 0.0,
    )


def _likeness(one: ArtifactReady, other: ArtifactReady) -> float:
    """Cosine of the conditions of two artifacts; of captions, whether they are the same."""
    a, b = (Recipe.from_json(made.recipe).condition for made in (one, other))
    if a.embeds is None or b.embeds is None:
        return float(a.caption == b.caption)
    x, y = (np.ravel(c).astype(np.float64) for c in (a.embeds, b.embeds))
    return float(x @ y / (np.linalg.norm(x) * np.linalg.norm(y)))
