"""The small files in a stage's folder: its progress, its losses, and the record of its end.

Knows JSON and files; knows no torch and no stage.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import msgspec


class Parameters(msgspec.Struct, frozen=True):
    """The number of trained parameters, and of all."""

    trained: int
    total: int

    @property
    def share(self) -> float:
        """Trained by total, 0 to 1."""
        return self.trained / self.total if self.total else 0.0

    def __str__(self) -> str:
        return f"{self.trained:,} of {self.total:,} parameters ({percent(self.share)})"


def percent(share: float) -> str:
    """A share with the digits that count: 100 %, 12 %, 0.54 %."""
    digits = 0 if share >= 0.1 else 1 if share >= 0.01 else 2
    return f"{100 * share:.{digits}f} %"


class Progress(msgspec.Struct, frozen=True):
    """The progress of a training as of its last checkpoint."""

    step: int
    """Steps done."""
    steps: int
    """Steps to do in all."""
    seconds: float
    """Spent on the steps done, in all sessions."""
    parameters: Parameters
    device: str


class Done(msgspec.Struct, frozen=True, omit_defaults=True):
    """The record of a finished stage."""

    seconds: float
    """Seconds of all sessions, without what a killed one did after its last checkpoint."""
    parameters: Parameters | None = None
    device: str = ""


def write_atomically(path: Path, content: bytes) -> None:
    """Write a temporary file, then rename it: a reader sees either the old content or the new."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        partial.write_bytes(content)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def write(record: Progress | Done, path: Path) -> None:
    """One record, atomically."""
    write_atomically(path, msgspec.json.encode(record))


def read_progress(path: Path) -> Progress | None:
    """The `Progress` that `write` wrote, or None if there is no such file."""
    return msgspec.json.decode(path.read_bytes(), type=Progress) if path.is_file() else None


def read_done(path: Path) -> Done | None:
    """The `Done` that `write` wrote, or None if there is no such file."""
    return msgspec.json.decode(path.read_bytes(), type=Done) if path.is_file() else None


class LossLog:
    """`losses.jsonl`: one object per line with `step` and the mean of every loss since the last."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> list[dict[str, float]]:
        """The lines in order; one that a kill cut off is left out."""
        if not self.path.is_file():
            return []
        return [line for line in map(_parsed, self.path.read_text().splitlines()) if line]

    def add(self, step: int, means: dict[str, float]) -> None:
        """Append a line."""
        with self.path.open("a") as file:
            file.write(json.dumps({"step": step, **means}) + "\n")

    def keep_until(self, step: int) -> None:
        """Forget the steps after `step`: they will be done again."""
        if self.path.is_file():
            kept = [json.dumps(line) + "\n" for line in self.read() if line["step"] <= step]
            write_atomically(self.path, "".join(kept).encode())


def _parsed(line: str) -> dict[str, float]:
    try:
        found = json.loads(line)
    except json.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) and "step" in found else {}
