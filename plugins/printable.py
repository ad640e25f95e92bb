"""Printable text from untrusted sources: without characters that steer a terminal or reorder words.

The one door for what a model, a file, a recipe or a plugin says. Knows text only.
"""

from __future__ import annotations

import os
import re

STEERING = "\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff"
"""Characters that are left out, as inside brackets of a pattern: control characters but line ends
and tabs, what overrides the direction of words, and halves of characters."""
_STEERING = re.compile(f"[{STEERING}]")


def printable(text: str) -> str:
    """The text without what would steer a terminal or show words in another order."""
    return _STEERING.sub("", text)


def one_line(text: str) -> str:
    """The printable text on one line, as errors and warnings are shown."""
    return printable(" ".join(text.split()))


def shown(path: str | os.PathLike[str]) -> str:
    """A path on one line that any terminal can print; what is not printable becomes escapes."""
    text = os.fsdecode(path).encode("utf-8", "backslashreplace").decode("utf-8")
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
