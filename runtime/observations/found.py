"""Checks what a reader returned: a plugin may return anything. Knows the contract only."""

from __future__ import annotations

import math
from typing import Any, get_args, get_type_hints

import msgspec

from plugins.api import Observation
from plugins.errors import KnownError, Problem, phrase

MOST_OBSERVATIONS = 20_000
MOST_BYTES = 5 << 20
"""The most bytes of one medium's observations that cross to another process: about a thousand
pages, and less than a frame may hold."""
_KINDS = get_args(get_type_hints(Observation)["kind"])
_PLACE = 200
"""Characters of a place and of a source."""


def checked(found: Any, reader: str) -> tuple[Observation, ...]:
    """A reader's observations, with every field checked against the interface and empty texts left
    out.

    Raises:
        KnownError: it is something else; the reader and the field are named.
    """
    if not isinstance(found, list | tuple):
        raise _rubbish(reader, phrase("a {type_name}", type_name=type(found).__name__))
    return tuple(one for one in (_checked(item, reader) for item in found) if one.text)


def shortened(
    found: tuple[Observation, ...], name: str
) -> tuple[tuple[Observation, ...], Problem | None]:
    """As many observations of the medium `name` as are kept, and a sentence where some are not."""
    left = MOST_BYTES
    for number, one in enumerate(found):
        left -= len(msgspec.msgpack.encode(one))
        if left < 0 or number == MOST_OBSERVATIONS:
            return found[:number], _too_long(name, number, found[number].place)
    return found, None


def _too_long(name: str, number: int, place: str) -> Problem:
    return phrase(
        "{name} is longer than can be kept: its first {number} passages{place} were read. Give "
        "the rest as a file of its own.",
        name=name,
        number=number,
        place=phrase(" up to {place}", place=place) if place else "",
    )


def _checked(one: Any, reader: str) -> Observation:
    if not isinstance(one, Observation):
        raise _rubbish(reader, phrase("a {type_name}", type_name=type(one).__name__))
    if one.kind not in _KINDS:
        raise _rubbish(reader, phrase("the kind {kind}", kind=repr(one.kind)))
    for name in ("text", "place", "source", "language"):
        if not isinstance(getattr(one, name), str):
            raise _rubbish(
                reader,
                phrase(
                    "a {name} that is a {type_name}",
                    name=name,
                    type_name=type(getattr(one, name)).__name__,
                ),
            )
    box = None if one.box is None else tuple(one.box)
    if box is not None and len(box) != 4:
        raise _rubbish(reader, phrase("a box of {count} numbers", count=len(box)))
    confidence = _number(one.confidence, "confidence", reader)
    return Observation(
        kind=one.kind,
        text=_clean(one.text).strip(),
        confidence=None if confidence is None else min(max(confidence, 0.0), 1.0),
        start_s=_number(one.start_s, "start_s", reader),
        end_s=_number(one.end_s, "end_s", reader),
        box=None if box is None else _box(box, reader),
        place=_clean(one.place)[:_PLACE],
        source=_clean(one.source or reader)[:_PLACE],
        language=_clean(one.language)[:_PLACE],
    )


def _box(box: tuple[Any, ...], reader: str) -> tuple[float, float, float, float]:
    left, top, right, bottom = (_number(side, "box", reader) for side in box)
    if left is None or top is None or right is None or bottom is None:
        raise _rubbish(reader, phrase("a box without one of its sides"))
    return left, top, right, bottom


def _number(value: Any, name: str, reader: str) -> float | None:
    if value is None:
        return None
    # numpy's numbers are numbers too.
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number) or isinstance(value, str):
        raise _rubbish(reader, phrase("a {name} that is no number", name=name))
    return number


def _clean(text: str) -> str:
    """Text that can be written as UTF-8 and kept in a library."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _rubbish(reader: str, found: Problem) -> KnownError:
    return KnownError(
        "{reader}: expected a list of observations as the contract has them, found {found}; "
        "the plugin is broken, switch it off.",
        "plugin",
        reader=reader,
        found=found,
    )
