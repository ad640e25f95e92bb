"""Paragraphs of an HTML page as a person sees it, without scripts. Knows decoded text only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from plugins.readers.documents.passages import Paragraph

_UNSEEN = frozenset(("script", "style", "noscript", "template", "svg"))
_BLOCKS = frozenset(
    "address article aside blockquote body br caption dd details dialog div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol p pre "
    "section summary table tbody tfoot thead tr ul".split()
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_VOID = frozenset(("br", "hr"))
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{1,40})""", re.I)
_FED = 1 << 16
"""Characters that are parsed at once."""
_WHITE = re.compile(r"[ \t\n\r\f]+")


def declared_charset(head: bytes) -> str | None:
    """The encoding that a page says it is in."""
    match = _CHARSET.search(head[:4096])
    return match[1].decode("ascii") if match else None


def html(text: str) -> Iterator[Paragraph]:
    """Paragraphs, list items and rows of tables; their place is the heading above them."""
    page = _Page()
    for start in range(0, len(text), _FED):
        page.feed(text[start : start + _FED])
        yield from page.taken()
    page.close()
    page.end_block()
    yield from page.taken()


class _Page(HTMLParser):
    """Collects paragraphs while the page is parsed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._paragraphs: list[Paragraph] = []
        self._held: list[str] = []
        self._unseen = 0
        self._in_title = False
        self._verbatim = False
        self._heading = False
        self._place = ""
        self._mark = ""
        """The mark before the text of this block, such as the bullet of a list item."""

    def taken(self) -> list[Paragraph]:
        """The paragraphs that are complete, each given once."""
        found, self._paragraphs = self._paragraphs, []
        return found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "body":
            # It begins even where the head, or what is in it, was never closed.
            self._unseen = 0
        if tag == "title":
            self._in_title = True
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag in _BLOCKS:
            self.end_block()
            self._heading = tag in _HEADINGS
            self._mark = "- " if tag == "li" else ""
            self._verbatim = tag == "pre" or (self._verbatim and tag in _VOID)
        elif tag in ("td", "th") and self._held:
            self._held.append(" | ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _UNSEEN and tag != "title":
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self.end_block()
            self._in_title = False
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag in _BLOCKS:
            self.end_block()
            self._verbatim = self._verbatim and tag != "pre"

    def handle_data(self, data: str) -> None:
        if self._in_title or not self._unseen:
            self._held.append(data)

    def end_block(self) -> None:
        """Make a paragraph of what was collected."""
        text = "".join(self._held)
        text = text.strip("\n") if self._verbatim else _WHITE.sub(" ", text).strip(" |")
        self._held = []
        if not text.strip():
            return
        if self._heading or self._in_title:
            self._place = f"heading: {text}"
        self._paragraphs.append(Paragraph(self._mark + text, self._place, self._place))
        self._heading, self._mark = False, ""
