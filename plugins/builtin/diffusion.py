"""The renderer of diffusers pipelines: conditions, leased models, progress, previews and recipes.

Which class runs, and what conditions it, are rows of `plugins.pipelines`; what file comes out is
the business of the renderer of each modality.

Legend: B batch, C a condition's shape, P positions of the text, c latent channels, h, w latent
size.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch  # noqa: TID253
from numpy.typing import NDArray

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
    check_parameters,
)
from plugins.builtin import calls, changes, known_words, loading, text
from plugins.builtin.calls import Reporter
from plugins.builtin.parts import Parts
from plugins.builtin.text import Arrays, Models
from plugins.errors import Cancelled, KnownError, phrase
from plugins.media_files import MediaFile
from plugins.pipelines import PIPELINES, Pipeline, is_distilled, wanted_settings

CAPTIONS_AT_ONCE = 32


class DiffusionRenderer(Renderer):
    """A renderer on a diffusers pipeline of its modality. Thread contract: see
    `plugins.api.Renderer`."""

    def __init__(self, decoder: Decoder) -> None:
        """Reads the decoder's small configuration files only.

        Raises:
            KnownError: they are missing, the class is none that makes this modality, or a setting
                does not fit its parameter or names no vocabulary.
        """
        super().__init__(decoder)
        self.folder = Path(decoder.folder).resolve()
        self.index = loading.read_json(self.folder / "model_index.json")
        self.row = self._row()
        self.denoiser_config = loading.read_json(self.folder / self.row.denoiser / "config.json")
        self.vae_config = loading.read_json(self.folder / "vae" / "config.json")
        declared = self.declare()
        self.parameters = tuple(self._with_default(parameter) for parameter in declared)
        self._vocabulary = self._closed_vocabulary()
        self.parts = Parts(self.id, self.folder, self.row, self.index, self.without())
        self._text: Models | None = None
        self._unwanted: dict[str, Arrays] = {}
        """By device, what the empty caption is encoded as."""

    @abstractmethod
    def declare(self) -> tuple[Parameter, ...]:
        """The parameters with the decoder's own defaults, before the bundle's settings."""

    @abstractmethod
    def arguments(self, values: Mapping[str, ParameterValue]) -> dict[str, Any]:
        """The arguments of the pipeline's call that say how large or long the output is.

        Raises:
            KnownError: the decoder makes nothing of that size.
        """

    @abstractmethod
    def artifact(
        self, output: NDArray[Any], values: Mapping[str, ParameterValue], recipe: Recipe
    ) -> Artifact:
        """Turn what the pipeline made into a file."""

    @abstractmethod
    def preview(self, models: Models, latents: torch.Tensor) -> bytes:
        """A small PNG of unfinished latents."""

    def prepare(self, stage: Stage) -> None:
        """Load the decoder, so that it is resident when the condition arrives."""
        with self._lease(stage):
            pass

    def render(
        self, condition: Condition, parameters: Mapping[str, ParameterValue], stage: Stage
    ) -> Artifact:
        """Make one artifact; see `plugins.api.Renderer.render`."""
        values = check_parameters(self.parameters, parameters)
        sized, name = self.arguments(values), self.row.name
        change = changes.change_of(condition, self.row, *self.extent(values)[:2])
        if change is not None:
            name, sized = change.name, change.arguments(float(values["strength"]), sized)
        else:
            values.pop("strength", None)  # Recipes of what is new do not speak of it.
        stage.progress(0, int(values["steps"]))
        conditioned = self.conditioned(condition, values, stage)
        if stage.cancelled():
            raise Cancelled("the rendering was stopped")
        with self._lease(stage) as models, torch.no_grad():
            reporter = self._reporter(models, stage, int(values["steps"]))
            generator = torch.Generator("cpu").manual_seed(stage.seed)
            pipeline = calls.new_pipeline(self.row, models, self.index, name)
            with calls.sparing(models["vae"], *self.extent(values)):
                made = pipeline(
                    **conditioned,
                    **sized,
                    **calls.common(self.row, self.denoiser_config, values, generator),
                    **calls.watched(self.row, reporter),
                )
        output = np.asarray(getattr(made, self.row.output)[0])
        output = output if change is None else change.kept(output)
        if not np.isfinite(output).all():
            raise KnownError(
                "{id}: expected finite numbers from the decoder {folder}, found others; try "
                "another seed or less guidance.",
                id=self.id,
                folder=self.folder,
            )
        recipe = Recipe(
            self.id, self.version, self.modality, self.decoder.bundle, condition, values, stage.seed
        )
        return self.artifact(output, values, recipe)

    def extent(self, values: Mapping[str, ParameterValue]) -> tuple[int, int, int]:
        """Width and height in pixels and the number of frames; of a sound 0, 0, 1."""
        size = (int(values.get("width", 0)), int(values.get("height", 0)))
        return (*size, int(values.get("frames", 1)))

    def unknown_words(self, caption: str) -> tuple[str, ...]:
        """The words of a caption that this decoder has never learned; none where the bundle has no
        setting `known_words`, as for text encoders that know everyday language."""
        return () if self._vocabulary is None else self._vocabulary.unknown_words(caption)

    def known_caption(self, caption: str) -> str:
        """A caption in the words that this decoder learned, which mean the same (`a kitty on the
        lawn`: a cat on the grass); the caption itself without the setting `known_words`.

        Raises:
            KnownError: it has words that the decoder does not know.
        """
        if self._vocabulary is None:
            return caption
        unknown = self._vocabulary.unknown_words(caption)
        if unknown:
            raise KnownError(
                "{id}: expected a caption in words that this decoder knows, found {unknown}; "
                "ask for something else, or use a Stable Diffusion folder.",
                id=self.id,
                unknown=", ".join(unknown),
            )
        return self._vocabulary.known_caption(caption)

    def condition_targets(self, captions: Sequence[str]) -> Float32:
        """[len(captions), *C] on the CPU; the text encoder stays loaded in this renderer.

        Raises:
            KnownError: this decoder's conditions have no fixed shape, or another than the bundle
                says.
        """
        if not self.natural_shape:
            raise KnownError(
                "{id}: expected a decoder whose conditions have one shape, found {pipeline}, "
                "which has none; drive it by captions.",
                id=self.id,
                pipeline=self.row.name,
            )
        shape = self._check_shape()
        if self._text is None:
            self._text = self.parts.load("cpu", self.row.text)
        found: Float32 = np.empty((len(captions), *shape), dtype=np.float32)
        for start in range(0, len(captions), CAPTIONS_AT_ONCE):
            part = text.encode(self.row, self._text, captions[start : start + CAPTIONS_AT_ONCE])
            states = part["embeds"].float().numpy()
            found[start : start + len(states)] = states.reshape(len(states), *shape)
        return found

    @cached_property
    def natural_shape(self) -> tuple[int, ...]:
        """C as the decoder itself has it; empty where it has no fixed one."""
        return self.row.condition_shape(self.config)

    def config(self, path: str) -> Mapping[str, Any]:
        """A JSON file of the decoder; empty where there is none."""
        file = self.folder / path
        return loading.read_json(file) if file.is_file() else {}

    def without(self) -> tuple[str, ...]:
        """Components that this decoder's settings replace."""
        return ()

    def extra(self, device: str) -> Models:
        """Components that the renderer makes itself, in the place of `without`."""
        return {}

    def _row(self) -> Pipeline:
        name = str(self.index.get("_class_name"))
        row = PIPELINES.get(name)
        if row is None or row.modality != self.modality:
            known = (one.name for one in PIPELINES.values() if one.modality == self.modality)
            raise KnownError(
                "decoder {folder}: expected one of {known}, found {found}; choose a decoder of "
                "one of these kinds.",
                folder=self.folder,
                known=", ".join(known),
                found=repr(name),
            )
        return row

    def common_parameters(self) -> tuple[Parameter, ...]:
        """The parameters that every diffusion renderer has."""
        wanted = wanted_settings(self.row, self.config)
        steps, guidance = int(wanted["steps"]), float(wanted["guidance"])
        return (
            Parameter("steps", "int", steps, "More steps take longer and refine more", 1, 500),
            Parameter(
                "guidance", "float", guidance, "How closely to follow the request", 0.0, 30.0
            ),
        )

    def _with_default(self, parameter: Parameter) -> Parameter:
        if parameter.name not in self.decoder.settings:
            return parameter
        return replace(parameter, default=parameter.check(self.decoder.settings[parameter.name]))

    def _closed_vocabulary(self) -> known_words.Vocabulary | None:
        name = self.decoder.settings.get(known_words.SETTING)
        return None if name is None else known_words.vocabulary(str(name), self.modality)

    def _lease(self, stage: Stage) -> AbstractContextManager[Models]:
        return self.parts.lease(stage, self.extra)

    def _reporter(self, models: Models, stage: Stage, steps: int) -> Reporter:
        def preview(latents: torch.Tensor) -> bytes | None:
            return self.preview(models, latents) if self.row.preview else None

        return Reporter(stage, steps, preview)

    def conditioned(
        self, condition: Condition, values: Mapping[str, ParameterValue], stage: Stage
    ) -> dict[str, Any]:
        """The arguments of the pipeline's call for what is wanted and what is not.

        Raises:
            KnownError: the condition does not fit, or the text encoder is broken.
        """
        arrays = dict(condition.arrays or {})
        away = arrays.pop("unwanted", None)
        if condition.caption is None:
            wanted = self._given(arrays, stage)
        else:
            caption = self.known_caption(condition.caption)
            if not self.row.text:
                return {"prompt": caption}
            self._check_shape()
            with self.parts.lease_text(stage) as models:
                wanted = text.encode(self.row, models, [caption])
        guided = float(values["guidance"]) > self.row.guided_above
        unwanted = None
        if guided and not is_distilled(self.row, self.config):
            if away is None:
                unwanted = self._not_wanted(wanted, stage)
            else:
                unwanted = self._given({"embeds": away}, stage)
        kind = loading.precision(self.folder, self.row.denoiser, stage.device)
        return calls.conditioned(self.row, wanted, unwanted, kind)

    def _not_wanted(self, wanted: Arrays, stage: Stage) -> Arrays | None:
        if self.row.unwanted == "none":
            return None
        if self.index.get("force_zeros_for_empty_prompt"):
            return text.zeros(wanted)
        if self.row.unwanted == "paired":
            with self.parts.lease_text(stage) as models:
                return text.paired(self.row, models, wanted)
        if stage.device not in self._unwanted:
            with self.parts.lease_text(stage) as models:
                self._unwanted[stage.device] = text.encode(self.row, models, [""])
        return self._unwanted[stage.device]

    def _given(self, given: Mapping[str, Float32], stage: Stage) -> Arrays:
        """The arrays of a condition, each [1, ...]."""
        if not self.row.arrays:
            raise text.unfit(self.row, phrase("arrays"))
        arrays = {name: np.asarray(array, dtype=np.float32) for name, array in given.items()}
        embeds, expected = arrays["embeds"], self._check_shape()
        if self.row.any_length and embeds.ndim == 2:
            most, width = self.row.positions or 0, self.row.width(self.config)
            expected = (min(max(len(embeds), 1), most), width)
        if embeds.shape != expected:
            raise KnownError(
                "{id}: expected a condition of shape {expected}, found {embeds_shape}; "
                "use a projection made for this decoder.",
                id=self.id,
                expected=list(expected),
                embeds_shape=list(embeds.shape),
            )
        if not all(np.isfinite(array).all() for array in arrays.values()):
            raise KnownError(
                "{id}: expected finite numbers in the condition, found others; train the "
                "projection again.",
                id=self.id,
            )
        if self.natural_shape:
            arrays["embeds"] = embeds.reshape(self.natural_shape)
        return text.given(self.row, arrays, stage.device)

    def _check_shape(self) -> tuple[int, ...]:
        """The bundle's condition shape, which may have further axes of length 1."""
        natural = self.natural_shape
        declared = tuple(self.decoder.condition_shape) or natural
        if self.row.any_length:
            return declared
        if tuple(n for n in declared if n != 1) != tuple(n for n in natural if n != 1):
            raise KnownError(
                "{id}: the bundle says that conditions have shape {declared}, the decoder "
                "{folder} expects {natural}; correct bundle.toml.",
                id=self.id,
                declared=list(declared),
                folder=self.folder,
                natural=list(natural),
            )
        return declared


def make_artifact(
    file: MediaFile,
    recipe: Recipe,
    *,
    width: int | None = None,
    height: int | None = None,
    duration_s: float | None = None,
) -> Artifact:
    """An artifact from a finished file."""
    return Artifact(
        modality=recipe.modality,
        mime=file.mime,
        data=file.data,
        extension=file.extension,
        recipe=recipe,
        width=width,
        height=height,
        duration_s=duration_s,
    )
