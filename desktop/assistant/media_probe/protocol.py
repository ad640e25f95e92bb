"""What a look at a medium tells, as it crosses between the helper process and its parent.

Plain data and msgpack; knows no media library, so that both ends can import it.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from plugins.errors import KnownError, Problem

THUMBNAIL, VIEW, POSTER, WAVEFORM = "thumbnail", "view", "poster", "waveform"
"""Kinds of preview in the library: at most 320 pixels; what a screen shows of a large picture or of
one that Qt does not decode; a clip's first telling frame; a sound's loudest moments."""
WORDS = "words"
"""Likewise: a document's first words as UTF-8; the height of the preview is its pages, where it has
such."""
MARKS = {"image": THUMBNAIL, "audio": WAVEFORM, "video": POSTER, "document": WORDS}
"""By modality the preview that every medium has which was looked at."""
LIMIT_S = 120.0
"""Seconds after which a look at one file is given up."""
PEAKS = 400
"""Bytes of a waveform, each the loudest of its share of the sound, 0 to 255."""


Refusal = Literal["unknown", "empty", "missing", "folder", "denied", "special", "broken"]
"""Why a file is not taken: a kind of file that Medley does not read; no bytes; not there; a folder;
not to be read by this person; a device or pipe; broken, cut short or too large to be decoded."""


class Sketch(msgspec.Struct, frozen=True):
    """Something small that stands for a medium, to be kept beside it."""

    kind: str
    mime: str
    data: bytes
    width: int | None = None
    """Pixels."""
    height: int | None = None
    """Pixels."""


class Look(msgspec.Struct, frozen=True, tag="look"):
    """Look at this file."""

    path: str
    claimed: str = ""
    """The mime type that somebody says it has. What is something else is never shown as it is: a
    preview stands for it."""


class Probed(msgspec.Struct, frozen=True, tag="seen"):
    """A file that is a picture, a sound, a clip or a document."""

    modality: str
    mime: str
    width: int | None = None
    """Pixels."""
    height: int | None = None
    """Pixels."""
    duration_s: float | None = None
    """Seconds."""
    sketches: tuple[Sketch, ...] = ()


class ProbeFailed(msgspec.Struct, frozen=True, tag="unseen"):
    """A file that is none of these, or broken."""

    problem: Problem
    """Expected, found, what to do."""
    refusal: Refusal = "broken"


class RefusedFileError(KnownError):
    """A file that cannot be taken in."""

    default_kind = "medium"

    def __init__(self, template: str | Problem, refusal: Refusal, /, **arguments: object) -> None:
        """`refusal` is what the sentence comes down to."""
        super().__init__(template, **arguments)
        self.refusal = refusal


_encoder = msgspec.msgpack.Encoder()
_look = msgspec.msgpack.Decoder(Look)
_outcome = msgspec.msgpack.Decoder(Probed | ProbeFailed)


def encode(message: Look | Probed | ProbeFailed) -> bytes:
    """Msgpack bytes."""
    return _encoder.encode(message)


def decode_look(data: bytes) -> Look:
    """A request from its bytes.

    Raises:
        msgspec.DecodeError: it is none.
    """
    return _look.decode(data)


def decode_outcome(data: bytes) -> Probed | ProbeFailed:
    """An answer from its bytes.

    Raises:
        msgspec.DecodeError: it is none.
    """
    outcome: Probed | ProbeFailed = _outcome.decode(data)
    return outcome
