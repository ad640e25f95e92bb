"""Checks the arguments of a call against its tool's JSON schema (2020-12). Knows no tool.

A schema may be a stranger's: nothing of it is fetched, none of its patterns is run (one can be made
to run for ever), and one that is deeper or longer than any honest schema is refused.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from plugins.errors import KnownError

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError
    from jsonschema.protocols import Validator

DEEPEST = 40
"""Levels of a schema or of arguments."""
LONGEST = 100_000
"""Characters of either."""


def canonical(arguments: str) -> str:
    """The same arguments in the one way to write them: two calls that ask for the same are equal.
    What is no JSON stays as it is."""
    try:
        return json.dumps(
            json.loads(arguments), sort_keys=True, separators=(",", ":"), ensure_ascii=False
        )
    except (ValueError, RecursionError):
        return arguments


def checked(arguments: str, schema: str) -> dict[str, Any]:
    """The arguments as data, if they fit.

    Raises:
        KnownError: they are no JSON object, or do not fit the schema; the sentence says where.
    """
    if len(arguments) > LONGEST:
        raise KnownError(
            "arguments: expected at most {most} characters, found {length}. Say less at once.",
            most=LONGEST,
            length=len(arguments),
        )
    data = _parsed(arguments)
    if not isinstance(data, dict) or _depth(data) > DEEPEST:
        raise KnownError(
            "arguments: expected a JSON object, found something else. Write one with the names of "
            "the tool's parameters."
        )
    from jsonschema.exceptions import best_match
    from referencing.exceptions import Unresolvable

    try:
        fault = best_match(_validator(schema).iter_errors(data))
    except (Unresolvable, RecursionError) as error:
        raise _unusable() from error
    if fault is not None:
        raise KnownError(
            "arguments: expected ones that fit the tool, found a fault at {place}: {fault}. "
            "Correct them and call it again.",
            place=fault.json_path,
            fault=_shortened(fault.message),
        )
    return data


def check_schema(schema: str) -> None:
    """Refuse a schema that cannot be used.

    Raises:
        KnownError: it is no schema of an object, or longer or deeper than can be looked over.
    """
    _validator(schema)


@functools.lru_cache(maxsize=512)
def _validator(schema: str) -> Validator:
    data = _parsed(schema) if len(schema) <= LONGEST else None
    if not isinstance(data, dict) or _depth(data) > DEEPEST:
        raise _unusable()
    if data.get("type", "object") != "object":
        raise _unusable()
    from jsonschema.exceptions import SchemaError
    from referencing import Registry

    checker_class = _checker_class()
    try:
        checker_class.check_schema(data)
    except (SchemaError, RecursionError) as error:
        raise _unusable() from error
    checker: Validator = checker_class(data, registry=Registry())
    return checker


def _any_pattern(
    _validator: Validator, _pattern: Any, _instance: Any, _schema: Mapping[str, Any]
) -> Iterator[ValidationError]:
    """Every text fits: a stranger's pattern is not run."""
    return iter(())


@functools.cache
def _checker_class() -> Any:
    from jsonschema import Draft202012Validator
    from jsonschema.validators import extend

    return extend(
        Draft202012Validator, {"pattern": _any_pattern, "patternProperties": _any_pattern}
    )


def _unusable() -> KnownError:
    return KnownError(
        "tool: expected parameters that are described by a JSON schema of an object, found ones "
        "that are not. Have its maker mend it."
    )


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _depth(data: Any) -> int:
    level, depth = [data], 0
    while level and depth <= DEEPEST:
        depth += 1
        level = [
            inner
            for one in level
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
    return depth


def _shortened(text: str) -> str:
    return text if len(text) <= 300 else f"{text[:300]}..."
