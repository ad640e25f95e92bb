"""Detects transcripts of speech that are made up. Knows words, no model.

Whisper fills stretches without speech with phrases from the ends of films, and falls into loops.
"""

from __future__ import annotations

import re

_NGRAM = 3
_MOST_REPEATS = 2
"""The most times that the same three words may occur in a row."""
_LONGEST_LOOP = 12
"""Words of the longest loop that is looked for."""
_UNSURE = 0.25
_SURE_OF_STOCK = 0.5
_SILENT = 0.6
"""Chance of "no speech" from which an unsure text is dropped."""
_STOCK = frozenset(
    (
        "thank you",
        "thank you for watching",
        "thanks for watching",
        "thank you very much",
        "please subscribe",
        "bye",
        "bye bye",
        "you",
        "the end",
        "subtitles by the amara org community",
        "谢谢",
        "谢谢观看",
        "谢谢大家",
        "请不吝点赞订阅转发打赏支持明镜与点点栏目",
        "字幕由amara org社区提供",
    )
)
"""Phrases that Whisper hears in noise and music."""
_WORD = re.compile(r"[一-鿿ぁ-ヿ]|[^\W一-鿿ぁ-ヿ]+")


def is_doubtful(text: str, confidence: float, silence: float) -> bool:
    """True if a text was more likely made up than heard.

    Args:
        text: of one stretch of speech.
        confidence: 0 to 1, the model's mean for its tokens.
        silence: 0 to 1, the chance that nobody speaks.
    """
    words = _WORD.findall(text)
    if not words:
        return True
    if confidence < _UNSURE and silence > _SILENT:
        return True
    plain = " ".join(words).lower()
    compact = plain.replace(" ", "")
    stock = plain in _STOCK or compact in {phrase.replace(" ", "") for phrase in _STOCK}
    return stock and (confidence < _SURE_OF_STOCK or silence > _SILENT / 2)


def without_repeats(text: str) -> str:
    """The text with every loop of three words or more cut after its second turn; single words that
    are said many times in a row likewise."""
    found = list(_WORD.finditer(text))
    words = [match.group().lower() for match in found]
    at = 0
    while at < len(words):
        loop = _loop_at(words, at)
        if loop is None:
            at += 1
            continue
        size, turns = loop
        keep = at + size * _MOST_REPEATS
        end = at + size * turns
        text = text[: found[keep - 1].end()] + text[found[end - 1].end() :]
        found = list(_WORD.finditer(text))
        words = [match.group().lower() for match in found]
        at = keep
    return text.strip()


def _loop_at(words: list[str], at: int) -> tuple[int, int] | None:
    """Words in one turn and number of turns of a loop that begins here."""
    for size in range(1, _LONGEST_LOOP + 1):
        turn = words[at : at + size]
        turns = 1
        while words[at + turns * size : at + (turns + 1) * size] == turn:
            turns += 1
        if turns > _MOST_REPEATS and size * turns > _NGRAM * _MOST_REPEATS:
            return size, turns
    return None
