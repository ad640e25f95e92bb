"""The values of options: text as it was typed becomes a number or a list, or a sentence why not.

Knows argparse and nothing of the commands.
"""

from __future__ import annotations

import argparse
import re

MOST = 10**12
"""The largest count; of nothing here are there so many."""
_DEVICE = re.compile(r"auto|cpu|mps|cuda(:\d{1,3})?")
_SHOWN = 40
"""Characters of a value that are told."""
SLOWEST, FASTEST = 0.5, 2.0
"""Speeds at which a voice can be understood."""
WARMEST = 2.0
"""The highest temperature; above it models write no words any more."""


def positive(text: str) -> int:
    """A whole number from 1, as large as any count here can be."""
    number = integer(text)
    if not 1 <= number <= MOST:
        more = "" if number < 1 else f" to {MOST}"
        raise argparse.ArgumentTypeError(f"expected a number from 1{more}, found {_short(text)}")
    return number


def seed(text: str) -> int:
    """A whole number that a seed can be."""
    number = integer(text)
    if not 0 <= number < 2**32:
        raise argparse.ArgumentTypeError(
            f"expected a number from 0 to {2**32 - 1}, found {_short(text)}"
        )
    return number


def port(text: str) -> int:
    """A port that a user may listen on."""
    number = integer(text)
    if not 1024 <= number < 2**16:
        raise argparse.ArgumentTypeError(
            f"expected a number from 1024 to {2**16 - 1}, found {_short(text)}"
        )
    return number


def temperature(text: str) -> float:
    """A temperature, 0 to `WARMEST`."""
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= WARMEST:
        raise argparse.ArgumentTypeError(
            f"expected a number from 0 to {WARMEST:g}, found {_short(text)}"
        )
    return number


def top_p(text: str) -> float:
    """A share above 0, up to 1."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number <= 1:
        raise argparse.ArgumentTypeError(f"expected a number above 0 up to 1, found {_short(text)}")
    return number


def speed(text: str) -> float:
    """How fast a voice speaks, `SLOWEST` to `FASTEST`."""
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not SLOWEST <= number <= FASTEST:
        raise argparse.ArgumentTypeError(
            f"expected a number from {SLOWEST:g} to {FASTEST:g}, found {_short(text)}"
        )
    return number


def device(text: str) -> str:
    """The name of a torch device; whether it is here is found out when it is used."""
    name = text.strip().lower()
    if not _DEVICE.fullmatch(name):
        raise argparse.ArgumentTypeError(
            f"expected auto, cpu, cuda, cuda:1 or mps, found {_short(text)}"
        )
    return name


def integer(text: str) -> int:
    """A whole number."""
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected a whole number, found {_short(text)}") from None


def _short(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}...")


def count_of(text: str) -> tuple[str, int]:
    """`KIND=N` as its two parts."""
    kind, found, count = text.partition("=")
    if not found or not kind.strip():
        raise argparse.ArgumentTypeError(f"expected KIND=N such as image=4, found {_short(text)}")
    return kind.strip().lower(), positive(count)


def words(text: str) -> tuple[str, ...]:
    """Words between commas, each once, in lower case."""
    found = tuple(dict.fromkeys(word.strip().lower() for word in text.split(",") if word.strip()))
    if not found:
        raise argparse.ArgumentTypeError("expected a list such as text,image, found nothing")
    return found
