"""Which tools a model is offered, and under what names."""

from __future__ import annotations

import json

from desktop.assistant.agent.offers import SEARCH, Offers
from desktop.tools.protocol import ToolInfo
from plugins.tool import Touch

SCHEMA = '{"type": "object", "properties": {"a": {"type": "string"}}}'


def tool(
    server: str, name: str, text: str = "Does it.", touches: tuple[Touch, ...] = ("anything",)
) -> ToolInfo:
    """A tool of this name."""
    return ToolInfo(server, name, name, text, SCHEMA, f"{server}{name}", touches=touches)


def test_names_are_unique_and_fit_the_model() -> None:
    offers = Offers(
        [
            tool("git", "log"), tool("medley", "read"), tool("plug", "read"),
            tool("git", "read file!"), tool("git", "read_file?"), tool("git", "x" * 100),
        ],
        0,
        ["git"],
    )  # fmt: skip

    assert list(offers.tools)[:5] == [
        "read", "plug_read", "git_log", "git_read_file_", "git_read_file__2"
    ]  # fmt: skip
    assert max(map(len, offers.tools)) == 64
    assert offers.tools["plug_read"].server == "plug"


def test_a_tool_whose_schema_is_none_is_not_offered() -> None:
    broken = ToolInfo("medley", "b", "B", "", "[]", "d")
    assert [spec.name for spec in Offers([broken, tool("medley", "a")], 0).specs] == ["a"]


def test_medleys_own_are_described_where_others_do_not_fit() -> None:
    tools = [tool("medley", "clock"), *(tool("s", f"t{n}", "text " * 40) for n in range(50))]

    offers = Offers(tools, 4096, ["s"])

    assert [spec.name for spec in offers.specs] == ["clock", "search_tools", "call_tool"]
    assert offers.searched
    assert offers.meant("clock", "{}").tool == tools[0]
    meant = offers.meant("call_tool", json.dumps({"name": "s_t3", "arguments": {"a": "b"}}))
    assert meant.tool is not None
    assert (meant.tool.name, json.loads(meant.arguments)) == ("t3", {"a": "b"})
    assert offers.meant("call_tool", "[]").tool is not None
    assert offers.meant("call_tool", '{"name": "nothing"}').tool is None
    assert offers.meant("search_tools", "{}").tool is SEARCH


def test_the_search_finds_tools_by_what_they_do() -> None:
    tools = [
        tool("s", "commit_log", "Shows the history of a repository."),
        tool("s", "weather", "Tells tomorrow's rain."),
        tool("s", "tianqi", "查询天气预报"),
    ]
    offers = Offers(tools, 100, ["s"])

    assert json.loads(offers.search("will it rain tomorrow"))[0]["name"] == "s_weather"
    assert json.loads(offers.search("天气"))[0]["name"] == "s_tianqi"
    assert "There are: s_commit_log" in offers.search("xyz")


def test_tools_of_files_are_described_where_a_folder_was_granted() -> None:
    tools = [tool("medley", "read_file", touches=("read files",)), tool("medley", "clock")]

    assert [s.name for s in Offers(tools, 0, folders=False).specs] == ["clock"]
    assert [s.name for s in Offers(tools, 0).specs] == ["read_file", "clock"]
