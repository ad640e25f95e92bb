"""Words that no dictionary knows: spelled letter by letter, or read by rules of spelling."""

from __future__ import annotations

import re

_NAMES = {
    "a": "A", "b": "bi", "c": "si", "d": "di", "e": "i", "f": "ɛf", "g": "ʤi", "h": "Aʧ",
    "i": "I", "j": "ʤA", "k": "kA", "l": "ɛl", "m": "ɛm", "n": "ɛn", "o": "O", "p": "pi",
    "q": "kju", "r": "ɑɹ", "s": "ɛs", "t": "ti", "u": "ju", "v": "vi", "w": "dʌbᵊlju",
    "x": "ɛks", "y": "wI", "z": "zi",
}  # fmt: skip
_VOWELS = "AIOWYaiuæɑɔəɛɜɪʊʌᵊ"
_V, _END = "aeiouy", r"(?![a-z])"
_RULES = (
    # Endings.
    (rf"ation{_END}", "ˈAʃən"), (rf"ssion{_END}", "ʃən"), (rf"tion{_END}", "ʃən"),
    (rf"sion{_END}", "ʒən"), (rf"cian{_END}", "ʃən"),
    (rf"tious{_END}", "ʃəs"), (rf"cious{_END}", "ʃəs"), (rf"ous{_END}", "əs"),
    (rf"ture{_END}", "ʧəɹ"), (rf"ion{_END}", "iən"), (rf"tial{_END}", "ʃᵊl"),
    (rf"cial{_END}", "ʃᵊl"),
    (rf"ology{_END}", "ˈɑləʤi"), (rf"ography{_END}", "ˈɑɡɹəfi"), (rf"age{_END}", "ɪʤ"),
    (rf"ware{_END}", "wˌɛɹ"), (rf"(?<=[^{_V}])le{_END}", "ᵊl"), (rf"ed{_END}", "d"),
    (rf"er{_END}", "əɹ"), (rf"or{_END}", "əɹ"), (rf"ing{_END}", "ɪŋ"), (rf"ic{_END}", "ɪk"),
    (rf"al{_END}", "ᵊl"), (rf"en{_END}", "ən"), (rf"ix{_END}", "ɪks"),
    # Several letters that are one sound.
    ("tch", "ʧ"), ("sch", "ʃ"), ("igh", "I"), ("eigh", "A"), ("ough", "O"), ("augh", "ɔ"),
    (r"(?<![a-z])kn", "n"), (r"(?<![a-z])wr", "ɹ"), (r"(?<![a-z])ps", "s"), (r"(?<![a-z])gn", "n"),
    (r"(?<![a-z])x", "z"), ("wh", "w"), ("qu", "kw"), ("q", "k"), ("ph", "f"), ("sh", "ʃ"),
    ("th", "θ"), ("ch", "ʧ"), ("ck", "k"), (r"gh(?=[aeiou])", "ɡ"), ("gh", ""),
    (r"ng(?=[kg])", "ŋ"), (rf"ng(?=[^{_V}])|ng{_END}", "ŋ"), (r"n(?=[kx])", "ŋ"), ("dge", "ʤ"),
    # Vowels with r.
    ("air", "ɛɹ"), ("are", "ɛɹ"), ("eer", "ɪɹ"), ("ear", "ɪɹ"), ("our", "ɔɹ"), ("oor", "ɔɹ"),
    ("ore", "ɔɹ"), ("ire", "Iəɹ"), ("ure", "jʊɹ"), (rf"ar(?![{_V}])", "ɑɹ"),
    (rf"or(?![{_V}])", "ɔɹ"), (rf"(?:er|ir|ur)(?![{_V}])", "ɜɹ"),
    # Vowels of two letters.
    ("ai", "A"), ("ay", "A"), ("ee", "i"), ("ea", "i"), ("ei", "A"), (rf"ey{_END}", "i"),
    ("ey", "A"), (rf"ie{_END}", "i"), ("ie", "i"), ("oa", "O"), ("oo", "u"), ("oi", "Y"),
    ("oy", "Y"), ("ou", "W"), (rf"ow{_END}", "O"), ("ow", "W"), ("au", "ɔ"), ("aw", "ɔ"),
    ("eu", "ju"), ("ew", "ju"), ("ue", "u"), ("ui", "u"), ("ia", "iə"), ("io", "iO"),
    # A vowel before one consonant and a silent e.
    (rf"a(?=[^{_V}wx]e{_END})", "A"), (rf"e(?=[^{_V}wx]e{_END})", "i"),
    (rf"i(?=[^{_V}wx]e{_END})", "I"), (rf"o(?=[^{_V}wx]e{_END})", "O"),
    (rf"u(?=[^{_V}wx]e{_END})", "u"), (rf"y(?=[^{_V}wx]e{_END})", "I"),
    # Vowels alone.
    (rf"(?<=[a-z][a-z])e{_END}", ""), (rf"a{_END}", "ə"), (rf"e{_END}", "i"), (rf"i{_END}", "i"),
    (rf"o{_END}", "O"), (rf"u{_END}", "u"), (rf"(?<=[a-z])y{_END}", "i"),
    (rf"o(?=[^{_V}][aeiou])", "O"), (rf"u(?=[^{_V}][aeiou])", "u"), (rf"a(?=[^{_V}][aeiou])", "A"),
    ("a", "æ"), ("e", "ɛ"), ("i", "ɪ"), ("o", "ɑ"), ("u", "ʌ"), (rf"y(?=[{_V}])", "j"),
    ("y", "ɪ"),
    # Consonants.
    (r"c(?=[eiy])", "s"), (rf"g(?=e{_END}|i[aou])", "ʤ"), (r"g(?=[ey])", "ʤ"),
    (rf"(?<=[aeiou])s(?=e{_END})", "z"), (r"([bdfgklmnprstvz])\1", "{0}"), ("cc", "k"), ("c", "k"),
    ("g", "ɡ"), ("j", "ʤ"), ("r", "ɹ"), ("x", "ks"), (r"[bdfhklmnpstvwz]", "{0}"), (".", ""),
)  # fmt: skip
_SPELLINGS = [(re.compile(pattern), phonemes) for pattern, phonemes in _RULES]
_WEAK = str.maketrans("æɑɛʌɜ", "əəəəə")
"""Vowels without stress."""
_DOUBLED = {"g": "ɡ", "r": "ɹ"}


def spelled(letters: str) -> str:
    """The names of Latin letters in a row, the last with the stress."""
    names = [_NAMES[letter] for letter in letters.lower() if letter in _NAMES]
    if not names:
        return ""
    return "".join(map(_light, names[:-1])) + _stressed(names[-1], "ˈ")


def _light(name: str) -> str:
    return _stressed(name, "ˌ")


def by_rules(word: str) -> str:
    """A guess how an English reader would say a word in small letters a to z."""
    at, phonemes = 0, []
    while at < len(word):
        for pattern, sounds in _SPELLINGS:
            if match := pattern.match(word, at):
                letter = match.group()[:1]
                phonemes.append(sounds.format(_DOUBLED.get(letter, letter)))
                at = match.end()
                break
    return _with_stress("".join(phonemes), word)


def _with_stress(phonemes: str, word: str) -> str:
    """Stress on the last vowel but one of names that end in a vowel, else on the first."""
    places = [at for at, phoneme in enumerate(phonemes) if phoneme in _VOWELS]
    if "ˈ" in phonemes or not places:
        return phonemes
    foreign = len(places) > 2 and word[-1] in "aiou"
    place = places[-2] if foreign else places[0]
    weak = phonemes[place + 1 :].translate(_WEAK)
    return phonemes[:place].translate(_WEAK) + "ˈ" + phonemes[place] + weak


def _stressed(phonemes: str, mark: str, at: int | None = None) -> str:
    """With a mark before a vowel, the first by default."""
    if at is None:
        at = next((i for i, phoneme in enumerate(phonemes) if phoneme in _VOWELS), None)
    return phonemes if at is None else phonemes[:at] + mark + phonemes[at:]
