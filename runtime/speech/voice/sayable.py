"""Finds in a text what a list of patterns can say, and says it by the first that fits."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence


class Sayable:
    """Patterns with what says their matches, the first ones first."""

    def __init__(self, patterns: Sequence[tuple[str, Callable[[re.Match[str]], str]]]) -> None:
        """The patterns may have named groups, each for itself."""
        unnamed = (re.sub(r"[?]P<.*?>", "?:", pattern) for pattern, _ in patterns)
        self.pattern = re.compile(
            "|".join(f"(?P<p{at}>{pattern})" for at, pattern in enumerate(unnamed))
        )
        """Matches whatever one of the patterns matches."""
        self._said = [(re.compile(pattern), say) for pattern, say in patterns]

    def said(self, found: re.Match[str]) -> str | None:
        """The words for a match of `pattern`; None where its own pattern, which sees the text from
        there on, does not match."""
        pattern, say = self._said[int((found.lastgroup or "p0")[1:])]
        match = pattern.match(found.string, found.start())
        return say(match) if match else None
