"""Turns token bytes into text that may be shown. Knows no tokens, no model.

Two things are held back: the bytes of a character that is not complete yet, and the beginning of
what may become a stop string.
"""

from __future__ import annotations

import codecs
from collections.abc import Sequence


class TextStream:
    """Text of one answer, piece by piece.

    `stopped` turns true once a stop string has come; neither it nor what follows is ever given.
    """

    def __init__(self, stop: Sequence[str] = ()) -> None:
        self._stop = tuple(text for text in stop if text)
        self._first_letters = frozenset(text[0] for text in self._stop)
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self.mid_character = False
        """True while the bytes of a character are not complete."""
        self._held = ""
        self.stopped = False

    def feed(self, data: bytes) -> str:
        """Text that is now certain; empty while something is held back."""
        if self.mid_character or not data.isascii():
            text = self._decoder.decode(data)
            self.mid_character = bool(self._decoder.getstate()[0])
        else:
            text = data.decode("ascii")
        if not self._held and self._first_letters.isdisjoint(text):
            return text
        return self._release(self._held + text)

    def flush(self) -> str:
        """The text that was held back, once nothing more can follow; an incomplete character is
        dropped."""
        self._decoder.reset()
        self.mid_character = False
        text, self._held = self._held, ""
        return text

    def _release(self, text: str) -> str:
        ends = [at for stop in self._stop if (at := text.find(stop)) >= 0]
        if ends:
            self.stopped = True
            self._held = ""
            return text[: min(ends)]
        keep = max(_overlap(text, stop) for stop in self._stop)
        self._held = text[len(text) - keep :]
        return text[: len(text) - keep]


def _overlap(text: str, stop: str) -> int:
    """Length of the longest end of `text` that `stop` begins with."""
    longest = min(len(text), len(stop) - 1)
    return next((n for n in range(longest, 0, -1) if text.endswith(stop[:n])), 0)
