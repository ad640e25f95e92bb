"""Builds projections from what a bundle's manifest says and fills them from its files.

Knows the manifest's entries and the projection classes; runs no model.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch  # noqa: TID253

from plugins.api import Condition, Signal
from plugins.errors import KnownError
from runtime.bundle.manifest import InputProjectionSpec, SignalSpec
from runtime.checkpoints import load_strict
from runtime.projection.grouping import GroupInputProjection
from runtime.projection.linear import LinearInputProjection
from runtime.projection.output import OutputProjection

InputProjection = LinearInputProjection | GroupInputProjection

_CLASSES: dict[str, type[LinearInputProjection] | type[GroupInputProjection]] = {
    "linear": LinearInputProjection,
    "group": GroupInputProjection,
}


def build_input_projection(
    spec: InputProjectionSpec, *, d_encoder: int, d_model: int
) -> InputProjection:
    """An untrained input projection. Both kinds are called `projection(embedding, patches)`.

    Raises:
        KnownError: the manifest's settings are not arguments of this kind of projection.
    """
    settings: dict[str, Any] = {"d_encoder": d_encoder, "d_model": d_model, **spec.config}
    for name, width in (("d_encoder", d_encoder), ("d_model", d_model)):
        if settings[name] != width:
            raise KnownError(
                "input projection: expected {name} {width} as in the rest of the bundle, "
                "found {settings}. Correct the bundle's settings.",
                name=name,
                width=width,
                settings=settings[name],
            )
    try:
        return _CLASSES[spec.kind](**settings)
    except TypeError as error:
        raise KnownError(
            "input projection: expected settings of the kind {spec_kind}, found {config} "
            "({error}). Correct the bundle's settings.",
            spec_kind=spec.kind,
            config=spec.config,
            error=error,
        ) from error


def load_input_projection(
    spec: InputProjectionSpec,
    path: str | os.PathLike[str],
    *,
    d_encoder: int,
    d_model: int,
    device: str = "cpu",
    dtype: torch.dtype = torch.float32,
) -> InputProjection:
    """The bundle's input projection, ready to run.

    Raises:
        KnownError: settings, names or shapes do not fit.
    """
    with torch.device("meta"):
        projection = build_input_projection(spec, d_encoder=d_encoder, d_model=d_model)
    load_strict(projection, path, what="input projection", device=device, dtype=dtype)
    return projection.eval()


def build_output_projection(spec: SignalSpec, *, d_model: int) -> OutputProjection:
    """An untrained output projection. A condition of one axis is one position: [512] is 1 x 512.

    Raises:
        KnownError: the condition shape has neither one axis nor two.
    """
    shape = spec.condition_shape
    if len(shape) not in (1, 2):
        raise KnownError(
            "output projection for {renderer}: expected a condition shape of 1 or 2 axes, "
            "found {shape}. Correct the bundle's settings.",
            renderer=spec.renderer,
            shape=list(shape),
        )
    return OutputProjection(
        d_model,
        shape[-1],
        shape[0] if len(shape) == 2 else 1,
        d_hidden=spec.d_hidden,
        n_heads=spec.n_heads,
        n_layers=spec.n_layers,
        d_feedforward=spec.d_feedforward,
    )


def load_output_projection(
    spec: SignalSpec,
    path: str | os.PathLike[str],
    *,
    d_model: int,
    device: str = "cpu",
    dtype: torch.dtype = torch.float32,
) -> OutputProjection:
    """The bundle's output projection for one modality, ready to run.

    Raises:
        KnownError: settings, names or shapes do not fit.
    """
    with torch.device("meta"):
        projection = build_output_projection(spec, d_model=d_model)
    what = f"output projection for {spec.renderer}"
    load_strict(projection, path, what=what, device=device, dtype=dtype)
    return projection.eval()


@torch.inference_mode()
def make_condition(
    projection: OutputProjection, signal: Signal, condition_shape: Sequence[int]
) -> Condition:
    """The condition for the decoder: `embeds` of exactly `condition_shape`, float32.

    Raises:
        KnownError: the signal's width is not the projection's.
    """
    if signal.hidden.shape != signal.embeddings.shape or (
        signal.hidden.shape[-1] != projection.d_model
    ):
        raise KnownError(
            "signal for {modality}: expected states and embeddings of width {d_model}, found "
            "{hidden_shape} and {embeddings_shape}. The language model and the output "
            "projection are not from the same bundle.",
            modality=signal.modality,
            d_model=projection.d_model,
            hidden_shape=list(signal.hidden.shape),
            embeddings_shape=list(signal.embeddings.shape),
        )
    weight = projection.fc.weight
    hidden, embeddings = (
        torch.from_numpy(np.array(array, dtype=np.float32)).to(weight.device, weight.dtype)[None]
        for array in (signal.hidden, signal.embeddings)
    )
    condition = projection(hidden, embeddings)[0].float().cpu().numpy()
    return Condition({"embeds": condition.reshape(tuple(condition_shape))})
