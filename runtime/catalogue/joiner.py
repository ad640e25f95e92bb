"""Writes one file from pieces: each is unpacked, hashed and written in one pass, in order.

Unpacking is most of the work of a download that the network does not slow down. It goes on while
the next package comes, so one thread keeps up; nothing is read again to be hashed.
"""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from plugins.errors import phrase
from runtime.catalogue.archives import Piece, refused


class Joiner:
    """One file that is being written.

    Threads: use it from one; it has two of its own, the second has what is there reach the disk, so
    that the end does not wait for all of it.
    """

    def __init__(self, target: Path, limit: int) -> None:
        """Begin `target` anew; at most `limit` bytes will go in."""
        self._limit, self._planned = limit, 0
        self._hash = hashlib.sha256()
        target.parent.mkdir(parents=True, exist_ok=True)
        self._stream = target.open("wb")
        self._joining = ThreadPoolExecutor(1, "join")
        self._settling = ThreadPoolExecutor(1, "settle")
        self._joined: list[Future[None]] = []

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
        for joined in self._joined:
            if joined.done():
                joined.result()
        before = self._joined[-1] if self._joined else None
        self._joined.append(self._joining.submit(self._join, piece, before))
        self._planned += piece.size

    def finish(self) -> str:
        """Wait for all of it; the file's SHA-256, in hexadecimal digits.

        Raises:
            FetchError: a package is damaged.
            OSError: the disk refuses.
        """
        for joined in self._joined:
            joined.result()
        return self._hash.hexdigest()

    def close(self) -> None:
        """End what is under way."""
        self._joining.shutdown(cancel_futures=True)
        self._settling.shutdown(cancel_futures=True)
        self._stream.close()

    def _join(self, piece: Piece, before: Future[None] | None) -> None:
        if before is not None:
            before.result()  # After one that failed nothing more is unpacked.
        for block in piece.blocks():
            self._hash.update(block)
            self._stream.write(block)
        self._stream.flush()
        self._settling.submit(os.fsync, self._stream.fileno())
