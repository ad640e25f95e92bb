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
    `signed` does so once a sign has, which tells that something else begins; `behind` is then how
    much of what was fed last stands behind it.
    """

    def __init__(
        self, stop: Sequence[str] = (), sign: str = "", *, sign_at_begin: bool = False
    ) -> None:
        """`sign_at_begin`: it is one only where nothing but white space came before."""
        self._stop = tuple(text for text in stop if text and not sign.startswith(text))
        self._sign = sign
        self._at_begin = sign_at_begin
        self._blank = True
        self._first_letters = frozenset(text[0] for text in (*self._stop, sign) if text)
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self.mid_character = False
        """True while the bytes of a character are not complete."""
        self._held = ""
        self.stopped = self.signed = False
        self.behind = ""

    def feed(self, data: bytes) -> str:
        """Text that is now certain; empty while something is held back."""
        if self.mid_character or not data.isascii():
            text = self._decoder.decode(data)
            self.mid_character = bool(self._decoder.getstate()[0])
        else:
            text = data.decode("ascii")
        if not self._held and self._first_letters.isdisjoint(text):
            self._blank = self._blank and not text.strip()
            return text
        released = self._release(self._held + text)
        self._blank = self._blank and not released.strip()
        return released

    def flush(self) -> str:
        """The text that was held back, once nothing more can follow; an incomplete character is
        dropped."""
        self._decoder.reset()
        self.mid_character = False
        text, self._held = self._held, ""
        return text

    def _release(self, text: str) -> str:
        ends = [at for stop in self._stop if (at := text.find(stop)) >= 0]
        sign = self._sign_in(text)
        if sign >= 0 and sign <= min(ends, default=sign):
            self.signed, self._held = True, ""
            self.behind = text[sign + len(self._sign) :]
            return text[:sign]
        if ends:
            self.stopped = True
            self._held = ""
            return text[: min(ends)]
        keep = max(
            max((_overlap(text, stop) for stop in self._stop), default=0),
            self._begun_sign(text),
        )
        self._held = text[len(text) - keep :]
        return text[: len(text) - keep]

    def _sign_in(self, text: str) -> int:
        """Where the sign stands in a text; -1 where it does not."""
        at = text.find(self._sign) if self._sign else -1
        return at if not self._at_begin or (self._blank and not text[: max(at, 0)].strip()) else -1

    def _begun_sign(self, text: str) -> int:
        """How many letters at the end of a text may begin the sign."""
        begun = _overlap(text, self._sign) if self._sign else 0
        if self._at_begin and not (self._blank and not text[: len(text) - begun].strip()):
            return 0
        return begun


def _overlap(text: str, stop: str) -> int:
    """Length of the longest end of `text` that `stop` begins with."""
    longest = min(len(text), len(stop) - 1)
    return next((n for n in range(longest, 0, -1) if text.endswith(stop[:n])), 0)
