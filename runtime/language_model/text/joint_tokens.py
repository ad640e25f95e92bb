"""Tokens of neighbouring pieces of text, cut as if they were one text.

A vocabulary puts a blank before a text that begins (SentencePiece) or joins letters across a seam
(BPE), so pieces that are cut one by one are not what a model was trained on. Here the words of a
person and the pieces of a template around them are cut together; still only pieces of a template
can place a control token. Knows texts and tokens; knows no template and no model.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

_BLANKS = " \t\n\v\f\r"
"""What llama.cpp takes for white space beside a control token."""
_LEADS = ("\n", "a")
"""Texts behind which a text goes on; most vocabularies join neither with what follows."""

Piece = tuple[str, bool]
"""A text, and whether it is a piece of the template."""


@dataclass(frozen=True)
class ControlToken:
    """A control token within a piece of a template."""

    id: int
    strips_left: bool = False
    """True if white space before it is left out."""
    strips_right: bool = False


class Tokenizer(Protocol):
    """The methods of `LanguageModel` that are needed to cut texts."""

    @property
    def bos(self) -> int | None:
        """The token that begins a text, if there is one."""

    def tokenize(self, text: str, *, parse_special: bool = False) -> list[int]:
        """Token ids of `text`, nothing added."""

    def control_tokens_in(self, text: str) -> list[str | ControlToken]:
        """`text` cut at the names of control tokens."""


class JointTokenizer:
    """Cuts the pieces of conversations for one model."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._leads = _leads(tokenizer)

    def ids(self, pieces: Iterable[Piece], *, goes_on: bool = False) -> list[int]:
        """Token ids of the pieces as one text; `goes_on`: it stands right behind another."""
        found: list[int] = []
        for part in self._parts(pieces):
            if isinstance(part, ControlToken):
                found.append(part.id)
            elif goes_on:
                found += self._going_on(part)
            else:
                found += self._tokenizer.tokenize(part)
            goes_on = False
        return found

    def ends_in_text(self, pieces: Iterable[Piece], *, goes_on: bool = False) -> bool:
        """True if a text behind these pieces goes on, rather than begins."""
        parts = list(self._parts(pieces))
        return isinstance(parts[-1], str) if parts else goes_on

    def _going_on(self, text: str) -> list[int]:
        for lead, before in self._leads:
            joined = self._tokenizer.tokenize(lead + text)
            if joined[: len(before)] == before:
                return joined[len(before) :]
        return self._tokenizer.tokenize(text)

    def _parts(self, pieces: Iterable[Piece]) -> Iterator[str | ControlToken]:
        """Texts between control tokens, none of them empty, and these."""
        text, after = "", False
        for part in self._cut(pieces):
            if isinstance(part, str):
                text += part.lstrip(_BLANKS) if after and not text else part
                continue
            text = text.rstrip(_BLANKS) if part.strips_left else text
            if text:
                yield text
            yield part
            text, after = "", part.strips_right
        if text:
            yield text

    def _cut(self, pieces: Iterable[Piece]) -> Iterator[str | ControlToken]:
        for text, of_template in pieces:
            if of_template:
                yield from self._tokenizer.control_tokens_in(text)
            else:
                yield text


def _leads(tokenizer: Tokenizer) -> list[tuple[str, list[int]]]:
    """Texts with their tokens behind which another goes on without a blank of its own; none where
    no text gets one."""
    leads = [(lead, tokenizer.tokenize(lead)) for lead in _LEADS]
    lead, before = leads[0]
    return [] if tokenizer.tokenize(lead + "a")[len(before) :] == tokenizer.tokenize("a") else leads
