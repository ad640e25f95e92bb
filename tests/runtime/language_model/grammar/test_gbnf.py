"""Pieces of grammars; what llama.cpp allows by them is in `tests/runtime/calls/test_grammar.py`."""

from __future__ import annotations

from runtime.language_model.grammar.gbnf import Rules, literal


def test_a_literal_holds_any_letter() -> None:
    assert literal('a"b\\c\nd\te\r') == r'"a\"b\\c\nd\te\r"'


def test_equal_rules_stand_once() -> None:
    rules = Rules()

    assert rules.add('"a"') == rules.add('"a"') != rules.add('"b"')
    assert rules.up_to("</x>") == rules.up_to("</x>")
    assert len(rules) == 2 + len("</x>") == len(rules.text().splitlines())
