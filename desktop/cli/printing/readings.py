"""What readers found in media, in words for a terminal and as JSON. Knows observations only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from plugins.observation import Observation
from runtime.messages import MediaPart, MediumRead, Message, Part

_LONGEST = 400
"""Characters of one line; the whole of it stands in the JSON and in the library."""
_LABELS = 3


def told(name: str, observations: Sequence[Observation]) -> Iterator[str]:
    """A line for each kind of what was found in the medium `name`, in the order in which the kinds
    came."""
    for kind in dict.fromkeys(one.kind for one in observations):
        some = [one for one in observations if one.kind == kind]
        match kind:
            case "speech":
                yield f"heard: {_cut(one.text for one in some)}"
            case "text":
                yield f"read: {_cut(one.text for one in some)}"
            case "label":
                yield f"looks like: {'; '.join(_label(one) for one in some[:_LABELS])}"
            case "document":
                characters = sum(len(one.text) for one in some)
                yield f"read: {name}{_reach(some)}, {characters:,} characters"


def as_json(read: MediumRead) -> dict[str, Any]:
    """One entry of `observations` in what `--json` prints."""
    return {
        "path": read.path,
        "found": [
            {
                name: value
                for name in Observation.__dataclass_fields__
                if (value := getattr(one, name)) not in (None, "")
            }
            for one in read.observations
        ],
        "problems": [str(problem) for problem in read.problems],
    }


def with_observations(message: Message, readings: Sequence[MediumRead]) -> Message:
    """A message whose media hold what readers found in them, so that nobody reads them again."""
    by_path = {read.path: read for read in readings if not read.problems}

    def filled(part: Part) -> Part:
        read = by_path.get(part.path) if isinstance(part, MediaPart) else None
        if read is None:
            return part
        return msgspec.structs.replace(part, observations=read.observations)

    return msgspec.structs.replace(message, parts=tuple(filled(part) for part in message.parts))


def _label(one: Observation) -> str:
    return one.text if one.confidence is None else f"{one.text}, {one.confidence:.0%}"


def _reach(some: Sequence[Observation]) -> str:
    """From where to where a document was read; nothing where it is one passage."""
    places = [one.place for one in some if one.place]
    different = places and places[0] != places[-1]
    return f" ({places[0]} to {places[-1]})" if different else ""


def _cut(texts: Iterable[str]) -> str:
    text = " ".join(" ".join(texts).split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
