"""Grammars of calls: what llama.cpp allows by them, letter by letter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from runtime.bundle.manifest import ToolsSpec
from runtime.calls.form import plain_form, sign_of
from runtime.calls.grammar import ROOT, calls_grammar
from runtime.calls.offer import WORDS
from runtime.calls.schema import parameters
from runtime.language_model.grammar.gbnf import Rules
from runtime.language_model.llama_session import LlamaSession
from runtime.language_model.sampler import Grammar
from runtime.messages import ToolSpec
from tests import tiny_llama
from tests.runtime.calls.making import ARRAY, CHATML, QUOTED, TIMER, WEATHER, XML, tool

HERMES = plain_form(CHATML)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LlamaSession]:
    path = tmp_path_factory.mktemp("model") / "tiny.gguf"
    made = LlamaSession(tiny_llama.write_gguf(tiny_llama.random_llama(), path), n_ctx=64)
    yield made
    made.close()


def fits(session: LlamaSession, form: ToolsSpec, text: str, *tools: ToolSpec) -> bool:
    """Whether a text is whole by the grammar."""
    sign, _ = sign_of(form)
    text = text.removeprefix(sign)
    rules = calls_grammar(form, parameters(tools or (WEATHER, TIMER)), sign, several=True)
    return whole(session, text, f"root ::= {ROOT}\n{rules}")


def whole(session: LlamaSession, text: str, rules: str) -> bool:
    """Whether a grammar takes a text, token by token, and its end."""
    grammar = Grammar(session, rules)
    try:
        for token in session.tokenize(text, parse_special=False):
            if not grammar.allows(token):
                return False
            grammar.accept(token)
        return grammar.allows(next(iter(session.end_tokens())))
    finally:
        grammar.close()


def hermes(arguments: str, name: str = "get_weather") -> str:
    return f'<tool_call>\n{{"name": "{name}", "arguments": {arguments}}}\n</tool_call>'


@pytest.mark.parametrize(
    "arguments",
    [
        '{"city": "Paris"}',
        '{"city":"Paris","unit":"celsius"}',
        '{\n  "city": "Zürich 🚤 \\"x\\" \\u00e9",\n  "unit": "fahrenheit"\n}',
        '{"city": "}\\n</tool_call>"}',
    ],
)
def test_json_that_fits_the_schema_may_come(session: LlamaSession, arguments: str) -> None:
    assert fits(session, HERMES, hermes(arguments))


@pytest.mark.parametrize(
    "arguments",
    [
        "{}",
        '{"unit": "celsius"}',
        '{"city": 7}',
        '{"city": "Paris", "unit": "kelvin"}',
        '{"city": "Paris", "other": 1}',
        '{"city": "two\nlines"}',
        '{"city": "\\ud83d"}',
        '{"city": "Paris",}',
    ],
)
def test_other_json_may_not(session: LlamaSession, arguments: str) -> None:
    assert not fits(session, HERMES, hermes(arguments))


def test_only_known_tools_may_be_called(session: LlamaSession) -> None:
    assert fits(session, HERMES, hermes('{"seconds": 7}', "timer"))
    assert not fits(session, HERMES, hermes('{"seconds": 7}', "timers"))
    assert not fits(session, HERMES, hermes('{"city": "Paris"}', "timer"))


VALUES: list[tuple[dict[str, Any], str, bool]] = [
    ({"type": "integer"}, "-12", True),
    ({"type": "integer"}, "1.5", False),
    ({"type": "integer"}, "007", False),
    ({"type": "number"}, "1.5e-3", True),
    ({"type": "boolean"}, "true", True),
    ({"type": "boolean"}, '"true"', False),
    ({"type": ["string", "null"]}, "null", True),
    ({"enum": [1, "é", None]}, '"é"', True),
    ({"enum": [1, "é", None]}, "2", False),
    ({"type": "array", "items": {"type": "integer"}}, "[1, 2,3]", True),
    ({"type": "array", "items": {"type": "integer"}}, "[]", True),
    ({"type": "array", "items": {"type": "integer"}, "minItems": 2}, "[1]", False),
    ({"type": "array", "items": {"type": "integer"}, "maxItems": 2}, "[1, 2, 3]", False),
    ({"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 3}, "[1,2]", True),
    ({"type": "object"}, '{"a": [1, {"b": null}]}', True),
    ({"type": "object", "additionalProperties": {"type": "integer"}}, '{"a": 1, "b": 2}', True),
    ({"type": "object", "additionalProperties": {"type": "integer"}}, '{"a": "b"}', False),
    ({"type": "object", "properties": {}, "additionalProperties": False}, "{}", True),
    ({}, '["any", 1]', True),
    ({"anyOf": [{"type": "integer"}, {"type": "string"}]}, '"7"', True),
]


@pytest.mark.parametrize(("schema", "value", "allowed"), VALUES)
def test_values_by_their_schema(
    session: LlamaSession, schema: dict[str, Any], value: str, allowed: bool
) -> None:
    text = hermes(f'{{"x": {value}}}', "t")
    assert fits(session, HERMES, text, tool("t", "x", x=schema)) is allowed


def test_arguments_that_are_not_required_may_be_left_out_in_their_order(
    session: LlamaSession,
) -> None:
    one = tool("t", "b", a={"type": "integer"}, b={"type": "integer"}, c={"type": "integer"})
    allowed = ['{"b": 1}', '{"a": 1, "b": 1}', '{"b": 1, "c": 1}', '{"a": 1, "b": 1, "c": 1}']
    for arguments in allowed:
        assert fits(session, HERMES, hermes(arguments, "t"), one)
    for arguments in ('{"a": 1}', '{"b": 1, "a": 1}', '{"b": 1 "c": 1}', '{, "b": 1}'):
        assert not fits(session, HERMES, hermes(arguments, "t"), one)


def xml(name: str, **arguments: str) -> str:
    given = "".join(f"<parameter={n}>\n{v}\n</parameter>\n" for n, v in arguments.items())
    return f"<tool_call>\n<function={name}>\n{given}</function>\n</tool_call>"


def test_arguments_between_tags_are_texts_as_they_are(session: LlamaSession) -> None:
    assert fits(session, XML, xml("get_weather", city='any "text"\n</param> over lines'))
    assert fits(session, XML, xml("get_weather", city="Paris", unit="celsius"))
    assert not fits(session, XML, xml("get_weather", city="Paris", unit="kelvin"))
    assert fits(session, XML, xml("timer", seconds="60"))
    assert not fits(session, XML, xml("timer", seconds="soon"))
    assert not fits(session, XML, xml("timer"))


def test_several_calls_in_an_array(session: LlamaSession) -> None:
    call = '{"name": "timer", "arguments": {"seconds": 7}, "id": "abcdef123"}'

    assert fits(session, ARRAY, f"[TOOL_CALLS] [{call}]")
    assert fits(session, ARRAY, f"[TOOL_CALLS] [{call}, {call}]")
    assert not fits(session, ARRAY, f"[TOOL_CALLS] [{call}")


def test_bare_keys_and_quoted_texts(session: LlamaSession) -> None:
    text = '<|tool_call>call:get_weather{city:<|"|>any "text" {<|"|>}<tool_call|>'

    assert fits(session, QUOTED, text)
    assert not fits(session, QUOTED, text.replace("city", "town"))


@pytest.mark.parametrize("end", ["\n</parameter>\n", "aab", "]", "-^]"])
def test_a_text_ends_at_the_first_end(session: LlamaSession, end: str) -> None:
    rules = Rules()
    root = rules.up_to(end)
    for text, allowed in ((f"a{end[:-1]}b{end}", True), ("a", False), (f"{end}{end}", False)):
        took = whole(session, text, f"root ::= {root}\n{rules.text()}")
        assert took is (allowed and end not in text[: -len(end)])


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("The sea is blue.", True),
        ('It is {"name": 1}.', True),
        ("海是蓝的。", True),
        ('{"name": "timer", "arguments": {}}', False),
        ("\n{", False),
        ('```json\n{"name": "timer"}\n```', False),
        ('```\n{"name": "timer"}\n```', False),
        ("```python\nprint(1)\n```", True),
        ("```js\nlet a\n```", True),
        ("```java\nint a;\n```", True),
        ("`a` is a letter.", True),
    ],
)
def test_words_do_not_begin_as_a_call_in_json_does(
    session: LlamaSession, text: str, allowed: bool
) -> None:
    assert whole(session, text, WORDS) is allowed
