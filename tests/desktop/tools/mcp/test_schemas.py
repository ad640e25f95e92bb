"""Schemas of servers are bounded before anything else looks at them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from desktop.tools.mcp.schemas import MOST_DEPTH, bounded
from plugins.errors import KnownError


def nested(depth: int) -> dict[str, Any]:
    """An object in an object."""
    found: dict[str, Any] = {"type": "object"}
    for _ in range(depth):
        found = {"type": "object", "properties": {"a": found}}
    return found


def bomb(links: int) -> dict[str, Any]:
    """Definitions of which each refers twice to the next."""
    chain: dict[str, Any] = {
        f"d{n}": {"anyOf": [{"$ref": f"#/$defs/d{n + 1}"}] * 2} for n in range(links)
    }
    chain[f"d{links}"] = {"type": "string"}
    return {"type": "object", "$defs": chain, "properties": {"a": {"$ref": "#/$defs/d0"}}}


def test_an_ordinary_schema_stays_as_it_is() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string", "pattern": "^[a-z]+$"}}}

    assert json.loads(bounded(schema)) == schema
    assert json.loads(bounded({})) == {"type": "object"}


def test_a_schema_may_refer_to_its_own_parts_and_to_itself() -> None:
    tree = {"type": "object", "properties": {"next": {"$ref": "#/$defs/a~1b"}}}
    schema = {"type": "object", "$defs": {"a/b": tree}, "properties": {"t": {"$ref": "#"}}}

    assert json.loads(bounded(schema)) == schema


@pytest.mark.parametrize(
    ("schema", "why"),
    [
        ({"type": "string"}, "no object but string"),
        (nested(MOST_DEPTH), "deeper than"),
        ({"properties": {"a": {"description": "x" * 70_000}}}, "bytes"),
        (bomb(30), "larger than"),
        ({"properties": {"a": {"$ref": "https://example.com/a.json"}}}, "another document"),
        ({"properties": {"a": {"$ref": "file:///etc/passwd"}}}, "another document"),
        ({"properties": {"a": {"$dynamicRef": "other#x"}}}, "another document"),
        ({"properties": {"a": {"$ref": "#/$defs/none"}}}, "which it has not"),
    ],
)
def test_a_schema_that_asks_too_much_is_refused(schema: dict[str, Any], why: str) -> None:
    with pytest.raises(KnownError, match=why):
        bounded(schema)


def test_a_long_chain_of_references_is_no_fault() -> None:
    chain: dict[str, Any] = {f"d{n}": {"$ref": f"#/$defs/d{n + 1}"} for n in range(1_500)}
    chain["d1500"] = {"type": "string"}

    with pytest.raises(KnownError):
        bounded({"$defs": chain, "properties": {"a": {"$ref": "#/$defs/d0"}}})


@pytest.mark.parametrize("pattern", ["^(a+)+$", "(x|y)*z", "(.*)\\1", "a" * 300])
def test_patterns_that_may_match_for_ever_are_left_out(pattern: str) -> None:
    schema = {"properties": {"a": {"type": "string", "pattern": pattern}}}

    assert "pattern" not in bounded(schema)
