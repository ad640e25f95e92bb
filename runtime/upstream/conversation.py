"""A conversation as an OpenAI-compatible server reads it, from the marks that it stands between.

Knows the marks and the API's shapes; knows no connection.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from runtime.upstream import marks

Json = dict[str, Any]


@dataclass
class Conversation:
    """What is sent of it."""

    messages: list[Json] = field(default_factory=list)
    tools: list[Json] = field(default_factory=list)


def conversation(parts: Sequence[tuple[str, str]]) -> Conversation:
    """The messages and tools of a prompt.

    Args:
        parts: each mark with the text behind it; see `Vocabulary.parts`.
    """
    return _Reading().of(parts)


class _Reading:
    """The state between two marks."""

    def __init__(self) -> None:
        self._found = Conversation()
        self._role = ""
        self._results: list[Json] = []

    def of(self, parts: Sequence[tuple[str, str]]) -> Conversation:
        for mark, text in parts:
            self._take(mark, text)
        messages = [one for one in self._found.messages if one["content"] or one.get("tool_calls")]
        self._found.messages = [_whole(one) for one in messages]
        return self._found

    def _take(self, mark: str, text: str) -> None:
        match mark:
            case marks.SYSTEM:
                self._begin("system", text)
            case marks.USER:
                self._begin("user", text)
            case marks.END:
                # Behind a person's message stands the answer, which no mark begins.
                self._role = "assistant" if self._role == "user" else ""
                self._add(text)
            case marks.TOOLS:
                self._found.tools = [json.loads(line) for line in text.splitlines() if line.strip()]
            case marks.CALL:
                call = {"id": text, "type": "function", "function": {"name": "", "arguments": ""}}
                self._last("assistant").setdefault("tool_calls", []).append(call)
            case marks.CALL_NAME:
                self._call()["function"]["name"] = text
            case marks.CALL_ARGUMENTS:
                self._call()["function"]["arguments"] = text
            case marks.RESULT:
                self._found.messages.append({"role": "tool", "tool_call_id": text, "content": ""})
            case marks.RESULT_TEXT:
                self._found.messages[-1]["content"] = text or "(nothing)"
            case marks.RESULTS_END | marks.ANSWER:
                self._role = "assistant"
                self._add(text)
            case marks.TOOLS_END | marks.CALL_END:
                self._add(text)

    def _begin(self, role: str, text: str) -> None:
        self._role = role
        last = self._found.messages[-1] if self._found.messages else None
        if last is not None and last["role"] == role == "user":
            self._add(f"\n\n{text}")
            return
        self._found.messages.append({"role": role, "content": text})

    def _add(self, text: str) -> None:
        if text and self._role:
            self._last(self._role)["content"] += text

    def _last(self, role: str) -> Json:
        if not self._found.messages or self._found.messages[-1]["role"] != role:
            self._found.messages.append({"role": role, "content": ""})
        return self._found.messages[-1]

    def _call(self) -> Json:
        found: Json = self._found.messages[-1]["tool_calls"][-1]
        return found


def _whole(message: Json) -> Json:
    """A message without the blanks around its words; one that only calls has none."""
    words = message["content"].strip()
    return {**message, "content": words or (None if "tool_calls" in message else "")}
