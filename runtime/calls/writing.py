"""Tools, calls and results as pieces of a prompt.

Names, arguments, descriptions and results are data: no control token is read in them, and the marks
that end a result are broken where they occur in one. Knows messages and the format; knows no model.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from plugins.errors import KnownError
from runtime.bundle.manifest import ToolsSpec
from runtime.calls.signatures import signature
from runtime.language_model.text.joint_tokens import Piece
from runtime.messages import Part, ToolCallPart, ToolResultPart, ToolSpec

_NO_RESULT = "There is no result: the call was stopped."
_TAG = re.compile(r"</?[^<>\s]+>|\[/?[A-Z_]+\]")
_PLACES = re.compile(r"\{(id|name)\}")


@dataclass
class Step:
    """Words and media of an answer, and the calls behind them with what they gave."""

    words: list[Part] = field(default_factory=list)
    calls: list[ToolCallPart] = field(default_factory=list)
    results: list[ToolResultPart] = field(default_factory=list)

    def result(self, call: ToolCallPart) -> ToolResultPart:
        """What a call gave."""
        for result in self.results:
            if result.call_id == call.id:
                return result
        return ToolResultPart(call.id, call.name, _NO_RESULT, failed=True)


def steps(parts: Sequence[Part]) -> list[Step]:
    """An answer cut behind each group of results."""
    found = [Step()]
    for part in parts:
        step = found[-1]
        if isinstance(part, ToolResultPart):
            step.results.append(part)
            continue
        if step.results or (step.calls and not isinstance(part, ToolCallPart)):
            found.append(step := Step())
        if isinstance(part, ToolCallPart):
            step.calls.append(part)
        else:
            step.words.append(part)
    return found


def tools_list(form: ToolsSpec, tools: Sequence[ToolSpec]) -> list[Piece]:
    """The list of tools in a conversation's beginning."""
    pieces: list[Piece] = [(form.list_open, True)]
    for number, tool in enumerate(tools):
        between = [(form.list_between, True)] if number else []
        pieces += [*between, *_tool(form, tool)]
    return [*pieces, (form.list_close, True)]


def calls(form: ToolsSpec, called: Sequence[ToolCallPart], *, behind: str) -> list[Piece]:
    """Calls as the model writes them; `behind` are the words before them."""
    lead = form.calls_lead if behind and not behind[-1].isspace() else ""
    pieces: list[Piece] = [(lead, True), (form.calls_open, True)]
    for number, call in enumerate(called):
        between = form.calls_between if number else ""
        pieces += _filled(between + form.call_open, call.id, call.name)
        pieces.append((call.name, False))
        pieces += _filled(form.call_middle, call.id, call.name)
        pieces += _arguments(form, call)
        pieces += _filled(form.call_close, call.id, call.name)
    return [*pieces, (form.calls_close, True)]


def result_pieces(form: ToolsSpec, result: ToolResultPart) -> tuple[list[Piece], list[Piece]]:
    """A result up to the end of its text, and what closes it."""
    text = result.text
    if form.result == "json":
        text = json.dumps(text, ensure_ascii=False)[1:-1]
    else:
        for mark in _TAG.findall(form.result_close + form.results_close):
            text = text.replace(mark, f"{mark[0]} {mark[1:]}")
    opened = _filled(form.result_open, result.call_id, result.name)
    return [*opened, (text, False)], _filled(form.result_close, result.call_id, result.name)


def _tool(form: ToolsSpec, tool: ToolSpec) -> list[Piece]:
    if form.listing == "signatures":
        return [(signature(tool), False)]
    parameters = json.loads(tool.parameters or "{}")
    if form.arguments == "quoted":
        declared = {"description": tool.description, "parameters": _with_great_types(parameters)}
        return [(tool.name, False), *_quoted(form.argument_open, declared)]
    function = {
        "name": tool.name,
        "description": tool.description,
        "parameters": parameters,
    }
    written = {"type": "function", "function": function} if form.wrapped else function
    return [(json.dumps(written, ensure_ascii=False, indent=form.indent), False)]


def _with_great_types(schema: object) -> object:
    """A schema as models with quoted arguments are shown it: its types in capital letters."""
    if isinstance(schema, list):
        return [_with_great_types(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: value.upper() if key == "type" and isinstance(value, str) else _with_great_types(value)
        for key, value in schema.items()
    }


def _arguments(form: ToolsSpec, call: ToolCallPart) -> Iterator[Piece]:
    if form.arguments == "json":
        yield call.arguments.strip() or "{}", False
        return
    given = _object(call)
    if form.arguments == "quoted":
        yield from _quoted(form.argument_open, given)
        return
    for name, value in given.items():
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        yield form.argument_open, True
        yield name, False
        yield form.argument_middle, True
        yield text, False
        yield form.argument_close, True


def _quoted(mark: str, value: object) -> Iterator[Piece]:
    if isinstance(value, str):
        yield from ((mark, True), (value, False), (mark, True))
    elif isinstance(value, dict):
        yield "{", True
        for number, (key, one) in enumerate(value.items()):
            yield ("," if number else "") + key + ":", False
            yield from _quoted(mark, one)
        yield "}", True
    elif isinstance(value, list):
        yield "[", True
        for number, one in enumerate(value):
            yield "," if number else "", True
            yield from _quoted(mark, one)
        yield "]", True
    else:
        yield json.dumps(value), False


def _object(call: ToolCallPart) -> dict[str, object]:
    try:
        given = json.loads(call.arguments or "{}")
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict):
        raise KnownError(
            "call of {name}: expected a JSON object as its arguments, found something else. Mend "
            "the conversation, or begin a new one.",
            "request",
            name=call.name,
        )
    return given


def _filled(piece: str, call_id: str, name: str) -> list[Piece]:
    """A piece of the format with id and name in their places."""
    values = {"id": call_id, "name": name}
    cut = _PLACES.split(piece)
    return [(values[one], False) if number % 2 else (one, True) for number, one in enumerate(cut)]
