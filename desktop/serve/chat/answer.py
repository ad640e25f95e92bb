"""The answer of a chat, whole or as a stream of chunks, in OpenAI's shape.

What is not words stands beside them, under `x_medley`: pictures, sounds and clips with the address
at which each can be had. Knows events; knows no HTTP.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from typing import Any

from desktop.serve.media.artifacts import Artifacts
from runtime.messages import (
    ArtifactFailed,
    ArtifactReady,
    Event,
    TextDelta,
    ThinkingDelta,
    ToolCalled,
    TurnDone,
    Usage,
)

Json = dict[str, Any]
_FINISH = {"end": "stop", "length": "length", "stopped": "stop", "tool_calls": "tool_calls"}


def usage_json(usage: Usage) -> Json:
    """How many tokens."""
    return {
        "prompt_tokens": usage.prompt_tokens,
        "completion_tokens": usage.new_tokens,
        "total_tokens": usage.prompt_tokens + usage.new_tokens,
        "prompt_tokens_details": {"cached_tokens": usage.reused_tokens},
    }


class ChatAnswer:
    """One answer in the making."""

    def __init__(self, model: str, artifacts: Artifacts, *, inline: bool = False) -> None:
        """`inline` has what is made within the answer itself, as base64."""
        self._id = f"chatcmpl-{secrets.token_hex(12)}"
        self._created = int(time.time())
        self._model, self._artifacts, self._inline = model, artifacts, inline
        self._words: list[str] = []
        self._thought: list[str] = []
        self._calls: list[Json] = []
        self._made: list[Json] = []
        self._failed: list[Json] = []
        self._done: TurnDone | None = None

    def take(self, event: Event) -> Json | None:
        """What an event adds: the `delta` of a chunk; None for nothing."""
        match event:
            case TextDelta():
                self._words.append(event.text)
                return {"content": event.text}
            case ThinkingDelta():
                self._thought.append(event.text)
                return {"reasoning_content": event.text}
            case ToolCalled():
                function = {"name": event.call.name, "arguments": event.call.arguments}
                call = {"id": event.call.id, "type": "function", "function": function}
                self._calls.append(call)
                return {"tool_calls": [{"index": len(self._calls) - 1, **call}]}
            case ArtifactReady():
                made = self._artifacts.keep(event, inline=self._inline)
                self._made.append(made)
                return {"x_medley": {"artifacts": [made]}}
            case ArtifactFailed():
                failed = {
                    "index": event.index,
                    "modality": event.modality,
                    "message": str(event.problem),
                }
                self._failed.append(failed)
                return {"x_medley": {"failed": [failed]}}
            case TurnDone():
                self._done = event
                self._model = event.bundle or self._model
        return None

    def first_chunk(self) -> Json:
        """Who speaks."""
        return self._chunk({"role": "assistant", "content": ""})

    def chunk(self, delta: Json) -> Json:
        """A part of the answer."""
        return self._chunk(delta)

    def last_chunk(self) -> Json:
        """Why it ended."""
        return self._chunk({}, self._finish())

    def usage_chunk(self) -> Json:
        """How many tokens there were, for who asked to be told."""
        return {**self._head("chat.completion.chunk"), "choices": [], "usage": self._usage()}

    def completion(self) -> Json:
        """The whole answer."""
        words = "".join(self._words)
        message: Json = {"role": "assistant", "content": words, "refusal": None}
        if self._calls:
            message |= {"content": words or None, "tool_calls": self._calls}
        if self._thought:
            message["reasoning_content"] = "".join(self._thought)
        if self._made or self._failed:
            made = sorted(self._made, key=lambda one: int(one["index"]))
            message["x_medley"] = {"artifacts": made, "failed": self._failed}
        choice = {
            "index": 0,
            "message": message,
            "logprobs": None,
            "finish_reason": self._finish(),
        }
        return {**self._head("chat.completion"), "choices": [choice], "usage": self._usage()}

    def _chunk(self, delta: Mapping[str, Any], finish: str | None = None) -> Json:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return {**self._head("chat.completion.chunk"), "choices": [choice]}

    def _head(self, kind: str) -> Json:
        return {
            "id": self._id,
            "object": kind,
            "created": self._created,
            "model": self._model,
            "system_fingerprint": None,
        }

    def _finish(self) -> str:
        return _FINISH[self._done.finish] if self._done is not None else "stop"

    def _usage(self) -> Json:
        return usage_json(self._done.usage if self._done is not None else Usage(0, 0, 0))
