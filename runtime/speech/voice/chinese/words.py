"""A Chinese text as sounded words, by misaki's table from pinyin to phonemes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from runtime.speech.voice.chinese.numbers import AMOUNT, amount
from runtime.speech.voice.spoken import Sounded

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
"""Chinese characters, as the inside of a character class."""
_SIGNS = {"+": "加", "=": "等于", "×": "乘以", "÷": "除以", "%": "百分号", "&": "和", "°": "度"}
_MARKS = {
    "、": ",", "，": ",", "。": ".", "．": ".", "！": "!", "：": ":", "；": ";", "？": "?",
    ",": ",", ".": ".", "!": "!", ":": ":", ";": ";", "?": "?", "…": "…", "—": "—",
    "（": ",", "）": ",", "(": ",", ")": ",", "·": "",
}  # fmt: skip
_TOKEN = re.compile(
    rf"(?P<han>[{HAN}]+)|(?P<amount>{re.sub(r'[?]P<p[0-9]+>', '?:', AMOUNT.pattern)})"
    rf"|(?P<sign>[{re.escape(''.join(_SIGNS))}])|(?P<mark>[{re.escape(''.join(_MARKS))}])"
    r"|(?P<other>.)",
    re.DOTALL,
)


def sounded(text: str) -> list[Sounded]:
    """Every word of a text without Latin letters, with its phonemes and what follows it."""
    said: list[Sounded] = []
    for match in _TOKEN.finditer(text):
        kind, token = match.lastgroup or "other", match.group()
        if kind == "han":
            said += (Sounded(word, _phonemes(word)) for word in _words(token))
        elif kind in ("amount", "sign"):
            said.append(Sounded(token, _phonemes(_signs(kind, match))))
        elif kind == "mark" and said:
            said[-1] = Sounded(said[-1].text, said[-1].phonemes, _mark(said[-1].after, token))
    return [one for one in said if one.phonemes]


def _signs(kind: str, match: re.Match[str]) -> str:
    if kind == "sign":
        return _SIGNS[match.group()]
    found = AMOUNT.match(match.string, match.start())
    return amount(found) if found else ""


def _mark(before: str, token: str) -> str:
    mark = _MARKS[token]
    kept = before.strip() or mark
    return f"{kept} "


def _words(characters: str) -> Iterator[str]:
    yield from _segmenter().lcut(characters)


def _phonemes(word: str) -> str:
    from misaki.zh import ZHG2P

    phonemes: str = " ".join(ZHG2P.word2ipa(part) for part in _words(word))
    return phonemes.replace("\u032f", "")


@cache
def _segmenter() -> Any:
    """jieba, which keeps its table of words beside what else Medley caches."""
    import jieba
    import platformdirs

    folder = Path(platformdirs.user_cache_dir("medley", appauthor=False))
    folder.mkdir(parents=True, exist_ok=True)
    jieba.setLogLevel("ERROR")
    jieba.dt.tmp_dir = str(folder)
    jieba.initialize()
    return jieba
