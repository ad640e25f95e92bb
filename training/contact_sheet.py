"""One picture of what a bundle answers: requests with their pictures, spectrograms and clip strips.

`python -m training.contact_sheet docs/first-answer.png` makes the one in the README. Knows the
engine; judges nothing.
"""

from __future__ import annotations

import argparse
import io
import textwrap
from pathlib import Path

import av
import numpy as np
import soundfile
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from plugins.vocoder import log_mel
from runtime.bundle import Bundle, find_bundle
from runtime.engine import Engine
from runtime.messages import ArtifactReady, Message, TextDelta, TextPart, Turn, TurnDone

REQUESTS = (
    ("draw a red boat on the sea at night",),
    ("draw a big yellow bird on the grass at sunset",),
    ("show me a big green clock on the sand and let me hear it",),
    ("show a clip of a blue car on the sand moving left",),
    ("draw a white dog on the grass", "now at night", "let me hear it"),
    ("play the sound of a bell in the rain",),
)
CELL, MARGIN, TEXT = 160, 12, 46
STRIP = 4
"""Frames of a clip that are shown."""


def main() -> None:
    """Ask, collect, draw, save."""
    parser = argparse.ArgumentParser(description="One picture of what a bundle answers.")
    parser.add_argument("out", type=Path)
    parser.add_argument("--bundle", default="pocket")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with Engine(Bundle.open(find_bundle(options.bundle))) as engine:
        rows = [row for turns in REQUESTS for row in converse(engine, turns, options.seed)]
    drawn(rows).save(options.out, optimize=True)


Row = tuple[str, str, list[Image.Image]]
"""What was asked, what was said, and the pictures of what was made."""


def converse(engine: Engine, turns: tuple[str, ...], seed: int) -> list[Row]:
    """Hold one conversation; a row a turn."""
    history: list[Message] = []
    rows: list[Row] = []
    for number, words in enumerate(turns):
        history.append(Message("user", (TextPart(words),)))
        said, made = "", list[Image.Image]()
        for event in engine.answer(Turn(tuple(history), seed=seed)):
            if isinstance(event, TextDelta):
                said += event.text
            elif isinstance(event, ArtifactReady):
                made += pictures_of(event)
            elif isinstance(event, TurnDone):
                history.append(event.reply)
        rows.append((("then: " if number else "") + words, said, made))
    return rows


def pictures_of(made: ArtifactReady) -> list[Image.Image]:
    """A picture as it is, a sound as its spectrogram, a clip as some of its frames."""
    if made.modality == "image":
        return [Image.open(io.BytesIO(made.data)).convert("RGB")]
    if made.modality == "audio":
        samples, _ = soundfile.read(io.BytesIO(made.data), dtype="float32")
        return [spectrogram(samples)]
    with av.open(io.BytesIO(made.data), "r") as container:
        frames = [Image.fromarray(f.to_ndarray(format="rgb24")) for f in container.decode(video=0)]
    return [frames[i] for i in np.linspace(0, len(frames) - 1, STRIP).astype(int)]


def spectrogram(samples: NDArray[np.float32]) -> Image.Image:
    """Log-mel energy, time to the right, pitch upwards."""
    mel = (log_mel(samples).T[::-1] + 11.5) / 12.5
    grey = (np.clip(mel, 0, 1) * 255).astype(np.uint8)
    return Image.fromarray(grey).convert("RGB").resize((256, 256))


def drawn(rows: list[Row]) -> Image.Image:
    """All rows under each other."""
    width = MARGIN + STRIP * (CELL + MARGIN)
    height = MARGIN + len(rows) * (TEXT + CELL + MARGIN)
    sheet = Image.new("RGB", (width, height), (250, 250, 248))
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(13)
    top = MARGIN
    for asked, said, made in rows:
        pen.text((MARGIN, top), f"> {asked}", (20, 60, 140), font)
        lines = textwrap.wrap(said, 100)[:2]
        pen.text((MARGIN, top + 17), "\n".join(lines), (40, 40, 40), ImageFont.load_default(11))
        for index, picture in enumerate(made[:STRIP]):
            left = MARGIN + index * (CELL + MARGIN)
            sheet.paste(picture.resize((CELL, CELL), Image.Resampling.LANCZOS), (left, top + TEXT))
        top += TEXT + CELL + MARGIN
    return sheet


if __name__ == "__main__":
    main()
