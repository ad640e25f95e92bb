"""`POST /v1/chat/completions`: the request, typed, and the engine's turn for it.

Knows OpenAI's messages and Medley's; knows no HTTP.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from desktop.serve.errors import ApiError
from desktop.serve.media.attachments import Attachments
from runtime.messages import (
    MediaPart,
    Message,
    Part,
    Sampling,
    TextPart,
    Turn,
)

WARMEST = 2.0
_SEEDS = 2**31
_MOST_STOPS = 16
_ANY_OBJECT = '{"type":"object"}'


class Url(msgspec.Struct, frozen=True):
    """An address with the medium itself in it (`data:`)."""

    url: str


class InputAudio(msgspec.Struct, frozen=True):
    """A sound."""

    data: str
    """Base64."""
    format: str = "wav"


class File(msgspec.Struct, frozen=True):
    """A file of any kind."""

    file_data: str = ""
    """A `data:` address, or base64."""
    filename: str = ""
    file_id: str = ""


class TextContent(msgspec.Struct, frozen=True, tag_field="type", tag="text"):
    """Words."""

    text: str


class RefusalContent(msgspec.Struct, frozen=True, tag_field="type", tag="refusal"):
    """Words of an answer that refused."""

    refusal: str


class ImageContent(msgspec.Struct, frozen=True, tag_field="type", tag="image_url"):
    """A picture."""

    image_url: Url


class AudioContent(msgspec.Struct, frozen=True, tag_field="type", tag="input_audio"):
    """A sound."""

    input_audio: InputAudio


class VideoContent(msgspec.Struct, frozen=True, tag_field="type", tag="video_url"):
    """A clip; not OpenAI's, other local servers have it."""

    video_url: Url


class FileContent(msgspec.Struct, frozen=True, tag_field="type", tag="file"):
    """A document, or a file of any other kind."""

    file: File


Content = TextContent | RefusalContent | ImageContent | AudioContent | VideoContent | FileContent


class ChatMessage(msgspec.Struct, frozen=True):
    """One message."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[Content] | None = None
    tool_calls: list[Any] | None = None


class StreamOptions(msgspec.Struct, frozen=True):
    """What a stream tells besides."""

    include_usage: bool | None = False


class ResponseFormat(msgspec.Struct, frozen=True):
    """The form that the words must have."""

    type: Literal["text", "json_object", "json_schema"]
    json_schema: dict[str, Any] | None = None


class MedleyOptions(msgspec.Struct, frozen=True):
    """What only Medley knows."""

    parameters: dict[str, dict[str, int | float | bool | str]] = {}
    """Of renderers, by modality, for example `{"image": {"steps": 8}}`."""


class ChatRequest(msgspec.Struct, frozen=True):
    """The body. What is not named here is ignored; what would change the answer is refused."""

    messages: list[ChatMessage]
    model: str | None = None
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    max_tokens: int | None = None
    max_completion_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    stop: str | list[str] | None = None
    seed: int | None = None
    n: int | None = 1
    modalities: list[str] | None = None
    response_format: ResponseFormat | None = None
    tools: list[Any] | None = None
    tool_choice: Any = None
    functions: list[Any] | None = None
    logprobs: bool | None = False
    logit_bias: dict[str, Any] | None = None
    presence_penalty: float | None = 0
    frequency_penalty: float | None = 0
    reasoning_effort: str | None = None
    medley: MedleyOptions = MedleyOptions()

    @property
    def tells_usage(self) -> bool:
        """Whether a stream ends with how many tokens there were."""
        return bool(self.stream_options and self.stream_options.include_usage)


def turn_of(request: ChatRequest, attachments: Attachments, *, takes_system: bool) -> Turn:
    """The engine's turn for a request; its media become files.

    Raises:
        ApiError: it asks for what Medley cannot do, or a medium is none.
    """
    _check(request)
    system, messages = _messages(request.messages, attachments)
    if system and not takes_system:
        raise ApiError(
            f"messages: expected no system message, since the model {request.model or 'auto'} has "
            "no place for one, found one. Leave it out, or choose another model.",
            param="messages",
            code="unsupported_by_model",
        )
    return Turn(
        messages=messages,
        allowed=_allowed(request),
        system=system or None,
        seed=None if request.seed is None or request.seed < 0 else request.seed % _SEEDS,
        sampling=_sampling(request),
        parameters=request.medley.parameters,
        whole=True,
        may_be_empty=True,
        think=_thinks(request.reasoning_effort),
    )


def _check(request: ChatRequest) -> None:
    wanted_tools = request.tools or request.functions
    if wanted_tools and request.tool_choice != "none":
        raise _unsupported("tools", "no tools, which this server cannot call yet")
    if request.n not in (None, 1):
        raise _unsupported("n", "1, since one answer is made at a time")
    if request.logprobs:
        raise _unsupported("logprobs", "false: likelihoods are not told")
    if request.logit_bias:
        raise _unsupported("logit_bias", "none: single tokens cannot be made likelier")
    for name in ("presence_penalty", "frequency_penalty"):
        if getattr(request, name):
            raise _unsupported(name, "0: repetition is not made dearer")


def _unsupported(param: str, expected: str) -> ApiError:
    return ApiError(
        f"{param}: expected {expected}. Leave it out.", param=param, code="unsupported_parameter"
    )


def _thinks(effort: str | None) -> bool | None:
    """Whether the model is to think first; None leaves it to the bundle."""
    return None if effort is None else effort not in ("none", "minimal")


def _allowed(request: ChatRequest) -> tuple[str, ...] | None:
    if request.response_format is not None and request.response_format.type != "text":
        return ("text",)
    return None if request.modalities is None else tuple(dict.fromkeys(request.modalities))


def _sampling(request: ChatRequest) -> Sampling:
    most = request.max_completion_tokens
    most = request.max_tokens if most is None else most
    if most is not None and most < 1:
        raise ApiError(f"max_tokens: expected a number from 1, found {most}.", param="max_tokens")
    heat, share = request.temperature, request.top_p
    if heat is not None and not 0 <= heat <= WARMEST:
        raise ApiError(
            f"temperature: expected a number from 0 to {WARMEST:g}, found {heat:g}.",
            param="temperature",
        )
    if share is not None and not 0 < share <= 1:
        raise ApiError(f"top_p: expected a number above 0 up to 1, found {share:g}.", param="top_p")
    return Sampling(heat, share, most, _stops(request.stop), _schema(request.response_format))


def _schema(form: ResponseFormat | None) -> str:
    """The JSON schema that the words must fit; empty for any words."""
    if form is None or form.type == "text":
        return ""
    if form.type == "json_object":
        return _ANY_OBJECT
    schema = (form.json_schema or {}).get("schema")
    if not isinstance(schema, dict):
        where = "response_format.json_schema.schema"
        raise ApiError(f"{where}: expected a JSON schema, found none.", param=where)
    return msgspec.json.encode(schema).decode()


def _stops(stop: str | list[str] | None) -> tuple[str, ...]:
    stops = [stop] if isinstance(stop, str) else stop or []
    if len(stops) > _MOST_STOPS:
        raise ApiError(
            f"stop: expected at most {_MOST_STOPS} texts, found {len(stops)}.", param="stop"
        )
    return tuple(text for text in stops if text)


def _messages(
    messages: list[ChatMessage], attachments: Attachments
) -> tuple[str, tuple[Message, ...]]:
    """The system text, and what was said."""
    system: list[str] = []
    said: list[Message] = []
    for number, message in enumerate(messages):
        where = f"messages[{number}]"
        if message.role in ("system", "developer"):
            system.append(_words(message, where))
        elif message.role in ("user", "assistant"):
            said.append(_message(message, where, attachments))
        else:
            raise ApiError(
                f"{where}.role: expected system, user or assistant, found {message.role}: this "
                "server cannot call tools yet.",
                param=f"{where}.role",
                code="unsupported_parameter",
            )
    if not said or said[-1].role != "user":
        raise ApiError(
            "messages: expected a last message of the role user, found "
            f"{said[-1].role if said else 'none'}.",
            param="messages",
        )
    return "\n\n".join(filter(None, system)), tuple(said)


def _words(message: ChatMessage, where: str) -> str:
    """Of a message that can hold nothing else."""
    if isinstance(message.content, str) or message.content is None:
        return message.content or ""
    words = [part.text for part in message.content if isinstance(part, TextContent)]
    if len(words) < len(message.content):
        raise ApiError(f"{where}.content: expected words only.", param=f"{where}.content")
    return "\n".join(words)


def _message(message: ChatMessage, where: str, attachments: Attachments) -> Message:
    if message.tool_calls:
        raise _unsupported(f"{where}.tool_calls", "none, since tools cannot be called yet")
    role: Literal["user", "assistant"] = "user" if message.role == "user" else "assistant"
    content = message.content
    if not isinstance(content, list):
        return Message(role, (TextPart(content or ""),))
    parts = [
        _part(part, f"{where}.content[{number}]", attachments)
        for number, part in enumerate(content)
    ]
    if role == "assistant" and any(isinstance(part, MediaPart) for part in parts):
        raise ApiError(
            f"{where}.content: expected words only in an assistant's message, found media. Give "
            "them in a user's message.",
            param=f"{where}.content",
        )
    return Message(role, tuple(parts))


def _part(part: Content, where: str, attachments: Attachments) -> Part:
    match part:
        case TextContent():
            return TextPart(part.text)
        case RefusalContent():
            return TextPart(part.refusal)
        case ImageContent():
            return attachments.from_url(part.image_url.url, "image", f"{where}.image_url")
        case VideoContent():
            return attachments.from_url(part.video_url.url, "video", f"{where}.video_url")
        case AudioContent():
            sound = part.input_audio
            return attachments.from_base64(
                sound.data, "audio", f".{sound.format}", f"{where}.input_audio"
            )
        case FileContent():
            return attachments.from_file(part.file.file_data, part.file.filename, f"{where}.file")
