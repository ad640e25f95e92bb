"""What the window does while nobody does anything, its composer focused, beside a bare QML window
with a focused field.

    python -m benchmarks.interface.idle [--seconds N]
"""

from __future__ import annotations

import argparse

from benchmarks.interface._watched import WRITING, platforms, watching
from desktop.window.opening.cursor import REST_MS


def main() -> None:
    """Print shares of one processor, and frames."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seconds", type=float, default=20.0)
    args = parser.parse_args()
    settle_s = REST_MS / 1000 + 3.0
    for platform in platforms():
        with watching(platform) as (watcher, folder):
            bare = watcher.bare(WRITING, settle_s, args.seconds)
            ours = watcher.ours(folder / "idle" / "library.db", "", settle_s, args.seconds)
        print(
            f"{platform}: idle for {args.seconds:.0f} s: window {ours.idle_share:.2%} of a "
            f"processor and {ours.idle_frames} frames; bare window {bare.idle_share:.2%} and "
            f"{bare.idle_frames} frames"
        )


if __name__ == "__main__":
    main()
