"""Joins encoder, language model and decoders: input projections and the output projection.

Knows shapes and weights, no model on either side. A projection is a plain `torch.nn.Module`, so
training uses the very classes that the engine runs.
"""

from __future__ import annotations

from runtime.projection.grouping import GroupInputProjection
from runtime.projection.linear import LinearInputProjection
from runtime.projection.load import (
    InputProjection,
    build_input_projection,
    build_output_projection,
    load_input_projection,
    load_output_projection,
    make_condition,
)
from runtime.projection.output import OutputProjection

__all__ = [
    "GroupInputProjection",
    "InputProjection",
    "LinearInputProjection",
    "OutputProjection",
    "build_input_projection",
    "build_output_projection",
    "load_input_projection",
    "load_output_projection",
    "make_condition",
]
