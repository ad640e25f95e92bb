"""Has the media of a turn read that its bundle cannot take in by itself: those that people gave,
and those among what tools gave.

    turn = yield from read_media(turn, reader, cancelled, taken=embedder.modalities)

Knows messages and the reader of one medium.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Generator, Sequence
from pathlib import Path

import msgspec

from plugins.errors import KnownError
from runtime.media.files import shown
from runtime.messages import (
    DOCUMENT,
    MediaPart,
    MediumRead,
    Message,
    Part,
    Reading,
    TextPart,
    ToolResultPart,
    Turn,
)
from runtime.observations.reading import MediumReader


def read_media(
    turn: Turn,
    reader: MediumReader,
    cancelled: threading.Event,
    *,
    taken: Collection[str] = (),
    documents: bool = True,
) -> Generator[Reading | MediumRead, None, Turn]:
    """Have every medium of a turn read that has no observations yet.

    To be driven by `turn = yield from read_media(...)`: it yields `Reading` while a reader works
    and `MediumRead` when all are done with a medium, and returns the turn with the observations of
    every `MediaPart` in place. What could not wholly be read is told of the last message only.

    Args:
        turn: as it was asked.
        reader: of the engine.
        cancelled: when set, reading stops at the reader's next step.
        taken: the modalities that the bundle takes in by itself. Such media are left as they are,
            whatever readers once found in them.
        documents: whether documents are read; otherwise one of an earlier message is only named.

    Raises:
        KnownError: a document in the last message where none are read, or a file that is not there.
        Cancelled: `cancelled` was set.
    """
    messages: list[Message] = []
    for number, message in enumerate(turn.messages, 1):
        parts: list[Part] = []
        for part in message.parts:
            media = part.media if isinstance(part, ToolResultPart) else ()
            told: list[Part] = []
            for one in media or (part,):
                if isinstance(one, MediaPart) and one.modality in taken:
                    one = msgspec.structs.replace(one, observations=None)
                elif isinstance(one, MediaPart):
                    last = number == len(turn.messages)
                    named = one.modality == DOCUMENT and not documents
                    one = (
                        _named(one, last)
                        if named
                        else (yield from _read(one, reader, cancelled, last))
                    )
                told.append(one)
            parts += [_with_media(part, told)] if isinstance(part, ToolResultPart) else told
        messages.append(msgspec.structs.replace(message, parts=tuple(parts)))
    return msgspec.structs.replace(turn, messages=tuple(messages))


def _with_media(result: ToolResultPart, told: Sequence[Part]) -> ToolResultPart:
    """A tool's result with its media; those that are only named stand in its text."""
    named = [part.text for part in told if isinstance(part, TextPart)]
    media = tuple(part for part in told if isinstance(part, MediaPart))
    return msgspec.structs.replace(result, text="\n".join([result.text, *named]), media=media)


def _read(
    part: MediaPart, reader: MediumReader, cancelled: threading.Event, last: bool
) -> Generator[Reading | MediumRead, None, MediaPart]:
    if part.observations is not None:
        return part
    read = yield from reader.read(part, cancelled)
    if last or not read.problems:
        yield read
    return msgspec.structs.replace(part, observations=read.observations)


def _named(part: MediaPart, last: bool) -> TextPart:
    """The text that stands for a document of an earlier message in a bundle that cannot read
    documents."""
    name = shown(part.name or Path(part.path).name)
    if last:
        raise KnownError(
            "{name}: expected a picture, a sound, a clip or words, for this bundle reads no "
            "documents. Choose a bundle that does, for example the starter: fetch it under "
            "Settings, Models, or with `medley models get starter`.",
            "bundle",
            name=name,
        )
    return TextPart(f"[{name}]")
