"""The marks with which calls of tools begin, found in the bytes of an answer as they come.

A model writes the mark that it was trained with; small ones write the bare JSON of a call at a
line's beginning instead, in a code block or not. Knows no tokens and no tools.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

_BLANKS = b" \t\r\n"
_NEW_LINE = 10


@dataclass(frozen=True)
class Sign:
    """Bytes that tell that a call has begun."""

    mark: bytes
    root: str
    """The rule of what follows."""
    is_whole: Callable[[str], bool]
    """Whether nothing is missing from what followed so far."""
    loose: bool = False
    """True for a mark that stands at a line's beginning, white space in it aside."""

    def end(self, data: bytes, begin: int = 0) -> int | None:
        """Where the mark ends that begins at `begin`; -1 where it may still become one, and None
        where it is none."""
        at = 0
        for index in range(begin, len(data)):
            letter = data[index : index + 1]
            if letter in _BLANKS and self.loose:
                continue
            if letter != self.mark[at : at + 1]:
                return None
            at += 1
            if at == len(self.mark):
                return index + 1
        return -1


class SignWatch:
    """Passes an answer's bytes on up to a sign; what may become one is held back.

    `found` is then the sign, and `behind` how many of the bytes that were fed last stand behind it.
    """

    def __init__(self, signs: Sequence[Sign]) -> None:
        self._exact = [sign for sign in signs if not sign.loose]
        self._loose = [sign for sign in signs if sign.loose]
        self._exact_letters = frozenset(sign.mark[0] for sign in self._exact)
        self._held = b""
        self._line_begins = True
        self.found: Sign | None = None
        self.behind = 0

    def feed(self, data: bytes) -> bytes:
        """The bytes that are certain to be words."""
        within = not (self._held or self._line_begins or b"\n" in data)
        if within and self._exact_letters.isdisjoint(data):
            return data
        text, self._held = self._held + data, b""
        keep = len(text)
        for begin in self._begins(text):
            for sign, end in self._ends(text, begin):
                if end > 0:
                    self.found, self.behind = sign, len(text) - end
                    return text[:begin]
                keep = min(keep, begin)
        self._held = text[keep:]
        return self._passed(text[:keep])

    def flush(self) -> bytes:
        """What was held back, once nothing more can follow."""
        held, self._held = self._held, b""
        return held

    def _begins(self, text: bytes) -> list[int]:
        """The places in a text where a sign may begin, in order."""
        exact = [at for at, letter in enumerate(text) if letter in self._exact_letters]
        lines = [at + 1 for at, letter in enumerate(text) if letter == _NEW_LINE]
        return sorted({*exact, *lines, *([0] if self._line_begins else [])})

    def _ends(self, text: bytes, begin: int) -> list[tuple[Sign, int]]:
        """The signs that begin at a place, and where they end; -1 for those not whole yet."""
        found: list[tuple[Sign, int | None]] = []
        if text[begin : begin + 1] and text[begin] in self._exact_letters:
            found += [(sign, sign.end(text, begin)) for sign in self._exact]
        line = text[begin - 1] == _NEW_LINE if begin else self._line_begins
        if line and text[begin:].strip():
            found += [(sign, sign.end(text, begin)) for sign in self._loose]
        return [(sign, end) for sign, end in found if end is not None]

    def _passed(self, text: bytes) -> bytes:
        before, line, rest = text.rpartition(b"\n")
        if text:
            self._line_begins = not rest.strip() and (bool(line) or self._line_begins)
        return before + line + rest
