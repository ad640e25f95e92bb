"""What a server says of its tools as Medley offers them: checked, bounded, nothing hidden.

Everything a server says is untrusted: names, descriptions and hints.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec
from mcp_types import Tool

from desktop.tools.mcp.hidden_text import hides, visible
from desktop.tools.mcp.schemas import bounded
from desktop.tools.protocol import ToolInfo
from desktop.tools.source import definition_of
from plugins.errors import KnownError, Problem, joined, phrase
from plugins.printable import one_line

MOST_TOOLS = 256
"""Of one server."""
LONGEST_DESCRIPTION = 4_000
"""Characters; what is longer is cut with a notice."""
LONGEST_TITLE = 80
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,128}")


def tool_infos(server: str, tools: Iterable[Tool]) -> tuple[tuple[ToolInfo, ...], list[Problem]]:
    """The tools of a server that can be offered, and why others cannot."""
    found: dict[str, ToolInfo] = {}
    problems: list[Problem] = []
    for tool in tools:
        if len(found) >= MOST_TOOLS:
            problems.append(
                phrase(
                    "{server}: only the first {most} of its tools are offered.",
                    server=server,
                    most=MOST_TOOLS,
                )
            )
            break
        try:
            if tool.name in found:
                raise KnownError("another one of its tools has this name")
            found[tool.name] = _info(server, tool)
        except KnownError as error:
            problems.append(
                phrase(
                    "{server}: its tool {tool} is not offered: {why}.",
                    server=server,
                    tool=ascii(tool.name[:64])[1:-1],
                    why=error.problem,
                )
            )
    return tuple(found.values()), problems


def _info(server: str, tool: Tool) -> ToolInfo:
    if not _NAME.fullmatch(tool.name):
        raise KnownError("a name is made of at most 128 letters, digits, dots, - and _")
    raw = msgspec.json.encode(tool.input_schema, order="sorted").decode("utf-8", "replace")
    description = tool.description or ""
    parameters = bounded(tool.input_schema)
    told = visible(description).strip()
    annotations = tool.annotations
    title = tool.title or (annotations.title if annotations else None) or tool.name
    return ToolInfo(
        server=server,
        name=tool.name,
        title=one_line(visible(title))[:LONGEST_TITLE] or tool.name,
        description=told[:LONGEST_DESCRIPTION],
        parameters=visible(parameters),
        # Of what the server said, hidden characters with it: any change is asked about.
        definition=definition_of(tool.name, description, raw),
        read_only=bool(annotations and annotations.read_only_hint),
        foreign_text=True,
        notice=_notice(title, description, raw, told),
    )


def _notice(title: str, description: str, schema: str, told: str) -> Problem | None:
    found: list[Problem] = []
    if any(hides(text) for text in (title, description, schema)):
        found.append(
            phrase(
                "Its server put hidden characters into its description. They were taken out; be "
                "careful with this server."
            )
        )
    if len(told) > LONGEST_DESCRIPTION:
        found.append(
            phrase(
                "Its description has {count} characters and was cut to {most}.",
                count=len(told),
                most=LONGEST_DESCRIPTION,
            )
        )
    return joined(found) if found else None
