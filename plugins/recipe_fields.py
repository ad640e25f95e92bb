"""The fields of a recipe from a file that anybody may have written: every field is checked.

Knows the form and its limits, and no renderer. `plugins.api.Recipe` is made from what is left.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from plugins.errors import KnownError
from plugins.printable import one_line

LONGEST_NAME = 200
"""Characters of a name: a renderer's, a bundle's, a parameter's."""
LONGEST_CAPTION = 10_000
"""Characters; a text encoder reads some hundred."""
MOST_PARAMETERS = 200
MOST_ARRAYS = 16
"""Of one condition."""
_NAMES = ("renderer", "renderer_version", "modality", "bundle")
_SHOWN = 60


class _UnfitError(ValueError):
    """A field of a recipe is invalid; the text says what was found instead."""


def recipe_fields(text: str | bytes) -> dict[str, Any]:
    """The fields of a recipe from its JSON; `condition` is what `Condition.from_dict` takes.

    Raises:
        KnownError: it is no recipe; the text says what was found.
    """
    try:
        data = _object(text)
        return {
            **{name: _name(name, _field(data, name)) for name in _NAMES},
            "condition": _condition(_field(data, "condition")),
            "parameters": _parameters(_field(data, "parameters")),
            "seed": _seed(_field(data, "seed")),
        }
    except _UnfitError as error:
        raise KnownError(
            "recipe: expected the JSON that Medley writes into its files, found {error}. Use "
            "a file that Medley made.",
            error=error,
        ) from error


def _object(text: str | bytes) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _UnfitError("none" if not text.strip() else "something else") from error
    if not isinstance(data, dict):
        raise _UnfitError(f"{_short(data)} in its place")
    return data


def _field(data: Mapping[str, Any], name: str) -> Any:
    if name not in data:
        raise _UnfitError(f"no {name!r} in it")
    return data[name]


def _name(what: str, value: Any) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_NAME or not value.isprintable():
        raise _UnfitError(f"{_short(value)} as its {what}")
    return value


def _condition(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _UnfitError(f"{_short(value)} as its condition")
    caption = value.get("caption", "")
    if not isinstance(caption, str):
        raise _UnfitError(f"{_short(caption)} as its caption")
    if len(caption) > LONGEST_CAPTION:
        raise _UnfitError(f"a caption of {len(caption)} characters, more than {LONGEST_CAPTION}")
    if caption.encode("utf-8", "replace") != caption.encode("utf-8", "surrogatepass"):
        raise _UnfitError("half a character in its caption")
    arrays = value.get("arrays", {})
    if not isinstance(arrays, dict) or len(arrays) > MOST_ARRAYS:
        raise _UnfitError(f"{_short(arrays)} as the arrays of its condition")
    for name in arrays:
        _name("array", name)
    return value


def _parameters(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict) or len(value) > MOST_PARAMETERS:
        raise _UnfitError(f"{_short(value)} as its parameters")
    return {_name("parameter", name): _value(name, one) for name, one in value.items()}


def _value(name: str, value: Any) -> int | float | bool | str:
    if isinstance(value, str):
        return _name(name, value) if value else value
    if isinstance(value, float) and math.isfinite(value):
        return value
    if isinstance(value, int) and -(2**63) <= value < 2**63:
        return value
    raise _UnfitError(f"{_short(value)} as its {name}")


def _seed(value: Any) -> int:
    if type(value) is not int or not -(2**63) <= value < 2**64:
        raise _UnfitError(f"{_short(value)} as its seed")
    return value


def _short(value: Any) -> str:
    """A value in a sentence."""
    if isinstance(value, str):
        return repr(one_line(value[:_SHOWN])) + ("..." if len(value) > _SHOWN else "")
    if isinstance(value, dict | list):
        return f"a list of {len(value)}"
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        return "a number of more than 64 bits"
    return json.dumps(value)
