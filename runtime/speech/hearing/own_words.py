"""Tells own words that came back as an echo from those of a person. Knows words alone."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

_SHARE = 0.7
"""Of the letters that were heard, so many must be own ones for an echo."""
_RUN = 3
"""Letters in a row that are no chance; of scripts whose letters are words, one."""
_WORDLIKE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


def echoes(heard: str, said: str) -> bool:
    """Whether words that were heard are those that were being said, heard more or less well.

    Args:
        heard: by the microphone.
        said: from the loudspeaker in that time.
    """
    letters, own = _letters(heard), _letters(said)
    if not letters or not own:
        return False
    least = 1 if _WORDLIKE.search(letters) else min(_RUN, len(letters))
    blocks = SequenceMatcher(None, letters, own, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks if block.size >= least) >= _SHARE * len(letters)


def _letters(text: str) -> str:
    return "".join(re.findall(r"[^\W_]+", text.casefold()))
