"""Cuts the text of an answer, while it is written, into clauses to be said one after another.

The first clause comes early, at a comma, so that the voice begins soon; the others are whole
sentences where these are not too long. Code is left out, tables are read row by row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from runtime.speech.voice.markdown import cells, words_of

_HEAD = re.compile(r"[ \t]*(?:>[ \t]?)*[ \t]*")
_FENCE = re.compile(r"(`{3,}|~{3,})")
_RULE = re.compile(r"(?:[-*_=][ \t]*){3,}$|[-=]+$")
_MARKER = re.compile(r"(?:(?P<heading>#{1,6})|[-*+•]|(?P<number>\d{1,3})[.)])[ \t]+(?:\[[ xX]\] )?")
_UNDECIDED = re.compile(r"[-*+•#>=_~`\s]{0,80}$|\d{1,3}(?:[.)]\s*)?$|[-*+]\s+\[[ xX]?\]?$")
_CLOSING = r"[\"'”’)\]*_]*"
_SENTENCE_END = re.compile(
    rf"[.…]{{1,9}}{_CLOSING}(?=\s+[^\sa-z])|\.{{0,9}}[!?]{{1,9}}{_CLOSING}(?=\s)|[。！？；]+[”’」』）】*_]*"
)
_ENDS_SURELY = re.compile(
    r"(?:^|\s)(?!(?:etc|vol|www|no|eq|ch|pp)\.)[A-Za-z]?[a-z]{2,}\.$|\s?[A-Za-z]{2,}[!?]$"
)
"""A word of letters and a mark: numbers, names of files and short words may go on."""
_CLAUSE_END = re.compile(rf"[,;:]+{_CLOSING}(?=\s)|\s[–—-](?=\s)|[，：、；—]+")
_JOINT = re.compile(r"\s(?=(?:and|but|because|which|so|when|while|if|where|although|or)\s)")
_PREPOSITION = re.compile(r"\s(?=(?:in|on|at|by|with|from|for|through|during|between|that|than)\s)")
_SPACE = re.compile(r"\s")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\"'“])(?:[A-Za-z]|(?:[A-Za-z]\.)+[A-Za-z]|Mr|Mrs|Ms|Dr|Prof|St|vs|Fig|Inc|Ltd|"
    r"Jr|Sr|approx|dept|est|cf|al|ca|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)\.$"
)
_OPEN = re.compile(r"\]\([^)]*$|\\[(\[](?!.*\\[)\]])[^\\]*$")
_MOST = 800
"""Characters of a clause."""
_LONGEST_LINK = 400
"""Characters; what is open for longer is no link."""
_SPEAKABLE = re.compile(r"[^\W_]")
_HAN = re.compile("[\u3400-\u9fff]")
_FIRST, _FIRST_JOINT, _FIRST_PREPOSITION, _LONG, _LONGEST = 4, 6, 10, 25, 50
"""Words after which a clause ends: the first at a comma, at a conjunction, before a preposition;
any other at a comma, any at a space."""


class ClauseCutter:
    """Takes an answer piece by piece, and gives clauses without markup when they are whole."""

    def __init__(self, early: bool = True) -> None:
        """
        Args:
            early: whether the first clause may be less than a sentence.
        """
        self._early = early
        self._line = ""
        """The begin of a line of which it is not known yet what it is."""
        self._inside = False
        """Whether the rest of the line is text."""
        self._closed = False
        """Whether what is said ends with the line: headings, items of lists."""
        self._fence = ""
        self._text = ""
        """What is not cut yet."""
        self._begun = not early

    def feed(self, text: str) -> list[str]:
        """The clauses that are whole when more of the answer is there."""
        found: list[str] = []
        first, *others = text.replace("\r\n", "\n").split("\n")
        self._take(first, found)
        for piece in others:
            self._end_line(found)
            self._take(piece, found)
        found += self._cut()
        return found

    def finish(self) -> list[str]:
        """What is left when the answer is whole; then the cutter is as new."""
        found: list[str] = []
        self._end_line(found)
        found += self._flush()
        self._fence, self._begun = "", not self._early
        return found

    def _take(self, piece: str, found: list[str]) -> None:
        """More of a line, or its begin."""
        if self._inside:
            self._text += piece
            return
        self._line += piece
        rest = self._line[_HEAD.match(self._line).end() :]  # type: ignore[union-attr]
        if rest and not self._fence and not _UNDECIDED.match(rest) and not _waits(rest):
            self._begin(rest, found)

    def _begin(self, rest: str, found: list[str]) -> None:
        """A line of text begins."""
        marker = _MARKER.match(rest)
        if marker:
            found += self._flush()
            number = marker["number"]
            rest = (f"{number}: " if number else "") + rest[marker.end() :]
        self._closed = bool(marker)
        self._inside, self._line = True, ""
        self._text += rest

    def _end_line(self, found: list[str]) -> None:
        line, inside = self._line, self._inside
        self._line, self._inside = "", False
        if inside:
            self._text += " "
            if self._closed:
                found += self._flush()
            return
        found += self._whole_line(line[_HEAD.match(line).end() :].rstrip())  # type: ignore[union-attr]

    def _whole_line(self, line: str) -> list[str]:
        """A line that was never known to be text: blank, a fence, a rule, a row, or short."""
        fence = _FENCE.match(line)
        if self._fence:
            if fence and fence[1].startswith(self._fence):
                self._fence = ""
            return []
        if fence:
            self._fence = fence[1]
            return self._flush()
        if not line or _RULE.match(line):
            return self._flush()
        if line.startswith("|"):
            return [*self._flush(), *self._said(cells(line), ends=True)]
        self._text += line + " "
        return []

    def _cut(self) -> list[str]:
        """All clauses that are whole already."""
        found: list[str] = []
        while end := self._end():
            found += self._said(self._text[:end])
            self._text = self._text[end:].lstrip()
        return found

    def _end(self) -> int:
        """Where the first clause of the text ends; 0 where that is not known yet."""
        text = self._text[:_MOST]
        for end in _ends(_SENTENCE_END, text):
            if not _ABBREVIATION.search(text[:end]):
                return self._earlier(text[:end], end)
        if not self._begun and _ends_surely(text):
            return self._earlier(text, len(text))
        return self._earlier(text, _MOST if len(text) == _MOST else 0)

    def _earlier(self, text: str, end: int) -> int:
        """A place before the end of the sentence, where that is far or the voice waits."""
        least = _LONG if self._begun else _FIRST
        if self._begun and end and _size(text) <= _LONG + _FIRST:
            return end
        for pattern, size in (
            (_CLAUSE_END, least),
            (_JOINT, _LONG if self._begun else _FIRST_JOINT),
            (_PREPOSITION, _LONGEST if self._begun else _FIRST_PREPOSITION),
            (_SPACE, _LONGEST),
        ):
            for place in _ends(pattern, text):
                if _size(text[:place]) >= size:
                    return place
        return end

    def _flush(self) -> list[str]:
        """What is there, as it ends here."""
        found = self._cut()
        text, self._text, self._closed = self._text, "", False
        return [*found, *self._said(text, ends=True)]

    def _said(self, clause: str, ends: bool = False) -> list[str]:
        """A clause without markup; with `ends` it closes with a mark."""
        words = words_of(clause).strip(" -–—,:;、，：；" if ends else " ")
        if not _SPEAKABLE.search(words):
            return []
        self._begun = True
        if ends and words[-1] not in ".!?…。！？\"'”’)）":
            words += "。" if _HAN.search(words[-1]) else "."
        return [words]


def speakable(markdown: str) -> list[str]:
    """A whole answer as clauses to be said one after another."""
    cutter = ClauseCutter(early=False)
    return [*cutter.feed(markdown), *cutter.finish()]


def _waits(rest: str) -> bool:
    """Whether a line is only understood as a whole: rows of tables, fences."""
    return rest.startswith("|") or bool(_FENCE.match(rest))


def _ends(pattern: re.Pattern[str], text: str) -> Iterator[int]:
    """Ends of the matches that stand in no link, code or formula."""
    for match in pattern.finditer(text):
        if not _is_open(text[: match.end()]):
            yield match.end()


def _ends_surely(text: str) -> bool:
    """Whether a text ends with a sentence, though nothing follows yet."""
    ends = _ENDS_SURELY.search(text) and not _ABBREVIATION.search(text)
    return bool(ends) and not _is_open(text)


def _is_open(text: str) -> bool:
    """Whether a link, code or a formula has begun and not ended."""
    text = text[-_LONGEST_LINK:]
    brackets = text.count("[") > text.count("]")
    return brackets or text.count("`") % 2 == 1 or bool(_OPEN.search(text))


def _size(text: str) -> float:
    """Words; two Chinese characters count as one."""
    han = len(_HAN.findall(text))
    return han / 2 + len(_HAN.sub(" ", text).split())
