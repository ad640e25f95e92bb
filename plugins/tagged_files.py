"""Files as decoders receive them: without the tags before a sound, and with bounded seeking.

Decoders of MP3 skip such tags, others do not, although taggers put them before any sound. Knows
bytes; no paths.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_HEADER = 10
_VERSIONS = (2, 3, 4)
_HAS_FOOTER = 0x10


def tag_length(file: BinaryIO) -> int:
    """Bytes of the ID3v2 tags at the beginning of an open file, 0 where they claim to be all of it;
    leaves it at its beginning."""
    length = 0
    while size := _tag_at(file, length):
        length += size
    end = file.seek(0, io.SEEK_END)
    file.seek(0)
    return length if length < end else 0


def _tag_at(file: BinaryIO, place: int) -> int:
    """Bytes of the tag there with its header; 0 where there is none."""
    file.seek(place)
    head = file.read(_HEADER)
    if (
        len(head) < _HEADER
        or head[:3] != b"ID3"
        or head[3] not in _VERSIONS
        or max(head[6:]) > 0x7F
    ):
        return 0
    size = sum(byte << shift for byte, shift in zip(head[6:], (21, 14, 7, 0), strict=True))
    return _HEADER + size + (_HEADER if head[5] & _HAS_FOOTER else 0)


def behind(file: BinaryIO, start: int = 0, end: int | None = None) -> io.BufferedReader:
    """The open file as if it were only its bytes from `start` to `end`, for decoders: it takes any
    place for one in the file, as broken files name places that no system has. Whoever opened the
    file closes it; several such views may be read by turns."""
    return io.BufferedReader(_Part(file, start, end))


class _Part(io.RawIOBase):
    """Some bytes of a file."""

    def __init__(self, file: BinaryIO, start: int, end: int | None) -> None:
        self._file, self._start, self._place = file, start, 0
        whole = file.seek(0, io.SEEK_END)
        self._size = max(0, (whole if end is None else min(end, whole)) - start)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        self._file.seek(self._start + self._place)
        data = self._file.read(min(memoryview(buffer).nbytes, self._size - self._place))
        memoryview(buffer).cast("B")[: len(data)] = data
        self._place += len(data)
        return len(data)

    def seek(self, place: int, whence: int = io.SEEK_SET, /) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        self._place = min(max(0, start + place), self._size)
        return self._place
