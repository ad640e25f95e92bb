"""A drawn face that says speech: `medley.avatar`. Needs no weights and no decoder folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from plugins.api import (
    Artifact,
    Condition,
    Float32,
    Parameter,
    ParameterValue,
    Recipe,
    Renderer,
    Stage,
    check_parameters,
)
from plugins.avatar.clip import GROUNDS, LARGEST, SMALLEST, face_clip
from plugins.avatar.speech import MODALITY, RATE_HZ, speech_in
from plugins.errors import KnownError


class AvatarRenderer(Renderer):
    """Speech, as `plugins.avatar.speech.condition` makes it -> MP4."""

    id = "medley.avatar"
    version = "1"
    modality = MODALITY
    parameters = (
        Parameter("size", "int", 512, "Width and height of the clip", SMALLEST, LARGEST, unit="px"),
        Parameter("fps", "int", 25, "Pictures shown a second", 5, 60, unit="1/s"),
        Parameter("ground", "choice", "light", "What is behind the face", choices=GROUNDS),
    )

    def render(
        self, condition: Condition, parameters: Mapping[str, ParameterValue], stage: Stage
    ) -> Artifact:
        """Draw the face that says it; the seed says when it blinks and where it looks.

        Raises:
            KnownError: the condition is no speech, or the size is odd.
            Cancelled: the stage asked to stop.
        """
        values = check_parameters(self.parameters, parameters)
        speech = speech_in(condition)
        size, fps = int(values["size"]), int(values["fps"])
        recipe = Recipe(
            self.id, self.version, self.modality, self.decoder.bundle, condition, values, stage.seed
        )
        data = face_clip(
            speech.samples, RATE_HZ, speech.visemes, size=size, fps=fps, seed=stage.seed,
            ground=str(values["ground"]), progress=stage.progress, cancelled=stage.cancelled,
            recipe=recipe,
        )  # fmt: skip
        return Artifact(
            self.modality, "video/mp4", data, ".mp4", recipe, width=size, height=size,
            duration_s=len(speech.samples) / RATE_HZ,
        )  # fmt: skip

    def condition_targets(self, captions: Sequence[str]) -> Float32:
        """There is none: words become speech in a voice, not here.

        Raises:
            KnownError: always.
        """
        raise KnownError(
            "{id}: expected a renderer with a text encoder to align to, found a face that "
            "says speech; align to a diffusion decoder.",
            id=self.id,
        )
