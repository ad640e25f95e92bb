"""Texts with the names of a small world masked, and hashed into rows of a table."""

from __future__ import annotations

import numpy as np
import pytest

from runtime.familiarity.words import KINDS, WordReader, hashed, language_of, mask, names_pattern

NAMES = {"thing": ("boat", "船"), "colour": ("red", "dark red"), "other": ("red tape",)}


@pytest.mark.parametrize(
    ("text", "masked", "names"),
    [
        ("Draw a RED boat", "draw a  <colour>   <thing> ", {"colour", "thing"}),
        ("a dark red boat", "a  <colour>   <thing> ", {"colour", "thing"}),
        ("画一艘船", "画一艘 <thing> ", {"thing"}),
        ("a boathouse", "a boathouse", set()),
        ("red tape", " <other> ", {"other"}),
    ],
)
def test_names_are_masked_by_their_attribute(text: str, masked: str, names: set[str]) -> None:
    assert mask(text, *names_pattern(NAMES)) == (masked, names)


def test_the_kind_with_the_largest_sum_wins_and_shares_sum_to_one() -> None:
    table = np.zeros((64, len(KINDS)), np.int8)
    table[hashed("draw it", 64), KINDS.index("make")] = 50
    ones = np.ones(len(KINDS), np.float32)

    read = WordReader(NAMES, table, ones, 0 * ones).read("draw it")

    assert max(read.kind_shares, key=lambda kind: read.kind_shares[kind]) == "make"
    assert sum(read.kind_shares.values()) == pytest.approx(1.0)
    assert read.names == frozenset()


def test_a_name_of_another_thing_is_no_name() -> None:
    table, ones = np.zeros((64, len(KINDS)), np.int8), np.ones(len(KINDS), np.float32)

    assert WordReader(NAMES, table, ones, ones).read("red tape").names == frozenset()


@pytest.mark.parametrize(
    ("text", "language"), [("画 a boat", "zh"), ("a boat", "en"), ("7!", None)]
)
def test_the_language_of_a_text(text: str, language: str | None) -> None:
    assert language_of(text) == language
