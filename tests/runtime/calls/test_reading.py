"""Calls are read as they were written, and only when they are whole."""

from __future__ import annotations

import json

import pytest

from runtime.bundle.manifest import ToolsSpec
from runtime.calls.form import plain_form, sign_of
from runtime.calls.reading import CallReader, Written
from runtime.calls.schema import parameters
from tests.runtime.calls.making import ARRAY, CHATML, QUOTED, TIMER, WEATHER, XML, tool

HERMES = plain_form(CHATML)
LISTS = tool("lists", list={"type": "array"}, flag={"type": "boolean"}, free={})


def reader(form: ToolsSpec) -> CallReader:
    return CallReader(form, parameters([WEATHER, TIMER, LISTS]), sign_of(form)[0])


def read(form: ToolsSpec, text: str) -> list[tuple[str, object]]:
    """Name and arguments of the calls in a whole text; no beginning of it is taken for whole."""
    reads, behind = reader(form), text.removeprefix(sign_of(form)[0])
    assert not [n for n in range(len(behind)) if reads.is_whole(behind[:n])]
    return [(call.name, json.loads(call.arguments)) for call in reads.read(behind)]


def test_json_between_tags() -> None:
    text = (
        '<tool_call>\n{"name": "timer", "arguments": {"seconds": 7, "label": "}\\n"}}\n</tool_call>'
    )

    assert read(HERMES, text) == [("timer", {"seconds": 7, "label": "}\n"})]


def test_arguments_stay_as_the_model_wrote_them() -> None:
    behind = '\n{"name": "timer", "arguments": { "seconds":7 }}\n</tool_call>'

    assert reader(HERMES).read(behind) == (Written("timer", '{ "seconds":7 }'),)


def test_arguments_between_tags_have_the_types_of_their_schema() -> None:
    text = (
        "<tool_call>\n<function=timer>\n<parameter=seconds>\n7\n</parameter>\n"
        "<parameter=label>\n7\n</parameter>\n</function>\n</tool_call>"
    )
    free = (
        '<tool_call>\n<function=lists>\n<parameter=list>\n[1, "a"]\n</parameter>\n'
        "<parameter=flag>\ntrue\n</parameter>\n<parameter=free>\nwords\n</parameter>\n"
        "</function>\n</tool_call>"
    )

    assert read(XML, text) == [("timer", {"seconds": 7, "label": "7"})]
    assert read(XML, free) == [("lists", {"list": [1, "a"], "flag": True, "free": "words"})]


def test_several_calls_in_an_array() -> None:
    one = '{"name": "timer", "arguments": {"seconds": %d}, "id": "abcdef123"}'

    text = f"[TOOL_CALLS] [{one % 1}, {one % 2}]"

    assert read(ARRAY, text) == [("timer", {"seconds": 1}), ("timer", {"seconds": 2})]


def test_bare_keys_and_quoted_texts() -> None:
    text = (
        '<|tool_call>call:lists{list:[1,<|"|>a, b}<|"|>,{x:null}],flag:false,free:-1.5}<tool_call|>'
    )

    assert read(QUOTED, text) == [
        ("lists", {"list": [1, "a, b}", {"x": None}], "flag": False, "free": -1.5})
    ]


@pytest.mark.parametrize("key", ["arguments", "parameters"])
def test_bare_json_that_was_read_up_to_the_name(key: str) -> None:
    text = f',\n  "{key}": {{\n    "seconds": 7\n  }}\n}}'
    reads = reader(HERMES)

    (call,) = reads.read_loose(text, "timer")

    assert (call.name, json.loads(call.arguments)) == ("timer", {"seconds": 7})
    assert [n for n in range(len(text) + 1) if reads.is_loose_whole("timer", text[:n])] == [
        len(text)
    ]
