"""The shipped Pocket behind the real engine, and what one answer of it holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
import torch

from runtime.bundle.bundle import Bundle, find_bundle
from runtime.engine import Engine
from runtime.messages import (
    ArtifactFailed,
    ArtifactReady,
    MediaPart,
    Message,
    TextDelta,
    TextPart,
    Turn,
    TurnDone,
    TurnFailed,
)

JUDGED, OPENED = 8, 2
"""Diffusion steps, fewer than the bundle's own: for what is looked at, and for what is only
opened."""


@dataclass
class Answer:
    """What one turn brought."""

    text: str = ""
    artifacts: list[ArtifactReady] = field(default_factory=list)
    """In the order in which the model asked for them."""
    reply: Message = field(default_factory=lambda: Message("assistant", ()))

    @property
    def modalities(self) -> list[str]:
        """Of the artifacts."""
        return [artifact.modality for artifact in self.artifacts]


@pytest.fixture(scope="session")
def pocket() -> Bundle:
    """The bundle that a name without a folder finds."""
    return Bundle.open(find_bundle("pocket"))


@pytest.fixture(scope="session")
def engine(pocket: Bundle) -> Iterator[Engine]:
    """One engine for all questions."""
    threads = torch.get_num_threads()
    with Engine(pocket, device="cpu") as opened:
        yield opened
    torch.set_num_threads(threads)


def said(text: str, *media: MediaPart) -> Message:
    """What a person says, with what they show."""
    return Message("user", (*media, TextPart(text)))


def ask(engine: Engine, *messages: Message, seed: int = 1, steps: int = OPENED) -> Answer:
    """Answer a conversation; anything that fails fails the test."""
    answer = Answer()
    parameters = {modality: {"steps": steps} for modality in ("image", "audio", "video")}
    for event in engine.answer(Turn(messages, seed=seed, parameters=parameters)):
        if isinstance(event, TextDelta):
            answer.text += event.text
        elif isinstance(event, ArtifactReady):
            answer.artifacts.append(event)
        elif isinstance(event, TurnDone):
            answer.reply = event.reply
        assert not isinstance(event, TurnFailed | ArtifactFailed), event
    answer.artifacts.sort(key=lambda artifact: artifact.index)
    return answer
