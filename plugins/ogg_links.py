"""The links of a chained Ogg file: consecutive sounds in one file, as in recordings of internet
radio, each with its own rate and channels.

Knows Ogg's pages; decodes nothing.
"""

from __future__ import annotations

from io import BufferedReader
from itertools import zip_longest
from typing import BinaryIO

from plugins.tagged_files import behind

_HEADER, _FLAGS, _COUNT = 27, 5, 26
"""Bytes of a page's header, where its flags stand, and where how many lengths follow it."""
_BEGINS = 0x02
_MOST_LINKS = 1_000


def links_of(file: BinaryIO) -> list[BufferedReader]:
    """Each link of an open Ogg file as a file of its own; of any other file the whole."""
    starts = [0]
    place, in_header = 0, True
    while page := _page_at(file, place):
        size, begins = page
        if begins and not in_header and len(starts) < _MOST_LINKS:
            starts.append(place)
        in_header = begins
        place += size
    return [behind(file, start, end) for start, end in zip_longest(starts, starts[1:])]


def _page_at(file: BinaryIO, place: int) -> tuple[int, bool] | None:
    """Bytes of the page there, and whether a stream begins with it."""
    file.seek(place)
    head = file.read(_HEADER)
    if len(head) < _HEADER or head[:4] != b"OggS":
        return None
    lengths = file.read(head[_COUNT])
    return _HEADER + len(lengths) + sum(lengths), bool(head[_FLAGS] & _BEGINS)
