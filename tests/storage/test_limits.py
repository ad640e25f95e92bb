"""Values within their limits, whatever a row holds."""

from __future__ import annotations

from typing import Any

import pytest

from storage import limits


@pytest.mark.parametrize(
    ("check", "value", "kept"),
    [
        (limits.pixels, 640, 640),
        (limits.pixels, limits.MOST_PIXELS + 1, None),
        (limits.pixels, True, None),
        (limits.seconds, 1.5, 1.5),
        (limits.seconds, float("nan"), None),
        (limits.seconds, -1, None),
        (limits.share, 0.5, 0.5),
        (limits.share, 1.1, None),
        (limits.count, 3, 3),
        (limits.count, "3", 0),
        (limits.text, b"caf\xc3\xa9", "café"),
        (limits.text, 7, ""),
        (limits.word, "x" * 500, "x" * limits.LONGEST_WORD),
        (limits.data, "text", b""),
        (limits.title, "a\x1b[2J\u202eb", "a[2Jb"),
        (limits.is_sha256, "a" * 64, True),
        (limits.is_sha256, "A" * 64, False),
    ],
)
def test_a_value_is_kept_or_replaced(check: Any, value: Any, kept: Any) -> None:
    assert check(value) == kept


def test_an_identity_is_kept_or_made_the_same_every_time() -> None:
    good = "0123456789abcdef" * 2

    assert limits.identity(good) == good
    assert limits.identity("x") == limits.identity("x") != limits.identity("y")


def test_details_are_a_bounded_object_or_nothing() -> None:
    deep = '{"a":' * 40 + "1" + "}" * 40

    assert limits.details('{"steps": 8}') == {"steps": 8}
    for json in ("[1]", "no", deep, '{"a": 1e999}', None):
        assert limits.details(json) == {}
    assert str(limits.details_problem({"a": float("inf")})) == "inf in details"
    assert limits.details_problem({"a": 2**70}) is not None
    assert limits.details_problem({"a": [1, "b"]}) is None
