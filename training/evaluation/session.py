"""The context of one evaluation: the engine, the folder for media, and a callback for progress.

Knows the engine; knows no questions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from runtime.engine import Engine


@dataclass(frozen=True)
class EvaluationRun:
    """The context that all parts of an evaluation share."""

    engine: Engine
    folder: Path
    """The folder for media, deleted afterwards."""
    seed: int
    steps: int | None
    """Diffusion steps of every artifact; None is the bundle's own."""
    tick: Callable[[], None]
    """Called after every answer."""
