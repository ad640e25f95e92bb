"""Pictures by OpenAI's own client, from words and from pictures."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import httpx2
import openai
import pytest

from tests.desktop.serve.chat.test_completions import DRAW, refused
from tests.desktop.serve.conftest import TOKEN

FAST: dict[str, Any] = {"steps": 2, "seed": 5}


def test_a_picture_is_made_and_the_same_seed_makes_it_again(client: openai.OpenAI) -> None:
    def draw(**wish: Any) -> Any:
        return client.images.generate(model="pocket", prompt=DRAW, extra_body=FAST, **wish)

    two, again, link = draw(n=2), draw(size="256x256"), draw(response_format="url")

    first, second = (base64.b64decode(one.b64_json) for one in two.data)
    assert first.startswith(b"\x89PNG") and second != first
    assert base64.b64decode(again.data[0].b64_json) == first
    assert two.size == "256x256" and two.output_format == "png"
    found = httpx2.get(link.data[0].url, headers={"Authorization": f"Bearer {TOKEN}"})
    assert found.content == first


def test_a_picture_is_made_of_a_picture(client: openai.OpenAI) -> None:
    first = client.images.generate(model="pocket", prompt=DRAW, extra_body={"seed": 1})
    assert first.data is not None
    picture = base64.b64decode(first.data[0].b64_json or "")

    made = client.images.edit(
        model="pocket", image=picture, prompt="draw this in the snow", extra_body=FAST
    )

    assert made.data is not None
    assert base64.b64decode(made.data[0].b64_json or "").startswith(b"\x89PNG")


def test_what_is_no_picture_or_cannot_be_edited_is_refused(
    client: openai.OpenAI, media: dict[str, Path]
) -> None:
    picture = media["image"].read_bytes()

    def edit(**wish: Any) -> Any:
        return client.images.edit(**{"model": "pocket", "prompt": DRAW, "image": picture, **wish})

    assert refused(lambda: edit(image=("a.png", b"none"))).param == "image[0]"
    assert refused(lambda: edit(mask=picture)).param == "mask"


@pytest.mark.parametrize(
    ("wish", "param"),
    [
        ({"size": "large"}, "size"),
        ({"n": 99}, "n"),
        ({"prompt": " "}, "prompt"),
        ({"output_format": "jpeg"}, "output_format"),
        ({"stream": True}, "stream"),
    ],
)
def test_what_cannot_be_done_is_refused_by_its_name(
    client: openai.OpenAI, wish: dict[str, Any], param: str
) -> None:
    wish = {"model": "pocket", "prompt": DRAW, **wish}

    assert refused(lambda: client.images.generate(**wish)).param == param
