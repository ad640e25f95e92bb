"""What of an import is done: a file beside the bundle that is being made, written after each part.

A part is done while its sources and settings are what they were and its files have the hashes that
they had. Knows files only.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

import msgspec

from runtime.bundle.proofs import Proofs

FILE = "import.json"


class Done(msgspec.Struct, frozen=True):
    """A part that is finished."""

    source: str
    """What it was made of: see `fingerprint`."""
    files: dict[str, str]
    """SHA-256 by path in the bundle."""


class Journal:
    """The parts of one import that are finished. One thread at a time."""

    def __init__(self, folder: Path, bundle: Path) -> None:
        """`folder` holds the journal; the files of the parts are in `bundle`."""
        self._file, self._bundle = folder / FILE, bundle
        self._proofs = Proofs()
        try:
            self._done = msgspec.json.decode(self._file.read_bytes(), type=dict[str, Done])
        except (OSError, msgspec.MsgspecError):
            self._done = {}

    def is_done(self, part: str, source: str) -> bool:
        """True if a part was made of these sources, and its files are unchanged; they are read
        where somebody touched them since."""
        done = self._done.get(part)
        if done is None or done.source != source:
            return False
        paths = {self._bundle / path: digest for path, digest in done.files.items()}
        same = all(
            path.is_file() and self._proofs.sha256(path) == digest for path, digest in paths.items()
        )
        self._proofs.save()
        return same

    def note(self, part: str, source: str, files: Iterable[str]) -> None:
        """Keep that a part is finished, once its files are on the disk."""
        digests = {path: self._proofs.sha256(self._bundle / path) for path in sorted(files)}
        self._proofs.save()
        self._done[part] = Done(source, digests)
        partial = self._file.with_name(f"{FILE}.partial")
        with partial.open("wb") as file:
            file.write(msgspec.json.encode(self._done))
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, self._file)


def fingerprint(files: Iterable[Path], *settings: object) -> str:
    """A digest of names, sizes and times of files, and of settings."""
    digest = hashlib.sha256()
    for file in files:
        found = file.stat()
        said = f"{file.resolve()}\0{found.st_size}\0{found.st_mtime_ns}\n"
        digest.update(said.encode("utf-8", "surrogateescape"))
    digest.update(repr(settings).encode("utf-8", "surrogateescape"))
    return digest.hexdigest()
