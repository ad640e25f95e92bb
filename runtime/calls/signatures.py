"""Tools as signatures in the manner of TypeScript: a third of the tokens of their JSON schemas.

Knows tools and schemas; knows no model.
"""

from __future__ import annotations

import json

from runtime.messages import ToolSpec

_TYPES = {"string": "string", "number": "number", "integer": "integer", "boolean": "boolean",
          "null": "null", "array": "any[]", "object": "object"}  # fmt: skip
_MOST_LEVELS = 6
"""Of values within values that are written out; deeper ones are `any`."""


def signature(tool: ToolSpec) -> str:
    """Two lines: what the tool does, then its name with its parameters.

    What a parameter's schema says beside its type and description is left out; the grammar of the
    calls and whoever makes them know it.
    """
    schema = json.loads(tool.parameters or "{}")
    named = schema.get("properties") if isinstance(schema, dict) else None
    written = _named(schema, ", ", 0) if isinstance(named, dict) else ""
    told = " ".join(tool.description.split())
    return f"// {told}\n{tool.name}({written})" if told else f"{tool.name}({written})"


def _named(schema: dict[str, object], between: str, level: int) -> str:
    required = schema.get("required")
    needed = required if isinstance(required, list) else []
    parts = []
    named = schema.get("properties")
    for name, one in named.items() if isinstance(named, dict) else ():
        optional = "" if name in needed else "?"
        parts.append(f"{name}{optional}: {_type(one, level + 1)}{_comment(one)}")
    return between.join(parts)


def _comment(schema: object) -> str:
    told = schema.get("description") if isinstance(schema, dict) else None
    if not isinstance(told, str) or not told.strip():
        return ""
    return f" /* {' '.join(told.split()).replace('*/', '* /')} */"


def _type(schema: object, level: int) -> str:
    if not isinstance(schema, dict) or level > _MOST_LEVELS:
        return "any"
    values = schema.get("enum", [schema["const"]] if "const" in schema else None)
    if isinstance(values, list) and values:
        return " | ".join(json.dumps(one, ensure_ascii=False) for one in values)
    several = schema.get("anyOf") or schema.get("oneOf")
    if isinstance(several, list):
        return " | ".join(dict.fromkeys(_type(one, level + 1) for one in several)) or "any"
    kind = schema.get("type")
    if isinstance(kind, list):
        return " | ".join(_type(schema | {"type": one}, level + 1) for one in kind)
    if isinstance(schema.get("properties"), dict):
        return f"{{ {_named(schema, ', ', level)} }}"
    if kind == "array" and "items" in schema:
        inner = _type(schema["items"], level + 1)
        return f"({inner})[]" if " | " in inner else f"{inner}[]"
    return _TYPES.get(kind, "any") if isinstance(kind, str) else "any"
