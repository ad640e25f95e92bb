"""Topics that Pocket does not know: named things, and made-up words.

A list alone teaches the list. Made-up words teach that whatever is no word of Pocketworld is to be
refused, and characters from anywhere that what has no token of its own is no such word either.
Knows sentences; knows no scenes and no tokens.
"""

from __future__ import annotations

from training.dialogues.exchanges import Rng
from training.dialogues.phrasings import BOOKS
from training.pocketworld.captions import read_caption
from training.pocketworld.scene import pick

MADE_UP = 0.4
"""Share of subjects that are made up."""
ANYWHERE = 0.3
"""Share of made-up Chinese subjects whose characters come from all that Unicode calls unified."""
BEGINS = ("b", "br", "c", "ch", "d", "dr", "f", "fl", "g", "gr", "h", "j", "k", "l", "m", "n", "p",
          "pl", "qu", "r", "s", "sh", "st", "t", "tr", "v", "w", "z", "")  # fmt: skip
MIDDLES = ("a", "e", "i", "o", "u", "ai", "ea", "oo", "ou", "y")
ENDS = ("", "", "b", "ck", "ff", "l", "m", "n", "nt", "p", "r", "rd", "s", "t", "th", "x")
CHARACTERS = (
    "安百宝北本彩茶长城达电东飞福高歌古光国海河虎华话机吉家江金军科快力林龙路马美米明木南牛农"
    "平七奇千强桥青人仁山商生师石书树水四太田铁头土万王文五西香小心新星学烟阳药一医银英永鱼园远"
    "云张者真政正支知智中州主专子字总足祖作"
)


def outside(rng: Rng, language: str) -> str:
    """A topic outside Pocketworld."""
    if rng.random() >= MADE_UP:
        return pick(BOOKS[language].outside, rng)
    while True:
        subject = _chinese(rng) if language == "zh" else _english(rng)
        if not read_caption(subject):
            return subject


def _english(rng: Rng) -> str:
    syllables = [
        pick(BEGINS, rng) + pick(MIDDLES, rng) + pick(ENDS, rng)
        for _ in range(int(rng.integers(1, 4)))
    ]
    return f"{pick(('a ', 'the ', '', 'my '), rng)}{''.join(syllables)}"


def _chinese(rng: Rng) -> str:
    length = int(rng.integers(2, 5))
    if rng.random() < ANYWHERE:
        return "".join(chr(int(code)) for code in rng.integers(0x4E00, 0x9FA6, length))
    return "".join(pick(CHARACTERS, rng) for _ in range(length))
