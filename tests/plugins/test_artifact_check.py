"""A renderer's result is checked field by field, and the first problem is named."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from plugins.api import Artifact, Condition, Recipe
from plugins.artifact_check import MOST_PIXELS, rubbish

RECIPE = Recipe("tests.dot", "1", "image", "bundle", Condition(caption="a dot"), {}, 7)
GOOD = Artifact("image", "image/png", b"png", ".png", RECIPE, width=4, height=4)


def test_a_whole_artifact_has_no_problem() -> None:
    assert rubbish(GOOD, "image") is None


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"data": b""}, "without bytes"),
        ({"data": "text"}, "without bytes"),
        ({"extension": "/../x"}, "extension"),
        ({"mime": "picture"}, "mime type"),
        ({"width": 0}, "width 0"),
        ({"height": MOST_PIXELS + 1}, "height"),
        ({"duration_s": float("nan")}, "duration without an end"),
        ({"recipe": None}, "without a recipe"),
        ({"recipe": replace(RECIPE, modality="audio")}, "a recipe for 'audio'"),
    ],
)
def test_a_wrong_field_is_named(changed: dict[str, Any], found: str) -> None:
    assert found in str(rubbish(replace(GOOD, **changed), "image"))


def test_anything_but_an_artifact_of_the_modality_is_named() -> None:
    assert str(rubbish(None, "image")) == "a NoneType"
    assert "'image'" in str(rubbish(GOOD, "audio"))
