"""`python -m benchmarks [NAME...]`: runs every benchmark and prints what it measures.

Every other module of this package, and of its folders `interface` and `memory`, is a benchmark: it
measures and prints when it is run. Each runs in a process of its own, so that the memory and the
caches of one do not colour the next.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path


def names() -> list[str]:
    """Every benchmark."""
    folder = Path(__file__).parent
    found = [*folder.glob("*.py"), *folder.glob("interface/*.py"), *folder.glob("memory/*.py")]
    modules = [path.relative_to(folder).with_suffix("") for path in found]
    return sorted(".".join(m.parts) for m in modules if not m.stem.startswith("_"))


def main(wanted: Sequence[str]) -> int:
    """Run the wanted benchmarks, all of them by default; 1 if any of them failed."""
    known = names()
    if unknown := [name for name in wanted if name not in known]:
        print(
            f"benchmarks: unknown {', '.join(unknown)}; known: {', '.join(known)}", file=sys.stderr
        )
        return 2
    return run(wanted or known)


def run(names: Sequence[str]) -> int:
    """Run these modules of the package, each in a process of its own; 1 if any of them failed."""
    failed = []
    for name in names:
        print(f"\n== {name}", flush=True)
        command = [sys.executable, "-m", f"benchmarks.{name}"]
        if subprocess.run(command, check=False).returncode != 0:
            failed.append(name)
    if failed:
        print(f"benchmarks: failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
