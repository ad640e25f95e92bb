"""Clip art: seconds per picture, and which everyday captions it can draw.

    python -m benchmarks.clipart [--size N] [--seed N] [--sheet FILE.png] [CAPTION...]

With `--sheet` the pictures stand beside each other in one file, each with its caption's number.
"""

from __future__ import annotations

import argparse
import io
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from plugins.api import Condition, Decoder
from plugins.clipart.renderer import ClipArtRenderer
from plugins.stage import RenderStage

CAPTIONS = (
    "a cat wearing a hat",
    "a red car",
    "a dog next to a tree in the rain",
    "一只戴眼镜的猫",
    "三个苹果",
    "sunrise over mountains",
    "a birthday cake",
    "a robot playing a guitar",
    "a cabin in the snowy mountains at night",
)
COLUMNS = 3
GAP = 8
"""Pixels between the pictures of a sheet."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Draw, time, print."""
    parser = argparse.ArgumentParser(description="Seconds a picture of clip art.")
    parser.add_argument("captions", nargs="*", default=list(CAPTIONS))
    parser.add_argument("--size", type=int, default=512, help="pixels along both edges")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sheet", type=Path, help="write the pictures into this PNG")
    options = parser.parse_args(arguments)
    renderer = ClipArtRenderer(Decoder(Path(), "benchmark"))
    pictures, times = [], []
    for number, caption in enumerate(options.captions):
        unknown = renderer.unknown_words(caption)
        if unknown:
            print(f"{caption}: not drawn, for want of {', '.join(unknown)}")
            continue
        begun = time.perf_counter()
        size = {"width": options.size, "height": options.size}
        stage = RenderStage(options.seed + number)
        made = renderer.render(Condition(caption=caption), size, stage)
        times.append(time.perf_counter() - begun)
        left = ", ".join(renderer.left_out(caption))
        print(f"{caption}: {times[-1]:.2f} s{f'; left out: {left}' if left else ''}")
        pictures.append(Image.open(io.BytesIO(made.data)))
    if times:
        print(f"median of {len(times)}: {statistics.median(times):.2f} s at {options.size} pixels")
    if options.sheet and pictures:
        sheet(pictures).save(options.sheet, optimize=True)


def sheet(pictures: Sequence[Image.Image]) -> Image.Image:
    """The pictures in rows."""
    side = pictures[0].width + GAP
    rows = -(-len(pictures) // COLUMNS)
    found = Image.new("RGB", (COLUMNS * side - GAP, rows * side - GAP), "white")
    for index, picture in enumerate(pictures):
        found.paste(picture, (index % COLUMNS * side, index // COLUMNS * side))
    return found


if __name__ == "__main__":
    main()
