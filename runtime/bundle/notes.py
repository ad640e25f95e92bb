"""Writes the small TOML files in which Medley notes what a person added or composed."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
import tomli_w


def write_note(path: Path, note: msgspec.Struct) -> None:
    """Write a note as a whole, in place of what was there; one process at a time.

    Raises:
        OSError: it cannot be written; what was there stays, and nothing lies beside it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    made = new_note(path)
    try:
        with made.open("wb") as file:
            file.write(tomli_w.dumps(msgspec.to_builtins(note)).encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        os.replace(made, path)
    finally:
        made.unlink(missing_ok=True)


def new_note(path: Path) -> Path:
    """Where a note is written before it takes its place."""
    return path.with_name(f".{path.stem}.new")
