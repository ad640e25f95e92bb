"""The phonemes of one English word: dictionaries first, then how it is built, then its letters.

The dictionaries are misaki's, which come with the model: a good one and a larger one.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

from plugins.errors import KnownError, phrase
from runtime.speech.voice.english.heteronyms import chosen, led_or_lead
from runtime.speech.voice.english.letters import by_rules, spelled
from runtime.speech.voice.english.suffixes import built, with_s

Entry: TypeAlias = str | dict[str, str | None]
FILES = ("us_gold.json", "us_silver.json")
_VOWELS = "AIOWYaiuæɑɔəɛɜɪʊʌᵊᵻ"
_WORDS = {
    "mr": "mister", "mrs": "missis", "ms": "miz", "jr": "junior", "sr": "senior", "vs": "versus",
    "prof": "professor", "approx": "approximately", "dept": "department", "fig": "figure",
    "approx.": "approximately", "wifi": "wi-fi",
}  # fmt: skip
_SOUNDS = {
    "miz": "mˈɪz", "medley": "mˈɛdli", "sql": "ˌɛskjˌuˈɛl", "gui": "ɡˈui", "linux": "lˈɪnəks",
    "ubuntu": "ubˈuntu", "json": "ʤˈAsən", "yaml": "jˈæməl", "kokoro": "kOkˈOɹO",
    "qwen": "kwˈɛn", "llama": "lˈɑmə", "python": "pˈIθˌɑn", "regex": "ɹˈɛʤˌɛks",
    "jpeg": "ʤˈApˌɛɡ", "mpeg": "ˈɛmpˌɛɡ", "wav": "wˈAv", "webp": "wˌɛbpˈi", "emoji": "ɪmˈOʤi",
    "kubernetes": "kˌubəɹnˈɛTiz",
}  # fmt: skip
_LONGEST_SPELLED = 5


class Lexicon:
    """All English words the voice knows, and how it reads those that it does not."""

    def __init__(
        self,
        gold: Mapping[str, Entry],
        silver: Mapping[str, Entry],
        own: Mapping[str, str] | None = None,
    ) -> None:
        """
        Args:
            gold, silver: phonemes by word; by kind of word where it has several.
            own: a person's pronunciations, phonemes by word in small letters.
        """
        self._books = (gold, silver)
        self._own = {word.lower(): phonemes for word, phonemes in (own or {}).items()}

    @classmethod
    def open(cls, folder: Path, own: Mapping[str, str] | None = None) -> Lexicon:
        """The dictionaries of a model's folder.

        Raises:
            KnownError: a dictionary is missing or broken.
        """
        gold, silver = (_read(folder / name) for name in FILES)
        return cls(gold, silver, own)

    def phonemes(
        self, word: str, before: str, after: str, sentence: frozenset[str], onset: str
    ) -> str:
        """How a word sounds between its neighbours.

        Args:
            word: letters and apostrophes.
            before, after: the neighbours in small letters; empty at a border of the clause.
            sentence: all words of the text in small letters.
            onset: the first sound of what follows; empty at the end of the clause.
        """
        small = _plain(word).lower()
        small = _WORDS.get(small, small)
        if found := self._own.get(small) or _SOUNDS.get(small):
            return found
        if found := _little_word(small, word, before, after, onset):
            return found
        if _is_spelled(word) and not self._is_word(word):
            return _spelled_word(word)
        entry = self._entry(word.replace("’", "'")) or self._entry(small)
        if isinstance(entry, dict):
            found = chosen(small, entry, before, after, sentence)
            return _kokoro(found) if found else spelled(word)
        return _kokoro(entry or built(small, self._known) or self._unknown(_plain(word)))

    def _known(self, word: str) -> str | None:
        entry = self._own.get(word) or self._entry(word)
        return entry.get("DEFAULT") if isinstance(entry, dict) else entry

    def _entry(self, word: str) -> Entry | None:
        for form in dict.fromkeys((word, word.lower(), word.capitalize())):
            for book in self._books:
                if form in book:
                    entry = book[form]
                    if not (isinstance(entry, dict) and entry["DEFAULT"] is None):
                        return entry
        return None

    def _is_word(self, word: str) -> bool:
        """Whether capital letters stand for a word: NASA, but not CPU, and not US."""
        if word in self._books[0]:
            entry = self._books[0][word]
            return not isinstance(entry, dict) or entry.get("NOUN", "") is not None
        return word.lower() in self._books[0]

    def _unknown(self, word: str) -> str:
        """Parts of a name such as GitHub one by one, else by the rules of spelling."""
        parts = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[A-Z]+", word)
        if len(parts) > 1:
            return "".join(self._part(part) for part in parts)
        small = re.sub("[^a-z]", "", word.lower())
        return by_rules(small) if re.search("[aeiouy]", small) else spelled(small)

    def _part(self, part: str) -> str:
        if _is_spelled(part) or len(part) == 1:
            return spelled(part)
        return self._known(part.lower()) or by_rules(part.lower())


def _little_word(small: str, word: str, before: str, after: str, onset: str) -> str | None:
    """The words whose sound hangs on what follows, and letters that stand alone."""
    vowel = bool(onset) and onset.lstrip("ˈˌ")[:1] in _VOWELS
    if small == "a":
        article = word == "a" or (not before and len(after) > 1)
        return "ɐ" if after and article else "ˈA"
    if small == "the":
        return "ði" if vowel else "ðə"
    if small == "to":
        return ("tʊ" if vowel else "tə") if onset else "tu"
    if small == "lead":
        return led_or_lead(before, after)
    if word == "I":
        return "ˌI" if after else "ˈI"
    return {"an": "ɐn", "in": "ɪn" if after else "ˈɪn"}.get(small)


def _is_spelled(word: str) -> bool:
    """Whether letters look like an abbreviation: CPU, PDFs, but not STOP."""
    letters = word[:-1] if len(word) > 2 and word.endswith("s") else word
    if not (letters.isalpha() and letters.isupper()):
        return False
    return len(letters) <= _LONGEST_SPELLED or not re.search("[AEIOUY]", letters)


def _spelled_word(word: str) -> str:
    if len(word) > 2 and word.endswith("s"):
        return with_s(spelled(word[:-1]))
    return spelled(word)


def _plain(word: str) -> str:
    """Without accents, with a straight apostrophe."""
    decomposed = unicodedata.normalize("NFKD", word.replace("’", "'").replace("‘", "'"))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _kokoro(phonemes: str) -> str:
    """The dictionary's phonemes in the alphabet that the model learned."""
    return phonemes.replace("ɾ", "T").replace("ʔ", "t")


def _read(path: Path) -> dict[str, Entry]:
    try:
        book = json.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        found = error.strerror if isinstance(error, OSError) else phrase("something else")
        raise KnownError(
            "{path}: expected a dictionary of the voice, found {found}. Run `medley models "
            "get starter` to fetch it again.",
            path=path,
            found=found,
        ) from error
    if not isinstance(book, dict):
        raise KnownError(
            "{path}: expected a dictionary of the voice, found something else. Run `medley "
            "models get starter` to fetch it again.",
            path=path,
        )
    return book
