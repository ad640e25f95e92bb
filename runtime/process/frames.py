"""Length-prefixed frames on a byte stream. Knows lengths and bytes, nothing of what is in them.

A frame is four bytes, big endian, with the length of the payload, then the payload.
"""

from __future__ import annotations

import struct
from typing import Protocol

MAX_FRAME_BYTES = 8 * 2**20
"""The most bytes of one payload. Larger ones cross as files; see `runtime.worker.transfer`."""
_HEADER = struct.Struct(">I")


class FrameError(Exception):
    """The other end sent something that is no frame; `str(error)` is one clause of a sentence."""


class FrameCutError(FrameError):
    """The stream ended inside a frame: the other end died while it spoke."""


class Source(Protocol):
    """A buffered binary stream to read from."""

    def read(self, size: int, /) -> bytes:
        """`size` bytes; fewer only where the stream ends."""
        ...


class Sink(Protocol):
    """A binary stream to write to."""

    def write(self, data: bytes, /) -> object:
        """Take all of `data`."""
        ...

    def flush(self) -> None:
        """Send what was written."""
        ...


def read_frame(stream: Source) -> bytes | None:
    """The next payload; None where the stream ends between two frames.

    Raises:
        FrameCutError: the stream ends inside a frame.
        FrameError: a frame's length is out of bounds.
    """
    header = stream.read(_HEADER.size)
    if not header:
        return None
    if len(header) < _HEADER.size:
        raise FrameCutError(f"a frame header of {len(header)} bytes instead of {_HEADER.size}")
    (length,) = _HEADER.unpack(header)
    if not 0 < length <= MAX_FRAME_BYTES:
        raise FrameError(f"a frame of {length} bytes; 1 to {MAX_FRAME_BYTES} are allowed")
    payload = stream.read(length)
    if len(payload) < length:
        raise FrameCutError(f"a frame cut off after {len(payload)} of {length} bytes")
    return payload


def write_frame(stream: Sink, payload: bytes) -> None:
    """Send one frame.

    Raises:
        FrameError: the payload is empty or larger than `MAX_FRAME_BYTES`; nothing was sent.
        OSError: the other end is gone.
    """
    if not 0 < len(payload) <= MAX_FRAME_BYTES:
        raise FrameError(f"a frame of {len(payload)} bytes; 1 to {MAX_FRAME_BYTES} are allowed")
    stream.write(_HEADER.pack(len(payload)) + payload)
    stream.flush()
