"""Artifacts in any modality that a bundle answers in."""

from __future__ import annotations

import base64
from typing import Any

import httpx2
import openai
import pytest

from tests.desktop.serve.chat.test_completions import DRAW, refused
from tests.desktop.serve.conftest import TOKEN

PATH = "/x_medley/generations"


def make(client: openai.OpenAI, **wish: Any) -> Any:
    """Ask for an artifact."""
    body = {"model": "pocket", "modality": "image", "prompt": DRAW, "seed": 5, **wish}
    return client.post(PATH, body=body, cast_to=object)


def test_every_modality_of_a_bundle_comes_as_its_file(client: openai.OpenAI) -> None:
    heads = {"image": (b"\x89PNG", "image/png"), "audio": (b"RIFF", "audio/wav")}
    for modality, (head, mime) in heads.items():
        found = make(client, modality=modality, parameters={"steps": 2})
        (made,) = found["data"]
        assert found["model"] == "pocket"
        assert (made["modality"], made["mime"]) == (modality, mime)
        assert base64.b64decode(made["data"]).startswith(head)
        assert made["recipe"]["modality"] == modality


def test_a_link_is_enough_for_who_wants_one(client: openai.OpenAI) -> None:
    (made,) = make(client, response_format="url", parameters={"steps": 2})["data"]
    assert "data" not in made
    url = str(client.base_url).removesuffix("/v1/") + made["url"]
    found = httpx2.get(url, headers={"Authorization": f"Bearer {TOKEN}"})
    assert found.content.startswith(b"\x89PNG")


def test_an_answer_holds_its_artifacts_where_that_is_wished(client: openai.OpenAI) -> None:
    answer = client.chat.completions.create(
        model="pocket",
        messages=[{"role": "user", "content": DRAW}],
        extra_body={"x_medley": {"artifacts": "data", "parameters": {"image": {"steps": 2}}}},
    )
    (made,) = answer.choices[0].message.x_medley["artifacts"]  # type: ignore[attr-defined]
    assert base64.b64decode(made["data"]).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("wish", "param"),
    [({"modality": "smell"}, "modality"), ({"modality": "text"}, "modality"),
     ({"prompt": " "}, "prompt"), ({"response_format": "png"}, "response_format")],
)  # fmt: skip
def test_what_cannot_be_made_is_refused_by_its_name(
    client: openai.OpenAI, wish: dict[str, Any], param: str
) -> None:
    assert refused(lambda: make(client, **wish)).param == param
