"""How a conversation is to be answered: the limits of its settings, and their columns."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any

from storage import limits
from storage.errors import LibraryError
from storage.file.database import Write
from storage.records import Manner

LONGEST_SYSTEM = 20_000
"""Characters of what a language model is told about its task."""
WARMEST = 2.0
"""The highest temperature."""
LONGEST_ANSWER = 32_768
"""The most tokens of an answer that can be asked for."""
LONGEST_BUNDLE = 1000
"""Characters of a bundle's name or folder."""
COLUMNS = ("system", "temperature", "top_p", "max_new_tokens", "bundle", "think", "tools")


def system(value: Any) -> str | None:
    """A system text; None where the value is none."""
    return value[:LONGEST_SYSTEM] if isinstance(value, str) else None


def temperature(value: Any) -> float | None:
    """A temperature; None where the value is none."""
    return value if isinstance(value, float) and 0 <= value <= WARMEST else None


def top_p(value: Any) -> float | None:
    """A share of the likeliest words; None where the value is none."""
    return value if isinstance(value, float) and 0 < value <= 1 else None


def max_new_tokens(value: Any) -> int | None:
    """The length of an answer; None where the value is none."""
    return value if type(value) is int and 1 <= value <= LONGEST_ANSWER else None


def bundle(value: Any) -> str | None:
    """A bundle's name or folder; None where the value is none."""
    return limits.text(value)[:LONGEST_BUNDLE] or None if isinstance(value, str) else None


def truth(value: Any) -> int | None:
    """1 for yes and 0 for no, as SQLite keeps truth; None where the value is neither."""
    return value if type(value) is int and value in (0, 1) else None


def _truth(value: Any) -> bool | None:
    kept = truth(value)
    return None if kept is None else bool(kept)


def read(connection: sqlite3.Connection, conversation_id: int) -> Manner | None:
    """How a conversation is answered; a value that is none counts as not set. None where there is
    no such conversation."""
    sql = f"SELECT {', '.join(COLUMNS)} FROM conversations WHERE id = ?"
    row = connection.execute(sql, (conversation_id,)).fetchone()
    return None if row is None else from_row(row)


def from_row(row: Sequence[Any]) -> Manner:
    """A manner from its `COLUMNS`; a value that is none counts as not set."""
    made: tuple[Callable[[Any], Any], ...] = (
        system, temperature, top_p, max_new_tokens, bundle, _truth, _truth
    )  # fmt: skip
    return Manner(*(make(value) for make, value in zip(made, row, strict=True)))


def write(write: Write, conversation_id: int, manner: Manner) -> bool:
    """Keep a manner within a transaction; False where there is no such conversation."""
    sql = f"UPDATE conversations SET {', '.join(f'{name} = ?' for name in COLUMNS)} WHERE id = ?"
    return write.run(sql, (*to_row(manner), conversation_id)).rowcount > 0


def to_row(manner: Manner) -> list[Any]:
    """The values of a manner's `COLUMNS`."""
    return [getattr(manner, name) for name in COLUMNS]


def check_manner(manner: Manner) -> None:
    """Refuse wishes that no engine can follow.

    Raises:
        LibraryError: the text is too long, or a number is out of its limits.
    """
    length = len(manner.system or "")
    if length > LONGEST_SYSTEM:
        raise LibraryError(
            "expected at most {longest_system} characters of what the model is told, found "
            "{length}. Shorten it.",
            longest_system=LONGEST_SYSTEM,
            length=length,
        )
    if manner.temperature is not None and not 0 <= manner.temperature <= WARMEST:
        raise LibraryError(
            "expected a temperature from 0 to {warmest:g}, found {temperature:g}. Choose one "
            "within that.",
            warmest=WARMEST,
            temperature=manner.temperature,
        )
    if manner.top_p is not None and not 0 < manner.top_p <= 1:
        raise LibraryError(
            "expected a share of the likeliest words (top-p) above 0 up to 1, found {top_p:g}. "
            "Choose one within that.",
            top_p=manner.top_p,
        )
    if manner.max_new_tokens is not None and not 1 <= manner.max_new_tokens <= LONGEST_ANSWER:
        raise LibraryError(
            "expected an answer of 1 to {longest_answer} tokens (words or parts of words), found "
            "{max_new_tokens}. Choose a length within that.",
            longest_answer=LONGEST_ANSWER,
            max_new_tokens=manner.max_new_tokens,
        )
    if len(manner.bundle or "") > LONGEST_BUNDLE:
        raise LibraryError(
            "expected a bundle whose name or folder has at most {longest_bundle} characters, found "
            "{bundle_length}. Move the bundle.",
            longest_bundle=LONGEST_BUNDLE,
            bundle_length=len(manner.bundle or ""),
        )
