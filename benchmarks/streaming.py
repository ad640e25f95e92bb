"""The window's cost of reading an answer again and again while it grows.

Every reading is measured on the processor, going on from the one before as the window does, and
from the beginning for comparison.

    python -m benchmarks.streaming [--characters N] [--step N]
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

from desktop.window.transcript.richtext import Reading, read

_PROSE = (
    "Some words of a paragraph with **bold** and `code`, long enough to be broken into several "
    "lines by the window, as usual.\n\n- one item\n- another *item*\n\n"
)
_CODE = "```python\n" + "def f(x: int) -> int:\n    return x + 1  # comment\n" * 4 + "```\n\n"
KINDS = {
    "prose": _PROSE,
    "prose and code": _PROSE * 3 + _CODE,
    "one code block": "def f(x: int) -> int:\n    return x + 1  # comment\n",
}


def text_of(kind: str, characters: int) -> str:
    """An answer of a kind and of so many characters."""
    begin = "```python\n" if kind == "one code block" else ""
    piece = KINDS[kind]
    return (begin + piece * (characters // len(piece) + 1))[:characters]


def cost_ms(text: str, step: int, one: Callable[[str], object]) -> list[float]:
    """Milliseconds of the processor for every reading, `step` characters apart."""
    found = []
    for end in range(step, len(text) + 1, step):
        begun = time.process_time()
        one(text[:end])
        found.append(1e3 * (time.process_time() - begun))
    return found


def going_on() -> Callable[[str], object]:
    """Reads a text that grows, each time from where it was."""
    last: Reading | None = None

    def one(text: str) -> object:
        nonlocal last
        last = read(text, last)
        return last

    return one


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--characters", type=int, default=14_700)
    parser.add_argument("--step", type=int, default=40)
    args = parser.parse_args()
    for kind in KINDS:
        text = text_of(kind, args.characters)
        on = cost_ms(text, args.step, going_on())
        anew = cost_ms(text, args.step * 20, read)
        some = max(1, len(on) // 20)
        print(
            f"{kind}, {len(text)} characters: going on / from the beginning at its end = "
            f"{sum(on[-some:]) / some / anew[-1]:.3f}; a reading costs "
            f"{sum(on) / len(on):.2f} ms on average and {sum(on[-some:]) / some:.2f} ms at its end "
            f"({anew[-1]:.1f} ms from the beginning)"
        )


if __name__ == "__main__":
    main()
