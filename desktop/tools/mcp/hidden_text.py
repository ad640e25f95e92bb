"""Takes out of a server's texts what nobody sees: characters without a shape that a model reads and
a person does not, and those that reorder words. Knows text only.
"""

from __future__ import annotations

import unicodedata

from plugins.printable import printable

_JOINERS = "\u200c\u200d"
"""Between letters of some scripts and between emoji they change the shape; elsewhere they hide."""
_STYLES = "\ufe0e\ufe0f"
"""After a sign they choose between a letter and an emoji."""
_BLANK = "\u115f\u1160\u17b4\u17b5\u3164\uffa0\u2800\u034f"
"""Drawn as nothing, though no format characters."""


def visible(text: str) -> str:
    """The text without hidden characters; line ends and tabs stay."""
    text = printable(text)
    if text.isascii():
        return text
    return "".join(
        one for place, one in enumerate(text) if not _is_hidden(one) or _joins(text, place)
    )


def hides(text: str) -> bool:
    """Whether there are hidden characters in it."""
    return visible(text) != text.replace("\r", "")


def _is_hidden(one: str) -> bool:
    if one in "\n\t":
        return False
    code = ord(one)
    return (
        one in _BLANK
        or 0xFE00 <= code <= 0xFE0F
        or 0xE0000 <= code <= 0xE0FFF
        or unicodedata.category(one) in ("Cc", "Cf", "Co", "Cn", "Cs")
    )


def _joins(text: str, place: int) -> bool:
    """Whether a character does what it is there for: between or after signs beyond ASCII."""
    before = text[place - 1] if place else ""
    after = text[place + 1] if place + 1 < len(text) else ""
    if text[place] in _STYLES:
        return bool(before) and not _is_hidden(before)
    shaped = (one and not one.isascii() and (not _is_hidden(one) or one in _STYLES)
              for one in (before, after))  # fmt: skip
    return text[place] in _JOINERS and all(shaped)
