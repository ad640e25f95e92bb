"""Tells short words that interrupt from those that only say "I am listening". Knows words alone."""

from __future__ import annotations

import re

_INTERRUPT = frozenset(
    "stop wait no pause quiet enough cancel halt hey medley hold shut "
    "停 停下 停一下 等 等等 等一下 等会 不 不是 不对 不要 别 别说了 够了 安静 闭嘴 暂停 打住 "
    "喂".split()
)
"""Words that, said alone into own speech, mean that it should stop."""
_HEARD_FOR_STOP = frozenset("听 庭 婷".split())
"""What a small model writes for 停 where it stands alone."""


def interrupts(text: str) -> bool:
    """Whether a short utterance means to stop who is speaking."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    return bool(words) and (words[0] in _INTERRUPT or words[0] in _HEARD_FOR_STOP)
