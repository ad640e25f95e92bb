"""Whether a call is one of those that are right, as BFCL compares them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from runtime.messages import ToolCallPart

_IGNORED = re.compile(r"[ ,./\-_*^'\"]")


def is_right(
    calls: Sequence[ToolCallPart], right: Sequence[Mapping[str, Mapping[str, list[Any]]]]
) -> bool:
    """Whether the calls are exactly the right ones, in any order."""
    left = list(right)
    for call in calls:
        fitting = next((one for one in left if _fits(call, one)), None)
        if fitting is None:
            return False
        left.remove(fitting)
    return not left


def begins_right(calls: Sequence[ToolCallPart], right: Sequence[Mapping[str, object]]) -> bool:
    """Whether the first call is of the right tool, whatever its arguments are."""
    return bool(calls) and calls[0].name in right[0]


def is_call_in_words(words: str) -> bool:
    """Whether an answer in words begins as the JSON of a call does."""
    return re.match(r"\s*(```\w*\s*)?\{\s*\"name\"", words) is not None


def is_valid(call: ToolCallPart) -> bool:
    """Whether the arguments are a JSON object."""
    try:
        return isinstance(json.loads(call.arguments), dict)
    except ValueError:
        return False


def _fits(call: ToolCallPart, right: Mapping[str, Mapping[str, list[Any]]]) -> bool:
    (name, accepted), *_ = right.items()
    if call.name != name or not is_valid(call):
        return False
    given = json.loads(call.arguments)
    if not given.keys() <= accepted.keys():
        return False
    return all(
        any(_same(given[key], one) for one in values) if key in given else "" in values
        for key, values in accepted.items()
    )


def _same(given: Any, accepted: Any) -> bool:
    if isinstance(given, bool) or isinstance(accepted, bool):
        return given is accepted
    if isinstance(given, int | float) and isinstance(accepted, int | float):
        return given == accepted
    if isinstance(given, str) and isinstance(accepted, str):
        return _plain(given) == _plain(accepted)
    if isinstance(given, list) and isinstance(accepted, list):
        pairs = zip(given, accepted, strict=False)
        return len(given) == len(accepted) and all(_same(one, other) for one, other in pairs)
    if isinstance(given, dict) and isinstance(accepted, dict):
        return given.keys() <= accepted.keys() and all(
            any(_same(given[key], one) for one in _several(values))
            if key in given
            else "" in _several(values)
            for key, values in accepted.items()
        )
    return given is None and accepted is None


def _several(values: Any) -> list[Any]:
    return values if isinstance(values, list) else [values]


def _plain(text: str) -> str:
    return _IGNORED.sub("", text).lower()
