"""Parameters with which a renderer shows that it works, and takes little time for it. Knows what
renderers declare."""

from __future__ import annotations

from collections.abc import Iterable

from plugins.api import Parameter, ParameterValue

_ENOUGH: dict[str, float] = {
    "steps": 2,
    "width": 256,
    "height": 256,
    "upscale": 1,
    "frames": 4,
    "seconds": 1.0,
}
"""Values that are enough to see that something is made."""


def quick(declared: Iterable[Parameter]) -> dict[str, ParameterValue]:
    """The parameters whose default takes longer than what is enough, with what is enough within
    their limits."""
    known = [one for one in declared if one.name in _ENOUGH and one.kind in ("int", "float")]
    lessened = {one.name: max(_ENOUGH[one.name], one.minimum or 0.0) for one in known}
    return {
        one.name: one.check(lessened[one.name])
        for one in known
        if float(one.default) > lessened[one.name]
    }
