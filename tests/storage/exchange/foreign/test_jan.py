"""Jan's threads."""

from __future__ import annotations

from collections import Counter
from typing import Any

from storage.exchange.foreign import jan
from storage.exchange.foreign.talk import Call, LeftOut, Thought, Words


def content(text: str) -> list[dict[str, Any]]:
    return [{"type": "text", "text": {"value": text, "annotations": []}}]


def test_messages_follow_each_other_with_thoughts_and_calls() -> None:
    called = {
        "tool": {"id": "c1", "function": {"name": "search", "arguments": '{"q":"tides"}'}},
        "response": {"content": [{"type": "text", "text": "the moon"}]},
    }
    answer = {
        "id": "b", "role": "assistant", "created_at": 7, "metadata": {"tool_calls": [called]},
        "content": content("<think>Hm.</think>\n\nThe moon."),
    }  # fmt: skip
    asked = {"id": "a", "role": "user", "content": content("Why?"), "created_at": 6}
    left_out: LeftOut = Counter()

    talk = jan.read(jan.joined({"id": "t", "title": "Tides"}, [asked, answer, asked, 5]), left_out)

    assert talk.entries["a"].pieces == (Words("Why?"),)
    assert talk.entries["b"].pieces == (
        Call("c1", "Jan", "search", '{"q":"tides"}', "the moon"), Thought("Hm."),
        Words("The moon."),
    )  # fmt: skip
    assert (talk.entries["b"].parent, talk.entries["b"].created_ms) == ("a", 7000)
    assert len(talk.entries) == 3
