"""What a person is told of a model before it is added. Looks at the heads of files only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from msgspec.structs import replace

from desktop.assistant.own_models.protocol import Candidate, Eyes, Looked
from plugins.errors import KnownError, Problem, distinct, phrase
from runtime.composition import names
from runtime.composition.adding import beside, known_as, paired, plain_name
from runtime.local_models.found import (
    DecoderFacts,
    EmbedderFacts,
    FoundModel,
    HearingFacts,
    TalkerFacts,
    VoiceFacts,
)
from runtime.local_models.identify import identify
from runtime.local_models.pairing import SeveralFitError, fits, fitting

Tell = Callable[[Path], None]


def looked(paths: Iterable[Path], tell: Tell) -> Looked:
    """What files and folders hold that can be added, and why there is not more.

    Args:
        paths: those that a person named together.
        tell: gets each file or folder before it is looked at; may raise to stop.
    """
    found: list[FoundModel] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            models = identify(path, tell)
        except KnownError as error:
            problems.append(error.problem)
            continue
        found += (one for one in models if all(one.path != known.path for known in found))
    candidates = tuple(_candidates(found, tell))
    alone = [one for one in found if one.purpose == "take in" and not _is_taken(one, found)]
    return Looked(candidates, tuple(distinct([*problems, *(_alone(one) for one in alone)])))


def candidate(found: FoundModel, around: Iterable[FoundModel]) -> Candidate:
    """What a person is told of a model; `around` are the models that it lies together with."""
    eyes, asks, warnings = _eyes(found, tuple(around))
    facts = found.facts
    told = Candidate(
        path=str(found.path),
        purpose=found.purpose,
        title=found.title,
        name=names.suggested(plain_name(found)),
        bytes=found.bytes,
        licence=found.licence,
        eyes=eyes,
        asks=asks,
        known=known_as(found) or "",
        warnings=tuple(distinct([*found.warnings, *warnings])),
    )
    return _with_facts(told, facts)


def _candidates(found: list[FoundModel], tell: Tell) -> Iterator[Candidate]:
    for one in found:
        if one.purpose == "take in":
            continue
        tell(one.path)
        given = [other for other in found if other.purpose == "take in"]
        near = given if any(fits(other, one) for other in given) else [*found, *beside(one)]
        yield candidate(one, near)


def _eyes(
    found: FoundModel, around: tuple[FoundModel, ...]
) -> tuple[tuple[Eyes, ...], bool, tuple[Problem, ...]]:
    """The mmproj files that fit a model; whether to ask which; what to say of them."""
    several = fitting(found, around)
    try:
        pair = paired(found, around)
    except SeveralFitError:
        return tuple(map(_eye, several)), True, ()
    if pair.embedder is None:
        # One that fits others as well is there to be chosen.
        return tuple(map(_eye, several)), bool(several), pair.warnings
    return (_eye(pair.embedder),), False, pair.warnings


def _eye(found: FoundModel) -> Eyes:
    facts = found.facts
    assert isinstance(facts, EmbedderFacts)
    return Eyes(str(found.path), found.path.name, facts.has_vision, facts.has_audio)


def _with_facts(told: Candidate, facts: object) -> Candidate:
    match facts:
        case TalkerFacts():
            size = f"{facts.size_label} {facts.quantisation}".strip()
            return replace(told, size=size, context=facts.n_ctx_train, thinks=facts.is_thinking)
        case DecoderFacts():
            return replace(told, pipeline=facts.pipeline)
        case HearingFacts():
            return replace(told, languages=("mul",) if facts.multilingual else ("en",))
        case VoiceFacts():
            return replace(told, languages=facts.languages, voices=len(facts.voices))
    return told


def _is_taken(embedder: FoundModel, found: Iterable[FoundModel]) -> bool:
    return any(fits(embedder, one) for one in found)


def _alone(embedder: FoundModel) -> Problem:
    """What an mmproj is told without a model that it belongs to."""
    return phrase(
        "{path}: expected a model that talks, found what takes in pictures or sounds for one "
        "(mmproj). Choose the model's own file together with it.",
        path=embedder.path,
    )
