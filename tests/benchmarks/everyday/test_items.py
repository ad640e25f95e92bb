"""The data files: how many items, what each says, and that no set gives the other away."""

from __future__ import annotations

import itertools
import re

import pytest

from benchmarks.everyday.items import KINDS, SETS, Item, Kind, Set, load, spread
from runtime.messages import MEDIA_MODALITIES

EVERY = list(itertools.product(KINDS, SETS))


@pytest.mark.parametrize(("kind", "of"), EVERY)
def test_a_set_has_its_full_size_in_two_languages(kind: Kind, of: Set) -> None:
    items = load(kind, of)
    size = 60 if kind == "questions" else 30
    assert len(items) == size
    assert sum(item.language == "zh" for item in items) == size // 3
    assert len({item.name for item in items}) == size


@pytest.mark.parametrize(("kind", "of"), EVERY)
def test_every_regular_expression_is_valid(kind: Kind, of: Set) -> None:
    for item in load(kind, of):
        assert all(isinstance(p, re.Pattern) for p in (*item.patterns, *item.forbidden))


@pytest.mark.parametrize("of", SETS)
def test_each_kind_says_what_an_answer_must_be(of: Set) -> None:
    assert all(item.patterns and not item.media for item in load("questions", of))
    assert all(
        item.media and set(item.media) <= set(MEDIA_MODALITIES) for item in load("media", of)
    )
    assert not any(item.media or item.patterns for item in load("plain", of))


@pytest.mark.parametrize("of", SETS)
def test_requests_for_media_ask_for_every_kind_and_for_two_at_once(of: Set) -> None:
    items = load("media", of)
    counts = {m: sum(item.media == (m,) for item in items) for m in MEDIA_MODALITIES}
    assert counts == {"image": 11, "audio": 9, "video": 7}
    assert sum(len(item.media) == 2 for item in items) == 3
    assert sum(len(item.turns) > 1 for item in items) >= 3


@pytest.mark.parametrize("kind", KINDS)
def test_no_item_is_in_both_sets(kind: Kind) -> None:
    development, held_out = (load(kind, of) for of in SETS)
    assert not {item.name for item in development} & {item.name for item in held_out}
    for mine, theirs in itertools.product(development, held_out):
        assert alike(mine, theirs) < 0.6, (mine.turns[-1], theirs.turns[-1])


def test_a_limit_takes_items_from_all_of_a_set() -> None:
    items = load("questions", "development")
    few = spread(items, 6)
    assert len(few) == 6
    assert {item.language for item in few} == {"en", "zh"}
    assert spread(items, None) == spread(items, 99) == items


def alike(mine: Item, theirs: Item) -> float:
    """Share of words, or of Chinese characters, that the last turns have in common."""
    one, other = (
        set(re.findall(r"[a-z']+|\d+|[\u4e00-\u9fff]", item.turns[-1].lower()))
        for item in (mine, theirs)
    )
    return len(one & other) / len(one | other)
