"""`python -m benchmarks.voice`: what the voice costs, each part in a process of its own."""

from __future__ import annotations

import sys

from benchmarks.__main__ import run

PARTS = ("hearing", "speaking", "devices", "turns")

if __name__ == "__main__":
    sys.exit(run([f"voice.{part}" for part in PARTS]))
