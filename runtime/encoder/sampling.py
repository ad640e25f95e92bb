"""The places in a sound or a clip that the encoder uses. Arithmetic only: knows no torch and no
files."""

from __future__ import annotations

import math
from fractions import Fraction

from runtime.encoder.config import Spread


def clip_starts(
    duration_s: float, clip_seconds: float, clips: int, spread: Spread = "ends"
) -> list[Fraction]:
    """Seconds at which the clips begin, evenly placed from the first to the last possible; with the
    spread `within` that room is divided by the number of clips, so that its end is never heard.

    A medium no longer than one clip gives a single start: more would be the same clip again.
    """
    room = max(Fraction(duration_s) - Fraction(clip_seconds), Fraction(0))
    if room == 0:
        return [Fraction(0)]
    step = room / max(clips - (spread == "ends"), 1)
    return [step * index for index in range(clips)]


def frame_numbers(
    n_frames: int,
    fps: float,
    *,
    clip_seconds: float,
    clips: int,
    frames_per_clip: int,
    spread: Spread = "ends",
) -> list[list[int]]:
    """Frames to look at, one list of `frames_per_clip` a clip, evenly placed in the clip.

    The first and the last frame of a clip are among them; a clip of fewer frames repeats some.
    Moments are exact and rates are floats, and so are their products, as in the code that the
    encoder was trained with: where these round decides which frame is seen.
    """
    rate = float(fps)
    chosen = []
    for start in clip_starts(n_frames / rate, clip_seconds, clips, spread):
        first = min(math.ceil(rate * start), n_frames - 1)
        end = min(math.ceil(rate * (start + Fraction(clip_seconds))), n_frames)
        last = max(end - 1, first)
        steps = max(frames_per_clip - 1, 1)
        chosen.append([first + (last - first) * i // steps for i in range(frames_per_clip)])
    return chosen
