"""Tokens between the tokens of a signal. Knows ids only.

NExT-GPT 1.5 was trained on signals whose tokens a blank separates: `<image_00> <image_01> ...` are
2n - 1 positions, all of which the output projection reads. Such a filler comes more than once in a
signal and belongs to none: words may hold it too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable


def alone(ids: Iterable[int]) -> frozenset[int]:
    """The ids that come once: the signal's own."""
    return frozenset(token for token, count in Counter(ids).items() if count == 1)
