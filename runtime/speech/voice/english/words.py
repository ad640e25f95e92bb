"""An English text as sounded words: what each word of the text says, then how it sounds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from runtime.speech.voice.english.amounts import AMOUNT, amount
from runtime.speech.voice.english.lexicon import Lexicon
from runtime.speech.voice.english.numbers import cardinal, ordinal
from runtime.speech.voice.spoken import Sounded

_SHORT = {
    "e.g.": "for example", "i.e.": "that is", "etc.": "et cetera", "vs.": "versus",
    "mr.": "mister", "mrs.": "missis", "ms.": "miz", "dr.": "doctor", "prof.": "professor",
    "st.": "saint", "no.": "number", "fig.": "figure", "approx.": "approximately",
    "jr.": "junior", "sr.": "senior", "inc.": "incorporated", "ltd.": "limited", "co.": "company",
    "dept.": "department", "est.": "established", "min.": "minimum", "max.": "maximum",
    "a.m.": "A M", "p.m.": "P M", "ph.d.": "P H D", "w/o": "without", "w/": "with",
    "c++": "C plus plus", "c#": "C sharp", "i/o": "I O", "a/c": "A C",
    "at&t": "A T and T", "r&d": "R and D", "q&a": "Q and A", "b&b": "B and B",
}  # fmt: skip
_SIGNS = {
    "&": "and", "%": "percent", "+": "plus", "=": "equals", "×": "times", "÷": "divided by",
    "@": "at", "°": "degrees", "<": "less than", ">": "greater than", "≤": "at most",
    "≥": "at least", "≈": "about", "~": "about", "±": "plus or minus", "→": "to", "€": "euros",
    "£": "pounds", "$": "dollars", "²": "squared", "³": "cubed", "−": "minus", "√": "root of",
    "π": "pi", "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "λ": "lambda", "μ": "mu",
    "σ": "sigma", "ω": "omega", "Δ": "delta", "Ω": "ohms", "∞": "infinity", "§": "section",
    "≠": "is not",
}  # fmt: skip
_MARKS = {
    "。": ".", "，": ",", "、": ",", "！": "!", "？": "?", "；": ";", "：": ":", "–": "—",
    "―": "—", "(": ",", ")": ",", "（": ",", "）": ",", "[": ",", "]": ",",
}  # fmt: skip
_ENDS = ".!?;:,—…"
_TEXT = "A-Za-zÀ-ÖØ-öø-ÿĀ-ž"
_LETTERS = rf"[{_TEXT}]+(?:['’][{_TEXT}]+)*"
_SHORTS = "|".join(re.escape(short) for short in sorted(_SHORT, key=len, reverse=True))
_TOKEN = re.compile(
    rf"""
      (?P<address>(?:https?://|www\.)[^\s<>，。]+|[\w.+-]{{1,64}}@[\w-]+(?:\.[\w-]+)+
         |\b[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{0,5}}\.(?:com|org|net|io|ai|dev|edu|gov|cn|uk|de|txt|py|md)\b(?:/[^\s<>，。]*)?)
    | (?P<short>(?<![\w.])(?:{_SHORTS})(?![\w]))
    | (?P<dotted>(?<![\w.])(?:[A-Za-z]\.){{2,}})
    | (?P<roman>(?<=[A-Za-z]\s)[IVX]{{2,4}}\b)
    | (?P<amount>{re.sub(r"[?]P<p[0-9]+>", "?:", AMOUNT.pattern)})
    | (?P<letters>{_LETTERS}(?:(?<=[sS])['’](?!\w))?)
    | (?P<dash>\s+[-–—]+\s+|[—―…]+|--+|\.\.\.+)
    | (?P<sign>[{re.escape("".join(_SIGNS))}]|\#(?=\d)|\*(?=\s?\d)|\^|(?<=\d)/(?=\d))
    | (?P<mark>[.,!?;:。，、！？；：()（）\[\]])
    | (?P<space>\s+)
    | (?P<other>.)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NUMBERED = frozenset(
    "war chapter part act volume phase type level book section stage class mark".split()
)
_ROMAN = {"I": 1, "V": 5, "X": 10}


@dataclass
class _Said:
    """A token of the text and the words that are said for it."""

    text: str
    words: list[str]
    after: str = ""
    sounds: list[str] = field(default_factory=list)


def sounded(text: str, lexicon: Lexicon) -> list[Sounded]:
    """Every word of a text with its phonemes and what follows it."""
    said = _said(text)
    places = [(one, at) for one in said for at in range(len(one.words))]
    words = [one.words[at].lower() for one, at in places]
    borders = [one.after.strip() != "" and at == len(one.words) - 1 for one, at in places]
    sentence, onset = frozenset(words), ""
    for number in reversed(range(len(places))):
        one, at = places[number]
        ends = borders[number] or number + 1 == len(places)
        before = words[number - 1] if number and not borders[number - 1] else ""
        after = "" if ends else words[number + 1]
        onset = lexicon.phonemes(one.words[at], before, after, sentence, "" if ends else onset)
        one.sounds.insert(0, onset)
    return [Sounded(one.text, " ".join(filter(None, one.sounds)), one.after) for one in said]


def _said(text: str) -> list[_Said]:
    said: list[_Said] = []
    for match in _TOKEN.finditer(_joined_hyphens(text)):
        kind, token = match.lastgroup or "other", match.group()
        if kind in ("space", "mark", "dash"):
            if said:
                said[-1].after = _more(said[-1].after, _pause(kind, token))
            continue
        words = _words(kind, token, text, match)
        if not words:
            continue
        if said and not said[-1].after:
            said[-1].after = " "
        said.append(_Said(token, words))
    return said


def _joined_hyphens(text: str) -> str:
    """Hyphens inside of words as spaces of the same length, so that every place stays."""
    return re.sub(rf"(?<=[{_TEXT}])[-‐‑_](?=[{_TEXT}])", " ", text)


def _pause(kind: str, token: str) -> str:
    if kind == "space":
        return " "
    if kind == "dash":
        return "… " if token[0] in ".…" else "— "
    return _MARKS.get(token, token)


def _more(before: str, new: str) -> str:
    """Punctuation so far with one mark or space more; the stronger of several marks stays."""
    marks = [mark for mark in before + new if mark in _ENDS]
    space = " " if " " in before + new else ""
    return (min(marks, key="?!….;:—,".index) if marks else "") + space


def _words(kind: str, token: str, text: str, match: re.Match[str]) -> list[str]:
    match kind:
        case "address":
            return _address(token)
        case "short":
            return _SHORT[token.lower()].split()
        case "dotted":
            return [letter for letter in token.upper() if letter != "."]
        case "roman":
            return _roman(token, text[: match.start()])
        case "amount":
            found = AMOUNT.match(match.string, match.start())
            return (amount(found) if found else "").split()
        case "letters":
            return [token]
        case "sign":
            return _sign(token)
    return []


def _sign(token: str) -> list[str]:
    names = {"#": "number", "*": "times", "^": "to the power of", "/": "slash"}
    return (_SIGNS.get(token) or names[token]).split()


def _roman(token: str, before: str) -> list[str]:
    name = before.split()[-1] if before.split() else ""
    if not token.isupper() or not name[:1].isupper():
        return [token]
    values = [_ROMAN[letter] for letter in token]
    number = sum(-value if value < max(values[at:]) else value for at, value in enumerate(values))
    if name.lower() in _NUMBERED:
        return cardinal(str(number)).split()
    return ["the", *ordinal(str(number)).split()]


def _address(token: str) -> list[str]:
    """An address as it is told: its host, or who at which host."""
    token = re.sub(r"^https?://(?:www\.)?|^www\.", "", token, flags=re.IGNORECASE)
    host = re.split(r"[/?#]", token)[0].rstrip(".,;:!")
    return list(_address_words(host))


def _address_words(host: str) -> Iterator[str]:
    for part in re.findall(r"[A-Za-z]+|\d+|[.@_+-]", host):
        if part.isdigit():
            yield from cardinal(part).split()
        else:
            named = {".": "dot", "@": "at", "-": "dash", "_": "underscore", "+": "plus"}
            yield named.get(part, part)
