"""Files that travel in a connection: in pieces, between other messages, within limits.

Knows pieces and one folder; knows no connection.
"""

from __future__ import annotations

import contextlib
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from plugins.errors import KnownError, Problem, phrase
from runtime.worker.remote.messages import Piece

PIECE_BYTES = 2**17
MOST_FILE_BYTES, MOST_BYTES = 2 * 2**30, 16 * 2**30
"""Of one file, and of all that one connection keeps."""
SPARE_BYTES = 2**29
"""What is left of the disk."""
_NAME = re.compile(r"[0-9a-f]{32}(\.[a-z0-9]{1,10})?")


def pieces(name: str, stream: BinaryIO) -> Iterator[Piece]:
    """A stream as pieces, at least one; `name` is the one under which `Arrivals` keeps it.

    Raises:
        OSError: it cannot be read.
        KnownError: it is longer than a file may be.
    """
    sent, data = 0, stream.read(PIECE_BYTES)
    while True:
        following = stream.read(PIECE_BYTES)
        sent += len(data)
        if sent > MOST_FILE_BYTES:
            raise KnownError(_too_large(sent))
        yield Piece(name, data, not following)
        if not following:
            return
        data = following


def check_size(size: int) -> None:
    """Refuse a file that is too large before any of it is sent.

    Raises:
        KnownError: with both sizes.
    """
    if size > MOST_FILE_BYTES:
        raise KnownError(_too_large(size))


def _too_large(size: int) -> Problem:
    return phrase(
        "expected a file of at most {most} MB to be sent to another computer, found {found} MB. "
        "Give a smaller one, or have the answer made on this computer.",
        most=MOST_FILE_BYTES // 10**6,
        found=size // 10**6,
    )


class Arrivals:
    """The files that came. One thread."""

    def __init__(self, folder: Path) -> None:
        """`folder` exists; whoever made it removes it."""
        self._folder = folder
        self._open: tuple[str, BinaryIO] | None = None
        self._bytes = 0
        """Of what is kept."""
        self._sizes: dict[str, int] = {}
        self._broken: dict[str, Problem] = {}

    def take(self, piece: Piece) -> bool:
        """Keep a piece; False where the file cannot be kept since now, which `path` says too.

        Raises:
            ValueError: it has no name for a file, or stands within another one.
        """
        if not _NAME.fullmatch(piece.name):
            raise ValueError(f"a file with the name {piece.name[:40]!r}")
        if piece.name in self._broken:
            return True
        try:
            stream = self._stream(piece.name)
            self._check(piece)
            stream.write(piece.data)
            self._sizes[piece.name] += len(piece.data)
            self._bytes += len(piece.data)
            if piece.last:
                self._open = None
                stream.close()
            return True
        except OSError as error:
            self._break(piece.name, phrase("{error}. Free some space.", error=error.strerror))
        except KnownError as error:
            self._break(piece.name, error.problem)
        return False

    def drop(self, name: str) -> None:
        """Forget a file that was begun."""
        if self._open is not None and self._open[0] == name:
            self._forget(name)

    def path(self, name: str) -> Path:
        """A file that is whole.

        Raises:
            KnownError: it could not be kept, or never came.
        """
        if (problem := self._broken.pop(name, None)) is not None:
            raise KnownError(
                "the file could not be kept on the other computer: {why}", "disk", why=problem
            )
        if name not in self._sizes or (self._open is not None and self._open[0] == name):
            raise KnownError(
                "expected the file on the other computer, found none. Ask again.", "medium"
            )
        return self._folder / name

    def forget(self, name: str) -> None:
        """A file is somebody else's from now on."""
        self._bytes -= self._sizes.pop(name, 0)

    def _stream(self, name: str) -> BinaryIO:
        if self._open is None:
            if name in self._sizes:
                raise ValueError(f"the file {name} again")
            self._sizes[name] = 0
            self._open = name, (self._folder / name).open("xb")
        elif self._open[0] != name:
            raise ValueError("a file within another one")
        return self._open[1]

    def _check(self, piece: Piece) -> None:
        check_size(self._sizes[piece.name] + len(piece.data))
        if self._bytes + len(piece.data) > MOST_BYTES:
            raise KnownError(
                "expected files of at most {most} MB in one connection, found more. Restart the "
                "engine.",
                most=MOST_BYTES // 10**6,
            )
        if shutil.disk_usage(self._folder).free < SPARE_BYTES:
            raise KnownError("its disk is nearly full. Free some space.")

    def _break(self, name: str, problem: Problem) -> None:
        self._forget(name)
        self._broken[name] = problem

    def _forget(self, name: str) -> None:
        if self._open is not None:
            stream = self._open[1]
            self._open = None
            with contextlib.suppress(OSError):  # What it held could not be written.
                stream.close()
        self.forget(name)
        (self._folder / name).unlink(missing_ok=True)
