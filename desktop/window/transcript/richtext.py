"""Turns Markdown into blocks that are safe to show: rich text, and code apart from it.

Knows Markdown and the subset of HTML that Qt's rich text shows; knows no Qt. Raw HTML is shown as
the characters that it is, pictures as their description, and links only where they lead out of the
program in a way a person can follow (http, https, mailto), so that nothing is ever fetched.

No block is longer than what a screen lays out quickly, and no text costs more time than its length
is worth: what is too long, too deep or too tangled to be read as Markdown is shown as it was
written. Nothing is ever left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from itertools import accumulate

from markdown_it.token import Token

from desktop.window.transcript.code import code_pieces
from desktop.window.transcript.markdown import NESTING, outline, parser
from desktop.window.transcript.pieces import PIECE, pieces, weight

MAX_MARKDOWN = 60_000
"""Characters that are read as Markdown; what follows is shown as it was written."""
LARGEST = 8_000
"""Weight of a paragraph, a quotation or a list's item above which it is shown as it was written."""
LINE = 20
"""What a line weighs besides its characters."""
BRACKETS = 300
"""So many in one block are no links, and take long to be told from links."""
CELLS, COLUMNS = 400, 60
"""Of a table that is laid out as one."""
ITEMS = 80
"""Of a list that is laid out as one."""
MOST_BLOCKS = 400
"""Of one text; what follows is shown as it was written, in as few as it takes."""
_BAR = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True)
class TextBlock:
    """A piece of a message that is shown as one."""

    html: str
    plain: str
    """What a person gets who copies it."""
    code: bool = False
    language: str = ""
    """Of code, as its author named it."""
    continued: bool = False
    """Whether it goes on where the code before it was cut; that one's `plain` has all of it."""
    quoted: bool = False
    """Whether it is a quotation."""


@dataclass(frozen=True)
class _Group:
    """A top-level block of Markdown."""

    kind: str
    begin: int
    end: int
    """Lines, the last one not included."""
    tokens: Sequence[Token]


@dataclass(frozen=True)
class Reading:
    """A text that was read, and how much of that stays so whatever may follow."""

    text: str
    """What was read as Markdown of it."""
    found: tuple[TextBlock, ...] = ()
    kept: int = 0
    """Blocks that stay."""
    at: int = 0
    """Characters that those stand for."""


def read(markdown: str, before: Reading | None = None) -> Reading:
    """Read a text; of one that goes on where `before` ended only what is new."""
    text = markdown.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        return Reading(text)
    head, tail = _cut(text)
    if before is None or not head.startswith(before.text):
        before = Reading("")
    page = _Page(head, before)
    found = (*page.blocks(), *plain_blocks(tail))
    return Reading(head, found, page.kept, page.at)


def blocks(markdown: str) -> tuple[TextBlock, ...]:
    """The blocks of a text, in order; code stands alone so that it can have a copy button."""
    return read(markdown).found


def plain_blocks(text: str) -> tuple[TextBlock, ...]:
    """What a person typed, as they typed it."""
    if not text.strip():
        return ()
    return tuple(TextBlock(_plain_html(piece), piece) for piece in pieces(text))


def _cut(markdown: str) -> tuple[str, str]:
    """What is read as Markdown, and the rest."""
    if len(markdown) <= MAX_MARKDOWN:
        return markdown, ""
    for mark in ("\n\n", "\n"):
        at = markdown.rfind(mark, MAX_MARKDOWN // 2, MAX_MARKDOWN)
        if at >= 0:
            return markdown[: at + 1], markdown[at + 1 :]
    return "", markdown


class _Page:
    """One text on its way to blocks."""

    def __init__(self, markdown: str, before: Reading) -> None:
        self._lines = markdown[before.at :].split("\n")
        self._begins = [
            before.at,
            *accumulate((len(n) + 1 for n in self._lines), initial=before.at),
        ]
        self._found = list(before.found[: before.kept])
        self._held: list[tuple[int, int]] = []
        """Lines that wait to be shown as one block, by what is rendered together."""
        self.kept, self.at = before.kept, before.at

    def blocks(self) -> list[TextBlock]:
        """All of them."""
        for group in _groups(outline().parse("\n".join(self._lines))):
            if not self._held and self._stands_alone(group):
                self.kept, self.at = len(self._found), self._begins[group.begin]
            if len(self._found) >= MOST_BLOCKS:
                self._flush()
                self._as_written(group.begin, len(self._lines))
                return self._found
            self._take(group)
        self._flush()
        return self._found or list(plain_blocks("\n".join(self._lines)))

    def _stands_alone(self, group: _Group) -> bool:
        """Whether it begins in its place whatever may follow: behind an empty line, and with a
        line that has ended."""
        behind = group.begin > 0 and not self._lines[group.begin - 1].strip()
        return behind and group.begin + 1 < len(self._lines)

    def _take(self, group: _Group) -> None:
        if group.kind in ("fence", "code_block"):
            self._flush()
            self._found += _code(group.tokens[0])
        elif group.kind == "table":
            self._widen(group)
            if _count(group, "inline") > CELLS:
                self._flush()
                self._table(group)
            else:
                self._hold_or_write(group)
        elif group.kind == "blockquote":
            self._flush()
            self._hold_or_write(group)
            self._flush(quoted=True)
        elif group.kind == "list" and (self._weight(group) > PIECE or _count(group) > ITEMS):
            self._flush()
            self._list(group)
        else:
            self._hold_or_write(group)

    def _hold_or_write(self, group: _Group) -> None:
        if self._weight(group) > LARGEST or _depth(group) >= NESTING - 4:
            self._flush()
            self._as_written(group.begin, group.end)
        else:
            self._hold(group)

    def _weight(self, group: _Group) -> int:
        lines = self._lines[group.begin : group.end]
        return sum(map(weight, lines)) + LINE * len(lines)

    def _hold(self, group: _Group) -> None:
        """Show small blocks together."""
        if self._held and group.kind == "item":
            self._held[-1] = (self._held[-1][0], group.end)
        else:
            self._held.append((group.begin, group.end))
        if self._weight(_Group("", self._held[0][0], group.end, ())) > PIECE:
            self._flush()

    def _flush(self, quoted: bool = False) -> None:
        held, self._held = self._held, []
        self._show(["\n".join(self._lines[begin:end]) for begin, end in held], quoted)

    def _show(self, sources: Sequence[str], quoted: bool = False) -> None:
        """A block of some sources."""
        plain = "\n\n".join(source.strip("\n") for source in sources)
        if plain.count("[") > BRACKETS:
            self._found += plain_blocks(plain)
            return
        html = "".join(map(_rendered, sources)).strip()
        if html:
            self._found.append(TextBlock(html, plain.strip(), quoted=quoted))

    def _as_written(self, begin: int, end: int) -> None:
        self._found += plain_blocks("\n".join(self._lines[begin:end]))

    def _widen(self, group: _Group) -> None:
        """Give a table as many columns as its longest row has: more than its heading has, Markdown
        would leave out."""
        first, second, *rows = range(group.begin, group.end)
        most = max((_cells(self._lines[at]) for at in rows), default=0)
        missing = most - _count(group, "th_open")
        if 0 < missing <= COLUMNS:
            for at, cell in ((first, "  |"), (second, " - |")):
                line = self._lines[at].rstrip()
                self._lines[at] = line + ("" if line.endswith("|") else " |") + cell * missing

    def _table(self, group: _Group) -> None:
        """Some rows at a time, each time under the heading."""
        rows = [token.map for token in group.tokens if token.type == "tr_open" and token.map]
        columns = _count(group, "th_open")
        if columns > COLUMNS or len(rows) < 2:
            self._as_written(group.begin, group.end)
            return
        heading = self._lines[group.begin : rows[1][0]]
        step = max(1, CELLS // max(columns, 1))
        for first in range(1, len(rows), step):
            some = rows[first : first + step]
            body = self._lines[some[0][0] : some[-1][1]]
            if sum(map(len, body)) > LARGEST * 2:
                self._found += plain_blocks("\n".join([*heading, *body]))
            else:
                self._show(["\n".join([*heading, *body])])

    def _list(self, group: _Group) -> None:
        """Some items at a time; what one says of itself, its number too, stands in its source."""
        first = 0
        for at, token in enumerate(group.tokens):
            if token.level != 1 or not token.type.startswith("list_item"):
                continue
            if token.nesting > 0:
                first = at
                continue
            lines = group.tokens[first].map
            assert lines is not None  # Every item has its lines.
            if self._held and lines[0] - self._held[0][0] > ITEMS:
                self._flush()
            self._hold_or_write(_Group("item", lines[0], lines[1], group.tokens[first:at]))
        self._flush()


def _groups(tokens: Sequence[Token]) -> Iterator[_Group]:
    first = 0
    for at, token in enumerate(tokens):
        if token.level == 0 and token.nesting <= 0:
            own = tokens[first : at + 1]
            first = at + 1
            if (lines := own[0].map) is not None:
                kind = own[0].type.removesuffix("_open")
                kind = "list" if kind in ("bullet_list", "ordered_list") else kind
                yield _Group(kind, lines[0], lines[1], own)


def _cells(line: str) -> int:
    """How many cells a row of a table has."""
    return len(_BAR.split(line.strip().removeprefix("|").removesuffix("|")))


def _count(group: _Group, kind: str = "list_item_open") -> int:
    return sum(token.type == kind for token in group.tokens)


def _depth(group: _Group) -> int:
    return max((token.level for token in group.tokens), default=0)


def _code(token: Token) -> Iterator[TextBlock]:
    """Code in pieces; the first has all of it for who copies it."""
    plain = token.content.rstrip("\n")
    language = token.info.split()[0].lower() if token.info.strip() else ""
    for at, piece in enumerate(code_pieces(plain)):
        words = piece.plain if at else plain
        yield TextBlock(piece.html, words, code=True, language=language, continued=at > 0)


@lru_cache(maxsize=256)
def _rendered(source: str) -> str:
    """HTML of some Markdown; of what is read again and again while it grows only once."""
    return str(parser().render(source))


def _plain_html(text: str) -> str:
    return "<p>" + re.sub(r"\n", "<br>", escape(text)) + "</p>"
