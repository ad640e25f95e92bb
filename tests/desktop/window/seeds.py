"""Fills a library with what a person might have said, for windows to be opened on."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
from PIL import Image

from plugins.api import Condition, Recipe
from storage.library import Library
from storage.records import Text

RECIPE = Recipe(
    renderer="medley.image",
    renderer_version="1",
    modality="image",
    bundle="pocket",
    condition=Condition(caption="a red boat"),
    parameters={"steps": 16, "guidance": 3.0},
    seed=42,
).to_json()


def picture(shade: int = 200, side: int = 64) -> bytes:
    """PNG bytes of one colour."""
    file = io.BytesIO()
    Image.fromarray(np.full((side, side, 3), shade, np.uint8)).save(file, "PNG")
    return file.getvalue()


def exchange(
    library: Library,
    conversation: int,
    asked: str,
    answered: str,
    pictures: Sequence[bytes] = (),
) -> tuple[int, int]:
    """A question and its answer; the ids of both messages."""
    message = library.messages.add(conversation, [Text(asked)]).id
    return message, answer(library, message, answered, pictures)


def answer(library: Library, message: int, answered: str, pictures: Sequence[bytes] = ()) -> int:
    """An answer to a message; its id."""
    writer = library.messages.begin_answer(message)
    writer.text(answered)
    for index, data in enumerate(pictures):
        writer.begin_artifact(index, "image")
        writer.artifact(
            index,
            data,
            mime="image/png",
            modality="image",
            recipe=RECIPE,
            width=64,
            height=64,
            details={"bundle": "pocket", "renderer": "medley.image", "seed": 42, "render_s": 1.5},
        )
    writer.finish({"bundle": "pocket", "finish": "end"})
    return writer.message_id
