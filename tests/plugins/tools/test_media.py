"""Media are made within the answer, by Medley itself."""

from __future__ import annotations

from typing import Any

import pytest

from tests.desktop.tools.calling import Calls

MEDIA = {
    "media": [
        {"reference": "picture 1", "modality": "image", "caption": "a boat", "made": True},
        {"reference": "file 1", "modality": "document", "name": "a.pdf"},
    ]
}


@pytest.mark.parametrize(
    "tool, modality", [("make_picture", "image"), ("make_sound", "audio"), ("make_clip", "video")]
)
def test_a_medium_is_made(calls: Calls, tool: str, modality: str) -> None:
    asked: list[Any] = []
    calls.services["media.make"] = lambda given: (
        asked.append(given) or {"reference": "thing 2", "caption": given["caption"]}
    )

    text = calls.text(tool, description="a red boat")

    assert asked == [{"modality": modality, "caption": "a red boat"}]
    assert text == "Made thing 2: a red boat. It is shown to the person."


def test_an_earlier_medium_is_made_again_with_a_change(calls: Calls) -> None:
    asked: list[Any] = []
    calls.services["media.list"] = lambda _: MEDIA
    calls.services["media.make"] = lambda given: (
        asked.append(given) or {"reference": "picture 2", "caption": given["caption"]}
    )

    calls.text("change_medium", medium="Image #1", description="a boat at night")

    assert asked == [{"modality": "image", "caption": "a boat at night", "like": "picture 1"}]
    for other in ("picture 3", "file 1", "my boat"):
        assert "found only: picture 1, file 1" in calls.problem(
            "change_medium", medium=other, description="x"
        )


def test_an_answer_that_is_none_is_told(calls: Calls) -> None:
    calls.services["media.make"] = lambda _: {"reference": 3}

    assert "the service media.make: expected another answer" in calls.problem(
        "make_picture", description="x"
    )
