"""Markdown of one clause as words that can be said."""

from __future__ import annotations

import html
import re

_LATEX = {
    r"\times": "×", r"\cdot": "×", r"\div": "÷", r"\pm": "±", r"\leq": "≤", r"\geq": "≥",
    r"\neq": "≠", r"\approx": "≈", r"\pi": "π", r"\infty": "∞", r"\rightarrow": "→",
    r"\to": "→", r"\alpha": "α", r"\beta": "β", r"\gamma": "γ", r"\delta": "δ",
    r"\lambda": "λ", r"\sigma": "σ", r"\circ": "°", r"\left": "", r"\right": "",
}  # fmt: skip
_LINKS = (
    (r"<((?:https?|mailto):[^\s<>]+)>", r"\1"),
    (r"<!--.*?-->|</?[A-Za-z][^<>]*>", " "),
    (r"!?\[([^\[\]]*)\]\([^()\s]*(?:\([^()]*\)[^()]*)*(?:\s[^()]*)?\)", r"\1"),
    (r"!?\[([^\[\]^]+)\]\[[^\[\]]*\]", r"\1"),
    (r"\[\^[^\[\]]+\]|\[\d{1,3}(?:[,–-]\s?\d{1,3})*\]", ""),
    (r"(`+)(.+?)\1", r"\2"),
)
_FORMULAS = (
    (r"\\frac\{([^{}]*)\}\{([^{}]*)\}", r"\1 ÷ \2"),
    (r"\\sqrt\{([^{}]*)\}", r"√ \1"),
    (r"\\(?:text|mathrm|mathbf)\{([^{}]*)\}", r"\1"),
    (r"\\[()\[\]]|\$\$", " "),
)
_MARKS = (
    (r"\$([^$\d\s][^$\n]*?)\$(?!\d)", r"\1"),
    (r"~~(.+?)~~", r"\1"),
    (r"(?<!\\)\*{2,}|(?<![\\\d\s])\*(?!\d)|(?<!\\)\*(?=[^\s\d*])", ""),
    (r"(?<![^\W_])_+(?=\S)|(?<=\S)_+(?![^\W_])", ""),
    (r"\\([\\`*_{}\[\]()#+\-.!|>~$])", r"\1"),
    (r"\^\{?2\}?(?!\d)", "²"),
    (r"\^\{?3\}?(?!\d)", "³"),
    (r"[{}`]|\s\*\s(?!\d)", " "),
)
_COMMAND = re.compile(r"\\[A-Za-z]+")


def words_of(clause: str) -> str:
    """A clause of Markdown without its marks: links by their text, code and formulas by what
    stands in them, pictures by their description; without emoji."""
    clause = _changed(clause, _LINKS)
    if "\\" in clause:
        clause = _COMMAND.sub(_command, _changed(clause, _FORMULAS))
    clause = _changed(clause, _MARKS)
    words = " ".join(_without_emoji(html.unescape(clause)).split())
    return re.sub(r" +(?=[.,;:!?](?:\s|$))", "", words)


def cells(row: str) -> str:
    """A row of a table, its cells after each other; empty for the line below the head."""
    found = [cell.strip() for cell in re.split(r"(?<!\\)\|", row.strip().strip("|"))]
    if all(re.fullmatch(r":?-*:?", cell) for cell in found):
        return ""
    return ", ".join(filter(None, found))


def _changed(clause: str, changes: tuple[tuple[str, str], ...]) -> str:
    for pattern, to in changes:
        clause = re.sub(pattern, to, clause)
    return clause


def _command(match: re.Match[str]) -> str:
    return _LATEX.get(match.group(), match.group()[1:])


def _without_emoji(text: str) -> str:
    if text.isascii():
        return text
    import emoji

    kept = emoji.replace_emoji(text, lambda found, _: found if found in "©®™‼⁉↔" else " ")
    return re.sub("[\ufe00-\ufe0f\u200b-\u200d\u20e3]", "", kept)
