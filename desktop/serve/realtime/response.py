"""One response of a realtime session: the engine writes, the voice speaks what is written.

Knows OpenAI's events; knows no socket.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from typing import Any, Literal

from desktop.serve.engine import Answer
from desktop.serve.errors import ApiError
from desktop.serve.realtime.conversation import Conversation, Said
from desktop.serve.realtime.settings import Settings
from desktop.serve.responses.answer import new_id
from desktop.serve.responses.items import ARTIFACT
from desktop.serve.service import Service
from desktop.serve.speech.protocol import SpeechPart
from runtime.messages import ArtifactReady, Event, TextDelta, ToolCalled, Turn, TurnDone
from runtime.speech.voice.clauses import ClauseCutter

Json = dict[str, Any]
Emit = Callable[[str, Json], Awaitable[None]]
Reason = Literal["turn_detected", "client_cancelled"]


class Response:
    """From its creation to `response.done`, which comes however it ends."""

    def __init__(
        self,
        service: Service,
        emit: Emit,
        settings: Settings,
        conversation: Conversation | None,
        on_sound: Callable[[Said, SpeechPart], None],
        metadata: object = None,
    ) -> None:
        """
        Args:
            service: with the engine and the voice.
            emit: sends an event of a type.
            settings: of the session, with those of this response in their place.
            conversation: to which its items are added; None for one beside it.
            on_sound: told what sound was sent.
            metadata: of the client.
        """
        self.id = new_id("resp")
        self._service, self._emit, self._settings = service, emit, settings
        self._conversation, self._on_sound = conversation, on_sound
        self._metadata = metadata
        self._items: list[Said] = []
        self._spoken: Said | None = None
        """The item with the words."""
        self._content: Json = {}
        self._clauses: asyncio.Queue[str | None] = asyncio.Queue()
        self._cutter = ClauseCutter()
        self._said_s = 0.0
        """Seconds of sound that were sent."""
        self._voice: asyncio.Task[None] | None = None
        self._work: asyncio.Task[None] | None = None
        self._reason: Reason | None = None
        self._done: TurnDone | None = None

    async def run(self, make_turn: Callable[[], Turn], bundle: str) -> None:
        """Answer. A problem is told in `response.done`."""
        await self._emit("response.created", {"response": self._told("in_progress")})
        error: ApiError | None = None
        self._work = asyncio.ensure_future(self._answer(make_turn, bundle))
        try:
            if self._reason is not None:
                self._work.cancel()
            await self._work
        except ApiError as found:
            error = found
        except asyncio.CancelledError:
            if self._reason is None:
                self._work.cancel()  # The session is over.
                raise
        status = "failed" if error else "cancelled" if self._reason else self._ended()
        await self._end_words("completed" if status == "completed" else "incomplete")
        await self._emit("response.done", {"response": self._told(status, error)})

    def cancel(self, reason: Reason) -> None:
        """Stop within a token, and the voice at once."""
        self._reason = self._reason or reason
        if self._work is not None:
            self._work.cancel()

    async def _answer(self, make_turn: Callable[[], Turn], bundle: str) -> None:
        answer: Answer | None = None
        try:
            answer = await self._service.engine.ask(make_turn(), bundle)
            async with aclosing(answer.events()) as events:  # type: ignore[type-var]
                async for event in events:
                    await self._take(event)
            if self._voice is not None:
                for clause in self._cutter.finish():
                    self._clauses.put_nowait(clause)
                self._clauses.put_nowait(None)
                await self._voice
        finally:
            if answer is not None:
                answer.leave()
            if self._voice is not None:
                self._voice.cancel()
                await asyncio.gather(self._voice, return_exceptions=True)

    async def _take(self, event: Event) -> None:
        if self._voice is not None and self._voice.done():
            await self._voice  # It has failed.
        match event:
            case TextDelta():
                await self._write(event.text)
            case ToolCalled():
                call = {"call_id": event.call.id, "name": event.call.name, "arguments": ""}
                said, number = await self._add({"type": "function_call", **call})
                place = {"response_id": self.id, "output_index": number, "item_id": said.id}
                place["call_id"] = event.call.id
                kind = "response.function_call_arguments"
                await self._emit(f"{kind}.delta", {**place, "delta": event.call.arguments})
                said.item["arguments"] = event.call.arguments
                whole = {"name": event.call.name, "arguments": event.call.arguments}
                await self._emit(f"{kind}.done", {**place, **whole})
                await self._end(said, number)
            case ArtifactReady():
                told = self._service.artifacts.keep(event, inline=True)
                said, number = await self._add({"type": ARTIFACT, **told})
                await self._end(said, number)
            case TurnDone():
                self._done = event

    async def _write(self, text: str) -> None:
        """More words."""
        speaks = self._settings.speaks
        if self._spoken is None:
            message = {"type": "message", "role": "assistant", "content": []}
            self._spoken, _ = await self._add(message)
            kind = "output_audio" if speaks else "output_text"
            self._content = {"type": kind, "transcript" if speaks else "text": ""}
            self._spoken.item["content"].append(self._content)
            part = {"type": "audio", "transcript": ""} if speaks else {"type": "text", "text": ""}
            await self._emit("response.content_part.added", {**self._place(), "part": part})
        self._spoken.written += text
        if not speaks:
            self._content["text"] += text
            await self._emit("response.output_text.delta", {**self._place(), "delta": text})
            return
        for clause in self._cutter.feed(text):
            self._clauses.put_nowait(clause)
        if self._voice is None:
            self._voice = asyncio.ensure_future(self._speak())

    async def _speak(self) -> None:
        """Say clause after clause, part by part."""
        speed = self._settings.audio.output.speed or 1.0
        while (clause := await self._clauses.get()) is not None:
            parts = self._service.speech.parts(clause, self._settings.voice, speed, "pcm")
            async with aclosing(parts):
                async for part in parts:
                    if part.data:
                        await self._sound(part)

    async def _sound(self, part: SpeechPart) -> None:
        said = self._spoken
        assert said is not None
        text = part.text if not self._content["transcript"] else f" {part.text}"
        self._content["transcript"] += text
        said.words += [(word, self._said_s + end_s) for word, end_s in part.words]
        self._said_s += part.seconds
        kind = "response.output_audio_transcript.delta"
        await self._emit(kind, {**self._place(), "delta": text})
        sound = base64.b64encode(part.data).decode()
        await self._emit("response.output_audio.delta", {**self._place(), "delta": sound})
        self._on_sound(said, part)

    async def _end_words(self, status: str) -> None:
        """The item with the words is whole, or as whole as it gets."""
        said, content = self._spoken, self._content
        if said is None:
            return
        place = self._place()
        if self._settings.speaks:
            if status != "completed":
                said.cut(self._said_s)
            words = {"transcript": content["transcript"]}
            await self._emit("response.output_audio.done", place)
            await self._emit("response.output_audio_transcript.done", {**place, **words})
            part = {"type": "audio", **words}
        else:
            words = {"text": content["text"]}
            await self._emit("response.output_text.done", {**place, **words})
            part = {"type": "text", **words}
        await self._emit("response.content_part.done", {**place, "part": part})
        await self._end(said, self._items.index(said), status)

    async def _add(self, item: Json) -> tuple[Said, int]:
        """A new item of the output, and of the conversation."""
        item = {"id": new_id("item"), "object": "realtime.item", **item, "status": "in_progress"}
        if self._conversation is None:
            said = Said(item)
        else:
            said = self._conversation.add(item)
        self._items.append(said)
        number = len(self._items) - 1
        place = {"response_id": self.id, "output_index": number}
        await self._emit("response.output_item.added", {**place, "item": said.item})
        if self._conversation is not None:
            before = {"previous_item_id": self._conversation.before(said), "item": said.item}
            for name in ("conversation.item.added", "conversation.item.created"):
                await self._emit(name, before)
        return said, number

    async def _end(self, said: Said, number: int, status: str = "completed") -> None:
        said.item["status"] = status
        place = {"response_id": self.id, "output_index": number}
        await self._emit("response.output_item.done", {**place, "item": said.item})
        if self._conversation is not None:
            await self._emit(
                "conversation.item.done",
                {"previous_item_id": self._conversation.before(said), "item": said.item},
            )

    def _place(self) -> Json:
        said = self._spoken
        assert said is not None
        return {
            "response_id": self.id,
            "item_id": said.id,
            "output_index": self._items.index(said),
            "content_index": 0,
        }

    def _ended(self) -> str:
        cut = self._done is not None and self._done.finish in ("length", "stopped")
        return "incomplete" if cut else "completed"

    def _told(self, status: str, error: ApiError | None = None) -> Json:
        details: Json | None = None
        if error is not None:
            kind = error.body["error"]["type"]
            told = {"type": kind, "code": error.code, "message": str(error)}
            details = {"type": "failed", "error": told}
        elif status == "cancelled":
            details = {"type": "cancelled", "reason": self._reason}
        elif status == "incomplete":
            details = {"type": "incomplete", "reason": "max_output_tokens"}
        most = self._settings.max_output_tokens
        return {
            "id": self.id,
            "object": "realtime.response",
            "status": status,
            "status_details": details,
            "output": [said.item for said in self._items],
            "output_modalities": ["audio"] if self._settings.speaks else ["text"],
            "max_output_tokens": "inf" if most is None else most,
            "metadata": self._metadata,
            "usage": self._usage() if status != "in_progress" else None,
        }

    def _usage(self) -> Json:
        usage = self._done and self._done.usage
        given, made = (usage.prompt_tokens, usage.new_tokens) if usage else (0, 0)
        return {
            "input_tokens": given,
            "output_tokens": made,
            "total_tokens": given + made,
            "input_token_details": {
                "cached_tokens": usage.reused_tokens if usage else 0,
                "text_tokens": given,
                "audio_tokens": 0,
            },
            "output_token_details": {"text_tokens": made, "audio_tokens": 0},
        }
