"""Shared parts of the built-in renderers: conditions, leased models, progress, previews and
recipes.

Knows diffusers' pipelines by their components only; which pipeline runs, and what file comes out,
is each renderer's own business.

Legend: B batch, C a condition's shape, P positions of the text encoder, c latent channels, h, w
latent size.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar

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
from plugins.builtin import known_words, loading
from plugins.errors import Cancelled, KnownError
from plugins.media_files import MediaFile

Models = dict[str, Any]
"""Loaded components by their name in `model_index.json`."""
PREVIEW_EVERY = 4
"""Steps from one preview to the next."""
CAPTIONS_AT_ONCE = 32
NEEDED = ("vae", "text_encoder", "tokenizer", "unet", "scheduler")
"""Components that every decoder must have."""


@dataclass
class Reporter:
    """Tells the stage about each step of one pipeline call, with a preview now and then."""

    renderer: DiffusionRenderer
    models: Models
    stage: Stage
    steps: int
    done: int = field(default=0, init=False)

    def step(self, latents: torch.Tensor, of: int | None = None) -> None:
        """One more step is done. Raises `Cancelled` when the stage asks to stop.

        Schedulers that take extra steps are counted in `of`.
        """
        of = self.steps if of is None else of
        self.done = min(self.done + 1, of)
        wanted = self.stage.wants_preview and self.done % PREVIEW_EVERY == 0 and self.done < of
        preview = self.renderer.preview(self.models, latents) if wanted else None
        self.stage.progress(self.done, of, preview)


class DiffusionRenderer(Renderer):
    """A renderer on one diffusers pipeline. Thread contract: see `plugins.api.Renderer`."""

    pipeline: ClassVar[str]
    """Class name that the decoder's `model_index.json` must have."""
    needed: ClassVar[tuple[str, ...]] = ()
    """Components that this kind of decoder has beside the usual ones."""

    def __init__(self, decoder: Decoder) -> None:
        """Reads the decoder's small configuration files only.

        Raises:
            KnownError: they are missing, or a setting does not fit its parameter or names no
                vocabulary.
        """
        super().__init__(decoder)
        self.folder = Path(decoder.folder).resolve()
        self.unet_config = loading.read_json(self.folder / "unet" / "config.json")
        self.vae_config = loading.read_json(self.folder / "vae" / "config.json")
        declared = self.declare()
        self.parameters = tuple(self._with_default(parameter) for parameter in declared)
        self._vocabulary = self._closed_vocabulary()
        self._text: Models | None = None
        self._sizes: dict[str, int] = {}

    @abstractmethod
    def declare(self) -> tuple[Parameter, ...]:
        """The parameters with the decoder's own defaults, before the bundle's settings."""

    @abstractmethod
    def encode(self, models: Models, captions: Sequence[str]) -> torch.Tensor:
        """[B, *C] on the text encoder's device."""

    @abstractmethod
    def generate(
        self,
        models: Models,
        embeddings: tuple[torch.Tensor, torch.Tensor],
        values: Mapping[str, ParameterValue],
        generator: torch.Generator,
        reporter: Reporter,
    ) -> NDArray[Any]:
        """Run the pipeline for `embeddings` (wanted, unwanted), each [1, *C]."""

    @abstractmethod
    def artifact(
        self, output: NDArray[Any], values: Mapping[str, ParameterValue], recipe: Recipe
    ) -> Artifact:
        """Turn what `generate` made into a file."""

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
        stage.progress(0, int(values["steps"]))
        with self._lease(stage) as models, torch.no_grad():
            embeddings = self._embeddings(models, condition)
            if stage.cancelled():
                raise Cancelled("the rendering was stopped")
            generator = torch.Generator("cpu").manual_seed(stage.seed)
            reporter = Reporter(self, models, stage, int(values["steps"]))
            output = self.generate(models, embeddings, values, generator, reporter)
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
        """[len(captions), *C] on the CPU; the text encoder stays loaded in this renderer."""
        if self._text is None:
            self._text = self._load("cpu", only=("tokenizer", "text_encoder"))
        models = self._text
        shape = self._check_shape(self.condition_shape(models))
        found: Float32 = np.empty((len(captions), *shape), dtype=np.float32)
        for start in range(0, len(captions), CAPTIONS_AT_ONCE):
            part = self.encode(models, captions[start : start + CAPTIONS_AT_ONCE])
            found[start : start + len(part)] = part.float().numpy().reshape(len(part), *shape)
        return found

    @abstractmethod
    def condition_shape(self, models: Models) -> tuple[int, ...]:
        """C as the decoder itself has it."""

    def _with_default(self, parameter: Parameter) -> Parameter:
        if parameter.name not in self.decoder.settings:
            return parameter
        return replace(parameter, default=parameter.check(self.decoder.settings[parameter.name]))

    def _closed_vocabulary(self) -> known_words.Vocabulary | None:
        name = self.decoder.settings.get(known_words.SETTING)
        return None if name is None else known_words.vocabulary(str(name), self.modality)

    def _components(self) -> dict[str, type]:
        components = loading.components_of(self.folder, self.pipeline, self.without())
        missing = {*NEEDED, *self.needed} - {*components, *self.without()}
        if missing:
            raise KnownError(
                "{id}: expected {folder} to list {missing}, found no such entry; copy the "
                "decoder again.",
                id=self.id,
                folder=self.folder / "model_index.json",
                missing=", ".join(sorted(missing)),
            )
        return components

    def without(self) -> tuple[str, ...]:
        """Components that this decoder's settings replace."""
        return ()

    def extra(self, device: str) -> Models:
        """Components that the renderer makes itself, in the place of `without`."""
        return {}

    def _load(self, device: str, only: Sequence[str] | None = None) -> Models:
        components = self._components()
        models = {
            name: loading.load_component(self.folder, name, cls, device)
            for name, cls in components.items()
            if only is None or name in only
        }
        return models if only is not None else models | self.extra(device)

    def _lease(self, stage: Stage) -> AbstractContextManager[Models]:
        if stage.device not in self._sizes:
            components = self._components()
            self._sizes[stage.device] = loading.resident_bytes(
                self.folder, components, stage.device
            )
        key = f"{self.id} {self.folder}"
        return stage.lease(key, lambda: self._load(stage.device), self._sizes[stage.device])

    def _embeddings(
        self, models: Models, condition: Condition
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Wanted and unwanted, each [1, *C] in the text encoder's type and on its device."""
        encoder = models["text_encoder"]
        natural = self.condition_shape(models)
        expected = self._check_shape(natural)
        unwanted = self.encode(models, [""])
        if condition.caption is not None:
            return self.encode(models, [self.known_caption(condition.caption)]), unwanted
        embedding = np.asarray(condition.embeds, dtype=np.float32)
        if embedding.shape != expected:
            raise KnownError(
                "{id}: expected a condition of shape {expected}, found {embedding_shape}; "
                "use a projection made for this decoder.",
                id=self.id,
                expected=list(expected),
                embedding_shape=list(embedding.shape),
            )
        if not np.isfinite(embedding).all():
            raise KnownError(
                "{id}: expected finite numbers in the condition, found others; train the "
                "projection again.",
                id=self.id,
            )
        wanted = torch.from_numpy(np.array(embedding)).reshape(1, *natural)
        return wanted.to(encoder.device, encoder.dtype), unwanted

    def _check_shape(self, natural: tuple[int, ...]) -> tuple[int, ...]:
        """The bundle's condition shape, which may have further axes of length 1."""
        declared = tuple(self.decoder.condition_shape) or natural
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


class SequenceRenderer(DiffusionRenderer):
    """A renderer that is conditioned by the states [P, width] of a CLIP text encoder."""

    def condition_shape(self, models: Models) -> tuple[int, ...]:
        """[P, width], for example [77, 768]."""
        return (models["tokenizer"].model_max_length, models["text_encoder"].config.hidden_size)

    def encode(self, models: Models, captions: Sequence[str]) -> torch.Tensor:
        """[B, P, width] last hidden states; longer captions are cut."""
        encoder = models["text_encoder"]
        tokens = tokenize(models["tokenizer"], captions)
        masked = getattr(encoder.config, "use_attention_mask", None)
        mask = tokens["attention_mask"].to(encoder.device) if masked else None
        with torch.no_grad():
            states = encoder(tokens["input_ids"].to(encoder.device), attention_mask=mask)
        found: torch.Tensor = states[0]
        return found


def new_pipeline(name: str, models: Models, **fixed: Any) -> Any:
    """A pipeline for one rendering, with a scheduler of its own; the models are shared.

    Args:
        name: the pipeline's class.
        models: its components.
        fixed: further arguments of the class, and settings of the scheduler after `scheduler_`.
    """
    prefix = "scheduler_"
    settings = {k.removeprefix(prefix): v for k, v in fixed.items() if k.startswith(prefix)}
    others = {k: v for k, v in fixed.items() if not k.startswith(prefix)}
    shared = models["scheduler"]
    own = type(shared).from_config(shared.config, **settings)
    pipeline = loading.pipeline_class(name)(**models | {"scheduler": own} | others)
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def common_arguments(
    embeddings: tuple[torch.Tensor, torch.Tensor],
    values: Mapping[str, ParameterValue],
    generator: torch.Generator,
) -> dict[str, Any]:
    """The common arguments of every pipeline call: `embeddings` (wanted, unwanted), each [1,
    *C]."""
    wanted, unwanted = embeddings
    return {
        "prompt_embeds": wanted,
        "negative_prompt_embeds": unwanted,
        "num_inference_steps": int(values["steps"]),
        "guidance_scale": float(values["guidance"]),
        "generator": generator,
        "output_type": "np",
    }


def common_parameters(steps: int, guidance: float) -> tuple[Parameter, ...]:
    """The parameters that every diffusion renderer has."""
    return (
        Parameter("steps", "int", steps, "More steps take longer and refine more", 1, 500),
        Parameter("guidance", "float", guidance, "How closely to follow the request", 1.0, 30.0),
    )


def tokenize(tokenizer: Any, captions: Sequence[str]) -> Mapping[str, torch.Tensor]:
    """Ids and mask [B, P] of captions, padded and cut to the tokenizer's length."""
    tokens: Mapping[str, torch.Tensor] = tokenizer(
        list(captions),
        padding="max_length",
        max_length=tokenizer.model_max_length,
        truncation=True,
        return_tensors="pt",
    )
    return tokens


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
