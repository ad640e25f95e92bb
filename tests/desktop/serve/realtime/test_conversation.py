"""What is kept of a realtime conversation: order, what was heard, and what the model is told."""

from __future__ import annotations

from typing import Any

import pytest

from desktop.serve.errors import ApiError
from desktop.serve.realtime.conversation import Conversation, Said, plain


def message(role: str, kind: str, words: str, **more: Any) -> dict[str, Any]:
    """A message of one part."""
    name = "text" if kind.endswith("text") else "transcript"
    return {"type": "message", "role": role, "content": [{"type": kind, name: words}], **more}


def spoken(conversation: Conversation) -> Said:
    """An answer of which all is spoken, a word each half second."""
    said = conversation.add(message("assistant", "output_audio", "A red boat. Under **grey** sky."))
    said.written = "A red boat. Under **grey** sky."
    words = ("A", "red", "boat", "Under", "grey", "sky")
    said.words = [(word, (number + 1) / 2) for number, word in enumerate(words)]
    return said


def test_items_stand_where_they_were_put() -> None:
    conversation = Conversation()
    first = conversation.add(message("user", "input_text", "one", id="a"))
    conversation.add(message("user", "input_text", "three", id="c"))
    conversation.add(message("user", "input_text", "two", id="b"), after="a")
    conversation.add(message("user", "input_text", "zero", id="z"), after="root")

    assert [item["id"] for item in conversation.items()] == ["z", "a", "b", "c"]
    assert conversation.before(first) == "z" and conversation.last == "c"
    for broken in ({"after": "none"}, {}):
        with pytest.raises(ApiError):
            conversation.add(message("user", "input_text", "x", id="a"), **broken)
    conversation.remove("b")
    with pytest.raises(ApiError):
        conversation.find("b")


def test_the_model_believes_to_have_said_what_was_heard() -> None:
    conversation = Conversation()
    said = spoken(conversation)
    (whole,) = conversation.items()
    assert whole["content"] == [{"type": "output_text", "text": "A red boat. Under **grey** sky."}]

    conversation.truncate(said.id, 2.6)
    (cut,) = conversation.items()
    assert cut["content"] == [{"type": "output_text", "text": "A red boat. Under **grey**"}]
    assert said.item["content"][0]["transcript"] == "A red boat. Under **grey**"

    conversation.truncate(said.id, 0.1)
    assert conversation.items() == []


def test_what_was_said_and_written_is_told_and_silence_is_not() -> None:
    items = [
        message("user", "input_audio", "hello"),
        message("user", "input_audio", ""),
        {"type": "function_call_output", "call_id": "c", "output": "done"},
    ]
    told = plain(items)
    assert [item["type"] for item in told] == ["message", "function_call_output"]
    assert told[0]["content"] == [{"type": "input_text", "text": "hello"}]


def test_a_person_is_not_cut_short() -> None:
    conversation = Conversation()
    said = conversation.add(message("user", "input_text", "one"))
    with pytest.raises(ApiError):
        conversation.truncate(said.id, 1)
