"""The rows of a report, computed from judged answers: shares with intervals, as plain data.

Knows judged answers; knows no bundle and prints nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from training.evaluation.judging import Result
from training.evaluation.metrics.proportions import Proportion, proportion_of


@dataclass(frozen=True)
class Row:
    """One direction in one language about one kind of combinations."""

    direction: str
    language: str
    combinations: str
    """`seen` or `unseen` in training."""
    cases: int
    routing: Proportion
    """Share of judged answers with the right media in the right order and nothing else."""
    attributes: Proportion
    """Share of stated attributes that are right."""
    right: Proportion
    """Share of cases in which everything is right."""
    by_attribute: dict[str, Proportion]
    changed: Proportion | None = None
    """Share of edits whose named attribute became what was asked for."""
    stayed: Proportion | None = None
    """Share of the other attributes shown by the medium that stayed as before the edit."""


@dataclass(frozen=True)
class Overall:
    """All directions together."""

    language: str
    combinations: str
    routing: Proportion
    attributes: Proportion


@dataclass(frozen=True)
class RoutePair:
    """Scores of the same requests to the same decoder under both kinds of routing."""

    modality: str
    requests: int
    projected: Proportion
    """Share of stated attributes right when the decoder is driven by the language model's
    states."""
    captioned: Proportion
    """The decoder driven by its own text encoder, which reads the caption in the model's words."""
    by_attribute: dict[str, tuple[Proportion, Proportion]]
    """Projected, captioned."""


@dataclass(frozen=True)
class FormatRow:
    """One storage format of the language model."""

    format: str
    megabytes: float
    """Size of the language model's file, in MB."""
    cases: int
    routing: Proportion
    attributes: Proportion
    same_words: Proportion
    """Share of answers that are letter for letter those of the unchanged bundle."""
    condition_cosine: float
    """Mean likeness of the conditions to those of the bundle as it is."""


@dataclass(frozen=True)
class Measure:
    """One number of the paper."""

    direction: str
    name: str
    value: float
    anchor: float | None
    """The metric's value for the truth itself; None if there is none."""
    n: int
    """Samples."""


@dataclass(frozen=True)
class Topic:
    """One topic of compositions in one language."""

    topic: str
    language: str
    cases: int
    right: Proportion
    """Share of cases whose answer shows the topic's word."""
    chance: float
    """Chance of a blind choice among the topic's words, from 0 to 1."""
    oracle: Proportion
    """The share of true media whose word is read right."""
    routing: Proportion
    """Share of answers with the right medium and nothing else."""
    others: Proportion
    """Share of the other stated attributes that are right: things, colours and so on."""
    by_attribute: dict[str, Proportion]
    oracle_by_attribute: dict[str, Proportion]
    captioned: Proportion | None = None
    """The topic's word in what the decoder makes of full captions; None: it was not asked."""


@dataclass
class Report:
    """All measurements; what was not measured stays empty."""

    bundle: str
    suite: str
    limit: int
    seed: int
    steps: int | None = None
    """Diffusion steps; None is the bundle's own."""
    phrasings: str = "held-out"
    """The set of phrasings that the questions use."""
    complete: bool = True
    """False: stopped on the way."""
    seconds: float = 0.0
    oracle_on_true_media: dict[str, Proportion] = field(default_factory=dict)
    routing: Proportion | None = None
    rows: list[Row] = field(default_factory=list)
    overall: list[Overall] = field(default_factory=list)
    routes: list[RoutePair] = field(default_factory=list)
    formats: list[FormatRow] = field(default_factory=list)
    measures: list[Measure] = field(default_factory=list)
    topics: list[Topic] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def to_data(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return asdict(self)


def rows_of(results: Iterable[Result]) -> list[Row]:
    """A row for every direction, language and combination, in the order in which they came."""
    grouped: dict[tuple[str, str, str], list[Result]] = defaultdict(list)
    for result in results:
        case = result.case
        key = (case.direction, case.language, "unseen" if case.unseen else "seen")
        grouped[key].append(result)
    return [_row(*key, group) for key, group in grouped.items()]


def _row(direction: str, language: str, combinations: str, group: Sequence[Result]) -> Row:
    edits = [result for result in group if result.case.edited]
    return Row(
        direction,
        language,
        combinations,
        cases=len(group),
        routing=routing_of(group),
        attributes=attributes_of(group),
        right=proportion_of(result.right for result in group),
        by_attribute=by_attribute(group),
        changed=proportion_of(bool(r.changed) for r in edits) if edits else None,
        stayed=proportion_of(kept for r in edits for kept in r.stayed) if edits else None,
    )


def topics_of(
    results: Iterable[Result],
    chance: Mapping[str, float],
    oracle: Mapping[str, Mapping[str, Proportion]],
    captioned: Mapping[str, Proportion],
) -> list[Topic]:
    """One line per topic and language of the compositions, whose directions are their topics.

    Args:
        chance: by topic, of its word.
        oracle: by topic and attribute, what the oracle reads right from true media.
        captioned: by topic, its word in what decoders make of full captions; may lack some.
    """
    grouped: dict[tuple[str, str], list[Result]] = defaultdict(list)
    for result in results:
        grouped[result.case.direction, result.case.language].append(result)
    return [
        Topic(
            topic,
            language,
            cases=len(group),
            right=by_attribute(group)[topic],
            chance=chance[topic],
            oracle=oracle[topic][topic],
            routing=routing_of(group),
            others=proportion_of(
                m.right for result in group for m in result.judgements if m.name != topic
            ),
            by_attribute=by_attribute(group),
            oracle_by_attribute=dict(oracle[topic]),
            captioned=captioned.get(topic),
        )
        for (topic, language), group in grouped.items()
    ]


def overall_of(results: Sequence[Result]) -> list[Overall]:
    """All directions together, by language and combination."""
    found = []
    for unseen in (False, True):
        for language in dict.fromkeys(result.case.language for result in results):
            group = [r for r in results if r.case.language == language and r.case.unseen is unseen]
            if group:
                name = "unseen" if unseen else "seen"
                found.append(Overall(language, name, routing_of(group), attributes_of(group)))
    return found


def routing_of(results: Iterable[Result]) -> Proportion:
    """The share of judged answers with right routing."""
    return proportion_of(routed for result in results for routed in result.routed)


def attributes_of(results: Iterable[Result]) -> Proportion:
    """The share of stated attributes that are right."""
    return proportion_of(judgement.right for result in results for judgement in result.judgements)


def by_attribute(results: Iterable[Result]) -> dict[str, Proportion]:
    """The share of stated attributes that are right, by attribute."""
    rights: dict[str, list[bool]] = defaultdict(list)
    for result in results:
        for judgement in result.judgements:
            rights[judgement.name].append(judgement.right)
    return {name: proportion_of(every) for name, every in rights.items()}
