"""A sheet of true media of compositions: pictures, spectrograms and strips of clips.

`python -m tools.composition_sheet docs/compositions.png` draws every word of every topic with its
captions in both languages. Knows the second ring and layout; knows no bundle.
"""

from __future__ import annotations

import argparse
import textwrap
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from training.evaluation.sheets.entries import spectrogram
from training.evaluation.sheets.png import INK, LINE, MARGIN, PAPER, QUIET, font
from training.evaluation.suites.composition import compositions
from training.pocketworld.compositions.captions import varied
from training.pocketworld.compositions.composition import TOPICS, Composition
from training.pocketworld.compositions.render import render

CELL = 128
GAP = 4
"""Between frames."""
FRAMES = (0, 3, 7)
"""The frames of a clip that are shown."""
ACROSS = {"image": 6, "audio": 6, "video": 2}
"""Media in a row."""
ROWS = {"count": 1, "relation": 2, "loudness": 1, "order": 1, "speed": 2}
LETTERS = {"image": 21, "audio": 21, "video": 66}
"""The most letters per line below a medium."""
LINES = {"count": 5, "relation": 8, "loudness": 4, "order": 4, "speed": 2}
"""Below a medium, at most."""
KEEP = 0.3
SEED = 3


def main() -> None:
    """Draw and save."""
    parser = argparse.ArgumentParser(description="True media of the second ring.")
    parser.add_argument("out", type=Path, help="a .png")
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    sheet(options.seed).save(options.out, optimize=True)


def sheet(seed: int = SEED) -> Image.Image:
    """Every topic under its name."""
    bands = [_band(topic, seed) for topic in TOPICS]
    whole = Image.new("RGB", (bands[0].width, sum(band.height for band in bands)), PAPER)
    top = 0
    for band in bands:
        whole.paste(band, (0, top))
        top += band.height
    return whole


def _band(topic: str, seed: int) -> Image.Image:
    """The heading of a topic and its media."""
    kind = TOPICS[topic]
    across, rows = ACROSS[kind.modality], ROWS[topic]
    deep = CELL + LINES[topic] * LINE + MARGIN
    band = Image.new("RGB", (MARGIN + 6 * (CELL + MARGIN), 2 * MARGIN + LINE + rows * deep), PAPER)
    heading = f"{topic}: {', '.join(kind.words)}"
    ImageDraw.Draw(band).text((MARGIN, MARGIN), heading, QUIET, font(heading))
    wide = (band.width - MARGIN) // across
    for number, (wanted, rng) in enumerate(
        compositions(topic, rows * across, seed, len(TOPICS) + list(TOPICS).index(topic))
    ):
        row, column = divmod(number, across)
        corner = (MARGIN + column * wide, 2 * MARGIN + LINE + row * deep)
        _draw(band, wanted, rng, corner)
    return band


def _draw(
    band: Image.Image, wanted: Composition, rng: np.random.Generator, corner: tuple[int, int]
) -> None:
    """A medium with its captions below it."""
    left, top = corner
    for number, picture in enumerate(_pictures(wanted, rng)):
        cell = picture.resize((CELL, CELL), Image.Resampling.NEAREST)
        band.paste(cell, (left + number * (CELL + GAP), top))
    pen, line = ImageDraw.Draw(band), top + CELL + GAP
    for text in _captions(wanted, rng):
        chosen = font(text)
        if chosen is not None:
            pen.text((left, line), text, INK, chosen)
            line += LINE


def _captions(wanted: Composition, rng: np.random.Generator) -> list[str]:
    """Both captions, in lines; Chinese letters are twice as wide."""
    state, lines = rng.bit_generator.state, []
    for language, wide in (("en", 1), ("zh", 2)):
        rng.bit_generator.state = state
        text, _ = varied(wanted, rng, language=language, keep=KEEP)
        wrapped = textwrap.wrap(text.replace("，", "， "), LETTERS[wanted.modality] // wide)
        joined = "\n".join(wrapped).replace("\n，", "，\n")
        lines += [line.strip().replace("， ", "，") for line in joined.splitlines()]
    return lines


def _pictures(wanted: Composition, rng: np.random.Generator) -> list[Image.Image]:
    medium = render(wanted, rng)
    if wanted.modality == "image":
        return [Image.fromarray(medium)]
    if wanted.modality == "audio":
        return [spectrogram(medium)]
    return [Image.fromarray(medium[frame]) for frame in FRAMES]


if __name__ == "__main__":
    main()
