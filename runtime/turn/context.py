"""The loaded parts of an engine, with which every turn works. Plain data, made by the engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from plugins.bus import Bus
from runtime.bundle.bundle import Bundle
from runtime.familiarity.review import Reviewer
from runtime.language_model.protocol import TalkingModel
from runtime.memory import DeviceMemory
from runtime.observations.reading import MediumReader
from runtime.turn.conditions import Conditions
from runtime.turn.media_choice import MediaChooser
from runtime.turn.media_embedder import MediaEmbedder


@dataclass(frozen=True)
class TurnContext:
    """The context that all turns of one engine share."""

    bundle: Bundle
    device: str
    memory: DeviceMemory
    bus: Bus
    model: TalkingModel
    embedder: MediaEmbedder
    """Makes chunks of the media that the bundle takes in by itself."""
    conditions: Conditions
    reader: MediumReader
    reviewer: Reviewer | None
    """Says what lies outside the bundle's world, where that is small."""
    chooser: MediaChooser | None
    """Captioned routing whose tags are placed by the engine."""
    loading_s: Callable[[], float]
    """Seconds spent with loading so far."""
