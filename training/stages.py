"""Which stages of a training run are done, and how long each took. Knows not what they do."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path


class Stages:
    """A run's folder with one folder a stage; a stage with a `done` file is not run again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, name: str, work: Callable[[Path], None]) -> None:
        """Do `work(folder of the stage)` unless it is done."""
        folder = self.folder / name
        done = folder / "done"
        if done.is_file():
            print(f"{name}: done before", flush=True)
            return
        folder.mkdir(parents=True, exist_ok=True)
        started = time.monotonic()
        work(folder)
        done.write_text(json.dumps({"seconds": round(time.monotonic() - started, 1)}))
        print(f"{name}: done in {(time.monotonic() - started) / 60:.1f} min", flush=True)
