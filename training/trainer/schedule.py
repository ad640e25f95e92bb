"""The order of stages: which may train at the same time, which first, and when the last ends.

Knows what each stage needs and about how long it takes; starts nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from training.trainer.stages import Stage


def next_of(waiting: Sequence[Stage], done: set[str], room: int) -> list[Stage]:
    """The stages that can begin now, of those that wait by urgency."""
    return [one for one in waiting if done.issuperset(one.needs)][:room]


def by_urgency(stages: Sequence[Stage]) -> list[Stage]:
    """The stages by the minutes of the longest chain of stages that starts with them, longest
    first."""

    @cache
    def way(name: str) -> float:
        after = [way(one.name) for one in stages if name in one.needs]
        own = next(one.minutes for one in stages if one.name == name)
        return own + max(after, default=0.0)

    return sorted(stages, key=lambda stage: -way(stage.name))


def ends_after(stages: Sequence[Stage], seconds: Mapping[str, float], at_once: int) -> float:
    """The seconds after which the last stage ends, if each takes as long as given."""
    waiting, done, now = by_urgency(stages), set[str](), 0.0
    ends: dict[str, float] = {}
    while waiting or ends:
        for stage in next_of(waiting, done, at_once - len(ends)):
            waiting.remove(stage)
            ends[stage.name] = now + seconds[stage.name]
        first = min(ends, key=lambda name: ends[name])
        now = ends.pop(first)
        done.add(first)
    return now
