"""What a branch says as a whole, and how an answer came about, whatever stands in its details."""

from __future__ import annotations

from typing import Any

import pytest

from desktop.window.transcript.details import answer_details
from desktop.window.transcript.overview import Overview, model_of, overview
from storage.records import Message, Role, State

POCKET = {"bundle": "pocket", "model": "Pocket", "context_tokens": 40, "n_ctx": 2048}
STARTER = {"bundle": "starter", "context_tokens": 900, "n_ctx": 8192, "dropped": 4}


def message(
    details: dict[str, Any], role: Role = "assistant", state: State = "complete"
) -> Message:
    """A message with these details."""
    return Message(1, 1, None, role, state, 0, 0, (), "", details, 0, 1)


def test_one_model_or_several_and_the_newest_answer_that_tells() -> None:
    asked = message({}, "user")
    failed = message({"bundle": "other"}, state="failed")
    varied = message({"bundle": "pocket"})

    assert overview([]) == Overview()
    assert overview([None, asked, message(POCKET), asked, varied]) == Overview(
        False, "pocket", 40, 2048
    )
    assert overview([asked, message(POCKET), asked, message(STARTER), asked, failed]) == Overview(
        True, "starter", 900, 8192, 4
    )


def test_an_answer_is_called_by_its_models_title_or_else_by_its_bundle() -> None:
    assert model_of(message(POCKET)) == "Pocket"
    assert model_of(message(STARTER)) == "starter"
    assert model_of(message(POCKET, "user")) == model_of(None) == ""


def test_details_tell_what_was_written_down() -> None:
    details = {
        **POCKET, "seed": 0, "prompt_tokens": 30, "new_tokens": 10, "tokens_per_second": 81.5,
        "first_token_s": 0.02, "load_s": 0.01, "encode_s": 0.3,
    }  # fmt: skip

    found = answer_details(message(details))

    assert found == {
        "answer": True, "model": "Pocket", "bundle": "pocket", "promptTokens": 30, "newTokens": 10,
        "tokensPerSecond": 81.5, "contextUsed": 40, "contextSize": 2048, "seed": "0",
        "encoding": 0.3, "firstToken": 0.02,
    }  # fmt: skip


@pytest.mark.parametrize("odd", ["many", -3, True, None, [1], 2.5, {"n": 1}])
def test_what_others_wrote_into_an_answer_does_no_harm(odd: Any) -> None:
    names = (
        "bundle", "model", "context_tokens", "n_ctx", "dropped", "seed", "prompt_tokens",
        "new_tokens", "tokens_per_second", "first_token_s", "load_s", "encode_s",
    )  # fmt: skip
    strange = message(dict.fromkeys(names, odd))

    assert overview([strange]).used == 0
    assert "contextSize" not in answer_details(strange)
