"""Grammars (GBNF) of calls: a known tool's name, and arguments that fit its schema.

Knows the format of a model and plain schemas; knows no model.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from runtime.bundle.manifest import ToolsSpec
from runtime.calls.schema import Schema, alternatives, kinds, properties
from runtime.language_model.grammar.gbnf import Rules, literal

ROOT = "calls"
"""The rule of what follows the mark with which calls begin."""
LOOSE_ROOT = "loose"
"""With a tool's number the rule of what follows the tool's name in JSON that stands alone."""
ID_LENGTH = 9
_LOOSE_KEY = r'ws "," ws ("\"arguments\"" | "\"parameters\"") ws ":" ws'
_MOST_ITEMS = 32
"""Of an array whose length a grammar limits."""
_FREE_LEVELS = 5
"""How deep a value may be of which a schema says nothing."""
_PRIMITIVES = r"""ws ::= | " " | "\n" [ \t]{0,20}
hex ::= [0-9a-fA-F]
char ::= [^"\\\x7F\x00-\x1F] | "\\" (["\\/bfnrt] | "u" point)
point ::= [0-9a-cA-CefEF] hex hex hex | [dD] [0-7] hex hex
string ::= "\"" char* "\""
integer ::= "-"? ("0" | [1-9] [0-9]{0,15})
number ::= integer ("." [0-9]{1,16})? ([eE] [-+]? [0-9]{1,2})?
boolean ::= "true" | "false"
null ::= "null"
id ::= [a-zA-Z0-9]{9}"""


def calls_grammar(
    spec: ToolsSpec, schemas: Mapping[str, Schema], sign: str, *, several: bool
) -> str:
    """The rules of what follows `sign`; `ROOT` is the first.

    Args:
        spec: the format.
        schemas: plain ones of the tools that may be called, by name.
        sign: the text that calls begin with.
        several: whether there may be more than one call.
    """
    rules = Rules()
    write = _Arguments(spec, rules)
    each = [
        f"{literal(name)} {_piece(spec.call_middle)} {write.rule(schema)}"
        for name, schema in schemas.items()
    ]
    call = rules.add(f"({' | '.join(map(rules.add, each))}) {_piece(spec.call_close)}")
    opened = (spec.calls_open + spec.call_open).lstrip()[len(sign) :]
    root = f"{_piece(opened)} {call}"
    if spec.calls_close:
        if several:
            root += f" ({_piece(spec.calls_between + spec.call_open)} {call})*"
        root += f" {_piece(spec.calls_close)}"
    lines = [f"{ROOT} ::= {root}"]
    if spec.arguments == "json":
        lines += [
            f'{LOOSE_ROOT}-{number} ::= {_LOOSE_KEY} {write.rule(schema)} ws "}}"'
            for number, schema in enumerate(schemas.values())
        ]
    return "\n".join([*lines, rules.text(), _PRIMITIVES])


def _piece(text: str) -> str:
    """A piece of the format, with any id in its place."""
    return " id ".join(literal(part) for part in text.split("{id}"))


class _Arguments:
    """Rules of arguments in one style."""

    def __init__(self, spec: ToolsSpec, rules: Rules) -> None:
        self._spec = spec
        self._rules = rules
        self._quoted = spec.arguments == "quoted"

    def rule(self, schema: Schema) -> str:
        """The rule of a tool's arguments."""
        if self._spec.arguments == "tagged":
            return self._tagged(schema)
        return self._value(schema)

    def _tagged(self, schema: Schema) -> str:
        spec, required = self._spec, _required(schema)
        written = []
        for name, value in properties(schema).items():
            opened = literal(spec.argument_open + name + spec.argument_middle)
            one = self._rules.add(f"{opened} {self._raw(value)}")
            written.append(one if name in required else f"{one}?")
        return self._rules.add(" ".join(written) or '""')

    def _raw(self, schema: Schema) -> str:
        """A value between its tags, and the closing one."""
        close, found = self._spec.argument_close, kinds(schema)
        if "enum" in schema and found == {"string"}:
            values = schema["enum"]
            assert isinstance(values, list)
            return f"({' | '.join(literal(str(value)) for value in values)}) {literal(close)}"
        if not found or "string" in found:
            return self._rules.up_to(close)
        return f"{self._value(schema)} {literal(close)}"

    def _value(self, schema: Schema) -> str:
        if "enum" in schema:
            values = schema["enum"]
            assert isinstance(values, list)
            return self._rules.add(" | ".join(literal(self._constant(value)) for value in values))
        if several := alternatives(schema):
            return self._rules.add(" | ".join(dict.fromkeys(map(self._value, several))))
        kind = schema.get("type")
        if kind == "object":
            return self._object(schema)
        if kind == "array":
            item = schema.get("items")
            one = self._value(item) if isinstance(item, dict) else self._free(1)
            return self._array(one, schema.get("minItems"), schema.get("maxItems"))
        if kind == "string":
            return self._string()
        if kind in ("integer", "number", "boolean", "null"):
            return str(kind)
        return self._free(0)

    def _object(self, schema: Schema) -> str:
        if "properties" not in schema:
            values = schema.get("values")
            return self._map(self._value(values) if isinstance(values, dict) else self._free(1))
        required = _required(schema)
        named = [
            (self._rules.add(f'{literal(self._key(name))} ":" ws {self._value(value)}'), name)
            for name, value in properties(schema).items()
        ]
        begin, behind = 'ws "}"', 'ws "}"'
        for one, name in reversed(named):
            rest = self._rules.add(behind)
            if name in required:
                begin, behind = f"ws {one} {rest}", f'"," ws {one} {rest}'
            else:
                begin = f"ws {one} {rest} | {self._rules.add(begin)}"
                behind = f'("," ws {one})? {rest}'
        return self._rules.add(f'"{{" {self._rules.add(begin)}')

    def _map(self, value: str) -> str:
        key = "[a-zA-Z0-9_]+" if self._quoted else "string"
        one = self._rules.add(f'{key} ":" ws {value}')
        return self._rules.add(f'"{{" ws ({one} ("," ws {one})*)? ws "}}"')

    def _array(self, item: str, least: object, most: object) -> str:
        low = least if isinstance(least, int) and 0 < least <= _MOST_ITEMS else 0
        high = most if isinstance(most, int) and low <= most <= _MOST_ITEMS else None
        if high == 0:
            return self._rules.add('"[" ws "]"')
        more = f'("," ws {item}){{{max(low - 1, 0)},{"" if high is None else high - 1}}}'
        items = f"{item} {more}" if low else f"({item} {more})?"
        return self._rules.add(f'"[" ws {items} ws "]"')

    def _free(self, level: int) -> str:
        """Any value that is not too deep."""
        found = [self._string(), "number", "boolean", "null"]
        if level < _FREE_LEVELS:
            inner = self._free(level + 1)
            found += [self._map(inner), self._array(inner, None, None)]
        return self._rules.add(" | ".join(found))

    def _string(self) -> str:
        if not self._quoted:
            return "string"
        mark = self._spec.argument_open
        return self._rules.add(f"{literal(mark)} {self._rules.up_to(mark)}")

    def _key(self, name: str) -> str:
        return name if self._quoted else json.dumps(name, ensure_ascii=False)

    def _constant(self, value: object) -> str:
        if self._quoted and isinstance(value, str):
            return self._spec.argument_open + value + self._spec.argument_open
        return json.dumps(value, ensure_ascii=False)


def _required(schema: Schema) -> frozenset[object]:
    found = schema.get("required")
    return frozenset(found) if isinstance(found, list) else frozenset()
