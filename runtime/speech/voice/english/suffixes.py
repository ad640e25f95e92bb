"""Phonemes of a word that is built from a known one: plurals, past forms, endings, beginnings."""

from __future__ import annotations

import re
from collections.abc import Callable

Look = Callable[[str], str | None]
"""Phonemes of a word in small letters, as it stands in the dictionary."""
_FLAPS = frozenset("AIOWYiuæɑəɛɪɹʊʌ")
"""After one of these an American t between vowels is a flap."""
_ENDINGS = {
    "ly": "li", "ness": "nəs", "less": "ləs", "ful": "fᵊl", "ment": "mənt", "able": "əbᵊl",
    "er": "əɹ", "ers": "əɹz", "or": "əɹ", "est": "əst", "ish": "ɪʃ", "y": "i", "ism": "ˌɪzᵊm",
    "ist": "ɪst", "ize": "ˌIz", "izes": "ˌIzᵻz", "ized": "ˌIzd", "izing": "ˌIzɪŋ", "ship": "ʃˌɪp",
    "hood": "hˌʊd", "like": "lˌIk", "wise": "wˌIz", "ian": "iən", "ic": "ɪk", "ation": "ˈAʃən",
}  # fmt: skip
_CONTRACTIONS = {"'ve": "əv", "'d": "d", "'ll": "ᵊl", "'re": "əɹ", "n't": "ᵊnt", "'m": "m"}
_BEGINNINGS = {
    "un": "ˌʌn", "re": "ɹˌi", "non": "nˌɑn", "pre": "pɹˌi", "over": "ˌOvəɹ", "under": "ˌʌndəɹ",
    "dis": "dˌɪs", "mis": "mˌɪs", "multi": "mˌʌlti", "anti": "ˌænti", "sub": "sˌʌb",
    "super": "sˌupəɹ", "inter": "ˌɪntəɹ", "micro": "mˌIkɹO", "auto": "ˌɔɾO", "semi": "sˌɛmi",
    "hyper": "hˌIpəɹ", "mega": "mˌɛɡə", "co": "kˌO", "de": "dˌi", "out": "ˌWt", "up": "ˌʌp",
}  # fmt: skip
_LEAST = 3
"""Letters of a word that something is added to, or of one that is half of a compound."""


def built(word: str, look: Look) -> str | None:
    """The phonemes of a word in small letters that is no word of the dictionary; None where it is
    not built from one either."""
    for way in (_contraction, _possessive, _plural, _past, _ing, _ending, _beginning, _compound):
        if found := way(word, look):
            return found
    return None


def with_s(stem: str) -> str:
    """The phonemes with the ending -s, as in cats, dogs and horses."""
    if stem[-1] in "szʃʒʧʤ":
        return stem + "ᵻz"
    return stem + ("s" if stem[-1] in "ptkfθ" else "z")


def _with_ed(stem: str) -> str:
    if stem[-1] in "pkfθʃsʧ":
        return stem + "t"
    if stem[-1] == "t":
        return _flapped(stem) + "ᵻd"
    return stem + ("ᵻd" if stem[-1] == "d" else "d")


def _flapped(stem: str) -> str:
    flaps = len(stem) > 1 and stem[-1] == "t" and stem[-2] in _FLAPS
    return stem[:-1] + "ɾ" if flaps else stem


def _contraction(word: str, look: Look) -> str | None:
    for letters, phonemes in _CONTRACTIONS.items():
        if word.endswith(letters) and word != letters:
            stem = look(word[: -len(letters)]) or built(word[: -len(letters)], look)
            return stem + phonemes if stem else None
    return None


def _possessive(word: str, look: Look) -> str | None:
    if word.endswith("s'"):
        return look(word[:-1]) or built(word[:-1], look)
    if not word.endswith("'s"):
        return look(word[:-1]) if word.endswith("'") else None
    stem = look(word[:-2]) or built(word[:-2], look)
    return with_s(stem) if stem else None


def _plural(word: str, look: Look) -> str | None:
    if not word.endswith("s") or word.endswith(("ss", "us", "is")) or len(word) < _LEAST:
        return None
    stems = [word[:-1], word[:-2] if word.endswith("es") else ""]
    stems.append(word[:-3] + "y" if word.endswith("ies") else "")
    stem = _first(stems, look) or built(word[:-1], look)
    return with_s(stem) if stem else None


def _past(word: str, look: Look) -> str | None:
    if not word.endswith("ed") or len(word) < _LEAST + 1:
        return None
    stem = _first([word[:-1], word[:-2], _single(word[:-2]), _with_y(word[:-2])], look)
    return _with_ed(stem) if stem else None


def _ing(word: str, look: Look) -> str | None:
    if not word.endswith("ing") or len(word) < _LEAST + 2:
        return None
    stem = _first([word[:-3], word[:-3] + "e", _single(word[:-3])], look)
    return _flapped(stem) + "ɪŋ" if stem else None


def _ending(word: str, look: Look) -> str | None:
    for letters, phonemes in _ENDINGS.items():
        base = word[: -len(letters)]
        if word.endswith(letters) and len(base) >= _LEAST:
            stem = _first([base, base + "e", _single(base), _with_y(base)], look)
            if stem:
                return (_flapped(stem) if phonemes[0] in "əɪiˌˈ" else stem) + phonemes
    return None


def _beginning(word: str, look: Look) -> str | None:
    for letters, phonemes in _BEGINNINGS.items():
        rest = word[len(letters) :]
        if word.startswith(letters) and len(rest) >= _LEAST:
            stem = look(rest) or (built(rest, look) if len(rest) > _LEAST + 2 else None)
            if stem:
                return phonemes + stem
    return None


def _compound(word: str, look: Look) -> str | None:
    """Two words written as one, the longest first half first."""
    for at in range(len(word) - _LEAST, _LEAST, -1):
        first, second = look(word[:at]), look(word[at:])
        if first and second:
            return first + second.replace("ˌ", "").replace("ˈ", "ˌ")
    return None


def _first(stems: list[str], look: Look) -> str | None:
    known = (look(stem) for stem in stems if len(stem) > 1)
    return next((phonemes for phonemes in known if phonemes), None)


def _single(stem: str) -> str:
    """`stopp` as `stop`; empty where no letter is doubled."""
    return stem[:-1] if re.search(r"([bdfgklmnprtz])\1$", stem) else ""


def _with_y(stem: str) -> str:
    return stem[:-1] + "y" if stem.endswith("i") else ""
