"""Runs several stages at the same time, each in its own process on its share of the cores.

On processors two trainings of one thread each get more done than one of two threads. Of the stages
whose needs are done, the one with the longest way to the end begins first. Knows stages and
processes; knows not what a stage does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from training.trainer.processes import Group
from training.trainer.schedule import by_urgency, next_of
from training.trainer.stages import Stage

LOOK_S = 0.5
"""Between two looks at whether a stage is done."""
Begin = Callable[[str, int], Group]
"""A function of a stage's name and the number of stages that share the cores."""


def run(stages: Sequence[Stage], done: set[str], at_once: int, begin: Begin) -> None:
    """Do all stages that are not done, at most `at_once` at a time.

    Raises:
        KnownError: a stage raised it. The others are ended; each goes on from its checkpoint.
    """
    waiting, done = by_urgency([one for one in stages if one.name not in done]), set(done)
    running: dict[str, Group] = {}
    try:
        while waiting or running:
            ready = next_of(waiting, done, at_once - len(running))
            beside = len(running) + len(ready)
            for stage in ready:
                waiting.remove(stage)
                running[stage.name] = begin(stage.name, beside)
            for name, group in list(running.items()):
                if group.ended(LOOK_S / len(running)):
                    done.add(name)
                    del running[name]
    finally:
        for group in running.values():
            group.end()
