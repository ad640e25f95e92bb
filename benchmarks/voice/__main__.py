"""`python -m benchmarks.voice`: what the voice costs, each part in a process of its own."""

from __future__ import annotations

import subprocess
import sys

PARTS = ("hearing", "speaking", "devices", "turns")


def main() -> int:
    """Run every part; 1 if one of them failed."""
    failed = []
    for part in PARTS:
        print(f"\n== voice.{part}", flush=True)
        command = [sys.executable, "-m", f"benchmarks.voice.{part}"]
        if subprocess.run(command, check=False).returncode != 0:
            failed.append(part)
    if failed:
        print(f"benchmarks.voice: failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
