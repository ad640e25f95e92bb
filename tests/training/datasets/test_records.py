"""Untrusted JSON objects: known keys, right types, bearable sizes."""

from __future__ import annotations

from typing import Any

import pytest

from training.datasets.examples import BadData
from training.datasets.records import Record, tidy

KNOWN = ("caption", "image_name", "tags")


def test_values_are_read_and_tidied() -> None:
    record = Record({"caption": "  a\x07 cat ", "tags": "one", "image_name": None}, KNOWN)

    assert record.text("caption") == "a cat"
    assert record.texts("tags") == ["one"]
    assert record.optional("image_name", "none") == "none"
    assert "image_name" not in record
    assert record.items("image_name") == []


@pytest.mark.parametrize(
    ("data", "kind", "hint"),
    [
        ([], "wrong type", "expected an object, found a list"),
        ({"captoin": "x"}, "unknown key", "did you mean 'caption'"),
        ({"image_name": "x"}, "missing key", "expected 'caption'"),
        ({"caption": 7}, "wrong type", "expected text, found a number"),
        ({"caption": " "}, "empty", "caption is empty"),
        ({"caption": "x " * 3000}, "too long", "3000 words"),
    ],
)
def test_what_is_wrong_is_said(data: Any, kind: str, hint: str) -> None:
    with pytest.raises(BadData, match=hint) as caught:
        Record(data, KNOWN).text("caption")
    assert caught.value.kind == kind


def test_scripts_without_spaces_are_bounded_by_letters() -> None:
    assert tidy("字" * 24, "caption", 2) == "字" * 24
    with pytest.raises(BadData, match="25 letters"):
        tidy("字" * 25, "caption", 2)
