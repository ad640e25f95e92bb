"""English words for numbers: whole, ordinal, years, digits one by one."""

from __future__ import annotations

import re

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = "- - twenty thirty forty fifty sixty seventy eighty ninety".split()
_GROUPS = ("", "thousand", "million", "billion", "trillion", "quadrillion")
_ORDINALS = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth",
    "nine": "ninth", "twelve": "twelfth",
}  # fmt: skip
_MOST_DIGITS = 3 * len(_GROUPS)


def cardinal(digits: str) -> str:
    """A number as it is written, such as `1,234.50`, in words."""
    whole, _, fraction = digits.replace(",", "").partition(".")
    words = _whole(whole or "0")
    return f"{words} point {one_by_one(fraction)}" if fraction else words


def ordinal(digits: str) -> str:
    """`21` as `twenty first`."""
    *before, last = cardinal(digits).split()
    if last in _ORDINALS:
        return " ".join((*before, _ORDINALS[last]))
    return " ".join((*before, re.sub("y$", "ie", last) + "th"))


def year(digits: str) -> str:
    """A year of four digits: `1984` as `nineteen eighty four`."""
    century, rest = int(digits[:2]), int(digits[2:])
    if century % 10 == 0 and rest < 10:
        return cardinal(digits)
    if rest == 0:
        return f"{_whole(str(century))} hundred"
    return f"{_whole(str(century))} {'oh ' if rest < 10 else ''}{_whole(str(rest))}"


def one_by_one(digits: str) -> str:
    """Every digit as a word of its own; other characters are left out."""
    return " ".join(_ONES[int(digit)] for digit in digits if digit in "0123456789")


def plural(words: str) -> str:
    """`nineteen eighty` as `nineteen eighties`."""
    if words.endswith("y"):
        return words[:-1] + "ies"
    return words + ("es" if words.endswith(("x", "s")) else "s")


def _whole(digits: str) -> str:
    if len(digits) > _MOST_DIGITS or (len(digits) > 1 and digits[0] == "0"):
        return one_by_one(digits)
    number, words = int(digits), []
    for group in reversed(range(len(_GROUPS))):
        count = number // 1000**group % 1000
        if count:
            words += [*_below_thousand(count), _GROUPS[group]]
    return " ".join(filter(None, words)) or _ONES[0]


def _below_thousand(number: int) -> list[str]:
    words = [_ONES[number // 100], "hundred"] if number >= 100 else []
    rest = number % 100
    if rest >= 20:
        words.append(_TENS[rest // 10])
        rest %= 10
    return [*words, _ONES[rest]] if rest else words
