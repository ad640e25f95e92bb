"""Forms that a server asks a person to fill in: a flat JSON schema as fields, and their values
checked. Knows JSON schemas of that kind, no Qt."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from desktop.window.tools.words import visible
from plugins.errors import KnownError

FieldKind = Literal["text", "number", "integer", "boolean", "choice"]
MOST_FIELDS = 40
LONGEST_VALUE = 10_000
"""Characters of what is written into a field."""
_KINDS: dict[str, FieldKind] = {
    "string": "text", "number": "number", "integer": "integer", "boolean": "boolean",
}  # fmt: skip


@dataclass(frozen=True)
class Field:
    """One thing that is asked for."""

    name: str
    title: str
    description: str
    kind: FieldKind
    required: bool
    value: str | bool | None = None
    """What stands there at first."""
    choices: tuple[tuple[str, str], ...] = ()
    """Value and words."""
    least: float = -math.inf
    most: float = math.inf
    shortest: int = 0
    longest: int = LONGEST_VALUE

    def shown(self) -> dict[str, Any]:
        """The field as QML has it."""
        return {
            "name": self.name, "title": self.title, "description": self.description,
            "kind": self.kind, "required": self.required, "value": self.value,
            "choices": [{"value": value, "text": text} for value, text in self.choices],
        }  # fmt: skip


def fields(schema: str) -> list[Field]:
    """The fields of a form, in the server's order; what cannot be asked for is left out."""
    try:
        data = json.loads(schema)
    except (ValueError, RecursionError):
        return []
    properties = _dict(data).get("properties")
    required = _dict(data).get("required")
    wanted = required if isinstance(required, list) else []
    found = [_field(name, _dict(one), name in wanted) for name, one in _dict(properties).items()]
    return [field for field in found if field is not None][:MOST_FIELDS]


def content(form: Sequence[Field], given: Mapping[str, Any]) -> str:
    """A JSON object of what was filled in.

    Raises:
        KnownError: a value is missing or does not fit.
    """
    found: dict[str, Any] = {}
    for field in form:
        value = _value(field, given.get(field.name))
        if value is not None:
            found[field.name] = value
        elif field.required:
            raise KnownError(
                "{field}: expected an answer, found none. Fill it in.", field=field.title
            )
    return json.dumps(found, ensure_ascii=False)


def _value(field: Field, given: Any) -> str | float | int | bool | None:
    if field.kind == "boolean":
        return bool(given) if given is not None or field.required else None
    words = "" if given is None else str(given).strip()
    if not words:
        return None
    if field.kind in ("number", "integer"):
        return _number(field, words)
    if field.kind == "choice":
        return words if words in dict(field.choices) else None
    if not field.shortest <= len(words) <= field.longest:
        raise KnownError(
            "{field}: expected {shortest} to {longest} characters, found {length}. Write another "
            "answer.",
            field=field.title, shortest=field.shortest, longest=field.longest, length=len(words),
        )  # fmt: skip
    return words


def _number(field: Field, words: str) -> float | int:
    try:
        number = int(words) if field.kind == "integer" else float(words.replace(",", "."))
    except ValueError:
        number = math.nan
    if not field.least <= number <= field.most or math.isinf(number):
        raise KnownError(
            "{field}: expected a number that fits, found {value}. Write another one.",
            field=field.title,
            value=words[:40],
        )
    return number


def _field(name: str, one: dict[str, Any], required: bool) -> Field | None:
    choices = _choices(one)
    kind: FieldKind | None = "choice" if choices else _KINDS.get(str(one.get("type")))
    if kind is None:
        return None
    default = one.get("default")
    value = None if default is None else default is True if kind == "boolean" else str(default)
    if kind == "choice" and value is None and required:
        value = choices[0][0]
    return Field(
        name,
        visible(_text(one.get("title")) or name),
        visible(_text(one.get("description"))),
        kind,
        required,
        value,
        choices,
        _limit(one.get("minimum"), -math.inf),
        _limit(one.get("maximum"), math.inf),
        round(min(LONGEST_VALUE, max(0.0, _limit(one.get("minLength"), 0)))),
        round(min(LONGEST_VALUE, max(0.0, _limit(one.get("maxLength"), LONGEST_VALUE)))),
    )


def _choices(one: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Those of `enum` with their names, or of `oneOf`."""
    listed = one.get("enum")
    if isinstance(listed, list):
        names = one.get("enumNames")
        words = names if isinstance(names, list) and len(names) == len(listed) else listed
        return tuple(
            (value, visible(_text(word) or value))
            for value, word in zip(listed, words, strict=True)
            if isinstance(value, str)
        )
    several = one.get("oneOf")
    found = [_dict(each) for each in several] if isinstance(several, list) else []
    return tuple(
        (each["const"], visible(_text(each.get("title")) or each["const"]))
        for each in found
        if isinstance(each.get("const"), str)
    )


def _limit(value: Any, other: float) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number else other


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
