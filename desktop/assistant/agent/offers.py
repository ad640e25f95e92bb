"""Which tools a model is offered, and under what names: all of them, or, where they would take too
much of its context, Medley's own alone or none, and beside them one tool that finds tools and one
that calls them.

Knows the tools and the size of a context, no model.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from desktop.assistant.agent.arguments import check_schema
from desktop.assistant.agent.results import tokens_of
from desktop.tools.protocol import BUILT_IN, ToolInfo
from plugins.errors import KnownError
from runtime.messages import ToolSpec

SHARE, OWN_SHARE = 0.25, 0.3
"""Of the context that descriptions of all tools may take, and of Medley's own alone."""
FOUND = 5
"""Tools that a search gives."""
LONGEST_NAME = 64
_OUTSIDE = re.compile(r"[^A-Za-z0-9_.-]+")
_WORD = re.compile(r"[^\W_]+")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")

SEARCH = ToolInfo(
    BUILT_IN,
    "search_tools",
    "Search the tools",
    "Finds tools by what they do. Use it first: it gives their names and parameters for call_tool.",
    '{"type":"object","properties":{"query":{"type":"string","description":"What is to be done, '
    'in a few words"}},"required":["query"],"additionalProperties":false}',
    "search_tools",
    touches=("nothing",),
    asks="never",
)
CALL = ToolInfo(
    BUILT_IN,
    "call_tool",
    "Call a tool",
    "Calls a tool that search_tools found.",
    '{"type":"object","properties":{"name":{"type":"string"},"arguments":{"type":"object"}},'
    '"required":["name","arguments"],"additionalProperties":false}',
    "call_tool",
    touches=("nothing",),
    asks="never",
)


@dataclass(frozen=True)
class Meant:
    """The call that a model meant."""

    tool: ToolInfo | None
    """None where there is no such tool."""
    name: str
    """As the model knows it."""
    arguments: str
    called: str
    """The name that the model called: `name`, or that of `call_tool`."""


class Offers:
    """The tools of one answer."""

    def __init__(
        self,
        tools: Sequence[ToolInfo],
        n_ctx: int,
        servers: Collection[str] = (),
        *,
        folders: bool = True,
    ) -> None:
        """`n_ctx` are the positions of the model's context, 0 where that is not known; `servers`
        the names of MCP servers, whose tools are called by server and tool; `folders` whether any
        folder was granted: tools of files are not described without."""
        usable = [tool for tool in tools if _is_usable(tool)]
        self.tools: dict[str, ToolInfo] = dict(_named(usable, servers))
        """By the name that the model knows."""
        shown = {
            name: tool for name, tool in self.tools.items() if folders or not _is_of_files(tool)
        }
        specs = [_spec(name, tool) for name, tool in shown.items()]
        own = [_spec(name, tool) for name, tool in shown.items() if tool.server == BUILT_IN]
        self.searched = False
        """Whether some are to be found before they are called."""
        if n_ctx and sum(map(size_of, specs)) > SHARE * n_ctx:
            fitting = own if sum(map(size_of, own)) <= OWN_SHARE * n_ctx else []
            self.searched = len(fitting) < len(specs)
            specs = fitting
        if self.searched:
            specs += [_spec(SEARCH.name, SEARCH), _spec(CALL.name, CALL)]
        self.specs = tuple(specs)

    def meant(self, name: str, arguments: str) -> Meant:
        """The tool that a call means."""
        if self.searched and name == CALL.name:
            inner = _inner(arguments)
            if inner is not None:
                return Meant(self.tools.get(inner[0]), *inner, name)
            return Meant(CALL, name, arguments, name)
        if self.searched and name == SEARCH.name:
            return Meant(SEARCH, name, arguments, name)
        return Meant(self.tools.get(name), name, arguments, name)

    def search(self, query: str) -> str:
        """The tools that fit best, for the model: names, what they do, their parameters."""
        found = _best(query, self.tools)
        if not found:
            names = ", ".join(self.tools)
            return f"No tool fits. There are: {names[:2000]}"
        described = [
            {
                "name": name,
                "description": self.tools[name].description,
                "parameters": json.loads(self.tools[name].parameters),
            }
            for name in found
        ]
        return json.dumps(described, ensure_ascii=False)


def size_of(spec: ToolSpec) -> int:
    """About how many tokens a tool takes in a prompt."""
    return tokens_of(f"{spec.name}{spec.description}{spec.parameters}") + 16


def _is_of_files(tool: ToolInfo) -> bool:
    return set(tool.touches) <= {"read files", "write files"}


def _is_usable(tool: ToolInfo) -> bool:
    try:
        check_schema(tool.parameters)
    except KnownError:
        return False
    return True


def _named(tools: Iterable[ToolInfo], servers: Collection[str]) -> Iterable[tuple[str, ToolInfo]]:
    taken: set[str] = {SEARCH.name, CALL.name}
    for tool in sorted(tools, key=lambda tool: (tool.server != BUILT_IN, tool.server in servers)):
        plain = _OUTSIDE.sub("_", tool.name)
        name = plain
        if tool.server in servers or plain in taken:
            name = f"{_OUTSIDE.sub('_', tool.server)}_{plain}"
        name = name[:LONGEST_NAME]
        number = 2
        while name in taken:
            end = f"_{number}"
            name, number = f"{name[: LONGEST_NAME - len(end)]}{end}", number + 1
        taken.add(name)
        yield name, tool


def _spec(name: str, tool: ToolInfo) -> ToolSpec:
    return ToolSpec(name, tool.description, tool.parameters)


def _inner(arguments: str) -> tuple[str, str] | None:
    try:
        data: Any = json.loads(arguments)
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict) or not isinstance(data.get("name"), str):
        return None
    return data["name"], json.dumps(data.get("arguments", {}), ensure_ascii=False)


def _best(query: str, tools: dict[str, ToolInfo]) -> list[str]:
    """Names by how well words of the tool fit those of the query: rare words weigh more."""
    wanted = _terms(query)
    texts = {
        name: _terms(f"{name.replace('_', ' ')} {tool.title} {tool.description}")
        for name, tool in tools.items()
    }
    holding = Counter(term for text in texts.values() for term in set(text))
    scores = {
        name: sum(
            math.log(1 + len(texts) / holding[term]) * text[term] / (text[term] + 1)
            for term in wanted
            if term in text
        )
        for name, text in texts.items()
    }
    ranked = sorted(scores, key=lambda name: -scores[name])
    return [name for name in ranked[:FOUND] if scores[name] > 0]


def _terms(text: str) -> Counter[str]:
    found: list[str] = []
    for word in _WORD.findall(text.lower()):
        if _CJK.search(word):
            found += [word[at : at + 2] for at in range(max(1, len(word) - 1))]
        else:
            found.append(_stem(word))
    return Counter(found)


def _stem(word: str) -> str:
    for end in ("ing", "es", "s", "e"):
        if len(word) > len(end) + 3 and word.endswith(end):
            return word.removesuffix(end)
    return word
