"""Memory of the window's process with a conversation of 50 messages, beside a bare QML window.

python -m benchmarks.memory.window [--messages N]
"""

from __future__ import annotations

import argparse

from benchmarks.interface._watched import Watched, platforms, watching
from benchmarks.window import fill


def main() -> None:
    """Print resident and private sizes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--messages", type=int, default=50)
    args = parser.parse_args()
    for platform in platforms():
        with watching(platform) as (watcher, folder):
            library = folder / "long" / "library.db"
            conversation = str(fill(library, args.messages))
            bare = watcher.bare(settle_s=2.0)
            empty = watcher.ours(folder / "empty" / "library.db", settle_s=2.0)
            full = watcher.ours(library, conversation, settle_s=4.0)
        print(
            f"{platform}: window after {args.messages} messages / bare window = "
            f"{full.resident / bare.resident:.2f}; {_size(full)}, empty {_size(empty)}, "
            f"bare {_size(bare)}; {full.modules} modules"
        )


def _size(one: Watched) -> str:
    return f"{one.resident / 2**20:.0f} MiB ({one.private / 2**20:.0f} private)"


if __name__ == "__main__":
    main()
