"""The parameters of tools, made plain: references resolved, within bounds.

A schema comes from anywhere, so nothing in it is fetched, and its size is bounded. What no grammar
says (limits of numbers, patterns, lengths) stays for whoever checks the arguments. Knows schemas
only.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from plugins.errors import KnownError, Problem, phrase
from runtime.messages import ToolSpec

Schema = dict[str, object]
MOST_CHARACTERS, MOST_LEVELS, MOST_NODES = 50_000, 16, 2_000
"""Of one tool's parameters."""
MOST_TOOLS = 128
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")


def parameters(tools: Sequence[ToolSpec]) -> dict[str, Schema]:
    """The plain schema of each tool's arguments, by its name.

    Raises:
        KnownError: a name or a schema that cannot be used.
    """
    if len(tools) > MOST_TOOLS:
        raise KnownError(
            "tools: expected at most {most}, found {found}. Switch some of them off.",
            "request",
            most=MOST_TOOLS,
            found=len(tools),
        )
    found: dict[str, Schema] = {}
    for tool in tools:
        if not _NAME.fullmatch(tool.name) or tool.name in found:
            raise KnownError(
                "tools: expected names of letters, digits, _, - and ., each once and at most 64 "
                "long, found {name}. Rename the tool.",
                "request",
                name=repr(tool.name[:80]),
            )
        found[tool.name] = _plain(tool)
    return found


def kinds(schema: Schema) -> set[str]:
    """The types that a value may have by a plain schema; empty for any."""
    if "enum" in schema:
        return {_kind(value) for value in _list(schema["enum"])}
    if "anyOf" in schema:
        each = [kinds(one) for one in _schemas(schema["anyOf"])]
        return set() if not all(each) else set().union(*each)
    kind = schema.get("type")
    return {kind} if isinstance(kind, str) else set()


def properties(schema: Schema) -> dict[str, Schema]:
    """The named values of an object by a plain schema."""
    found = schema.get("properties")
    return found if isinstance(found, dict) else {}


def alternatives(schema: Schema) -> list[Schema]:
    """The schemas of which a value fits one."""
    return list(_schemas(schema.get("anyOf")))


def _plain(tool: ToolSpec) -> Schema:
    if len(tool.parameters) > MOST_CHARACTERS:
        raise _refused(tool, phrase("{count} characters", count=len(tool.parameters)))
    try:
        schema = json.loads(tool.parameters or "{}")
    except (ValueError, RecursionError) as error:
        raise _refused(tool, phrase("no JSON")) from error
    if not isinstance(schema, dict) or schema.get("type", "object") != "object":
        raise _refused(tool, phrase("no schema of an object"))
    plain = _Plain(tool, schema).of(schema, ())
    return plain | {"type": "object"}


class _Plain:
    """One tool's schema on its way to a plain one."""

    def __init__(self, tool: ToolSpec, root: Schema) -> None:
        self._tool = tool
        self._root = root
        self._nodes = 0

    def of(self, node: object, within: tuple[str, ...], level: int = 0) -> Schema:
        """A schema with what grammars can say of it.

        Args:
            node: the schema, or `true` for any value.
            within: the references that it stands in.
            level: how deep it stands.
        """
        self._nodes += 1
        if level > MOST_LEVELS:
            raise _refused(self._tool, phrase("more than {most} levels", most=MOST_LEVELS))
        if self._nodes > MOST_NODES:
            raise _refused(self._tool, phrase("more than {most} parts", most=MOST_NODES))
        if not isinstance(node, dict):
            return {}
        if (reference := node.get("$ref")) is not None:
            if reference in within:
                return {}  # It stands within itself: any value, to be checked by the caller.
            return self.of(self._target(reference), (*within, reference), level + 1)
        if "const" in node:
            return {"enum": [node["const"]]}
        if values := _list(node.get("enum")):
            return {"enum": values}
        if "properties" not in node and (several := node.get("anyOf") or node.get("oneOf")):
            return {"anyOf": [self.of(one, within, level + 1) for one in _list(several)]}
        if parts := _list(node.get("allOf")):
            rest = {key: value for key, value in node.items() if key != "allOf"}
            return self._joined([self.of(one, within, level + 1) for one in (*parts, rest)])
        kind = node.get("type")
        if isinstance(kind, list):
            each = [self.of({**node, "type": one}, within, level + 1) for one in kind]
            return {"anyOf": each} if len(each) != 1 else each[0]
        return self._typed(node, kind, within, level)

    def _typed(self, node: Schema, kind: object, within: tuple[str, ...], level: int) -> Schema:
        plain: Schema = {"type": kind} if isinstance(kind, str) else {}
        named, known = node.get("properties"), kind in (None, "object")
        if known and (isinstance(named, dict) or "required" in node):
            given = named if isinstance(named, dict) else {}
            required = [name for name in _list(node.get("required")) if isinstance(name, str)]
            plain["type"], plain["required"] = "object", required
            plain["properties"] = {
                name: self.of(given.get(name), within, level + 1)
                for name in dict.fromkeys([*given, *required])
            }
        elif known and isinstance(node.get("additionalProperties"), dict):
            plain["type"] = "object"
            plain["values"] = self.of(node["additionalProperties"], within, level + 1)
        elif kind == "object" and node.get("additionalProperties") is False:
            plain["properties"] = {}
        elif kind in (None, "array") and "items" in node:
            plain["type"] = "array"
            plain["items"] = self.of(node["items"], within, level + 1)
        if plain.get("type") == "array":
            plain |= {key: node[key] for key in ("minItems", "maxItems") if key in node}
        if node.get("nullable") is True:
            return {"anyOf": [plain, {"type": "null"}]}
        return plain

    def _joined(self, parts: Sequence[Schema]) -> Schema:
        """What fits all of them, where all are objects."""
        joined: Schema = {}
        named: Schema = {}
        required: list[object] = []
        for part in parts:
            named |= properties(part)
            required += _list(part.get("required"))
            joined |= part
        if named:
            joined |= {"type": "object", "properties": named, "required": required}
        return joined

    def _target(self, reference: object) -> object:
        target: object = self._root
        if not isinstance(reference, str) or not re.match(r"#(/|$)", reference):
            raise _refused(self._tool, phrase("a reference to elsewhere"))
        for step in reference.split("/")[1:]:
            step = step.replace("~1", "/").replace("~0", "~")
            if not isinstance(target, dict) or step not in target:
                raise _refused(self._tool, phrase("a reference to nothing"))
            target = target[step]
        return target


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _schemas(value: object) -> Iterator[Schema]:
    return (one for one in _list(value) if isinstance(one, dict))


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    return "string" if isinstance(value, str) else "other"


def _refused(tool: ToolSpec, found: Problem) -> KnownError:
    return KnownError(
        "tool {name}: expected a JSON schema of an object as its parameters, of at most "
        "{characters} characters and without references to elsewhere, found {found}. Switch the "
        "tool off, or have its maker simplify it.",
        "request",
        name=tool.name,
        characters=MOST_CHARACTERS,
        found=found,
    )
