"""Which mmproj belongs to which model: by the width of what it gives, never by a name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from plugins.errors import phrase
from runtime.local_models.found import EmbedderFacts, FoundModel, NotAModelError, TalkerFacts


class SeveralFitError(NotAModelError):
    """More than one mmproj fits a model, and only a person can choose."""

    def __init__(self, talker: FoundModel, candidates: tuple[FoundModel, ...]) -> None:
        super().__init__(
            "{talker}: expected one file (mmproj) that takes in pictures or sounds for it, found "
            "{count} that fit: {candidates}. Name the one to use with --mmproj.",
            talker=talker.title,
            count=len(candidates),
            candidates=", ".join(one.path.name for one in candidates),
        )
        self.candidates = candidates
        """Those that fit, the smallest first."""


def fits(embedder: FoundModel, talker: FoundModel) -> bool:
    """True if the mmproj gives positions as wide as the model takes them."""
    given, taken = embedder.facts, talker.facts
    return (
        isinstance(given, EmbedderFacts)
        and isinstance(taken, TalkerFacts)
        and given.width == taken.n_embd_inp
    )


def fitting(talker: FoundModel, found: Iterable[FoundModel]) -> tuple[FoundModel, ...]:
    """Every mmproj among the models found that fits one that talks, the smallest first."""
    those = [one for one in found if fits(one, talker)]
    return tuple(sorted(those, key=lambda one: (one.bytes, one.path.name)))


def pair(talker: FoundModel, found: Iterable[FoundModel]) -> FoundModel | None:
    """The mmproj among the models found that fits one that talks; None where none does.

    Raises:
        SeveralFitError: more than one fits.
    """
    candidates = fitting(talker, found)
    if len(candidates) > 1:
        raise SeveralFitError(talker, candidates)
    return candidates[0] if candidates else None


def checked_pair(talker: FoundModel, embedder: FoundModel) -> FoundModel:
    """The mmproj that a person named for a model.

    Raises:
        NotAModelError: it does not fit, or one of the two is something else.
    """
    if fits(embedder, talker):
        return embedder
    given, taken = embedder.facts, talker.facts
    if not isinstance(given, EmbedderFacts) or not isinstance(taken, TalkerFacts):
        raise NotAModelError(
            "expected a model that talks and a file (mmproj) that takes in pictures or sounds for "
            "it, found {talker} and {embedder}. Check which is which.",
            talker=talker.path.name,
            embedder=embedder.path.name,
        )
    made_for = phrase(" (made for {name})", name=given.for_model) if given.for_model else ""
    raise NotAModelError(
        "{embedder}: expected a file (mmproj) that gives {expected} numbers a position, as "
        "{talker} takes them, found one that gives {found}{made_for}. Get the one that was "
        "published with the model.",
        embedder=embedder.path.name,
        expected=taken.n_embd_inp,
        talker=talker.title,
        found=given.width,
        made_for=made_for,
    )


def fitting_nothing(found: list[FoundModel]) -> list[FoundModel]:
    """The same models; each mmproj that fits none of those beside it that talk says so."""
    talkers = [one for one in found if one.purpose == "talk"]
    return [_told(one, talkers) if one.purpose == "take in" else one for one in found]


def _told(embedder: FoundModel, talkers: list[FoundModel]) -> FoundModel:
    facts = embedder.facts
    beside = [one for one in talkers if one.path.parent == embedder.path.parent]
    if not isinstance(facts, EmbedderFacts) or not beside or any(fits(embedder, t) for t in beside):
        return embedder
    warning = phrase(
        "{path} (mmproj) gives {width} numbers a position, which no model beside it takes; it "
        "belongs to another model.",
        path=embedder.path.name,
        width=facts.width,
    )
    return replace(embedder, warnings=(*embedder.warnings, warning))
