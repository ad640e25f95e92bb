"""Reads Markdown and writes the subset of HTML that Qt's rich text draws well. Knows no Qt.

Raw HTML stays text, pictures are their description, links lead out of the program or nowhere.
Rules whose matter is not shown are not used, so that nothing of a text is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from html import escape

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from desktop.window.transcript.formulas import readable
from desktop.window.transcript.inline import FriendlyInline, teach, teach_blocks
from desktop.window.transcript.links import is_safe_link

NESTING = 100
"""Levels that Markdown is read to; what lies deeper the parser leaves out."""
_OPTIONS = {"html": False, "linkify": False, "maxNesting": NESTING}
_HIDING = ["reference"]
"""Rules that are not used: what they read is not shown (`[answer]: 42` would be an address)."""
_DEEPEST = 6
"""Levels of a list that are indented further than the one around them."""


@lru_cache(maxsize=1)
def parser() -> MarkdownIt:
    """CommonMark with tables, strike-through, formulas and tasks; raw HTML stays text."""
    return teach(_Parser().enable(["table", "strikethrough"]).disable(_HIDING))


@lru_cache(maxsize=1)
def outline() -> MarkdownIt:
    """Tells top-level blocks from each other and reads nothing in them."""
    made = MarkdownIt("commonmark", _OPTIONS).enable("table").disable([*_HIDING, "inline"])
    return teach_blocks(made)


class _Parser(MarkdownIt):
    """Writes our HTML, and reads emphasis in every language."""

    def __init__(self) -> None:
        super().__init__("commonmark", _OPTIONS, renderer_cls=_Renderer)
        self.inline = FriendlyInline()
        self.configure("commonmark", _OPTIONS)


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

    def formula(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """A formula within a line, in the letters of formulas."""
        return f'<span style="font-family: serif">{readable(tokens[idx].content)}</span>'

    def formula_block(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        """A formula of its own, indented."""
        return f'<p style="margin-left: 24px">{self.formula(tokens, idx, options, env)}</p>'

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Code inside a list or a quotation, which stays where it is."""
        return f"<pre>{escape(tokens[idx].content)}</pre>"

    def code_block(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        """As `fence`."""
        return self.fence(tokens, idx, options, env)

    def bullet_list_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        """A list, indented further than the one around it as long as there is room for that."""
        token = tokens[idx]
        level = min(token.level // 2 + 1, _DEEPEST)
        start = token.attrGet("start")
        number = f' start="{start}"' if start is not None else ""
        return f'<{token.tag}{number} style="-qt-list-indent: {level};">'

    def ordered_list_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        """As `bullet_list_open`."""
        return self.bullet_list_open(tokens, idx, options, env)

    def blockquote_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        """A quotation, indented as long as there is room for that."""
        room = 18 if tokens[idx].level < _DEEPEST else 0
        return f'<blockquote style="margin-left: {room}px; margin-right: 0px;">'

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
