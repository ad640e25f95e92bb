"""A renderer whose work is done elsewhere: what a language model's replica has in its place.

Knows the plugin interface and what travels; who carries it is given (`RendererCalls`). Knows no
Ray.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from deploy.wire import (
    Arrays,
    Beat,
    Described,
    Failed,
    Made,
    RenderRequest,
    Step,
    Told,
    arrays_of,
    artifact_of,
    parameters_of,
)
from plugins.api import Artifact, Condition, Decoder, Float32, ParameterValue, Renderer, Stage
from plugins.errors import BugError, Cancelled, KnownError

TRIES = 2
"""How often a rendering is begun where its replica is lost: the same seed gives the same bytes."""


class ReplicaLost(KnownError):  # noqa: N818  (the world's fault, told in a sentence)
    """A replica ended, or cannot be reached, while something was asked of it."""

    default_kind = "fault"


class RendererCalls(Protocol):
    """The calls to the replicas of one modality. Any thread; each may take as long as it takes.

    All raise `ReplicaLost` where the replica that answered is gone.
    """

    def describe(self, renderer: str) -> Described:
        """What the renderer of this id declares."""

    def render(self, request: RenderRequest, arrays: Arrays) -> Iterator[Told]:
        """Have something made; closing the iterator stops it."""

    def unknown_words(self, renderer: str, caption: str) -> tuple[str, ...]:
        """See `Renderer.unknown_words`."""

    def condition_targets(self, renderer: str, captions: Sequence[str]) -> Float32:
        """See `Renderer.condition_targets`."""

    def prepare(self, renderer: str) -> None:
        """Have it warm up; returns at once."""


class RemoteRenderer(Renderer):
    """Stands where a renderer would and has the replicas of its modality render."""

    def __init__(self, modality: str, renderer_id: str, bundle: str, calls: RendererCalls) -> None:
        """Asks a replica what the renderer declares.

        Raises:
            ReplicaLost: there is none.
            KnownError: the renderer's plugin is missing or off there.
        """
        super().__init__(Decoder(folder=Path(), bundle=bundle))
        about = calls.describe(renderer_id)
        self.id, self.modality, self.version = renderer_id, modality, about.version
        self.parameters = parameters_of(about)
        self._calls = calls

    def prepare(self, stage: Stage) -> None:
        """Have a replica load the weights; nothing waits for that."""
        self._calls.prepare(self.id)

    def render(
        self, condition: Condition, parameters: Mapping[str, ParameterValue], stage: Stage
    ) -> Artifact:
        """Have it rendered; once more where the replica is lost meanwhile.

        Raises:
            KnownError: it failed there, or a second replica was lost too.
            Cancelled: the stage asked to stop.
        """
        request = RenderRequest(
            self.id, condition.caption, dict(parameters), stage.seed, stage.wants_preview
        )
        for left in reversed(range(TRIES)):
            try:
                return self._rendered(request, arrays_of(condition), stage)
            except ReplicaLost:
                if not left or stage.cancelled():
                    raise
        raise BugError("a rendering is tried once at least")

    def unknown_words(self, caption: str) -> tuple[str, ...]:
        """The words that the renderer does not know, asked of a replica."""
        return self._calls.unknown_words(self.id, caption)

    def condition_targets(self, captions: Sequence[str]) -> Float32:
        """The conditions of captions, [len(captions), *C], made by a replica."""
        return np.asarray(self._calls.condition_targets(self.id, captions), np.float32)

    def _rendered(self, request: RenderRequest, arrays: Arrays, stage: Stage) -> Artifact:
        told = self._calls.render(request, arrays)
        for one in told:
            if stage.cancelled():
                break
            match one:
                case Step():
                    stage.progress(one.step, one.of, one.preview)
                case Made():
                    return artifact_of(one)
                case Failed():
                    raise KnownError(one.problem)
                case Beat():
                    continue
                case _:
                    break
        raise Cancelled("the rendering was stopped")
