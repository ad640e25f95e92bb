"""Parameters of tools become plain schemas, within bounds."""

from __future__ import annotations

import json
from typing import Any

import pytest

from plugins.errors import KnownError
from runtime.calls.schema import MOST_LEVELS, MOST_TOOLS, kinds, parameters, properties
from runtime.messages import ToolSpec


def plain(schema: Any) -> dict[str, Any]:
    text = schema if isinstance(schema, str) else json.dumps(schema)
    return parameters([ToolSpec("tool", "", text)])["tool"]


def one(schema: Any, **around: Any) -> Any:
    found = plain({"type": "object", "properties": {"x": schema}, **around})
    return properties(found)["x"]


def test_references_within_the_schema_are_resolved() -> None:
    colour = {"type": "string", "enum": ["red", "blue"]}

    assert one({"$ref": "#/$defs/colour"}, **{"$defs": {"colour": colour}}) == {
        "enum": ["red", "blue"]
    }


def test_a_schema_within_itself_allows_any_value_there() -> None:
    node = {"type": "object", "properties": {"next": {"$ref": "#/$defs/node"}}}

    found = one({"$ref": "#/$defs/node"}, **{"$defs": {"node": node}})

    assert properties(found) == {"next": {}}


def test_what_no_grammar_says_is_left_out() -> None:
    found = one({"type": "integer", "minimum": 3, "description": "how many"})

    assert found == {"type": "integer"}


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": ["string", "null"]}, {"string", "null"}),
        ({"type": "string", "nullable": True}, {"string", "null"}),
        ({"oneOf": [{"type": "integer"}, {"type": "boolean"}]}, {"integer", "boolean"}),
        ({"const": "a"}, {"string"}),
        ({"enum": [1, "a", True]}, {"number", "string", "boolean"}),
        ({}, set()),
        (True, set()),
    ],
)
def test_the_types_that_a_value_may_have(schema: Any, expected: set[str]) -> None:
    assert kinds(one(schema)) == expected


def test_parts_that_all_apply_are_joined() -> None:
    parts = [
        {"properties": {"a": {"type": "string"}}, "required": ["a"]},
        {"properties": {"b": {"type": "integer"}}},
    ]

    found = one({"allOf": parts})

    assert list(properties(found)) == ["a", "b"]
    assert found["required"] == ["a"]


def test_a_tool_without_arguments() -> None:
    assert plain("") == {"type": "object"}
    assert properties(plain({"type": "object", "properties": {}})) == {}


def deep(levels: int) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    for _ in range(levels):
        schema = {"type": "array", "items": schema}
    return {"type": "object", "properties": {"x": schema}}


@pytest.mark.parametrize(
    ("schema", "found"),
    [
        ("no", "no JSON"),
        ("[]", "no schema of an object"),
        ({"type": "string"}, "no schema of an object"),
        (deep(MOST_LEVELS), "levels"),
        ({"properties": {"x": {"$ref": "https://example.com/x.json"}}}, "elsewhere"),
        ({"properties": {"x": {"$ref": "#/$defs/gone"}}}, "a reference to nothing"),
        ({"properties": {"x": {"$ref": 7}}}, "elsewhere"),
        ({"properties": {f"p{i}": {} for i in range(2100)}}, "more than 2000 parts"),
        ({"properties": {"x": {"description": "a" * 50_000}}}, "characters"),
        ("[" * 40_000, "no JSON"),
    ],
)
def test_schemas_that_cannot_be_used_are_refused_with_a_sentence(schema: Any, found: str) -> None:
    with pytest.raises(KnownError, match=f"tool tool: expected .* found .*{found}"):
        plain(schema)


@pytest.mark.parametrize("name", ["", "two words", "<|im_end|>", "a" * 65])
def test_names_are_letters_and_digits(name: str) -> None:
    with pytest.raises(KnownError, match="expected names"):
        parameters([ToolSpec(name, "", "{}")])


def test_a_name_stands_once_and_there_is_an_end_to_tools() -> None:
    with pytest.raises(KnownError, match="expected names"):
        parameters([ToolSpec("a", "", "{}")] * 2)
    with pytest.raises(KnownError, match="at most 128"):
        parameters([ToolSpec(f"a{i}", "", "{}") for i in range(MOST_TOOLS + 1)])
