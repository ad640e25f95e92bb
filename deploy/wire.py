"""What travels between replicas: plain data as msgpack, arrays beside it. Knows no Ray.

A condition goes as its words and its named arrays, so that whoever carries them can do so without
copying; an artifact and all that is told of a rendering go as bytes.

Legend: C a decoder's own condition shape.
"""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from plugins.api import Artifact, Condition, Parameter, ParameterValue, Recipe
from plugins.errors import Problem
from runtime.messages import Embedding

Arrays = dict[str, NDArray[np.float32]]


class RenderRequest(msgspec.Struct, frozen=True):
    """One artifact that is asked of a renderer; the arrays of its condition travel beside it."""

    renderer: str
    """Its id."""
    caption: str | None
    """Of the condition, where it is a caption."""
    parameters: dict[str, ParameterValue]
    seed: int
    previews: bool = False


class Described(msgspec.Struct, frozen=True):
    """A renderer, as whoever stands in its place must be."""

    version: str
    parameters: list[dict[str, Any]]
    """Arguments of `plugins.api.Parameter`."""


class Embedded(msgspec.Struct, frozen=True):
    """An embedding, or why there is none."""

    embedding: Embedding | None = None
    problem: Problem | None = None


class Step(msgspec.Struct, frozen=True, tag="step"):
    """A step of a rendering is done."""

    step: int
    of: int
    preview: bytes | None = None


class Beat(msgspec.Struct, frozen=True, tag="beat"):
    """The renderer is at work still: whoever waits can look whether to stop."""


class Made(msgspec.Struct, frozen=True, tag="made"):
    """The artifact; nothing follows."""

    modality: str
    mime: str
    data: bytes
    extension: str
    recipe: str
    """JSON."""
    width: int | None = None
    height: int | None = None
    duration_s: float | None = None


class Failed(msgspec.Struct, frozen=True, tag="failed"):
    """There will be no artifact; nothing follows."""

    problem: Problem


class Stopped(msgspec.Struct, frozen=True, tag="stopped"):
    """It was stopped, as it was told to; nothing follows."""


Told = Step | Beat | Made | Failed | Stopped
_told: msgspec.msgpack.Decoder[Told] = msgspec.msgpack.Decoder(Told)
encode = msgspec.msgpack.encode


def decode_told(data: bytes) -> Told:
    """What a renderer's host told.

    Raises:
        msgspec.DecodeError: it is none of that.
    """
    return _told.decode(data)


def arrays_of(condition: Condition) -> Arrays:
    """The arrays of a condition by name, `embeds` [*C] among them; none of a caption."""
    return dict(condition.arrays or {})


def condition_of(request: RenderRequest, arrays: Arrays) -> Condition:
    """The condition of a request whose arrays came beside it.

    Raises:
        ValueError: it has neither arrays nor a caption, or both.
    """
    return Condition(arrays or None, request.caption)


def made_of(artifact: Artifact) -> Made:
    """An artifact, ready to travel."""
    return Made(
        artifact.modality,
        artifact.mime,
        artifact.data,
        artifact.extension,
        artifact.recipe.to_json(),
        artifact.width,
        artifact.height,
        artifact.duration_s,
    )


def artifact_of(made: Made) -> Artifact:
    """An artifact that arrived.

    Raises:
        KnownError: its recipe is none.
    """
    return Artifact(
        made.modality,
        made.mime,
        made.data,
        made.extension,
        Recipe.from_json(made.recipe),
        made.width,
        made.height,
        made.duration_s,
    )


def described(version: str, parameters: tuple[Parameter, ...]) -> Described:
    """What is told of a renderer."""
    return Described(version, [msgspec.to_builtins(parameter) for parameter in parameters])


def parameters_of(about: Described) -> tuple[Parameter, ...]:
    """The parameters that a renderer declares.

    Raises:
        msgspec.ValidationError: they are none.
    """
    return tuple(msgspec.convert(about.parameters, list[Parameter]))
