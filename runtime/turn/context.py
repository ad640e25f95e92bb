"""The loaded parts of an engine, with which every turn works. Plain data, made by the engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from plugins.api import ParameterValue
from plugins.bus import Bus
from plugins.stage import MemoryLike
from runtime.bundle.bundle import Bundle
from runtime.familiarity.review import Reviewer
from runtime.language_model.protocol import TalkingModel
from runtime.observations.reading import MediumReader
from runtime.turn.captions import Captions
from runtime.turn.choice.call_choice import CallChooser
from runtime.turn.choice.media_choice import MediaChooser
from runtime.turn.conditions import Conditions
from runtime.turn.media_embedder import MediaEmbedder


@dataclass(frozen=True)
class TurnContext:
    """The context that all turns of one engine share."""

    bundle: Bundle
    device: str
    renderer_memory: Callable[[str, Mapping[str, ParameterValue]], MemoryLike]
    """Keeps the models of the renderer of a modality, for an artifact with these parameters."""
    bus: Bus
    model: TalkingModel
    embedder: MediaEmbedder
    """Makes chunks of the media that the bundle takes in by itself."""
    conditions: Conditions
    captions: Captions
    reader: MediumReader
    reviewer: Reviewer | None
    """Says what lies outside the bundle's world, where that is small."""
    chooser: MediaChooser | None
    """Captioned routing whose tags are placed by the engine."""
    call_chooser: CallChooser | None
    """A model that is asked before it may call a tool."""
    loading_s: Callable[[], float]
    """Seconds spent with loading so far."""
