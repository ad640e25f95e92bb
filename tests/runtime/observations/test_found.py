"""A reader's observations are checked field by field."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from plugins.errors import KnownError
from plugins.observation import Observation
from runtime.observations.found import MOST_OBSERVATIONS, checked, shortened

SAID = Observation("speech", "hello", 0.5, 0.0, 1.0, source="tests.ears")


def test_good_observations_are_kept_and_empty_ones_left_out() -> None:
    found = checked([SAID, Observation("text", "  \0 ")], "tests.ears")

    assert found == (SAID,)


def test_values_are_brought_within_their_bounds() -> None:
    given = Observation("label", " a cat\0 ", confidence=np.float32(1.5), place="x" * 500)

    (one,) = checked([given], "tests.eyes")

    assert (one.text, one.confidence, len(one.place), one.source) == (
        "a cat",
        1.0,
        200,
        "tests.eyes",
    )


@pytest.mark.parametrize(
    ("found", "named"),
    [
        ("text", "a str"),
        ([None], "a NoneType"),
        ([replace(SAID, kind="smell")], "the kind 'smell'"),
        ([replace(SAID, text=7)], "a text that is a int"),
        ([replace(SAID, start_s=float("nan"))], "a start_s that is no number"),
        ([replace(SAID, box=(0, 0, 1))], "a box of 3 numbers"),
        ([replace(SAID, box=(0, 0, 1, None))], "a box without one of its sides"),
    ],
)
def test_anything_else_is_refused_by_the_readers_name(found: Any, named: str) -> None:
    with pytest.raises(KnownError, match=r"tests\.ears.*found") as caught:
        checked(found, "tests.ears")
    assert named in str(caught.value)


def test_more_than_is_kept_is_cut_and_said() -> None:
    many = (Observation("document", "words", place="page 1"),) * (MOST_OBSERVATIONS + 1)

    kept, sentence = shortened(many, "book.pdf")

    assert len(kept) == MOST_OBSERVATIONS
    assert str(sentence).startswith("book.pdf is longer than can be kept")
    assert shortened(many[:3], "book.pdf") == (many[:3], None)
