"""Tools as signatures."""

from __future__ import annotations

import json

import pytest

from runtime.calls.signatures import signature
from runtime.messages import ToolSpec


def of(schema: object, description: str = "Does it.") -> str:
    return signature(ToolSpec("do", description, json.dumps(schema)))


def one(schema: object) -> str:
    return of({"type": "object", "properties": {"x": schema}, "required": ["x"]}, "")


def test_a_signature_tells_what_a_tool_does_and_its_parameters() -> None:
    schema = {
        "type": "object",
        "properties": {
            "minutes": {"type": "number", "description": "0.5 is\n30 seconds"},
            "text": {"type": "string"},
        },
        "required": ["minutes"],
    }
    assert of(schema, "Start a timer.\nNow.") == (
        "// Start a timer. Now.\ndo(minutes: number /* 0.5 is 30 seconds */, text?: string)"
    )


def test_a_tool_without_parameters_or_words_is_its_name() -> None:
    assert signature(ToolSpec("do", "", "")) == "do()"
    assert of({"type": "object", "properties": {}}, "") == "do()"


@pytest.mark.parametrize(
    ("schema", "written"),
    [
        ({"enum": ["a", 2]}, '"a" | 2'),
        ({"const": None}, "null"),
        ({"type": "array", "items": {"type": "integer"}}, "integer[]"),
        ({"type": "array", "items": {"enum": ["a", "b"]}}, '("a" | "b")[]'),
        ({"type": "array"}, "any[]"),
        ({"type": ["string", "null"]}, "string | null"),
        (
            {"anyOf": [{"type": "string"}, {"type": "string"}, {"type": "number"}]},
            "string | number",
        ),
        ({"type": "object", "properties": {"y": {"type": "boolean"}}}, "{ y?: boolean }"),
        ({"type": "object"}, "object"),
        ({"$ref": "#/$defs/other"}, "any"),
        (True, "any"),
    ],
)
def test_types_are_written_as_typescript_has_them(schema: object, written: str) -> None:
    assert one(schema) == f"do(x: {written})"


def test_no_description_ends_its_comment() -> None:
    told = one({"type": "string", "description": "a */ b"})
    assert told == "do(x: string /* a * / b */)"


def test_what_is_nested_without_end_is_cut() -> None:
    schema: dict[str, object] = {"type": "string"}
    for _ in range(20):
        schema = {"type": "array", "items": schema}
    assert one(schema) == "do(x: any" + "[]" * 6 + ")"
