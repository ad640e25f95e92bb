"""What the engine is doing, as plain data for a chip in the window. Knows reports, no process."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from plugins.errors import Problem
from runtime.worker.protocol import (
    Loading,
    Memory,
    Noticed,
    NotOpened,
    Offered,
    Opening,
    Ready,
    Report,
)

Phase = Literal["not_started", "starting", "ready", "busy", "down"]
_NO_MEMORY = Memory()


@dataclass(frozen=True)
class EngineState:
    """What the engine is doing, for a chip in the window."""

    phase: Phase = "not_started"
    """`starting`: a bundle is being opened; no turn can be begun yet, though it may be asked.
    `busy`: a turn or a rendering is being worked on. `down`: it ended by itself; the next request
    starts it anew."""
    problem: Problem | None = None
    """Why it is down; else None."""
    bundle: str = ""
    """The bundle's name; empty until it is known."""
    title: str = ""
    """The bundle's name to be shown; empty until it is known."""
    modalities: tuple[str, ...] = ()
    """What the bundle can answer in, `text` first; empty until it is known."""
    device: str = ""
    """A torch device name, `cpu` or `cuda:0`; empty until it is known."""
    n_ctx: int = 0
    """Positions of the context as it was allocated; 0 while the language model is not loaded."""
    devices: tuple[str, ...] = ()
    """The torch devices of the machine where the worker runs, best first."""
    loading: Loading | None = None
    """What is being loaded now: `part`, the `number`th `of` so many. While `starting`, and while
    `busy` when a turn needs a part for the first time."""
    memory: Memory = _NO_MEMORY
    """Bytes: `used` by loaded models, its `budget` (None: no limit), the worker's `process`."""
    suspended: tuple[str, ...] = ()
    """Names of plugins that ended the engine's process and are not used again until Medley is
    started anew: to be offered to be switched off."""
    waiting: int = 0
    """Turns and renderings that are asked and not begun."""
    not_opened: NotOpened | None = None
    """The bundle that could not be opened in place of another, and why; until one is opened."""
    notice: Problem | None = None
    """How the language model is loaded otherwise than its bundle says: with a shorter context."""
    offered: Offered | None = None
    """The bundles of the machine where the worker runs, where that is another one."""

    def after(self, report: Report) -> EngineState:
        """The state once the worker has said this."""
        loading = report if isinstance(report, Loading) else None
        state = dataclasses.replace(self, loading=loading)
        if isinstance(report, Memory):
            return dataclasses.replace(state, memory=report)
        if isinstance(report, Noticed):
            return dataclasses.replace(state, notice=report.notice)
        if isinstance(report, Offered):
            return dataclasses.replace(state, offered=report)
        if isinstance(report, Opening):
            return dataclasses.replace(
                state,
                phase="starting",
                bundle=report.bundle,
                title=report.title,
                modalities=(),
                n_ctx=0,
                notice=None,
                problem=None,
                not_opened=None,
            )
        if isinstance(report, NotOpened):
            state = dataclasses.replace(state, not_opened=report)
            if report.former:
                return state
            return dataclasses.replace(state, phase="down", problem=report.problem)
        if isinstance(report, Ready):
            return dataclasses.replace(
                state,
                phase="ready",
                bundle=report.bundle,
                title=report.title,
                modalities=report.modalities,
                device=report.device,
                n_ctx=report.n_ctx,
                devices=report.devices,
            )
        return state

    def counted(self, begun: Collection[bool]) -> EngineState:
        """The state when these turns are open; True stands for one that has begun."""
        phase = self.phase
        if phase in ("ready", "busy"):
            phase = "busy" if begun else "ready"
        return dataclasses.replace(self, phase=phase, waiting=len(begun) - sum(begun))
