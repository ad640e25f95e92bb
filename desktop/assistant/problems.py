"""Problems as the library keeps them: the English sentence as words, and beside it, in the details
of a message or a part, what another language is made of."""

from __future__ import annotations

from typing import Any

import msgspec

from plugins.errors import Problem
from storage.records import Message

KEY = "problem"
"""In the details of what failed."""


def kept(problem: Problem) -> dict[str, Any]:
    """A problem as plain data for JSON."""
    data: dict[str, Any] = msgspec.to_builtins(problem)
    return data


def problem_of_message(message: Message) -> Problem:
    """Why a message failed."""
    return problem_from(message.details.get(KEY), message.error)


def problem_from(data: object, words: str = "") -> Problem:
    """The problem of plain data; where there is none, as in older libraries, of its words."""
    try:
        return msgspec.convert(data, Problem)
    except msgspec.ValidationError:
        return Problem(words or (data if isinstance(data, str) else ""))
