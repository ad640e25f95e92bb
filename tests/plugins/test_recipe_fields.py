"""Recipes that anybody may have written: every field is what it means, or the reason is said."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
import pytest

from plugins.api import Condition, Parameter, Recipe
from plugins.errors import KnownError

GOOD: dict[str, Any] = {
    "renderer": "medley.image",
    "renderer_version": "1",
    "modality": "image",
    "bundle": "pocket",
    "condition": {"caption": "a boat"},
    "parameters": {"steps": 20, "guidance": 7.5, "fast": True, "style": "oil"},
    "seed": 7,
}
WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "a number as a name": ({"renderer": 5}, "found 5 as its renderer"),
    "an escape in a name": ({"renderer": "x\x1b]0;owned\x07"}, "as its renderer"),
    "words turned around": ({"bundle": "pocket\u202egpj"}, "as its bundle"),
    "a name as long as a book": ({"modality": "x" * 4_000_000}, "as its modality"),
    "an empty name": ({"renderer_version": ""}, "as its renderer_version"),
    "a caption as long as a book": (
        {"condition": {"caption": "boat " * 800_000}},
        "a caption of 4000000 characters, more than 10000",
    ),
    "a caption that is no words": ({"condition": {"caption": [1]}}, "as its caption"),
    "a list as arrays": ({"condition": {"arrays": [1]}}, "as the arrays of its condition"),
    "arrays without end": (
        {"condition": {"arrays": {str(n): {} for n in range(1000)}}},
        "a list of 1000 as the arrays of its condition",
    ),
    "an array without a name": ({"condition": {"arrays": {"": {}}}}, "as its array"),
    "no condition": ({"condition": None}, "as its condition"),
    "an enormous seed": ({"seed": 10**40}, "a number of more than 64 bits as its seed"),
    "a seed that is no number": ({"seed": "7"}, "found '7' as its seed"),
    "a parameter without an end": ({"parameters": {"steps": float("inf")}}, "as its steps"),
    "an enormous parameter": ({"parameters": {"steps": 10**40}}, "more than 64 bits as its steps"),
    "a list as a parameter": ({"parameters": {"steps": [1]}}, "a list of 1 as its steps"),
    "parameters that are none": ({"parameters": [1]}, "as its parameters"),
}


def test_a_recipe_comes_back() -> None:
    recipe = Recipe.from_json(json.dumps(GOOD))

    assert recipe.condition == Condition(caption="a boat")
    assert json.loads(recipe.to_json()) == GOOD


def test_arrays_come_back_bit_for_bit_under_their_names() -> None:
    rng = np.random.default_rng(0)
    arrays = {
        "embeds": rng.standard_normal((3, 4)).astype(np.float32),
        "mask": np.array([1, 1, 0], np.float32),
        "pooled": np.full(5, np.nan, np.float32),
    }
    first = Recipe.from_json(json.dumps(GOOD | {"condition": Condition(arrays).to_dict()}))

    found = Recipe.from_json(first.to_json()).condition

    assert found.caption is None and found.arrays is not None
    assert list(found.arrays) == list(arrays)
    for name, array in arrays.items():
        assert found.arrays[name].dtype == np.float32
        np.testing.assert_array_equal(found.arrays[name], array)
    assert found.embeds is found.arrays["embeds"]


def test_a_recipe_from_before_arrays_had_names_is_read_as_embeds() -> None:
    table = np.arange(6, dtype="<f4").reshape(2, 3)
    old = {"embedding": base64.b64encode(table.tobytes()).decode(), "shape": [2, 3]}

    found = Recipe.from_json(json.dumps(GOOD | {"condition": old})).condition

    assert found.arrays is not None and list(found.arrays) == ["embeds"]
    np.testing.assert_array_equal(found.arrays["embeds"], table)


@pytest.mark.parametrize(
    "condition",
    [
        {},
        {"embedding": "AAAA"},
        {"embedding": "AAAA", "shape": [1]},
        {"arrays": {}},
        {"arrays": {"mask": {"data": "AACAPw==", "shape": [1]}}},
        {"arrays": {"embeds": {"data": "AACAPw==", "shape": [2]}}},
        {"arrays": {"embeds": {"data": "AACAPw==", "shape": None}}},
        {"arrays": {"embeds": "AACAPw=="}},
    ],
)
def test_a_condition_that_is_none_is_refused(condition: dict[str, Any]) -> None:
    with pytest.raises(KnownError, match="with a caption, or with arrays and their shapes"):
        Recipe.from_json(json.dumps(GOOD | {"condition": condition}))


def test_a_condition_is_one_of_the_two() -> None:
    for arrays, caption in (
        (None, None),
        ({"embeds": np.zeros(1, np.float32)}, "a boat"),
        ({"pooled": np.zeros(1, np.float32)}, None),
    ):
        with pytest.raises(ValueError, match="condition"):
            Condition(arrays, caption)


@pytest.mark.parametrize("case", WRONG)
def test_what_a_field_cannot_be_is_named(case: str) -> None:
    change, found = WRONG[case]

    with pytest.raises(KnownError) as caught:
        Recipe.from_json(json.dumps(GOOD | change))

    text = str(caught.value)
    assert found in text and text.isprintable() and len(text) < 300


@pytest.mark.parametrize("name", GOOD)
def test_a_missing_field_is_named(name: str) -> None:
    with pytest.raises(KnownError, match=f"no '{name}' in it"):
        Recipe.from_json(json.dumps({key: value for key, value in GOOD.items() if key != name}))


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "null", "5", b"\xff\xfe", "9" * 5000])
def test_what_is_no_recipe_is_told_without_a_librarys_words(text: str | bytes) -> None:
    with pytest.raises(KnownError) as caught:
        Recipe.from_json(text)
    assert "Error" not in str(caught.value) and len(str(caught.value)) < 200


@pytest.mark.parametrize("value", [10**400, float("nan"), float("inf"), [1], None, "x" * 10**6])
@pytest.mark.parametrize("kind", ["int", "float", "bool"])
def test_a_parameter_that_is_no_number_is_refused_in_one_sentence(kind: Any, value: Any) -> None:
    with pytest.raises(KnownError) as caught:
        Parameter("steps", kind, 1, "How many.", 0, 10).check(value)
    assert len(str(caught.value)) < 200
