"""From the start of the program to the window's first frame, beside a bare QML window.

Time of the processor; both are started by turns, without a screen and under Xvfb if it is there.

    python -m benchmarks.interface.start [--repeats N]
"""

from __future__ import annotations

import argparse
from statistics import median

from benchmarks.interface._watched import platforms, watching


def main() -> None:
    """Print the ratios and what they are made of: medians."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--repeats", type=int, default=5)
    args = parser.parse_args()
    for platform in platforms():
        with watching(platform) as (watcher, folder):
            pairs = [
                (watcher.bare(), watcher.ours(folder / str(number) / "library.db"))
                for number in range(args.repeats)
            ]
        bare = median(one.first_s for one, _ in pairs)
        for what, values in (
            ("first frame", [(one.first_s, ours.first_s) for one, ours in pairs]),
            ("whole window", [(one.first_s, ours.whole_s) for one, ours in pairs]),
        ):
            ratio = median(ours / one for one, ours in values)
            print(
                f"{platform}: {what} / first frame of a bare window = {ratio:.2f}; "
                f"{median(ours for _, ours in values):.2f} / {bare:.2f} s of the processor"
            )


if __name__ == "__main__":
    main()
