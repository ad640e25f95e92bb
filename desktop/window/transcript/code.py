"""Code as the window shows it: in pieces, with colours. Knows lexers and HTML, no Markdown.

A lexer may take very long for some code, in steps that nothing can interrupt: `highlighted` is
called where that keeps nobody waiting.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

from desktop.window.transcript.pieces import pieces

if TYPE_CHECKING:
    from pygments.formatters import HtmlFormatter
    from pygments.lexer import Lexer

MAX_HIGHLIGHTED = 50_000
"""Characters of a code block above which colours are left out: they would take too long."""
HIGHLIGHT_S = 1.0
"""Seconds after which the rest of a code block stays without colours."""
CODE_LINES, CODE_LINE = 200, 1_000
"""Lines of a piece of code, and characters of one that is not broken."""


@dataclass(frozen=True)
class CodePiece:
    """Some lines of code."""

    html: str
    plain: str


def code_pieces(code: str, coloured: Sequence[str] = ()) -> list[CodePiece]:
    """Code in pieces. `coloured` are its lines in HTML, all of them or none."""
    rows = list(_rows(code.split("\n"), coloured))
    starts = range(0, len(rows), CODE_LINES)
    return [_piece(rows[first : first + CODE_LINES]) for first in starts]


def _piece(rows: Sequence[tuple[str, str]]) -> CodePiece:
    html = "\n".join(html for html, _ in rows)
    return CodePiece(f"<pre>{html}</pre>", "\n".join(plain for _, plain in rows))


def _rows(lines: Sequence[str], coloured: Sequence[str]) -> Iterator[tuple[str, str]]:
    """HTML and words of every line, those that are too long broken."""
    if len(coloured) != len(lines):
        coloured = [escape(line) for line in lines]
    for line, html in zip(lines, coloured, strict=True):
        if len(line) <= CODE_LINE:
            yield html, line
        else:
            for piece in pieces(line, CODE_LINE):
                yield escape(piece), piece


def highlighted(code: str, language: str, dark: bool) -> list[str] | None:
    """The lines of code in HTML; None where nobody knows its colours."""
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    if len(code) > MAX_HIGHLIGHTED:
        return None
    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None
    found = "".join(_coloured(code, lexer, _formatter(dark))).split("\n")
    # Every lexer ends with a line's end or without one, as it likes.
    return found[: code.count("\n") + 1]


def _coloured(code: str, lexer: Lexer, formatter: HtmlFormatter[str]) -> Iterator[str]:
    """HTML of some tokens at a time, until that has taken too long."""
    until = time.monotonic() + HIGHLIGHT_S
    done = 0
    for kind, words in lexer.get_tokens(code):
        done += len(words)
        style = formatter.style.style_for_token(kind)
        css = _css(style["color"], bool(style["bold"]), bool(style["italic"]))
        for number, part in enumerate(words.split("\n")):
            if number:
                yield "\n"
            if part:
                yield f'<span style="{css}">{escape(part)}</span>' if css else escape(part)
        if time.monotonic() > until:
            yield escape(code[done:])
            return


@lru_cache(maxsize=256)
def _css(colour: str | None, bold: bool, italic: bool) -> str:
    found = [f"color: #{colour}"] if colour else []
    found += ["font-weight: bold"] if bold else []
    return "; ".join([*found, "font-style: italic"] if italic else found)


@lru_cache(maxsize=2)
def _formatter(dark: bool) -> HtmlFormatter[str]:
    from pygments.formatters import HtmlFormatter

    return HtmlFormatter(style="github-dark" if dark else "friendly")
