"""How a realtime session hears and speaks: updates change what they name, and are checked."""

from __future__ import annotations

from typing import Any

import pytest

from desktop.serve.errors import ApiError
from desktop.serve.realtime.settings import checked, default, updated


def test_an_update_changes_only_what_it_names() -> None:
    before = default("pocket")
    after = updated(before, {"audio": {"output": {"speed": 1.5}}, "instructions": "Be brief."})
    settings = checked(after)

    assert settings.audio.output.speed == 1.5 and settings.instructions == "Be brief."
    assert settings.audio.input.turn_detection is not None
    assert after["audio"]["output"]["format"] == before["audio"]["output"]["format"]
    assert before["audio"]["output"]["speed"] == 1.0
    assert settings.speaks and not checked(updated(after, {"output_modalities": ["text"]})).speaks


@pytest.mark.parametrize(
    ("detection", "silence_s", "latest_s"),
    [
        ({"type": "server_vad"}, None, 2.0),
        ({"type": "server_vad", "silence_duration_ms": 500, "threshold": 0.4}, 0.5, 2.0),
        ({"type": "semantic_vad", "eagerness": "low"}, None, 4.0),
        ({"type": "semantic_vad", "eagerness": "high"}, None, 1.0),
    ],
)
def test_silence_or_a_judge_ends_turns(
    detection: Any, silence_s: float | None, latest_s: float
) -> None:
    change = {"audio": {"input": {"turn_detection": detection}}}
    vad = checked(updated(default("pocket"), change)).audio.input.turn_detection

    assert vad is not None
    assert (vad.silence_s, vad.latest_s) == (silence_s, latest_s)


def test_the_client_may_end_turns_itself() -> None:
    change = {"audio": {"input": {"turn_detection": None}}}
    assert checked(updated(default("pocket"), change)).audio.input.turn_detection is None


@pytest.mark.parametrize(
    "change",
    [
        {"max_output_tokens": 0},
        {"output_modalities": ["smell"]},
        {"tool_choice": "sometimes"},
        {"tools": [{"type": "function", "name": "two words"}]},
        {"audio": {"input": {"format": {"type": "audio/pcm", "rate": 8000}}}},
        {"audio": 5},
    ],
)
def test_what_cannot_be_is_refused(change: Any) -> None:
    with pytest.raises(ApiError):
        checked(updated(default("pocket"), change))
