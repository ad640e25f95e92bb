"""Examples: the media they give, the artifacts they ask for, and counts of skipped ones."""

from __future__ import annotations

from training.datasets.examples import (
    Dialogue,
    Exchange,
    Medium,
    Pair,
    Skipped,
    Wanted,
    media_of,
    summary,
    wanted_of,
)

CAT, RAIN = Medium("image", "cat.png"), Wanted("audio", "rain")
TALK = Dialogue((Exchange((CAT,), "what is it?", ("a cat",)), Exchange((), "rain", ("ok", RAIN))))


def test_media_and_artifacts_come_in_order() -> None:
    assert media_of(TALK) == [CAT]
    assert wanted_of(TALK) == [RAIN]


def test_a_pair_gives_its_medium_and_can_ask_for_it() -> None:
    pair = Pair(CAT, "a cat")

    assert media_of(pair) == [CAT]
    assert wanted_of(pair) == [Wanted("image", "a cat")]


def test_skipped_data_is_counted_by_kind_the_most_frequent_first() -> None:
    kinds = ("empty", "duplicate", "empty")
    skipped = [Skipped("x.json", "", kind, "why") for kind in kinds]  # type: ignore[arg-type]

    assert summary(skipped) == "2 empty, 1 duplicate"
    assert summary([]) == "nothing"
