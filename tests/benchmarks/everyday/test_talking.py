"""Items are answered by a real engine: Pocket, in whose own world the requests here lie."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from benchmarks.everyday.items import Item, Kind
from benchmarks.everyday.talking import Outcome, outcomes
from benchmarks.everyday.telling import as_json, interval, line, table
from runtime.bundle.bundle import Bundle, find_bundle
from runtime.engine import Engine

ITEMS: list[tuple[Kind, Item]] = [
    ("media", Item("boat", ("draw a red boat on the sea",), media=("image",))),
    ("media", Item("edit", ("draw a red boat on the sea", "now make it blue"), media=("image",))),
    ("questions", Item("impossible", ("hello",), all=("no model says this",))),
]


@pytest.fixture(scope="module")
def heard() -> Iterator[list[Outcome]]:
    with Engine(Bundle.open(find_bundle("pocket"), verify="size"), device="cpu") as engine:
        yield list(outcomes(engine, ITEMS))


def test_the_kind_of_a_medium_is_known_without_making_it(heard: list[Outcome]) -> None:
    assert [outcome.right for outcome in heard] == [True, True, False]
    assert list(heard[0].answer.made.values()) == ["image"]
    assert heard[0].answer.done is not None
    assert heard[0].answer.done.timings.render == (0.0,)


def test_an_item_is_told_in_a_line_a_table_and_json(heard: list[Outcome]) -> None:
    assert line(heard[0]).startswith("right  media     boat")
    assert "lacks no model says this" in line(heard[2])
    assert "| media | both | 2 of 2 | 100% |" in table(heard)
    assert "| questions | English | 0 of 1 | 0% |" in table(heard)
    assert as_json(heard[1])["made"] == ["image"]


def test_the_interval_holds_the_share_and_stays_within_0_and_1() -> None:
    assert interval(48, 60) == pytest.approx((0.682, 0.882), abs=2e-3)
    assert interval(30, 30)[1] == pytest.approx(1.0)
    assert interval(0, 30)[0] == pytest.approx(0.0)
