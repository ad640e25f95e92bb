"""The medium of a composition of any topic. Knows which module renders which topic."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.pocketworld.compositions.clips import render_speed
from training.pocketworld.compositions.composition import (
    Composition,
    Count,
    Loudness,
    Order,
    Relation,
    Speed,
)
from training.pocketworld.compositions.pictures import render_count, render_relation
from training.pocketworld.compositions.sounds import render_loudness, render_order


def render(wanted: Composition, rng: np.random.Generator) -> NDArray[Any]:
    """uint8 [64, 64, 3], float32 [samples] at 16 kHz, or uint8 [8, 64, 64, 3]."""
    match wanted:
        case Count():
            return render_count(wanted, rng)
        case Relation():
            return render_relation(wanted, rng)
        case Loudness():
            return render_loudness(wanted, rng)
        case Order():
            return render_order(wanted, rng)
        case Speed():
            return render_speed(wanted, rng)
    raise ValueError(f"composition: nothing renders {wanted.topic!r}")
