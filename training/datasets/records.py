"""One JSON object of untrusted data: only known keys, and values of the right type and a bounded
size.

Knows no particular form.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Collection
from typing import Any

from training.datasets.examples import BadData

MAX_CAPTION_WORDS = 256
MAX_TEXT_WORDS = 2048
"""The most words in one message of a dialogue."""
_LETTERS_A_WORD = 12
"""Scripts without spaces between words are bounded by letters."""


class Record:
    """A JSON object whose keys are all known."""

    def __init__(self, data: object, known: Collection[str]) -> None:
        """Check the keys.

        Raises:
            BadData: it is not an object, or has a key that is not known.
        """
        if not isinstance(data, dict):
            raise BadData("wrong type", f"expected an object, found {describe(data)}")
        for key in data:
            if key not in known:
                near = difflib.get_close_matches(str(key), known, n=1)
                hint = f"; did you mean {near[0]!r}?" if near else ""
                raise BadData("unknown key", f"unknown key {str(key)[:60]!r}{hint}")
        self._data: dict[str, Any] = data

    def __contains__(self, key: str) -> bool:
        return self._data.get(key) is not None

    def text(self, key: str, *, words: int = MAX_TEXT_WORDS) -> str:
        """A text that is not empty, its white space and control characters tidied.

        Raises:
            BadData: absent, no text, empty, or of more than `words` words.
        """
        text = self.words(key, words=words)
        if not text:
            raise BadData("empty", f"{key} is empty")
        return text

    def words(self, key: str, *, words: int = MAX_TEXT_WORDS) -> str:
        """A text that may be empty; see `text`."""
        return tidy(self._value(key), key, words)

    def optional(self, key: str, default: str = "") -> str:
        """A text, or `default` where there is none."""
        return self.words(key) if key in self else default

    def texts(self, key: str, *, words: int = MAX_TEXT_WORDS) -> list[str]:
        """A list of texts; a single text is a list of one, and an absent key an empty list."""
        if key not in self:
            return []
        value = self._data[key]
        items = value if isinstance(value, list) else [value]
        return [tidy(item, key, words) for item in items]

    def items(self, key: str) -> list[Any]:
        """A list of anything; an absent key is an empty list."""
        if key not in self:
            return []
        value = self._data[key]
        if not isinstance(value, list):
            raise BadData("wrong type", f"{key}: expected a list, found {describe(value)}")
        return value

    def _value(self, key: str) -> Any:
        if key not in self:
            raise BadData("missing key", f"expected {key!r}, found {', '.join(self._data) or '{}'}")
        return self._data[key]


def tidy(value: object, what: str, words: int) -> str:
    """A text without control characters, white space at its ends or more than `words` words.

    Raises:
        BadData: no text, or too long.
    """
    if not isinstance(value, str):
        raise BadData("wrong type", f"{what}: expected text, found {describe(value)}")
    if len(value) > words * _LETTERS_A_WORD or (count := len(value.split())) > words:
        count = len(value.split())
        raise BadData(
            "too long",
            f"{what} of {count} words and {len(value)} letters, expected at most {words} words "
            f"and {words * _LETTERS_A_WORD} letters",
        )
    kept = (c for c in value if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    return "".join(kept).strip()


def describe(value: object) -> str:
    """A JSON value in a few words."""
    names = {
        dict: "an object",
        list: "a list",
        str: "text",
        bool: "true or false",
        type(None): "null",
    }
    return names.get(type(value), "a number")
