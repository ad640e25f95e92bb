"""A vocabulary for texts that are only counted and carried: pieces of them, numbered as they come.

A piece is about as long as a token of a real vocabulary, so that a conversation which fits by this
count fits the model; what a server counts is told afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from runtime.language_model.text.joint_tokens import ControlToken
from runtime.upstream.marks import MARKS

_PIECE = re.compile(r"\s?[A-Za-z]{1,5}|\s+|[0-9]{1,2}|.", re.DOTALL)
_MARK = re.compile("|".join(map(re.escape, MARKS)))


class Vocabulary:
    """Texts as tokens and back. One thread at a time."""

    def __init__(self) -> None:
        self._pieces = list(MARKS)
        self._ids: dict[str, int] = {}
        """Of pieces of texts; a mark that somebody wrote is none of `MARKS`."""

    @property
    def size(self) -> int:
        """Tokens that there are so far."""
        return len(self._pieces)

    def tokenize(self, text: str, *, parse_special: bool = False) -> list[int]:
        """Token ids of `text`; with `parse_special` the marks in it become their tokens."""
        if not parse_special:
            return [self._id(piece) for piece in _PIECE.findall(text)]
        ids: list[int] = []
        for part in self.control_tokens_in(text):
            ids += [part.id] if isinstance(part, ControlToken) else self.tokenize(part)
        return ids

    def control_tokens_in(self, text: str) -> list[str | ControlToken]:
        """A piece of a template cut at its marks."""
        parts: list[str | ControlToken] = []
        at = 0
        for found in _MARK.finditer(text):
            parts += [text[at : found.start()], ControlToken(MARKS.index(found.group()))]
            at = found.end()
        return [part for part in (*parts, text[at:]) if part != ""]

    def control_text(self, token: int) -> bytes:
        """The name of a mark."""
        return MARKS[token].encode()

    def text(self, ids: Sequence[int]) -> str:
        """The text of tokens, marks with their names."""
        return "".join(self._pieces[token] for token in ids)

    def parts(self, ids: Sequence[int]) -> list[tuple[str, str]]:
        """Each mark with the text behind it, in order; what stands before the first has none."""
        found: list[tuple[str, str]] = [("", "")]
        for token in ids:
            if token < len(MARKS):
                found.append((MARKS[token], ""))
            else:
                found[-1] = (found[-1][0], found[-1][1] + self._pieces[token])
        return found if found[0][1] else found[1:]

    def _id(self, piece: str) -> int:
        if piece not in self._ids:
            self._ids[piece] = len(self._pieces)
            self._pieces.append(piece)
        return self._ids[piece]
