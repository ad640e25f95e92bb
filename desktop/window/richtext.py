"""Turns Markdown into blocks that are safe to show: rich text, and code apart from it.

Knows Markdown and the subset of HTML that Qt's rich text shows; knows no Qt. Raw HTML is shown as
the characters that it is, pictures as their description, and links only where they lead out of the
program in a way a person can follow (http, https, mailto), so that nothing is ever fetched.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

SAFE_SCHEMES = ("http", "https", "mailto")
MAX_HIGHLIGHTED = 50_000
"""Characters of a code block above which colours are left out: they would take too long."""
MAX_MARKDOWN = 400_000
"""Characters of a text above which it is shown as it is."""


@dataclass(frozen=True)
class TextBlock:
    """A piece of a message that is shown as one."""

    html: str
    plain: str
    """What a person gets who copies it."""
    code: bool = False
    language: str = ""
    """Of code, as its author named it."""


def blocks(markdown: str, dark: bool = False) -> tuple[TextBlock, ...]:
    """The blocks of a text, in order; code stands alone so that it can have a copy button."""
    if not markdown.strip():
        return ()
    if len(markdown) > MAX_MARKDOWN:
        return (TextBlock(_plain_html(markdown), markdown),)
    parser = _parser()
    environment: dict[str, Any] = {}
    tokens = parser.parse(markdown, environment)
    lines = markdown.split("\n")
    found: list[TextBlock] = []
    held: list[Token] = []
    for token in tokens:
        if token.type in ("fence", "code_block") and token.level == 0:
            found += _text(held, lines, parser, environment)
            held = []
            found.append(_code(token, dark))
        else:
            held.append(token)
    return (*found, *_text(held, lines, parser, environment))


def plain_blocks(text: str) -> tuple[TextBlock, ...]:
    """What a person typed, as they typed it."""
    return (TextBlock(_plain_html(text), text),) if text.strip() else ()


def is_safe_link(url: str) -> bool:
    """Whether a link may be handed to the person's browser after they said so."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme.lower() in SAFE_SCHEMES and bool(parts.netloc or parts.scheme == "mailto")


def _text(
    tokens: Sequence[Token], lines: Sequence[str], parser: MarkdownIt, environment: dict[str, Any]
) -> list[TextBlock]:
    """A block of the tokens, with the source lines as its plain text; none of none."""
    if not tokens:
        return []
    html = parser.renderer.render(tokens, parser.options, environment).strip()
    spans = [token.map for token in tokens if token.map]
    first, last = min(span[0] for span in spans), max(span[1] for span in spans)
    plain = "\n".join(lines[first:last]).strip()
    return [TextBlock(html, plain)] if html else []


def _code(token: Token, dark: bool) -> TextBlock:
    plain = token.content.rstrip("\n")
    language = token.info.split()[0].lower() if token.info.strip() else ""
    body = _highlighted(plain, language, dark) if language else escape(plain)
    return TextBlock(f"<pre>{body}</pre>", plain, code=True, language=language)


def _highlighted(code: str, language: str, dark: bool) -> str:
    if len(code) > MAX_HIGHLIGHTED:
        return escape(code)
    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return escape(code)
    return str(highlight(code, lexer, _formatter(dark))).rstrip("\n")


@lru_cache(maxsize=2)
def _formatter(dark: bool) -> HtmlFormatter[str]:
    return HtmlFormatter(style="github-dark" if dark else "friendly", noclasses=True, nowrap=True)


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    """CommonMark with tables and strike-through; raw HTML stays text."""
    parser = MarkdownIt("commonmark", {"html": False, "linkify": False}, renderer_cls=_Renderer)
    return parser.enable(["table", "strikethrough"])


class _Renderer(RendererHTML):
    """HTML in the subset that Qt's rich text draws well."""

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """A picture from elsewhere is never loaded: its description stands for it."""
        return f"<i>[{escape(tokens[idx].content or str(tokens[idx].attrGet('src') or ''))}]</i>"

    def link_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        """A link that leads anywhere else than out is no link."""
        target = str(tokens[idx].attrGet("href") or "")
        if not is_safe_link(target):
            return '<a name="">'
        return f'<a href="{escape(target)}">'

    def code_inline(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        """Inline code in a font whose letters are all of one width."""
        return f'<span style="font-family: monospace">{escape(tokens[idx].content)}</span>'

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Code inside a list or a quotation, which stays where it is."""
        return f"<pre>{escape(tokens[idx].content)}</pre>"

    def code_block(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        """As `fence`."""
        return self.fence(tokens, idx, options, env)

    def table_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        """A table with thin lines."""
        return '<table border="1" cellspacing="0" cellpadding="6">'

    def softbreak(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        """A line that the author ended stays ended, as people expect in a conversation."""
        return "<br>"


def _plain_html(text: str) -> str:
    return "<p>" + re.sub(r"\n", "<br>", escape(text)) + "</p>"
