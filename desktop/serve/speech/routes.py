"""`POST /v1/audio/speech` and `/v1/audio/transcriptions`, `GET /v1/audio/voices`."""

from __future__ import annotations

import base64
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from pathlib import Path
from typing import Any, Literal

import msgspec
from starlette.requests import Request as HttpRequest
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from desktop.serve.answering import EventStream, as_event
from desktop.serve.bodies import read_form, read_json
from desktop.serve.connection import while_connected
from desktop.serve.errors import ApiError, as_json
from desktop.serve.speech.helpers import ServedSpeech
from desktop.serve.speech.protocol import (
    FORMATS,
    Hear,
    Heard,
    ListVoices,
    Speak,
    SpeechPart,
    Voices,
)
from desktop.serve.speech.subtitles import srt, vtt, whole_text

SPEEDS = (0.5, 2.0)
_ANY_MODEL = ("", "whisper-1", "gpt-4o-transcribe", "gpt-4o-mini-transcribe", "auto")
"""Names that mean the best model which is here."""


class VoiceId(msgspec.Struct, frozen=True):
    """A voice by its id."""

    id: str


class SpeechRequest(msgspec.Struct, frozen=True):
    """The body of a wish for speech."""

    input: str
    model: str | None = None
    voice: str | VoiceId | None = None
    response_format: Literal["mp3", "opus", "aac", "flac", "wav", "pcm"] | None = "mp3"
    speed: float | None = 1.0
    stream_format: Literal["audio", "sse"] | None = "audio"


class TranscriptionRequest(msgspec.Struct, frozen=True):
    """The fields of a wish for a transcription."""

    model: str = ""
    language: str | None = None
    response_format: Literal["json", "text", "srt", "verbose_json", "vtt"] = "json"
    timestamp_granularities: list[str] = []
    stream: bool = False


async def speech(request: HttpRequest) -> Response:
    """A text as sound, sent while it is spoken."""
    served: ServedSpeech = request.app.state.service.speech
    asked = await read_json(request, SpeechRequest)
    speed = 1.0 if asked.speed is None else asked.speed
    if not SPEEDS[0] <= speed <= SPEEDS[1]:
        raise ApiError(
            f"speed: expected a number from {SPEEDS[0]:g} to {SPEEDS[1]:g}, found {speed:g}.",
            param="speed",
        )
    if not asked.input.strip():
        raise ApiError("input: expected a text to say, found none.", param="input")
    voice = asked.voice.id if isinstance(asked.voice, VoiceId) else asked.voice or ""
    kind = asked.response_format or "mp3"
    if kind == "wav":
        return await _whole(request, served, asked.input, voice, speed)
    parts = served.parts(asked.input, voice, speed, kind)
    first = await while_connected(request, anext(parts))
    if asked.stream_format == "sse":
        return EventStream(_events(first, parts, len(asked.input)), lambda: None)
    return StreamingResponse(_bytes(first, parts), media_type=FORMATS[kind])


async def _whole(
    request: HttpRequest, served: ServedSpeech, text: str, voice: str, speed: float
) -> Response:
    """A WAV file, whose head tells how long it is."""
    with served.file() as path:
        wish = Speak(text, voice, speed, "wav", str(path))
        await while_connected(request, served.voice.ask(wish))
        return Response(path.read_bytes(), media_type=FORMATS["wav"])


async def _bytes(first: SpeechPart, parts: AsyncGenerator[SpeechPart]) -> AsyncIterator[bytes]:
    async with aclosing(parts):
        yield first.data
        async for part in parts:
            yield part.data


async def _events(
    first: SpeechPart, parts: AsyncGenerator[SpeechPart], characters: int
) -> AsyncIterator[bytes]:
    """OpenAI's events of speech. A problem in the middle is told as an event of its own."""
    try:
        async with aclosing(_bytes(first, parts)) as sounds:  # type: ignore[type-var]
            async for data in sounds:
                if data:
                    audio = base64.b64encode(data).decode()
                    yield as_event({"type": "speech.audio.delta", "audio": audio})
    except ApiError as error:
        yield as_event(error.body)
        return
    usage = {"input_tokens": characters, "output_tokens": 0, "total_tokens": characters}
    yield as_event({"type": "speech.audio.done", "usage": usage})


async def voices(request: HttpRequest) -> Response:
    """The voices that are here."""
    served: ServedSpeech = request.app.state.service.speech
    reply = await while_connected(request, served.voice.ask(ListVoices()))
    assert isinstance(reply, Voices)
    return as_json({"voices": [{"id": name, "name": name} for name in reply.names]})


async def transcriptions(request: HttpRequest) -> Response:
    """What is said in a sound or a clip."""
    served: ServedSpeech = request.app.state.service.speech
    form = await read_form(request)
    asked = form.to(TranscriptionRequest)
    if asked.stream:
        raise ApiError("stream: expected false: a transcription comes whole.", param="stream")
    if "word" in asked.timestamp_granularities:
        raise ApiError(
            "timestamp_granularities: expected segment: times of single words are not known.",
            param="timestamp_granularities",
        )
    name, data = form.file("file")
    model = "" if asked.model in _ANY_MODEL else asked.model
    with served.file(Path(name).suffix[:8]) as path:
        path.write_bytes(data)
        wish = Hear(str(path), asked.language or "", model)
        try:
            heard = await while_connected(request, served.hearing.ask(wish))
        except ApiError as error:
            said = str(error).replace(str(path), "file")
            raise ApiError(said, status=error.status, code=error.code, param="file") from error
    assert isinstance(heard, Heard)
    return _transcription(heard, asked.response_format)


def _transcription(heard: Heard, kind: str) -> Response:
    text = whole_text(heard.segments)
    match kind:
        case "text":
            return PlainTextResponse(text + "\n")
        case "srt":
            return PlainTextResponse(srt(heard.segments), media_type="application/x-subrip")
        case "vtt":
            return PlainTextResponse(vtt(heard.segments), media_type="text/vtt")
        case "verbose_json":
            return as_json(_verbose(heard, text))
    seconds = {"type": "duration", "seconds": round(heard.duration_s, 2)}
    return as_json({"text": text, "usage": seconds})


def _verbose(heard: Heard, text: str) -> dict[str, Any]:
    return {
        "task": "transcribe",
        "language": heard.segments[0].language if heard.segments else "",
        "duration": round(heard.duration_s, 2),
        "text": text,
        "segments": [
            {
                "id": number,
                "seek": 0,
                "start": one.start_s,
                "end": one.end_s,
                "text": one.text,
                "tokens": [],
                "temperature": 0.0,
                "avg_logprob": 0.0,
                "compression_ratio": 0.0,
                "no_speech_prob": 0.0,
                "confidence": one.confidence,
            }
            for number, one in enumerate(heard.segments)
        ],
    }
