"""Cuts what is to be said into pieces that the model can say at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from runtime.speech.voice.spoken import Sounded

_ENDS = {".!?…": 60, ";:—": 200, ",": 300}
"""A piece of so many phonemes ends at the next of these marks."""


def pieces(words: Sequence[Sounded], most: int) -> Iterator[list[Sounded]]:
    """The words in pieces of at most so many symbols, cut at the end of a sentence where one is
    near, else at a comma, else between words, else within a word."""
    piece: list[Sounded] = []
    for word in _short(words, most):
        if piece and _size(piece) + len(word.symbols) > most:
            whole = _best_end(piece)
            yield piece[:whole]
            piece = piece[whole:]
        piece.append(word)
        if _ends(piece):
            yield piece
            piece = []
    if piece:
        yield piece


def _size(piece: Sequence[Sounded]) -> int:
    return sum(len(word.symbols) for word in piece)


def _ends(piece: Sequence[Sounded]) -> bool:
    size = _size(piece)
    return any(
        set(piece[-1].after) & set(marks) and size >= least for marks, least in _ENDS.items()
    )


def _best_end(piece: Sequence[Sounded]) -> int:
    """How many words stay: up to the last mark in the second half, all where there is none."""
    for at in reversed(range(len(piece) // 2, len(piece))):
        if piece[at].after.strip():
            return at + 1
    return len(piece)


def _short(words: Sequence[Sounded], most: int) -> Iterator[Sounded]:
    """The words, those that alone are too long in parts of which the first has the text."""
    for word in words:
        text, phonemes = word.text, word.phonemes
        while len(phonemes) + len(word.after) > most:
            yield Sounded(text, phonemes[: most // 2], " ")
            text, phonemes = "", phonemes[most // 2 :]
        yield Sounded(text, phonemes, word.after)
