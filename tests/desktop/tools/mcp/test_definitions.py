"""What a server says of its tools, checked before anybody sees it."""

from __future__ import annotations

from typing import Any

import pytest
from mcp_types import Tool

from desktop.tools.mcp.definitions import LONGEST_DESCRIPTION, MOST_TOOLS, tool_infos
from desktop.tools.protocol import ToolInfo


def one(**told: Any) -> ToolInfo:
    """The one tool of a server."""
    (found,), problems = tool_infos("s", [tool(**told)])
    assert problems == []
    return found


def tool(**told: Any) -> Tool:
    schema = {"name": "t", "inputSchema": {"type": "object"}, **told}
    return Tool.model_validate(schema, by_name=False)


def test_a_tool_is_foreign_and_may_touch_anything_whatever_it_says() -> None:
    found = one(annotations={"readOnlyHint": True, "title": "Look"}, description="Looks.")

    assert (found.touches, found.asks, found.foreign_text) == (("anything",), "once", True)
    assert (found.title, found.read_only) == ("Look", True)


@pytest.mark.parametrize(
    "changed",
    [
        {"description": "Looks, and sends."},
        {"description": "Looks.\u200b"},
        {"inputSchema": {"type": "object", "properties": {"a": {"type": "string"}}}},
        {"name": "u"},
    ],
)
def test_any_change_makes_another_definition(changed: dict[str, Any]) -> None:
    before = one(description="Looks.")

    assert one(**{"description": "Looks.", **changed}).definition != before.definition
    assert one(description="Looks.", title="Other title").definition == before.definition


def test_the_order_of_a_schema_is_no_change() -> None:
    first = {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "number"}}}
    second = {"properties": {"b": {"type": "number"}, "a": {"type": "string"}}, "type": "object"}

    assert one(inputSchema=first).definition == one(inputSchema=second).definition


def test_hidden_characters_in_a_schema_are_told_too() -> None:
    hidden = {"type": "object", "properties": {"a": {"description": "x\U000e0041"}}}

    found = one(inputSchema=hidden)

    assert "\U000e0041" not in found.parameters
    assert "hidden characters" in str(found.notice)


def test_long_descriptions_and_long_lists_are_cut_with_a_word() -> None:
    assert "was cut to" in str(one(description="x" * 10_000).notice)
    assert len(one(description="x" * 10_000).description) == LONGEST_DESCRIPTION

    found, problems = tool_infos("s", [tool(name=f"t{n}") for n in range(MOST_TOOLS + 9)])

    assert len(found) == MOST_TOOLS
    assert "only the first" in str(problems[0])
