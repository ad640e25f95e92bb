"""Makes passages of bounded length from the paragraphs of a document. Knows text only.

Short paragraphs of one section are joined, long ones are cut at the ends of sentences: a passage is
long enough to mean something by itself and short enough to be quoted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

SHORT, LONG = 200, 800
"""Characters below which paragraphs are joined, and above which they are cut."""
_SENTENCE_END = re.compile(r"[.!?][\"')\]]*\s+|[。！？；][”’」』）]*|\n")
_BLANK = re.compile(r"\s+|[，、,;:]")


@dataclass(frozen=True)
class Paragraph:
    """A paragraph, heading, list item or row as it stands in a document."""

    text: str
    section: str = ""
    """Paragraphs are joined within one section only."""
    place: str = ""
    """The place in words, for example `page 2`; a passage has that of its first paragraph."""


@dataclass(frozen=True)
class Passage:
    """A piece of a document that can be quoted."""

    text: str
    place: str


def passages(paragraphs: Iterable[Paragraph]) -> Iterator[Passage]:
    """Passages in reading order, none empty, none longer than `LONG`."""
    held: list[Paragraph] = []
    for paragraph in paragraphs:
        if not paragraph.text.strip():
            continue
        size = sum(len(one.text) + 1 for one in held)
        apart = bool(held) and paragraph.section != held[0].section
        if held and (apart or size >= SHORT or size + len(paragraph.text) > LONG):
            yield _of(held)
            held = []
        if len(paragraph.text) <= LONG:
            held.append(paragraph)
        else:
            for text in cut(paragraph.text):
                yield Passage(text, paragraph.place)
    if held:
        yield _of(held)


def cut(text: str) -> list[str]:
    """A long text in pieces of at most `LONG` characters, cut at the ends of sentences, else
    between words, else anywhere."""
    pieces = []
    while len(text) > LONG:
        end = _last_end(_SENTENCE_END, text) or _last_end(_BLANK, text) or LONG
        pieces.append(text[:end].strip())
        text = text[end:]
    pieces.append(text.strip())
    return [piece for piece in pieces if piece]


def _last_end(pattern: re.Pattern[str], text: str) -> int:
    """The end of the last match that leaves a piece between `SHORT` and `LONG`; 0 if there is
    none."""
    ends = [match.end() for match in pattern.finditer(text, SHORT, LONG)]
    return ends[-1] if ends else 0


def _of(paragraphs: list[Paragraph]) -> Passage:
    return Passage("\n".join(one.text.strip() for one in paragraphs), paragraphs[0].place)
