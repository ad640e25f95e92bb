"""Words in the shared space, by OpenAI's own client."""

from __future__ import annotations

import math
from typing import Any

import openai
import pytest

from tests.desktop.serve.chat.test_completions import refused


def test_like_lies_near_to_like(client: openai.OpenAI) -> None:
    texts = ["a red boat", "a boat that is red", "a dog in the snow"]

    found = client.embeddings.create(model="pocket", input=texts)
    plain = client.embeddings.create(model="pocket", input=texts[0], encoding_format="float")

    one, same, other = (entry.embedding for entry in found.data)
    assert math.isclose(math.hypot(*one), 1, abs_tol=1e-3)
    assert dot(one, same) > dot(one, other)
    assert plain.data[0].embedding == pytest.approx(one)


def dot(one: list[float], other: list[float]) -> float:
    """How near two vectors of unit length are."""
    return sum(a * b for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize(
    "wish", [{"input": []}, {"input": [""]}, {"input": [[1, 2]]}, {"input": "x", "dimensions": 3}]
)
def test_what_is_no_text_is_refused(client: openai.OpenAI, wish: dict[str, Any]) -> None:
    refused(lambda: client.embeddings.create(model="pocket", **wish))
