"""Requests of a desktop with Medley's own tools beside them: those of `benchmarks.tasks`, which
need a tool, and everyday ones, which need none."""

from __future__ import annotations

import datetime

from benchmarks.everyday.items import SETS, Kind, load
from benchmarks.tasks.tasks import TASKS
from benchmarks.tools.cases import Case
from desktop.assistant.agent.briefing import briefing
from desktop.assistant.agent.offers import Offers
from desktop.assistant.agent.toolbox import Toolbox
from desktop.tools.protocol import GrantedFolder

DESKTOP, EVERYDAY = "desktop", "everyday"
_NEED_TOOLS = frozenset({
    "time", "reminder", "timer", "today", "shopping-list", "weekday",
    "几点", "起床", "星期几", "房租",
})  # fmt: skip
"""Names of everyday requests that a tool would help with, those that want numbers aside."""


def desktop_cases(category: str, limit: int, n_ctx: int) -> list[Case]:
    """Requests of `desktop` or `everyday`; right is the first call, by its tool's name alone."""
    toolbox = Toolbox()
    try:
        tools = Offers(toolbox.tools().tools, n_ctx).specs
    finally:
        toolbox.close()
    told = briefing((), [GrantedFolder("/home/ana/papers", True)], datetime.date(2026, 3, 2)).text
    if category == EVERYDAY:
        asked = _everyday()
        step = max(1, len(asked) // limit)
        return [Case(category, words, tools, (), told) for words in asked[::step][:limit]]
    return [
        Case(category, task.words[0], tools, ({task.script[0][0]: {}},), told)
        for task in TASKS[:limit]
    ]


def _everyday() -> list[str]:
    kinds: tuple[Kind, ...] = ("plain", "questions")
    found = [one for kind in kinds for of in SETS for one in load(kind, of)]
    return [
        one.turns[0]
        for one in found
        if len(one.turns) == 1 and not one.numbers and one.name not in _NEED_TOOLS
    ]
