"""`python -m tools.package_check FOLDER`: what an installable program holds, and whether it runs.

Prints the size of its parts. Ends with 1 where the window's executable holds what only the engine's
may, or where a command fails in an empty environment.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

ENGINES_OWN = ("torch", "transformers", "diffusers", "accelerate", "llama_cpp", "onnxruntime")
"""Packages that the window's executable must not hold."""
COMMANDS = (("--version",), ("doctor",), ("ask", "a red boat at sunset", "--out", "made"))
_SHOWN = 20


def main(words: list[str]) -> int:
    """Check one folder."""
    folder = Path(words[0]).resolve()
    print_sizes(folder)
    problems = [
        *(f"the window's executable holds {name}" for name in held(folder / "medley")),
        *failures(folder),
    ]
    for problem in problems:
        print(f"error: {problem}", file=sys.stderr)
    return 1 if problems else 0


def print_sizes(folder: Path) -> None:
    """Print the largest parts, each a file or a folder of `_internal`."""
    sizes: Counter[str] = Counter()
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            parts = path.relative_to(folder).parts
            sizes[parts[1] if parts[0] == "_internal" and len(parts) > 1 else parts[0]] += (
                path.stat().st_size
            )
    print(f"{sum(sizes.values()) / 1e6:8.0f} MB in all")
    for name, size in sizes.most_common(_SHOWN):
        print(f"{size / 1e6:8.1f} MB {name}")


def held(executable: Path) -> list[str]:
    """The packages among `ENGINES_OWN` that are in an executable's archive of modules."""
    from PyInstaller.archive.readers import CArchiveReader

    archive = CArchiveReader(str(executable))
    modules: set[str] = set()
    for name in archive.toc:
        if name.startswith("PYZ"):
            modules |= {
                module.partition(".")[0] for module in archive.open_embedded_archive(name).toc
            }
    return [name for name in ENGINES_OWN if name in modules]


def failures(folder: Path) -> list[str]:
    """The commands that fail with an empty environment, in another folder."""
    found = []
    with tempfile.TemporaryDirectory() as home:
        environment = {"HOME": home, "PATH": "/usr/bin:/bin", "QT_QPA_PLATFORM": "offscreen"}
        for command in (
            ("--version",),
            ("doctor",),
            ("ask", "a red boat at sunset", "--out", "made"),
        ):
            ran = subprocess.run(
                [str(folder / "medley"), *command],
                cwd=home, env=environment, capture_output=True, text=True, check=False,
            )  # fmt: skip
            if ran.returncode:
                last = (ran.stderr.strip().splitlines() or ["(nothing)"])[-1]
                found.append(f"medley {' '.join(command)}: exit code {ran.returncode}: {last}")
            elif command[0] == "ask" and not list(Path(home, "made").iterdir()):
                found.append("medley ask: no picture was made")
    return found


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    sys.exit(main(sys.argv[1:]))
