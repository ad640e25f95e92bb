"""The oracle of compositions: it says which words of a topic a medium shows.

Knows how media are brought to the size that is judged; how that is done is in the judges beside
this module. It measures and holds nothing learned.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from training.pocketworld.compositions.composition import (
    Composition,
    Count,
    Loudness,
    Order,
    Relation,
    Speed,
)
from training.pocketworld.compositions.judge_clip import read_speed
from training.pocketworld.compositions.judge_picture import read_count, read_relation
from training.pocketworld.compositions.judge_sound import read_loudness, read_order
from training.pocketworld.oracle import (
    Judges,
    brought_to_frames,
    brought_to_length,
    brought_to_size,
)


def judges_of(wanted: Composition) -> Judges:
    """The judges of an answer to a request for a composition.

    What is said of the medium that shows the composition has the names of `Composition.shown`; a
    name is left out where nothing of it was found. Other media are judged as always. Only of a
    relation it matters which was asked: it is seen from the first thing.
    """

    def picture(pixels: NDArray[np.uint8]) -> dict[str, str]:
        if isinstance(wanted, Relation):
            return read_relation(brought_to_size(pixels), wanted)
        return read_count(brought_to_size(pixels))

    def sound(samples: NDArray[np.float32], rate: int) -> dict[str, str]:
        read = read_order if isinstance(wanted, Order) else read_loudness
        return read(brought_to_length(samples, rate))

    def clip(frames: NDArray[np.uint8]) -> dict[str, str]:
        return read_speed(brought_to_frames(frames))

    match wanted:
        case Count() | Relation():
            return replace(Judges(), image=picture)
        case Loudness() | Order():
            return replace(Judges(), audio=sound)
        case Speed():
            return replace(Judges(), video=clip)
    raise ValueError(f"composition: nobody judges {wanted.topic!r}")
