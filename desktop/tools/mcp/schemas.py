"""Bounds the JSON schemas that servers bring: their size, their depth, what they refer to.

A schema becomes a grammar and checks arguments, in the window's process too, so a server must not
be able to make that slow. Knows JSON only.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

import msgspec

from plugins.errors import KnownError, Problem, phrase

MOST_BYTES = 64 * 1024
MOST_DEPTH = 32
MOST_NODES = 20_000
"""Objects and lists, each reference counted as all that it refers to."""
_REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")
_SLOW_PATTERN = re.compile(r"\)\s*[*+?{]|\\[1-9]|[*+}][*+{]")
"""A group that is repeated, or a repeated repetition: what makes matching take for ever."""
_LONGEST_PATTERN = 200
Json = dict[str, Any]


def bounded(schema: Json) -> str:
    """The schema as JSON, without patterns that could take for ever to match.

    Raises:
        KnownError: it is too large or too deep, no object is described, or it refers to another
            document; one clause.
    """
    if schema.get("type", "object") != "object":
        raise KnownError(_no_object(schema.get("type")))
    try:
        text = msgspec.json.encode(_without_slow_patterns({**schema, "type": "object"}, 0))
    except (RecursionError, TypeError, ValueError) as error:
        raise KnownError("its schema is no JSON ({error})", error=error) from error
    if len(text) > MOST_BYTES:
        raise KnownError(
            "its schema has {size} bytes, {most} are allowed", size=len(text), most=MOST_BYTES
        )
    try:
        _Counter(schema).count()
    except RecursionError as error:
        raise KnownError("its schema is deeper than {most}", most=MOST_DEPTH) from error
    return text.decode()


def _no_object(found: object) -> Problem:
    return phrase("its arguments are no object but {found}", found=str(found)[:40])


def _without_slow_patterns(value: Any, depth: int) -> Any:
    if depth > MOST_DEPTH:
        raise KnownError("its schema is deeper than {most}", most=MOST_DEPTH)
    if isinstance(value, list):
        return [_without_slow_patterns(one, depth + 1) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        name: _without_slow_patterns(one, depth + 1)
        for name, one in value.items()
        if not (name == "pattern" and isinstance(one, str) and _is_slow(one))
        and name != "patternProperties"
    }


def _is_slow(pattern: str) -> bool:
    return len(pattern) > _LONGEST_PATTERN or _SLOW_PATTERN.search(pattern) is not None


class _Counter:
    """Counts a schema as it is with every reference followed."""

    def __init__(self, schema: Json) -> None:
        self._schema = schema
        self._counted: dict[str, int] = {}
        self._open: set[str] = set()

    def count(self) -> int:
        """Nodes.

        Raises:
            KnownError: too many, or a reference leads nowhere or elsewhere.
        """
        return self._of(self._schema)

    def _of(self, value: Any) -> int:
        total = 0
        if isinstance(value, dict):
            total = 1 + sum(self._of(one) for one in value.values())
            for name in _REFERENCES:
                if isinstance(value.get(name), str):
                    total += self._referred(value[name])
        elif isinstance(value, list):
            total = 1 + sum(self._of(one) for one in value)
        if total > MOST_NODES:
            raise KnownError("its schema is larger than {most} parts", most=MOST_NODES)
        return total

    def _referred(self, reference: str) -> int:
        if reference in self._open:
            return 0  # It refers to itself, as trees do.
        if reference not in self._counted:
            self._open.add(reference)
            self._counted[reference] = self._of(self._found(reference))
            self._open.discard(reference)
        return self._counted[reference]

    def _found(self, reference: str) -> Any:
        if not reference.startswith("#"):
            raise KnownError(
                "its schema refers to another document, {reference}", reference=reference[:80]
            )
        value: Any = self._schema
        for step in reference[1:].split("/")[1:]:
            name = unquote(step).replace("~1", "/").replace("~0", "~")
            if isinstance(value, dict) and name in value:
                value = value[name]
            elif isinstance(value, list) and name.isdigit() and int(name) < len(value):
                value = value[int(name)]
            else:
                raise KnownError(
                    "its schema refers to {reference}, which it has not", reference=reference[:80]
                )
        return value
