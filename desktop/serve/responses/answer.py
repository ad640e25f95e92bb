"""A response in the making: the engine's events as OpenAI's typed events, and the whole of it.

Knows events; knows no HTTP.
"""

from __future__ import annotations

import base64
import secrets
import time
from collections.abc import Generator, Iterator
from typing import Any

import msgspec

from desktop.serve.errors import ApiError
from desktop.serve.media.artifacts import Artifacts
from desktop.serve.responses.items import ARTIFACT, Item
from desktop.serve.responses.request import ResponseRequest
from runtime.messages import (
    ArtifactFailed,
    ArtifactReady,
    Event,
    RenderProgress,
    SignalStarted,
    TextDelta,
    ThinkingDelta,
    ToolCalled,
    TurnDone,
    Usage,
)

Json = dict[str, Any]
_DRAWN = "image_generation_call"


def new_id(prefix: str) -> str:
    """An id that nobody can guess."""
    return f"{prefix}_{secrets.token_hex(20)}"


class ResponseAnswer:
    """One response, item by item."""

    def __init__(self, asked: ResponseRequest, model: str, artifacts: Artifacts) -> None:
        self.id = new_id("resp")
        self._asked, self._model, self._artifacts = asked, model, artifacts
        self._created = time.time()
        self._completed: float | None = None
        self._status = "in_progress"
        self._output: list[Item] = []
        self._open: int | None = None
        """Number of the item that grows: words, or thoughts."""
        self._made: dict[int, int] = {}
        """Numbers of the items of artifacts, by their own numbers."""
        self._done: TurnDone | None = None
        self._error: ApiError | None = None
        self._events = 0

    def begin(self) -> list[Json]:
        """What a stream begins with."""
        return [
            self._event("response.created", response=self.response()),
            self._event("response.in_progress", response=self.response()),
        ]

    def take(self, event: Event) -> list[Json]:
        """What an event of the engine adds to a stream."""
        return list(self._taken(event))

    def end(self, error: ApiError | None = None) -> list[Json]:
        """What a stream ends with; `error` where the answer could not be finished."""
        told = list(self._close("incomplete" if error else "completed"))
        self._error = error
        cut = self._done is None or self._done.finish in ("length", "stopped")
        self._status = "failed" if error else "incomplete" if cut else "completed"
        self._completed = time.time() if self._status == "completed" else None
        return [*told, self._event(f"response.{self._status}", response=self.response())]

    def response(self) -> Json:
        """The whole, as far as it is."""
        asked, error = self._asked, self._error
        incomplete = self._status == "incomplete"
        text = {"type": "text"} if asked.text is None else _plain(asked.form)
        return {
            "id": self.id,
            "object": "response",
            "created_at": self._created,
            "completed_at": self._completed,
            "status": self._status,
            "error": error and {"code": error.code or "server_error", "message": str(error)},
            "incomplete_details": {"reason": "max_output_tokens"} if incomplete else None,
            "instructions": asked.instructions,
            "max_output_tokens": asked.max_output_tokens,
            "metadata": asked.metadata or {},
            "model": self._model,
            "output": [dict(item) for item in self._output],
            "parallel_tool_calls": asked.parallel_tool_calls is not False,
            "previous_response_id": asked.previous_response_id,
            "reasoning": {"effort": asked.reasoning and asked.reasoning.effort, "summary": None},
            "store": asked.store is not False,
            "temperature": asked.temperature,
            "text": {"format": text},
            "tool_choice": asked.tool_choice or "auto",
            "tools": asked.tools or [],
            "top_p": asked.top_p,
            "truncation": asked.truncation or "disabled",
            "usage": self._done and _usage(self._done.usage),
        }

    def _taken(self, event: Event) -> Iterator[Json]:
        match event:
            case TextDelta():
                yield from self._grow("message", event.text)
            case ThinkingDelta():
                yield from self._grow("reasoning", event.text)
            case ToolCalled():
                yield from self._close()
                yield from self._call(event)
            case SignalStarted():
                yield from self._close()
                yield from self._signal(event.index, event.modality)
            case RenderProgress():
                number = self._made.get(event.index)
                if number is not None and self._output[number]["type"] == _DRAWN:
                    yield self._of(f"response.{_DRAWN}.generating", number)
            case ArtifactReady():
                yield from self._ready(event)
            case ArtifactFailed():
                yield from self._failed(event)
            case TurnDone():
                self._done = event
                self._model = event.bundle or self._model

    def _grow(self, kind: str, text: str) -> Iterator[Json]:
        """Words, or thoughts, go on, in an item of their own."""
        if self._open is None or self._output[self._open]["type"] != kind:
            yield from self._close()
            yield from self._begin(kind)
        number = self._open
        assert number is not None
        self._output[number]["content"][0]["text"] += text
        if kind == "message":
            yield self._of(
                "response.output_text.delta", number, content_index=0, delta=text, logprobs=[]
            )
        else:
            yield self._of("response.reasoning_text.delta", number, content_index=0, delta=text)

    def _begin(self, kind: str) -> Iterator[Json]:
        item: Item
        if kind == "message":
            item = {"id": new_id("msg"), "type": kind, "role": "assistant"}
            part = {"type": "output_text", "text": "", "annotations": [], "logprobs": []}
        else:
            item = {"id": new_id("rs"), "type": kind, "summary": []}
            part = {"type": "reasoning_text", "text": ""}
        self._open = yield from self._add({**item, "status": "in_progress", "content": []})
        self._output[self._open]["content"].append(part)
        yield self._of("response.content_part.added", self._open, content_index=0, part=dict(part))

    def _close(self, status: str = "completed") -> Iterator[Json]:
        """The item that grew is whole."""
        number, self._open = self._open, None
        if number is None:
            return
        item = self._output[number]
        (part,) = item["content"]
        said = {"content_index": 0, "text": part["text"]}
        if item["type"] == "message":
            yield self._of("response.output_text.done", number, logprobs=[], **said)
        else:
            yield self._of("response.reasoning_text.done", number, **said)
        yield self._of("response.content_part.done", number, content_index=0, part=dict(part))
        yield self._whole(number, status)

    def _call(self, event: ToolCalled) -> Iterator[Json]:
        call = event.call
        number = yield from self._add(
            {
                "id": new_id("fc"),
                "type": "function_call",
                "status": "in_progress",
                "call_id": call.id,
                "name": call.name,
                "arguments": "",
            }
        )
        said = "response.function_call_arguments"
        yield self._of(f"{said}.delta", number, delta=call.arguments)
        self._output[number]["arguments"] = call.arguments
        yield self._of(f"{said}.done", number, name=call.name, arguments=call.arguments)
        yield self._whole(number)

    def _signal(self, index: int, modality: str) -> Iterator[Json]:
        """An artifact begins."""
        if index in self._made:
            return
        item: Item = {"status": "in_progress", "modality": modality}
        if modality == "image":
            item = {"id": new_id("ig"), "type": _DRAWN, **item, "result": None}
        else:
            item = {"id": new_id("xm"), "type": ARTIFACT, **item}
        self._made[index] = yield from self._add(item)
        if modality == "image":
            yield self._of(f"response.{_DRAWN}.in_progress", self._made[index])

    def _ready(self, event: ArtifactReady) -> Iterator[Json]:
        yield from self._signal(event.index, event.modality)
        number = self._made[event.index]
        drawn = event.modality == "image"
        inline = self._asked.x_medley.artifacts == "data" and not drawn
        told = self._artifacts.keep(event, inline=inline)
        item = self._output[number]
        if drawn:
            item["result"] = base64.b64encode(event.data).decode()
            item["output_format"] = event.extension.lstrip(".")
            item["revised_prompt"] = event.caption or None
            item["x_medley"] = told
            yield self._of(f"response.{_DRAWN}.completed", number)
        else:
            item |= {**told, "id": item["id"]}
        yield self._whole(number)

    def _failed(self, event: ArtifactFailed) -> Iterator[Json]:
        yield from self._signal(event.index, event.modality)
        number = self._made[event.index]
        error = {"message": str(event.problem), "type": "server_error", "code": None}
        self._output[number]["error"] = error
        yield self._whole(number, "failed")

    def _add(self, item: Item) -> Generator[Json, None, int]:
        """A new item; its number."""
        self._output.append(item)
        number = len(self._output) - 1
        yield self._event("response.output_item.added", output_index=number, item=_copy(item))
        return number

    def _whole(self, number: int, status: str = "completed") -> Json:
        item = self._output[number]
        item["status"] = status
        return self._event("response.output_item.done", output_index=number, item=_copy(item))

    def _of(self, kind: str, number: int, **more: object) -> Json:
        """An event of an item."""
        return self._event(kind, item_id=self._output[number]["id"], output_index=number, **more)

    def _event(self, kind: str, **more: object) -> Json:
        number, self._events = self._events, self._events + 1
        return {"type": kind, "sequence_number": number, **more}


def _copy(item: Item) -> Item:
    """As it is now."""
    if "content" in item:
        return {**item, "content": [dict(part) for part in item["content"]]}
    return dict(item)


def _plain(form: object) -> Json:
    told: Json = msgspec.to_builtins(form)
    return {name: value for name, value in told.items() if value not in ("", None)}


def _usage(usage: Usage) -> Json:
    return {
        "input_tokens": usage.prompt_tokens,
        "input_tokens_details": {"cached_tokens": usage.reused_tokens, "cache_write_tokens": 0},
        "output_tokens": usage.new_tokens,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": usage.prompt_tokens + usage.new_tokens,
    }
