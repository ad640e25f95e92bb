"""What travels arrives as it was sent."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from deploy.wire import (
    Described,
    RenderRequest,
    arrays_of,
    artifact_of,
    condition_of,
    decode_told,
    described,
    encode,
    made_of,
    parameters_of,
)
from plugins.api import Artifact, Condition, Parameter, Recipe

_CONDITIONS = [
    Condition(
        {
            "embeds": np.linspace(-1, 1, 12, dtype=np.float32).reshape(3, 4),
            "mask": np.ones(3, np.float32),
        }
    ),
    Condition(caption="a red boat"),
]


@pytest.mark.parametrize("condition", _CONDITIONS)
def test_a_condition_arrives_bit_for_bit(condition: Condition) -> None:
    request = RenderRequest("medley.image", condition.caption, {"steps": 4}, 7)

    sent = msgspec.msgpack.decode(encode(request), type=RenderRequest)

    assert condition_of(sent, arrays_of(condition)).to_dict() == condition.to_dict()


def test_an_artifact_arrives_with_its_recipe() -> None:
    recipe = Recipe("medley.image", "1", "image", "pocket", _CONDITIONS[0], {"steps": 4}, 7)
    artifact = Artifact("image", "image/png", b"\x89PNG", ".png", recipe, 64, 64)

    arrived = artifact_of(decode_told(encode(made_of(artifact))))  # type: ignore[arg-type]

    assert (arrived.data, arrived.width, arrived.duration_s) == (b"\x89PNG", 64, None)
    assert arrived.recipe.to_json() == recipe.to_json()


def test_the_parameters_of_a_renderer_arrive() -> None:
    given = (
        Parameter("steps", "int", 20, "how many", 1, 100),
        Parameter("style", "choice", "plain", "which", choices=("plain", "bold")),
    )

    about = msgspec.msgpack.decode(encode(described("3", given)), type=Described)

    assert (about.version, parameters_of(about)) == ("3", given)
