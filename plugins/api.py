"""The interface between Medley and its plugins: renderers, which make artifacts, readers, which
turn a medium into text, and tools, which do something for a person. A plugin needs nothing else.

Knows no torch, no model and nothing of `runtime`: signals and conditions are numpy arrays, an
artifact is bytes with a recipe, an observation is plain data.

Legend: N signal tokens, D the language model's width, C a decoder's own condition shape.
"""

from __future__ import annotations

import base64
import json
import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from plugins.errors import KnownError
from plugins.observation import Observation as Observation
from plugins.recipe_fields import recipe_fields
from plugins.tool import OutputFile as OutputFile
from plugins.tool import Tool as Tool
from plugins.tool import ToolOutput as ToolOutput
from plugins.tool import ToolPreview as ToolPreview
from plugins.tool import ToolStage as ToolStage

Float32 = NDArray[np.float32]
T = TypeVar("T")
ParameterValue = int | float | bool | str


@dataclass(frozen=True)
class Signal:
    """The language model's states at one run of signal tokens: input of an output projection."""

    modality: str
    hidden: Float32
    """[N, D] last-layer states (after the final norm) where the signal tokens were the *input*."""
    embeddings: Float32
    """[N, D] input embeddings of the same tokens."""


@dataclass(frozen=True)
class Condition:
    """The input of a renderer: a caption (captioned routing), or arrays by name (projected and
    native routing)."""

    arrays: Mapping[str, Float32] | None = None
    """At least `embeds` [*C], for example [77, 768] for Stable Diffusion 1.5 or [512] for AudioLDM.
    Some decoders take more, all float32: `mask` [P], 1 where a position of `embeds` counts and 0
    where it does not; `pooled` [width], the caption as one vector; `unwanted`, as `embeds`, what
    the decoder is guided away from."""
    caption: str | None = None
    picture: bytes | None = None
    """A picture file (PNG, JPEG...) that is to be changed, for renderers that can; none: something
    new is made."""
    area: bytes | None = None
    """A picture file of the same shape, white where `picture` is to be changed and black where it
    is to stay; none: everywhere."""
    from_caption: str = ""
    """Native routing: the caption of which a language model made the arrays. A recipe keeps it in
    their place, since they can be made again and may be larger than the artifact."""

    def __post_init__(self) -> None:
        if self.area is not None and self.picture is None:
            raise ValueError("an area is one of a picture")
        if (self.arrays is None) == (self.caption is None):
            raise ValueError("a condition is either arrays or a caption, not both or neither")
        if self.arrays is not None and "embeds" not in self.arrays:
            raise ValueError("the arrays of a condition are at least embeds")

    @property
    def embeds(self) -> Float32 | None:
        """The array `embeds`; None for a caption."""
        return None if self.arrays is None else self.arrays["embeds"]

    def to_dict(self) -> dict[str, Any]:
        """Plain data for a recipe; arrays are kept bit for bit (float32, base64), or as the caption
        that they come from."""
        files = {"picture": self.picture, "area": self.area}
        found: dict[str, Any] = {
            name: base64.b64encode(file).decode("ascii") for name, file in files.items() if file
        }
        if self.arrays is None or self.from_caption:
            return {"caption": self.from_caption or self.caption, **found}
        arrays = {name: _array_to_dict(array) for name, array in self.arrays.items()}
        return {"arrays": arrays, **found}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Condition:
        """The inverse of `to_dict`; a lone embedding with its shape, as recipes held it before
        arrays had names, is read as `embeds`.

        Raises:
            KnownError: the data is not a condition.
        """
        try:
            picture, area = (_file_from_dict(data, name) for name in ("picture", "area"))
            if "caption" in data:
                return cls(None, data["caption"], picture, area)
            if "embedding" in data:
                alone = {"data": data["embedding"], "shape": data["shape"]}
                return cls({"embeds": _array_from_dict(alone)})
            arrays = data["arrays"].items()
            named = {str(name): _array_from_dict(array) for name, array in arrays}
            return cls(named, None, picture, area)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise KnownError(
                "recipe: expected a condition with a caption, or with arrays and their shapes, "
                "found neither. Use a recipe that Medley wrote."
            ) from error


def _file_from_dict(data: Mapping[str, Any], name: str) -> bytes | None:
    return base64.b64decode(data[name], validate=True) if name in data else None


def _array_to_dict(array: Float32) -> dict[str, Any]:
    plain = np.ascontiguousarray(array, dtype="<f4")
    data = base64.b64encode(plain.tobytes()).decode("ascii")
    return {"data": data, "shape": list(np.shape(array))}


def _array_from_dict(data: Mapping[str, Any]) -> Float32:
    raw = base64.b64decode(data["data"], validate=True)
    return np.frombuffer(raw, dtype="<f4").reshape(tuple(data["shape"])).copy()


@dataclass(frozen=True)
class Recipe:
    """Everything needed to render the same artifact again without the language model."""

    renderer: str
    """Renderer id, for example `medley.image`."""
    renderer_version: str
    modality: str
    bundle: str
    condition: Condition
    parameters: Mapping[str, ParameterValue]
    seed: int

    def to_json(self) -> str:
        """One line of JSON; what is written into the file's metadata."""
        data = {
            "renderer": self.renderer,
            "renderer_version": self.renderer_version,
            "modality": self.modality,
            "bundle": self.bundle,
            "condition": self.condition.to_dict(),
            "parameters": dict(self.parameters),
            "seed": self.seed,
        }
        return json.dumps(data, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str | bytes) -> Recipe:
        """The inverse of `to_json`.

        Raises:
            KnownError: the text is not a recipe.
        """
        fields = recipe_fields(text)
        return cls(**{**fields, "condition": Condition.from_dict(fields["condition"])})


@dataclass(frozen=True)
class Artifact:
    """A finished picture, sound, clip, or a plugin's own kind of file."""

    modality: str
    mime: str
    data: bytes
    """The file's bytes, complete, with the recipe in its metadata."""
    extension: str
    """The file name extension, with the dot: `.png`."""
    recipe: Recipe
    width: int | None = None
    """Pixels."""
    height: int | None = None
    """Pixels."""
    duration_s: float | None = None
    """Seconds."""


@dataclass(frozen=True)
class Parameter:
    """One setting of a renderer, with all that is needed to check a value and show a form."""

    name: str
    kind: Literal["int", "float", "bool", "choice"]
    default: ParameterValue
    help: str
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    unit: str = ""

    def check(self, value: ParameterValue) -> ParameterValue:
        """The value, converted to the parameter's kind.

        Raises:
            KnownError: wrong kind, out of limits or not among the choices.
        """
        if self.kind == "choice":
            if value not in self.choices:
                self._refuse(value, "one of " + ", ".join(self.choices))
            return value
        if self.kind == "bool":
            if not isinstance(value, bool):
                self._refuse(value, "true or false")
            return value
        if isinstance(value, (bool, str)) or not _is_finite(value):
            self._refuse(value, "a number")
        number: float = int(value) if self.kind == "int" else float(value)
        low, high = self.minimum, self.maximum
        if (
            number != float(value)
            or (low is not None and number < low)
            or (high is not None and number > high)
        ):
            self._refuse(value, f"{self.kind} from {low} to {high}")
        return number

    def _refuse(self, value: ParameterValue, expected: str) -> None:
        raise KnownError(
            "parameter {name}: expected {expected}, found {value}. Change it to fit.",
            name=self.name,
            expected=expected,
            value=repr(value)[:80],
        )


def _is_finite(value: Any) -> bool:
    try:
        return math.isfinite(value)
    except (TypeError, OverflowError):  # no number at all, or one that no float holds
        return False


def check_parameters(
    declared: Sequence[Parameter], given: Mapping[str, ParameterValue]
) -> dict[str, ParameterValue]:
    """Defaults overlaid with the given values, every one checked.

    Raises:
        KnownError: an unknown name (the known ones are listed) or a value out of its limits.
    """
    known = {parameter.name: parameter for parameter in declared}
    for name in given:
        if name not in known:
            raise KnownError(
                "parameter {name} is not known here; known: {known}.",
                name=repr(name),
                known=", ".join(sorted(known)),
            )
    values = {p.name: p.default for p in declared} | dict(given)
    return {name: known[name].check(value) for name, value in values.items()}


class Stage(Protocol):
    """The context of one rendering or reading: device, seed, progress and leased models."""

    @property
    def device(self) -> str:
        """A torch device name, `cpu` or `cuda:0`."""
        ...

    @property
    def seed(self) -> int:
        """Seed of this artifact; the same seed and condition give the same bytes."""
        ...

    @property
    def wants_preview(self) -> bool:
        """True if `progress` should be given previews (they cost time)."""
        ...

    def progress(self, step: int, of: int, preview: bytes | None = None) -> None:
        """Report a finished step. Call it after every step.

        Raises:
            Cancelled: the user stopped the work, or its time is up.
        """
        ...

    def cancelled(self) -> bool:
        """True if the work must stop at the next safe point."""
        ...

    def lease(self, key: str, load: Callable[[], T], size: int) -> AbstractContextManager[T]:
        """Hold a loaded model in device memory while the context is open.

        `load` runs only if `key` is not resident. `size` in bytes counts against the memory budget;
        the least recently used models are unloaded first.
        """
        ...


@dataclass(frozen=True)
class Decoder:
    """The folder of a renderer's weights, and this bundle's settings for it."""

    folder: Path
    """The decoder in diffusers' own layout (`model_index.json` and one folder per component)."""
    bundle: str
    """Name of the bundle, for recipes."""
    condition_shape: tuple[int, ...] = ()
    """C; empty for a captioned-only decoder."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Renderer-specific settings from `bundle.toml` (defaults of parameters, output size...)."""


class Renderer(ABC):
    """Base class of renderers. A subclass renders one modality.

    Thread contract: `prepare` and `render` run on the bus's worker thread, one at a time per
    renderer, and may take as long as they report progress; everything else must return at once.
    """

    id: str
    """Stable and unique, for example `medley.image`."""
    version: str
    modality: str
    parameters: tuple[Parameter, ...] = ()

    def __init__(self, decoder: Decoder) -> None:
        self.decoder = decoder

    def prepare(self, stage: Stage) -> None:  # noqa: B027  (optional hook)
        """Warm up (load weights) because a signal for this modality has begun."""

    @abstractmethod
    def render(
        self, condition: Condition, parameters: Mapping[str, ParameterValue], stage: Stage
    ) -> Artifact:
        """Make one artifact.

        Raises:
            KnownError: the condition does not fit (both shapes are named) or the decoder is broken.
            Cancelled: the stage asked to stop.
        """

    def unknown_words(self, caption: str) -> tuple[str, ...]:
        """Words of `caption` that this renderer's text encoder does not know, as written there.
        Empty by default, which means that it knows all of them.

        A caption with unknown words is not rendered as something else. The next renderer of the
        modality is asked; if none knows them, the answer says what cannot be made.
        """
        return ()

    @abstractmethod
    def condition_targets(self, captions: Sequence[str]) -> Float32:
        """The array `embeds` that `render` should get for each caption, [len(captions), *C].

        For a diffusion decoder, this is the output of its own text encoder. Alignment needs nothing
        else to teach a language model to drive this renderer.
        """


class Reader(ABC):
    """Base class of readers. A subclass turns a medium into observations, for language models that
    cannot see or hear.

    Thread contract: `read` runs in the worker process, one reader at a time, on a thread that may
    differ between calls, and may take as long as it reports progress; everything else must return
    at once.
    """

    id: str
    """Stable and unique, for example `medley.speech`."""
    version: str
    modalities: tuple[str, ...]
    """The modalities that it reads: some of `image`, `audio`, `video`, `document`, or a plugin's
    own."""
    language: str = ""
    """Code of the language that is spoken; empty if the reader is to find it out."""

    def __init__(self, model: Path | None) -> None:
        """Keep the folder of the model that the manifest asks for (`model = "hear"`); None for a
        reader without one."""
        self.model = model

    @abstractmethod
    def read(self, path: Path, modality: str, stage: Stage) -> list[Observation]:
        """The observations of the file at `path`, in reading order; empty if nothing was found.

        Raises:
            KnownError: the file or the model cannot be read.
            Cancelled: the stage asked to stop.
        """
