"""What is written with digits and signs, as English words: money, times, dates, units, sums.

A table of patterns, the first that fits wins; each has a function that says it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from runtime.speech.voice.english.numbers import cardinal, one_by_one, ordinal, plural, year
from runtime.speech.voice.english.units import LARGE, MONEY, UNITS, one_or_more
from runtime.speech.voice.sayable import Sayable

_MONTHS = (
    "January February March April May June July August September October November December"
).split()
_SHORT_MONTHS = {month[:3]: month for month in _MONTHS} | {"Sept": "September"}
_MONTH = "|".join([*_MONTHS, *sorted(_SHORT_MONTHS, key=len, reverse=True)])
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_SIGNED = rf"(?:(?<![\w)])[-−+])?{_NUMBER}"
_LARGE = "|".join(sorted(LARGE, key=len, reverse=True))
_UNIT = "|".join(re.escape(unit) for unit in sorted(UNITS, key=len, reverse=True))
_COIN = "|".join(re.escape(sign) for sign in MONEY)
_FRACTIONS = {"½": "one half", "¼": "one quarter", "¾": "three quarters", "⅓": "one third"}
Match = re.Match[str]


def signed(number: str) -> str:
    """A number that may begin with a sign."""
    sign = {"-": "minus ", "−": "minus ", "+": "plus "}.get(number[0], "")
    return sign + cardinal(number.lstrip("-−+"))


def _money(match: Match) -> str:
    one, many, cent, cents = MONEY[match["coin"]]
    number, large = match["sum"].replace(",", ""), LARGE.get(match["large"] or "", "")
    minus = "minus " if match["minus"] else ""
    if large:
        return f"{minus}{cardinal(number)} {large} {many}"
    whole, _, rest = number.partition(".")
    if len(rest) != 2:
        return f"{minus}{cardinal(number)} {one_or_more(number, one, many)}"
    small = f"{cardinal(str(int(rest)))} {one_or_more(str(int(rest)), cent, cents)}"
    if not int(whole) and int(rest):
        return minus + small
    big = f"{minus}{cardinal(whole)} {one_or_more(whole, one, many)}"
    return f"{big} and {small}" if int(rest) else big


def _time(match: Match) -> str:
    hour, minute, half = match["hour"], match["minute"], (match["half"] or "").lower()
    if int(hour) > 24 or int(minute) > 59:
        return f"{cardinal(str(int(hour)))} to {cardinal(str(int(minute)))}"
    words = cardinal(str(int(hour)))
    if int(minute):
        words += f" oh {cardinal(minute[1])}" if minute[0] == "0" else f" {cardinal(minute)}"
    elif not half:
        words += " o'clock" if 0 < int(hour) <= 12 else " hundred"
    if match["second"]:
        words += f" and {cardinal(str(int(match['second'])))} seconds"
    return words + _half(half)


def _half(half: str) -> str:
    return f" {half[0].upper()} M" if half else ""


def _hour(match: Match) -> str:
    return cardinal(match["hour"]) + _half(match["half"].lower())


def _iso_date(match: Match) -> str:
    month, day = int(match["month"]), int(match["day"])
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return " ".join(cardinal(part) for part in match.group().split("-"))
    return f"{_MONTHS[month - 1]} {ordinal(str(day))} {_year(match['year'])}"


def _month_day(match: Match) -> str:
    words = f"{_month(match['month'])} {ordinal(match['day'])}"
    return f"{words} {_year(match['year'])}" if match["year"] else words


def _day_month(match: Match) -> str:
    words = f"the {ordinal(match['day'])} of {_month(match['month'])}"
    return f"{words} {_year(match['year'])}" if match["year"] else words


def _month(name: str) -> str:
    return _SHORT_MONTHS.get(name.rstrip("."), name)


def _year(digits: str) -> str:
    return year(digits) if len(digits) == 4 and "1100" <= digits < "2100" else cardinal(digits)


def _decade(match: Match) -> str:
    digits = match["decade"]
    return plural(year(digits) if len(digits) == 4 else cardinal(digits))


def _unit(match: Match) -> str:
    one, many = UNITS[match["unit"]]
    return f"{signed(match['number'])} {one_or_more(match['number'], one, many)}"


def _range(match: Match) -> str:
    first, last = match["first"], match["last"]
    years = len(first) == 4 and len(last) in (2, 4) and "1100" <= first < "2100"
    say = _year if years else cardinal
    return f"{say(first)} to {say(last)}"


def _ratio(match: Match) -> str:
    return f"{cardinal(match['first'])} to {cardinal(match['last'])}"


def _fraction(match: Match) -> str:
    above, below = int(match["above"]), int(match["below"])
    special = {2: ("half", "halves"), 4: ("quarter", "quarters")}
    if not 2 <= below <= 20 or above >= below:
        return f"{cardinal(match['above'])} slash {cardinal(match['below'])}"
    one, many = special.get(below, (ordinal(str(below)), ordinal(str(below)) + "s"))
    return f"{cardinal(match['above'])} {one if above == 1 else many}"


def _dotted(match: Match) -> str:
    return " point ".join(cardinal(part) for part in match.group().split("."))


def _numbers(match: Match) -> str:
    return one_by_one(match.group())


def _cardinal(match: Match) -> str:
    return signed(match.group())


_PATTERNS: tuple[tuple[str, Callable[[Match], str]], ...] = (
    (
        rf"(?P<minus>[-−])?(?P<coin>{_COIN})\s?(?P<sum>{_NUMBER})"
        rf"(?:\s?(?P<large>{_LARGE})\b)?",
        _money,
    ),
    (r"(?<!\d)(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)", _iso_date),
    (
        r"(?<![\d:])(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))?(?![\d:])"
        r"(?:\s?(?P<half>[ap]\.?m\b\.?|[AP]\.?M\b\.?))?",
        _time,
    ),
    (r"(?<![\d.])(?P<hour>1?\d)\s?(?P<half>[ap]\.?m\b\.?|[AP]\.?M\b\.?)", _hour),
    (
        rf"\b(?P<month>{_MONTH})\b\.?\s(?P<day>[0-3]?\d)(?:st|nd|rd|th)?\b(?![.:]\d)"
        r"(?:,?\s(?P<year>\d{4})\b)?",
        _month_day,
    ),
    (
        rf"\b(?P<day>[0-3]?\d)(?:st|nd|rd|th)?\s(?P<month>{_MONTH})\b"
        r"(?:,?\s(?P<year>\d{4})\b)?",
        _day_month,
    ),
    (r"\+?\d{1,3}[ -]\d{3}[ -]\d{3,4}[ -]\d{3,4}\b|\b\d{3}-\d{3,4}(?:-\d{4})?\b", _numbers),
    (r"\b(?P<digits>[\d,]{0,15}\d)(?:st|nd|rd|th)\b", lambda match: ordinal(match["digits"])),
    (r"['’]?(?P<decade>\b(?:1[1-9]|20)?\d0)['’]?s\b", _decade),
    (r"(?<![\d.])\d+(?:\.\d+){2,}", _dotted),
    (r"(?<![\d:])(?P<first>\d+):(?P<last>\d+)(?![\d:])", _ratio),
    (r"\b24/7\b", lambda match: "twenty four seven"),
    (rf"(?P<number>{_NUMBER})[x×](?![\w])", lambda match: f"{cardinal(match['number'])} times"),
    (r"(?<![\d.,])\d{11,}(?![\d.,]\d)", _numbers),
    (rf"(?P<number>{_SIGNED})\s?(?P<unit>{_UNIT})(?![\w°])", _unit),
    (
        rf"(?<![\w.,-])(?P<first>{_NUMBER})\s?[-–]\s?(?P<last>{_NUMBER})(?![\w-])",
        _range,
    ),
    (r"(?<![\d/])(?P<above>\d{1,2})[/⁄](?P<below>\d{1,2})(?![\d/])", _fraction),
    (r"(?<![\d.,])(?:1[1-9]|20)\d\d(?![\d%,]\d|[.]\d|\d)", lambda match: _year(match.group())),
    (_SIGNED, _cardinal),
    ("[" + "".join(_FRACTIONS) + "]", lambda match: "and " + _FRACTIONS[match.group()]),
)
_SAYABLE = Sayable(_PATTERNS)
AMOUNT = _SAYABLE.pattern
"""Finds everything that `amount` can say."""


def amount(found: Match) -> str:
    """The words for a match of `AMOUNT`."""
    said = _SAYABLE.said(found)
    return cardinal(found.group()) if said is None else said
