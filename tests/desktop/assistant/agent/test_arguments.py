"""Arguments fit their schema or are refused with a sentence; a stranger's schema does no harm."""

from __future__ import annotations

import json

import pytest

from desktop.assistant.agent.arguments import canonical, check_schema, checked
from plugins.errors import KnownError

SCHEMA = json.dumps({
    "type": "object",
    "properties": {"n": {"type": "integer", "minimum": 1}, "kind": {"enum": ["a", "b"]}},
    "required": ["n"],
    "additionalProperties": False,
})  # fmt: skip


def test_arguments_that_fit_are_given_as_data() -> None:
    assert checked('{"n": 3, "kind": "a"}', SCHEMA) == {"n": 3, "kind": "a"}


@pytest.mark.parametrize(
    "arguments", ['{"n": 0}', "{}", '{"n": 1, "x": 2}', '{"n": 1, "kind": "c"}', "[1]", "no", "{"]
)
def test_others_are_refused_with_a_sentence(arguments: str) -> None:
    with pytest.raises(KnownError, match="expected"):
        checked(arguments, SCHEMA)


def test_the_sentence_says_where() -> None:
    with pytest.raises(KnownError, match=r"\$\.n"):
        checked('{"n": "three"}', SCHEMA)


@pytest.mark.parametrize(
    "schema",
    [
        "no json",
        "[]",
        '{"type": "array"}',
        '{"type": 7}',
        "{" + '"properties": {"a": {' * 60 + "}" * 121,
        json.dumps({"description": "x" * 200_000}),
    ],
)
def test_a_schema_that_is_none_is_refused(schema: str) -> None:
    with pytest.raises(KnownError):
        check_schema(schema)


def test_nothing_is_fetched_for_a_schema() -> None:
    schema = '{"type": "object", "properties": {"a": {"$ref": "http://127.0.0.1:9/x.json"}}}'
    with pytest.raises(KnownError, match="tool: expected parameters"):
        checked('{"a": 1}', schema)


def test_a_pattern_that_would_run_for_ever_is_not_run() -> None:
    schema = json.dumps({"type": "object", "properties": {"a": {"pattern": "^(a+)+$"}}})
    assert checked(json.dumps({"a": "a" * 60 + "!"}), schema)


def test_a_schema_that_names_itself_ends() -> None:
    schema = json.dumps({
        "type": "object", "properties": {"a": {"$ref": "#/$defs/x"}},
        "$defs": {"x": {"$ref": "#/$defs/x"}},
    })  # fmt: skip
    with pytest.raises(KnownError):
        checked('{"a": 1}', schema)


def test_equal_calls_are_written_in_one_way() -> None:
    assert canonical('{"b": 1, "a": "é"}') == canonical('{ "a":"é","b":1}') == '{"a":"é","b":1}'
    assert canonical("no json") == "no json"
