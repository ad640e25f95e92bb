"""Writes one file from pieces, which are unpacked in parallel and hashed in order.

Unpacking is most of the work of a download that the network does not slow down. A piece whose turn
it is is hashed while it is unpacked; only one that overtakes another is read again for its hash.
"""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from plugins.errors import phrase
from runtime.catalogue.archives import Piece, refused

SIDE_BY_SIDE = 2
_BLOCK = 1 << 18


class Joiner:
    """One file that is being written.

    Threads: use it from one; it has some of its own.
    """

    def __init__(self, target: Path, limit: int) -> None:
        """Begin `target` anew; at most `limit` bytes will go in."""
        self._target, self._limit, self._planned = target, limit, 0
        self._hash = hashlib.sha256()
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(b"")
        self._unpackers = ThreadPoolExecutor(SIDE_BY_SIDE, "unpack")
        self._hasher = ThreadPoolExecutor(1, "hash")
        self._settler = ThreadPoolExecutor(1, "settle")
        self._hashed: list[Future[None]] = []

    def add(self, piece: Piece) -> None:
        """Append a piece; returns at once.

        Raises:
            FetchError: it does not fit, or one before it failed.
            OSError: the disk refused one before it.
        """
        if self._planned + piece.size > self._limit:
            left = self._limit - self._planned
            raise refused(
                piece.archive.name,
                phrase(
                    "{member} of {size} bytes where {left} are left",
                    member=repr(piece.member),
                    size=piece.size,
                    left=left,
                ),
            )
        for hashed in self._hashed:
            if hashed.done():
                hashed.result()
        before = self._hashed[-1] if self._hashed else None
        unpacked = self._unpackers.submit(self._unpack, piece, self._planned, before)
        self._hashed.append(self._hasher.submit(self._take, unpacked, self._planned, piece.size))
        self._planned += piece.size

    def finish(self) -> str:
        """Wait for all of it; the file's SHA-256, in hexadecimal digits.

        Raises:
            FetchError: a package is damaged.
            OSError: the disk refuses.
        """
        for hashed in self._hashed:
            hashed.result()
        return self._hash.hexdigest()

    def close(self) -> None:
        """End what is under way."""
        self._unpackers.shutdown(cancel_futures=True)
        self._hasher.shutdown(cancel_futures=True)
        self._settler.shutdown(cancel_futures=True)

    def _unpack(self, piece: Piece, offset: int, before: Future[None] | None) -> bool:
        """Write a piece; hash it too where all before it are hashed. Whether it was hashed."""
        is_next = before is None or before.done()
        with self._target.open("r+b") as stream:
            stream.seek(offset)
            for block in piece.blocks():
                if is_next:
                    self._hash.update(block)
                stream.write(block)
        return is_next

    def _take(self, unpacked: Future[bool], offset: int, size: int) -> None:
        """Hash a piece that is not hashed yet, and have it reach the disk."""
        if not unpacked.result():
            self._hash_from_disk(offset, size)
        self._settler.submit(self._settle)

    def _hash_from_disk(self, offset: int, size: int) -> None:
        with self._target.open("rb") as stream:
            stream.seek(offset)
            left = size
            while left and (block := stream.read(min(_BLOCK, left))):
                self._hash.update(block)
                left -= len(block)

    def _settle(self) -> None:
        """Have what is there reach the disk, so that the end does not wait for all of it."""
        with self._target.open("r+b") as stream:
            os.fsync(stream.fileno())
