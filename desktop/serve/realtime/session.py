"""One realtime session: what its client says, what is heard, and the response that is being made.

Knows OpenAI's events; knows no socket.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from desktop.serve.chat.request import no_system
from desktop.serve.errors import ApiError
from desktop.serve.media.attachments import Attachments
from desktop.serve.realtime.conversation import Conversation, Said, plain
from desktop.serve.realtime.ears import Ears
from desktop.serve.realtime.response import Json, Reason, Response
from desktop.serve.realtime.settings import Settings, checked, default, updated
from desktop.serve.responses.answer import new_id
from desktop.serve.responses.items import said_in
from desktop.serve.sampling import sampling_of
from desktop.serve.service import Service
from desktop.serve.speech.protocol import Moment, SpeechPart
from runtime.messages import Turn

LINGERS_S = 10.0
"""Seconds for which own words are remembered, to know them when they come back as an echo."""


class Session:
    """From `session.created` until the client is gone."""

    def __init__(
        self, service: Service, bundle: str, send: Callable[[bytes], Awaitable[None]]
    ) -> None:
        """
        Args:
            service: with the engine and the speech.
            bundle: name or folder of the one that answers.
            send: sends one event.
        """
        self._service, self._bundle, self._send = service, bundle, send
        self._told = {"id": new_id("sess"), **default(service.bundles.name(bundle))}
        self._settings: Settings = checked(self._told)
        self._conversation = Conversation()
        self._ears = Ears(service.speech, self._happened, self._fail, self._speaking)
        self._response: Response | None = None
        self._work: asyncio.Task[None] | None = None
        self._turn = ""
        """Id of the item that what is being said will be."""
        self._committing = False
        self._audible_until = 0.0
        """Time of the event loop until which what was sent is to be heard."""
        self._own: list[tuple[float, str]] = []
        """Texts that were sent as sound, and until when each is to be heard."""

    async def begin(self) -> None:
        """Greet the client."""
        await self._emit("session.created", {"session": self._told})

    async def close(self) -> None:
        """The client is gone."""
        if self._work is not None:
            self._work.cancel()
            await asyncio.gather(self._work, return_exceptions=True)
        await self._ears.close()

    async def take(self, data: bytes) -> None:
        """Do what an event of the client asks; a problem is told as an `error`."""
        event_id: object = None
        try:
            event = _decoded(data)
            event_id = event.get("event_id")
            await self._do(event)
        except ApiError as error:
            await self._fail(error, event_id)

    async def _do(self, event: Json) -> None:
        match event.get("type"):
            case "session.update":
                await self._update(event)
            case "input_audio_buffer.append":
                self._ears.append(_sound(event))
            case "input_audio_buffer.commit":
                self._turn = self._turn or new_id("item")
                self._committing = True
                self._ears.end_turn()
            case "input_audio_buffer.clear":
                self._ears.clear()
                self._turn, self._committing = "", False
                await self._emit("input_audio_buffer.cleared", {})
            case "conversation.item.create":
                await self._create(event)
            case "conversation.item.truncate":
                await self._truncate(event)
            case "conversation.item.delete":
                self._conversation.remove(event.get("item_id"))
                await self._emit("conversation.item.deleted", {"item_id": event.get("item_id")})
            case "conversation.item.retrieve":
                said = self._conversation.find(event.get("item_id"))
                await self._emit("conversation.item.retrieved", {"item": said.item})
            case "response.create":
                await self._respond(event.get("response") or {})
            case "response.cancel":
                self._cancel("client_cancelled", event.get("response_id"))
            case "output_audio_buffer.clear":
                self._hush()
                await self._emit("output_audio_buffer.cleared", {})
            case kind:
                raise ApiError(
                    f"type: expected an event of a realtime client, found {str(kind)[:60]!r}.",
                    code="unknown_event",
                    param="type",
                )

    async def _update(self, event: Json) -> None:
        change = event.get("session")
        if not isinstance(change, dict):
            raise ApiError("session: expected an object, found none.", param="session")
        told = updated(self._told, change)
        settings = checked(told)
        if settings.instructions and not self._service.bundles.takes_system(self._bundle):
            raise no_system(str(self._told["model"]), "session.instructions")
        self._told = {**told, "id": self._told["id"], "model": self._told["model"]}
        self._settings = settings
        self._ears.configure(settings)
        await self._emit("session.updated", {"session": self._told})

    async def _create(self, event: Json) -> None:
        item = event.get("item")
        if not isinstance(item, dict):
            raise ApiError("item: expected an object, found none.", param="item")
        await self._add(item, event.get("previous_item_id"))

    async def _add(self, item: Json, after: str | None = None) -> Said:
        said = self._conversation.add(item, after)
        told = {"previous_item_id": self._conversation.before(said), "item": said.item}
        for name in ("added", "created", "done"):
            await self._emit(f"conversation.item.{name}", told)
        return said

    async def _truncate(self, event: Json) -> None:
        end_ms, item_id = event.get("audio_end_ms"), event.get("item_id")
        if not isinstance(end_ms, int) or end_ms < 0:
            raise ApiError("audio_end_ms: expected a number from 0.", param="audio_end_ms")
        self._conversation.truncate(item_id, end_ms / 1000)
        self._hush()
        told = {"item_id": item_id, "content_index": 0, "audio_end_ms": end_ms}
        await self._emit("conversation.item.truncated", told)

    async def _respond(self, wish: Json) -> None:
        """Begin a response."""
        if self._work is not None and not self._work.done():
            raise ApiError(
                "expected no response in the making, found one. Wait for `response.done`, or "
                "cancel it.",
                code="conversation_already_has_active_response",
            )
        if not isinstance(wish, dict):
            raise ApiError("response: expected an object.", param="response")
        settings = checked(updated(self._told, wish))
        beside = wish.get("conversation") == "none"
        given = wish.get("input")
        items = plain(given) if isinstance(given, list) else self._conversation.items()
        choice, offered = settings.offered
        most = settings.max_output_tokens
        attachments = self._service.attachments()

        def turn() -> Turn:
            system, messages = said_in(items, attachments)
            told = "\n\n".join(filter(None, (settings.instructions, system)))
            return Turn(
                messages=messages,
                system=told or None,
                sampling=sampling_of(None, None, most if isinstance(most, int) else None, None),
                whole=True,
                may_be_empty=True,
                tools=offered,
                tool_choice=choice,
                parallel_calls=settings.parallel_tool_calls is not False,
            )

        conversation = None if beside else self._conversation
        self._response = Response(
            self._service, self._emit, settings, conversation, self._sounds, wish.get("metadata")
        )
        self._work = asyncio.create_task(self._run(self._response, turn, attachments))

    async def _run(
        self, response: Response, turn: Callable[[], Turn], attachments: Attachments
    ) -> None:
        try:
            with attachments.telling():
                await response.run(turn, self._bundle)
        finally:
            attachments.remove()

    def _cancel(self, reason: Reason, response_id: object = None) -> None:
        response = self._response
        active = self._work is not None and not self._work.done()
        if response is None or not active or response_id not in (None, response.id):
            raise ApiError(
                "expected a response in the making, found none.", code="response_cancel_not_active"
            )
        response.cancel(reason)

    # What is heard.

    async def _happened(self, moment: Moment) -> None:
        vad = self._settings.audio.input.turn_detection
        match moment.kind:
            case "began" if vad is not None:
                self._turn = self._turn or new_id("item")
                told = {"audio_start_ms": _ms(moment.start_s), "item_id": self._turn}
                await self._emit("input_audio_buffer.speech_started", told)
                if vad.interrupt_response is not False:
                    self._interrupt()
            case "dropped":
                await self._dropped(moment)
            case "heard":
                if vad is not None:
                    told = {"audio_end_ms": _ms(moment.end_s), "item_id": self._turn}
                    await self._emit("input_audio_buffer.speech_stopped", told)
                await self._heard(moment)
                answers = vad is not None and vad.create_response is not False
                if answers and self._settings.type == "realtime":
                    self._interrupt()
                    if self._work is not None:
                        await asyncio.gather(self._work, return_exceptions=True)
                    await self._respond({})

    async def _dropped(self, moment: Moment) -> None:
        """What began was no turn."""
        turn, self._turn = self._turn, ""
        if self._committing:
            self._committing = False
            empty = ApiError(
                "input_audio_buffer: expected words in it, found none. Speak, then commit.",
                code="input_audio_buffer_commit_empty",
            )
            await self._fail(empty)
            return
        if turn and self._settings.audio.input.turn_detection is not None:
            told = {"audio_end_ms": _ms(moment.end_s), "item_id": turn}
            await self._emit("input_audio_buffer.speech_stopped", told)
            await self._emit("input_audio_buffer.cleared", {})

    async def _heard(self, moment: Moment) -> None:
        """A turn is an item."""
        turn, self._turn, self._committing = self._turn or new_id("item"), "", False
        before = self._conversation.last
        committed = {"item_id": turn, "previous_item_id": before}
        await self._emit("input_audio_buffer.committed", committed)
        content = {"type": "input_audio", "transcript": moment.text}
        message = {"type": "message", "id": turn, "role": "user", "content": [content]}
        await self._add(message)
        if self._settings.audio.input.transcription is None:
            return
        place = {"item_id": turn, "content_index": 0}
        kind = "conversation.item.input_audio_transcription"
        await self._emit(f"{kind}.delta", {**place, "delta": moment.text})
        seconds = {"type": "duration", "seconds": round(moment.end_s - moment.start_s, 2)}
        whole = {"transcript": moment.text, "usage": seconds}
        await self._emit(f"{kind}.completed", {**place, **whole})

    # What is spoken.

    def _speaking(self) -> tuple[bool, str]:
        """Whether own speech is to be heard now, and its words of late."""
        now = asyncio.get_running_loop().time()
        self._own = [(until, text) for until, text in self._own if until + LINGERS_S > now]
        if now > self._audible_until:
            return False, ""
        return True, " ".join(text for _, text in self._own)

    def _sounds(self, said: Said, part: SpeechPart) -> None:
        now = asyncio.get_running_loop().time()
        self._audible_until = max(now, self._audible_until) + part.seconds
        self._own.append((self._audible_until, part.text))

    def _hush(self) -> None:
        self._audible_until = 0.0

    def _interrupt(self) -> None:
        """A person speaks: what is being said is not said on."""
        self._hush()
        if self._response is not None and self._work is not None and not self._work.done():
            self._response.cancel("turn_detected")

    async def _fail(self, error: ApiError, event_id: object = None) -> None:
        told = {**error.body["error"], "event_id": event_id}
        await self._emit("error", {"error": told})

    async def _emit(self, kind: str, more: Json) -> None:
        await self._send(msgspec.json.encode({"type": kind, "event_id": new_id("event"), **more}))


def _decoded(data: bytes) -> Json:
    try:
        return msgspec.json.decode(data, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ApiError(
            f"the event: expected a JSON object, found something else ({error}).",
            code="invalid_json",
        ) from error


def _sound(event: Json) -> bytes:
    try:
        return base64.b64decode(str(event.get("audio")), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ApiError(
            f"audio: expected base64, found something else ({error}).", param="audio"
        ) from error


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
