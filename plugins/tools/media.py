"""Tools that make pictures, sounds and clips within the answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from plugins.api import Tool, ToolOutput, ToolStage
from plugins.errors import KnownError
from plugins.tools import services
from plugins.tools.library import reference_of


class _Make(Tool):
    version = "1"
    modality: services.Modality

    def call(self, arguments: Mapping[str, Any], stage: ToolStage) -> ToolOutput:
        """Make it from its description."""
        made = services.make_media(stage, self.modality, str(arguments["description"]))
        return ToolOutput(f"Made {made.reference}: {made.caption}. It is shown to the person.")


class MakePicture(_Make):
    """Makes a picture."""

    name = "make_picture"
    modality = "image"


class MakeSound(_Make):
    """Makes a sound."""

    name = "make_sound"
    modality = "audio"


class MakeClip(_Make):
    """Makes a clip."""

    name = "make_clip"
    modality = "video"


class ChangeMedium(Tool):
    """Makes an earlier picture, sound or clip once more, with something else about it."""

    name = "change_medium"
    version = "1"

    def call(self, arguments: Mapping[str, Any], stage: ToolStage) -> ToolOutput:
        """The seed and the recipe stay, what it shows is new."""
        reference = reference_of(str(arguments["medium"]))
        known = {one.reference: one for one in services.list_media(stage)}
        medium = known.get(reference)
        for modality in get_args(services.Modality):
            if medium is not None and medium.modality == modality:
                made = services.make_media(
                    stage, modality, str(arguments["description"]), like=reference
                )
                return ToolOutput(
                    f"Made {made.reference}: {made.caption}. It is shown to the person."
                )
        raise KnownError(
            "{medium}: expected a picture, a sound or a clip of this conversation, found only: "
            "{known}. Name one of them.",
            "request",
            medium=str(arguments["medium"])[:80],
            known=", ".join(known) or "-",
        )
