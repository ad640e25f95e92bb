"""Takes apart how a chat template writes tools, calls of them and what they gave.

The template writes conversations with known words in them; what stands between these words is the
format. What was found is tried: it has to write the same conversation. Knows chat templates and the
manifest's pieces; knows no model and no file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from runtime.bundle.manifest import ToolsSpec
from runtime.calls.writing import calls, result_pieces
from runtime.composition.rendering import Probe, Rendered
from runtime.messages import ToolCallPart, ToolResultPart

ASKED, SAID, SYSTEM = "MEDLEYasked", "MEDLEYsaid", "MEDLEYsystem"
_NAMES = ("MEDLEYalpha", "MEDLEYbeta")
_IDS = ("MEDLEYid1", "MEDLEYid2")
_GAVE = ('MEDLEY"gave1', 'MEDLEY"gave2')
_KEYS = ("MEDLEYkey", "MEDLEYnumber")
_VALUE, _NUMBER = 'MEDLEY"value', 7
_ARGUMENTS = {_KEYS[0]: _VALUE, _KEYS[1]: _NUMBER}
_JSON_ARGUMENTS = json.dumps(_ARGUMENTS)
_CALLED = [(n, said, text) for n in (2, 1) for text in (False, True) for said in (SAID, "")]
"""How many calls a conversation has, what was said before them, and whether their arguments are
given as text."""
_CHANNEL = "<|channel|>"
"""Of a template whose model thinks between its calls, in a form that is not known here."""
_MARK = re.compile(r"\s*<\|[^<>|]+>")


class _Unknown(Exception):  # noqa: N818  (no error: the format is another)
    """The conversation is not written in a format that is known here."""


def probes() -> tuple[Probe, ...]:
    """The conversations that `tools_of` reads: the list with and without a system text, then those
    of `_CALLED`."""
    listed = _probe(("system", SYSTEM)), _probe()
    return (*listed, *(_probe(said=said, count=n, as_text=text) for n, said, text in _CALLED))


def _probe(
    *before: tuple[str, str], said: str = "", count: int = 0, as_text: bool = False
) -> Probe:
    messages: list[dict[str, Any]] = [{"role": role, "content": text} for role, text in before]
    messages.append({"role": "user", "content": ASKED})
    if count:
        arguments: Any = _JSON_ARGUMENTS if as_text else _ARGUMENTS
        called = [
            {"id": one, "type": "function", "function": {"name": name, "arguments": arguments}}
            for one, name in list(zip(_IDS, _NAMES, strict=True))[:count]
        ]
        messages.append({"role": "assistant", "content": said, "tool_calls": called})
        messages += [
            {"role": "tool", "content": gave, "tool_call_id": one, "name": name}
            for gave, one, name in list(zip(_GAVE, _IDS, _NAMES, strict=True))[:count]
        ]
    return Probe(tuple(messages), tuple(map(_tool, _NAMES)))


def _tool(name: str) -> dict[str, Any]:
    key = {"type": "string", "description": f"{name} described"}
    parameters = {"type": "object", "properties": {_KEYS[0]: key}, "required": [_KEYS[0]]}
    function = {"name": name, "description": f"{name} explained", "parameters": parameters}
    return {"type": "function", "function": function}


@dataclass(frozen=True)
class Around:
    """What is known of the template's conversations without tools."""

    bos: str
    user_open: str
    user_close: str
    answer_open: str
    system_open: str
    system_close: str
    ends: Sequence[str]
    """Texts of tokens that end an answer."""


def tools_of(rendered: Sequence[Rendered], around: Around) -> ToolsSpec | None:
    """The format in the conversations of `probes`; None where it is none that is known here."""
    with_system, without, *called = rendered
    try:
        listed = _list(with_system, without, around)
    except _Unknown:
        return None
    for (count, said, _), one in zip(_CALLED, called, strict=True):
        if one.problem or _CHANNEL in one.text:
            continue
        try:
            _, rest = _cut(one.text, said or ASKED + around.user_close)
            spec = _spec(rest, listed, around, several=count > 1)
        except _Unknown:
            continue
        if _writes(spec, rest, count, said):
            return spec
    return None


def _list(with_system: Rendered, without: Rendered, around: Around) -> dict[str, Any]:
    """Pieces of a conversation's beginning."""
    for one in (with_system, without):
        text = one.text.lstrip().removeprefix(around.bos) if around.bos else one.text
        if one.problem or not all(name in text for name in _NAMES):
            continue
        head, between, end, pieces = _tools_in(text)
        tail, asked, _ = end.partition(around.user_open + ASKED)
        pieces["list_between"] = between
        if not asked or ASKED in tail:
            continue
        if one is without:
            opened = {"system_open": around.system_open, "system_close": around.system_close}
            return {**pieces, **opened, "list_first": True, "list_open": head, "list_close": tail}
        if SYSTEM in head:
            opening, _, head = head.partition(SYSTEM)
            return {
                **pieces, "system_open": opening, "system_close": "", "list_open": head,
                "list_close": tail,
            }  # fmt: skip
        if SYSTEM in tail:
            tail, _, closing = tail.partition(SYSTEM)
            return {
                **pieces, "system_open": "", "system_close": closing, "list_open": head,
                "list_close": tail, "list_first": True,
            }  # fmt: skip
    raise _Unknown


def _tools_in(text: str) -> tuple[str, str, str, dict[str, Any]]:
    """What stands before, between and behind the two tools, and how they are written."""
    tools = [_tool(name) for name in _NAMES]
    for wrapped in (True, False):
        for indent in (None, 4, 2):
            one, two = (
                json.dumps(tool if wrapped else tool["function"], indent=indent) for tool in tools
            )
            begin, found, rest = text.partition(one)
            between, also, end = rest.partition(two)
            if found and also:
                return begin, between, end, {"wrapped": wrapped, "indent": indent}
    return _other_tools(text)


def _other_tools(text: str) -> tuple[str, str, str, dict[str, Any]]:
    """The same for a template that does not write tools as JSON, which they then are all the same:
    what is alike before both is the beginning of a tool, what is alike behind both its end."""
    first, second = text.find(_NAMES[0]), text.find(_NAMES[1])
    ends = [text.rfind(name) + len(name) for name in _NAMES]
    alike = _common_end(text[:first], text[ends[0] : second])
    head = alike[len(alike) - len(alike.lstrip("]}>")) :]
    tail = _common_begin(text[ends[0] : second - len(head)], text[ends[1] :])
    begin, end = text[: first - len(head)], text[ends[1] + len(tail) :]
    mark, blank = _MARK.match(head), head[: len(head) - len(head.lstrip())]
    opened = head if mark else blank
    closing = re.search(r"<[^<>]+\|>\s*$", tail) if mark else None
    closed = closing.group() if closing else ""
    between = closed + opened if mark else "\n"
    return begin + opened, between, closed + end, {"wrapped": False}


def _spec(rest: str, listed: dict[str, Any], around: Around, *, several: bool) -> ToolsSpec:
    """The format of a conversation with calls; `rest` stands behind the words before them."""
    style, values = _arguments(rest)
    gave: Literal["text", "json"] = "text" if _GAVE[0] in rest else "json"
    results = [one if gave == "text" else json.dumps(one)[1:-1] for one in _GAVE]
    pieces: dict[str, Any] = {**listed, **values, "result": gave, "several": several}
    lead, rest = _cut(rest, _NAMES[0])
    middle, rest = _cut(rest, style)
    if several:
        again, rest = _cut(rest, _NAMES[1])
        second, rest = _cut(rest, style)
        if _normal(second) != _normal(middle):
            raise _Unknown
    calling, rest = _cut(rest, results[0])
    pieces["call_middle"] = _normal(middle)
    behind = _normal(calling)
    if several:
        opened = _common_end(_normal(lead), _normal(again)).lstrip()
        closing = _normal(again)[: len(_normal(again)) - len(opened)]
        closed = _common_begin(closing, behind)
        pieces["calls_between"] = closing[len(closed) :]
    else:
        opened = _normal(lead).lstrip()
        closed = behind[: _end_in(behind, around.ends, len(behind))]
    opening = _normal(lead)[: len(_normal(lead)) - len(opened)]
    behind = behind[len(closed) :]
    ended = _end_in(closed, around.ends, -1)
    if ended >= 0:
        behind, closed = closed[ended:] + behind, closed[:ended]
        pieces |= {"several": False, "calls_between": ""}
    pieces |= {
        "calls_lead": opening[: len(opening) - len(opening.lstrip())],
        "calls_open": opening.lstrip(), "call_open": opened, "call_close": closed,
    }  # fmt: skip
    last = _end_in(behind, around.ends, 0)
    pieces["calls_close"] = behind[:last]
    if not (opened and closed) and not pieces["calls_close"] and style == "":
        raise _Unknown
    pieces |= _results(behind[last:], rest, results, around, several=several)
    return ToolsSpec(**pieces)


def _results(
    opening: str, rest: str, results: Sequence[str], around: Around, *, several: bool
) -> dict[str, str]:
    """Pieces around what calls gave; `rest` stands behind the first."""
    if several:
        raw, rest = _cut(rest, results[1])
        between, after = _normal(raw), _normal(rest)
        opened = _common_end(opening, between)
        closing = between[: len(between) - len(opened)]
        closed = _common_begin(closing, after)
        found = {
            "results_open": opening[: len(opening) - len(opened)],
            "results_between": closing[len(closed) :],
        }
    else:
        after, opened = _normal(rest), opening
        closed = '"' if opened.endswith('"') and after.startswith('"') else ""
        found = {"results_open": "", "results_between": ""}
    close = after[len(closed) :]
    found |= {"result_open": opened, "result_close": closed}
    return {**found, "results_close": close.removesuffix(around.answer_open)}


def _arguments(text: str) -> tuple[str, dict[str, Any]]:
    """The first call's arguments as they are written, and how that is told."""
    for written in (_JSON_ARGUMENTS, json.dumps(_ARGUMENTS, separators=(",", ":"))):
        if written in text:
            return written, {"arguments": "json"}
    key, value, number = re.escape(_KEYS[0]), re.escape(_VALUE), re.escape(_KEYS[1])
    quoted = re.search(rf"\{{{key}:(?P<mark>\S+?){value}(?P=mark),{number}:{_NUMBER}\}}", text)
    if quoted:
        return quoted.group(), {"arguments": "quoted", "argument_open": quoted["mark"]}
    tagged = re.search(
        rf"(?P<open><[^<>]*){key}(?P<middle>[^M]*?){value}(?P<close>.*?)(?P=open){number}"
        rf"(?P=middle){_NUMBER}(?P=close)",
        text,
        re.DOTALL,
    )
    if tagged is None:
        raise _Unknown
    names = ("open", "middle", "close")
    return tagged.group(), {"arguments": "tagged", **{f"argument_{n}": tagged[n] for n in names}}


def _writes(spec: ToolsSpec, rest: str, count: int, said: str) -> bool:
    """Whether the format writes the conversation that it was read from."""
    called = [ToolCallPart(_IDS[n], _NAMES[n], _JSON_ARGUMENTS) for n in range(count)]
    pieces = [*calls(spec, called, behind=said), (spec.results_open, True)]
    for number in range(count):
        result = ToolResultPart(_IDS[number], _NAMES[number], _GAVE[number])
        opened, closed = result_pieces(spec, result)
        pieces += [*([(spec.results_between, True)] if number else []), *opened, *closed]
    written = "".join(piece for piece, _ in [*pieces, (spec.results_close, True)])
    compact = json.dumps(_ARGUMENTS, separators=(",", ":"))
    same = rest.replace(compact, _JSON_ARGUMENTS)
    return same.startswith((written, written if said else written.lstrip()))


def _cut(text: str, mark: str) -> tuple[str, str]:
    before, found, after = text.partition(mark)
    if not found:
        raise _Unknown
    return before, after


def _normal(text: str) -> str:
    """Pieces with the places of ids and names."""
    for one, name in zip(_IDS, _NAMES, strict=True):
        text = text.replace(one, "{id}").replace(name, "{name}")
    return text


def _end_in(text: str, ends: Sequence[str], otherwise: int) -> int:
    """Where the first token stands that ends an answer."""
    return min((at for end in ends if end and (at := text.find(end)) >= 0), default=otherwise)


def _common_begin(one: str, other: str) -> str:
    return _common_end(one[::-1], other[::-1])[::-1]


def _common_end(one: str, other: str) -> str:
    same = 0
    while same < min(len(one), len(other)) and one[-1 - same] == other[-1 - same]:
        same += 1
    return one[len(one) - same :]
