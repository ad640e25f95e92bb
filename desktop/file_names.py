"""Names of files, made from what a person wrote. Knows no folder."""

from __future__ import annotations

import os
import re


def slug(text: str) -> str:
    """A short file name from a request: its first words, joined by hyphens."""
    words = re.findall(r"\w+", text.lower())
    name = ""
    for word in words:
        if len(name) + len(word) > 40:
            break
        name = f"{name}-{word}" if name else word
    name = name or "-".join(words)[:40]
    try:
        os.fsencode(name)
    except UnicodeEncodeError:
        return "answer"
    return name or "answer"
