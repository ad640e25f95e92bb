"""Where in an answer's text a listener was when its voice was silenced. Knows words only.

What is spoken differs from what is written (marks, links and code are left out), so the heard words
are looked for in the text, one after the other.
"""

from __future__ import annotations

import re

_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+")
"""A word, or one character of a script that is written without spaces."""
_NEAR = 12
"""So many words of the text may lie between two that were heard: what is not spoken."""
_CLOSING = re.compile(r"[*_`~)\]”\"'」』》]*[,.;:!?…，。；：！？、]*[*_`~)\]”\"'」』》]*")
"""What belongs to the word before it."""


def heard_length(text: str, heard: str) -> int:
    """How many characters of `text` a person heard.

    Args:
        text: an answer as it is written.
        heard: what of it was heard, as it was spoken.
    """
    written = list(_WORD.finditer(text))
    place = -1
    for word in _WORD.findall(heard):
        wanted = word.casefold()
        near = range(place + 1, min(place + 1 + _NEAR, len(written)))
        place = next((i for i in near if written[i].group().casefold() == wanted), place)
    if place < 0:
        return 0
    end = written[place].end()
    closing = _CLOSING.match(text, end)
    return end if closing is None else closing.end()


def language_of(text: str, default: str = "en") -> str:
    """`zh` where Chinese characters stand in a text, `en` where Latin letters do."""
    if re.search(r"[\u3400-\u9fff]", text):
        return "zh"
    return "en" if re.search(r"[A-Za-z]", text) else default
