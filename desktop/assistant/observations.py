"""What readers found, as the engine and as the library call it: the same fields on either side."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast, get_args, get_type_hints

import msgspec

from plugins.observation import Observation
from storage import records
from storage.library import Library

_KINDS = get_args(get_type_hints(Observation)["kind"])


def to_engine(found: Iterable[records.Observation]) -> tuple[Observation, ...]:
    """As the engine gets them with a medium; what is of no kind that it knows stays out."""
    return tuple(
        Observation(**cast(Any, msgspec.structs.asdict(one))) for one in found if one.kind in _KINDS
    )


def to_library(found: Iterable[Observation]) -> tuple[records.Observation, ...]:
    """As the library keeps them."""
    return tuple(
        records.Observation(
            one.kind, one.text, one.confidence, one.start_s, one.end_s, one.box, one.place,
            one.source,
        )
        for one in found
    )  # fmt: skip


def found_in(library: Library, medium: records.Medium) -> tuple[Observation, ...] | None:
    """What readers found in a medium, for the engine; None where they were not done with it."""
    return to_engine(library.media.observations(medium.sha256)) if medium.read else None
