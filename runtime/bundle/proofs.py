"""The files that were hashed already: SHA-256 by path and state, in the user's cache folder.

A file is hashed again as soon as its size, times, inode or device differ from what they were. The
cache is a convenience: one that cannot be read or written costs time and nothing else. Knows files
only.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import platformdirs

from plugins.regular_files import replace_file

FILE = "proven-files.msgpack"
LARGEST = 16 << 20
"""Bytes of a cache that is read."""

_PIECE = 4 << 20
"""Bytes that are read at once."""
Tell = Callable[[int], None]
"""Told how many bytes more are done."""
_State = tuple[int, int, int, int, int]
"""Size, time of the last writing and of the last change in ns, inode, device."""
_Kept = dict[str, tuple[_State, str]]


def sha256(path: Path, tell: Tell | None = None) -> str:
    """Hex SHA-256 of a file; `tell` gets the bytes of each piece and may raise to stop."""
    digest, piece = hashlib.sha256(), memoryview(bytearray(_PIECE))
    with path.open("rb", buffering=0) as file:
        left = os.fstat(file.fileno()).st_size  # No more, should somebody write it meanwhile.
        while left > 0 and (count := file.readinto(piece[:left])):
            digest.update(piece[:count])
            left -= count
            if tell is not None:
                tell(count)
    return digest.hexdigest()


def cache_file() -> Path:
    """The path of the cache."""
    return Path(platformdirs.user_cache_dir("medley", appauthor=False)) / FILE


class Proofs:
    """The cache, as it was when it was read, and what was hashed since. One thread at a time."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = cache_file() if file is None else file
        self._kept = _read(self._file)
        self._new: _Kept = {}

    def sha256(self, path: Path, tell: Tell | None = None) -> str:
        """Hex SHA-256 of a file, which is read only where its state is not known.

        Args:
            tell: gets the bytes of each piece that is read, and may raise to stop.

        Raises:
            OSError: it cannot be read.
        """
        key, state = str(path.resolve()), _state(path)
        if (found := self._new.get(key) or self._kept.get(key)) is not None and found[0] == state:
            return found[1]
        return self.renew(path, tell)

    def renew(self, path: Path, tell: Tell | None = None) -> str:
        """Hex SHA-256 of a file, read whatever is known of it, and kept; `tell` as in `sha256`.

        Raises:
            OSError: it cannot be read.
        """
        before = _state(path)
        digest = sha256(path, tell)
        if _state(path) == before:
            self._new[str(path.resolve())] = before, digest
        return digest

    def note(self, path: Path, digest: str) -> None:
        """Store a hash that was computed elsewhere.

        Raises:
            OSError: the file is not there.
        """
        self._new[str(path.resolve())] = _state(path), digest

    @contextmanager
    def linking(self, path: Path) -> Iterator[None]:
        """Keep what is known of a file, under each of its names, while a name is given to it or
        taken from it: that changes its times and nothing else.

        Raises:
            OSError: the file is not there.
        """
        before = _state(path)
        known = {**self._kept, **self._new}
        names = {name: digest for name, (state, digest) in known.items() if state == before}
        yield
        for name, digest in names.items():
            with contextlib.suppress(OSError):
                size, written, _, *place = _state(Path(name))
                if (size, written, *place) == (*before[:2], *before[3:]):
                    self.note(Path(name), digest)

    def save(self) -> None:
        """Save the hashes, together with those that other processes saved meanwhile; forget files
        that are gone."""
        if not self._new:
            return
        together = {**_read(self._file), **self._new}
        kept = {path: proof for path, proof in together.items() if Path(path).exists()}
        with contextlib.suppress(OSError):
            replace_file(self._file, msgspec.msgpack.encode(kept))
        self._kept, self._new = kept, {}


def _state(path: Path) -> _State:
    found = path.stat()
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino, found.st_dev


def _read(file: Path) -> _Kept:
    try:
        if file.stat().st_size > LARGEST:
            return {}
        return msgspec.msgpack.decode(file.read_bytes(), type=_Kept)
    except (OSError, msgspec.MsgspecError, ValueError):
        return {}
