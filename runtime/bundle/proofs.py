"""The files that were hashed already: SHA-256 by path and state, in the user's cache folder.

A file is hashed again as soon as its size, times, inode or device differ from what they were. The
cache is a convenience: one that cannot be read or written costs time and nothing else. Knows files
only.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path

import msgspec
import platformdirs

FILE = "proven-files.msgpack"
LARGEST = 16 << 20
"""Bytes of a cache that is read."""

_State = tuple[int, int, int, int, int]
"""Size, time of the last writing and of the last change in ns, inode, device."""
_Kept = dict[str, tuple[_State, str]]


def sha256(path: Path) -> str:
    """Hex SHA-256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def cache_file() -> Path:
    """The path of the cache."""
    return Path(platformdirs.user_cache_dir("medley", appauthor=False)) / FILE


class Proofs:
    """The cache, as it was when it was read, and what was hashed since. One thread at a time."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = cache_file() if file is None else file
        self._kept = _read(self._file)
        self._new: _Kept = {}

    def sha256(self, path: Path) -> str:
        """Hex SHA-256 of a file, which is read only where its state is not known.

        Raises:
            OSError: it cannot be read.
        """
        key, state = str(path.resolve()), _state(path)
        if (found := self._new.get(key) or self._kept.get(key)) is not None and found[0] == state:
            return found[1]
        return self.renew(path)

    def renew(self, path: Path) -> str:
        """Hex SHA-256 of a file, read whatever is known of it, and kept.

        Raises:
            OSError: it cannot be read.
        """
        before = _state(path)
        digest = sha256(path)
        if _state(path) == before:
            self._new[str(path.resolve())] = before, digest
        return digest

    def note(self, path: Path, digest: str) -> None:
        """Store a hash that was computed elsewhere.

        Raises:
            OSError: the file is not there.
        """
        self._new[str(path.resolve())] = _state(path), digest

    def save(self) -> None:
        """Save the hashes, together with those that other processes saved meanwhile; forget files
        that are gone."""
        if not self._new:
            return
        together = {**_read(self._file), **self._new}
        kept = {path: proof for path, proof in together.items() if Path(path).exists()}
        with contextlib.suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self._file.parent, delete=False) as file:
                file.write(msgspec.msgpack.encode(kept))
            os.replace(file.name, self._file)
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
