"""A renderer to try the bus with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from plugins.api import (
    Artifact,
    Condition,
    Decoder,
    Float32,
    Parameter,
    ParameterValue,
    Recipe,
    Renderer,
    Stage,
)
from plugins.bus import Bus
from plugins.stage import RenderStage

SOON = 20.0
SHORT = 0.05
CAPTION = Condition(caption="a smell of rain")


class Scent(Renderer):
    """A renderer of a modality that nobody else has; `act` decides how it behaves."""

    id = "test.scent"
    version = "1"
    modality = "smell"
    parameters = (Parameter("strength", "int", 3, "How strong", 1, 9),)

    def __init__(self, act: Callable[[Stage], Any] | None = None) -> None:
        super().__init__(Decoder(Path(), "tiny"))
        self.act = act
        self.ready: Callable[[], None] = lambda: None

    def prepare(self, stage: Stage) -> None:
        self.ready()

    def render(
        self, condition: Condition, parameters: Mapping[str, ParameterValue], stage: Stage
    ) -> Artifact:
        if self.act is not None and (result := self.act(stage)) is not None:
            return result
        return artifact(condition, parameters, stage.seed)

    def condition_targets(self, captions: Sequence[str]) -> Float32:
        return np.zeros((len(captions), 2), np.float32)


def artifact(
    condition: Condition, parameters: Mapping[str, ParameterValue], seed: int, **changes: Any
) -> Artifact:
    recipe = Recipe("test.scent", "1", "smell", "tiny", condition, parameters, seed)
    given = {"modality": "smell", "mime": "x/smell", "data": b"fresh", "extension": ".smell"}
    return Artifact(**({"recipe": recipe} | given | changes))


def submit(bus: Bus, stage: RenderStage | None = None, limit_s: float = SOON) -> Artifact:
    future = bus.submit("smell", CAPTION, {}, stage or RenderStage(1), limit_s=limit_s)
    return future.result(timeout=SOON)
