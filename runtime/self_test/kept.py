"""Keeps what self-tests found, in the user's data folder, by the hash of the tested manifest: a
bundle that changed was not tested."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path

import msgspec
import platformdirs

from runtime.bundle.checks import MANIFEST_FILE
from runtime.self_test.outcomes import SelfTest

FOLDER = "self-tests"
_LARGEST = 1 << 20


def manifest_hash(folder: Path) -> str:
    """SHA-256 of a bundle's manifest, in hexadecimal digits.

    Raises:
        OSError: it cannot be read.
    """
    return hashlib.sha256((folder / MANIFEST_FILE).read_bytes()).hexdigest()


def of(folder: Path) -> SelfTest | None:
    """What was found of the bundle in a folder; None if it was not tested, or changed since."""
    try:
        path = _path(manifest_hash(folder))
        if path.stat().st_size > _LARGEST:
            return None
        return msgspec.json.decode(path.read_bytes(), type=SelfTest)
    except (OSError, msgspec.MsgspecError):
        return None


def keep(found: SelfTest) -> None:
    """Keep what was found, in place of what was found before. A disk that takes nothing costs the
    memory of it and nothing else."""
    path = _path(found.manifest)
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".json")
        with os.fdopen(handle, "wb") as file:
            file.write(msgspec.json.encode(found))
        os.replace(name, path)


def _path(digest: str) -> Path:
    folder = Path(platformdirs.user_data_dir("medley", appauthor=False)) / FOLDER
    return folder / f"{digest}.json"
