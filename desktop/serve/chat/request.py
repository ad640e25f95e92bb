"""`POST /v1/chat/completions`: the request, typed, and the engine's turn for it.

Knows OpenAI's messages and Medley's; knows no HTTP.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from desktop.serve import tools
from desktop.serve.errors import ApiError
from desktop.serve.extension import Extension
from desktop.serve.media.attachments import Attachments
from desktop.serve.sampling import sampling_of, seed_of, thinks
from runtime.messages import MediaPart, Message, Part, TextPart, Turn

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


class ToolCall(msgspec.Struct, frozen=True):
    """A call of a tool in an assistant's message."""

    id: str
    function: tools.Called
    type: Literal["function"] = "function"


class ChatMessage(msgspec.Struct, frozen=True):
    """One message."""

    role: Literal["system", "developer", "user", "assistant", "tool"]
    content: str | list[Content] | None = None
    tool_calls: list[ToolCall] | None = None
    tool_call_id: str = ""
    """Of the call whose result a message of the role tool is."""


class Tool(msgspec.Struct, frozen=True):
    """What the model may call."""

    type: Literal["function"]
    function: tools.Function


class StreamOptions(msgspec.Struct, frozen=True):
    """What a stream tells besides."""

    include_usage: bool | None = False


class ResponseFormat(msgspec.Struct, frozen=True):
    """The form that the words must have."""

    type: Literal["text", "json_object", "json_schema"]
    json_schema: dict[str, Any] | None = None


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
    tools: list[Tool] | None = None
    tool_choice: Any = None
    parallel_tool_calls: bool | None = True
    functions: list[Any] | None = None
    logprobs: bool | None = False
    logit_bias: dict[str, Any] | None = None
    presence_penalty: float | None = 0
    frequency_penalty: float | None = 0
    reasoning_effort: str | None = None
    x_medley: Extension = Extension()

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
        raise no_system(request.model, "messages")
    offered = tools.specs([one.function for one in request.tools or []], "tools")
    choice, offered = tools.chosen(request.tool_choice, offered)
    most = request.max_completion_tokens
    return Turn(
        messages=messages,
        allowed=_allowed(request),
        system=system or None,
        seed=seed_of(request.seed),
        sampling=sampling_of(
            request.temperature,
            request.top_p,
            request.max_tokens if most is None else most,
            request.stop,
            _schema(request.response_format),
        ),
        parameters=request.x_medley.parameters,
        whole=True,
        may_be_empty=True,
        think=thinks(request.reasoning_effort),
        tools=offered,
        tool_choice=choice,
        parallel_calls=request.parallel_tool_calls is not False,
    )


def no_system(model: str | None, param: str) -> ApiError:
    """What is told where a bundle has no place for a system message."""
    return ApiError(
        f"{param}: expected no system message, since the model {model or 'auto'} has no place for "
        "one, found one. Leave it out, or choose another model.",
        param=param,
        code="unsupported_by_model",
    )


def _check(request: ChatRequest) -> None:
    if request.functions:
        raise _unsupported("functions", "`tools`, which took their place")
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


def _allowed(request: ChatRequest) -> tuple[str, ...] | None:
    if request.response_format is not None and request.response_format.type != "text":
        return ("text",)
    return None if request.modalities is None else tuple(dict.fromkeys(request.modalities))


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


def _messages(
    messages: list[ChatMessage], attachments: Attachments
) -> tuple[str, tuple[Message, ...]]:
    """The system text, and what was said."""
    system: list[str] = []
    said = tools.Conversation()
    for number, message in enumerate(messages):
        where = f"messages[{number}]"
        match message.role:
            case "system" | "developer":
                system.append(_words(message, where))
            case "user":
                said.person(_parts(message, where, attachments), where)
            case "assistant":
                said.answer(_answered(message, where, attachments), where)
            case "tool":
                text = _words(message, where)
                said.result(message.tool_call_id, text, f"{where}.tool_call_id")
    return "\n\n".join(filter(None, system)), said.messages("messages")


def _words(message: ChatMessage, where: str) -> str:
    """Of a message that can hold nothing else."""
    if isinstance(message.content, str) or message.content is None:
        return message.content or ""
    words = [part.text for part in message.content if isinstance(part, TextContent)]
    if len(words) < len(message.content):
        raise ApiError(f"{where}.content: expected words only.", param=f"{where}.content")
    return "\n".join(words)


def _parts(message: ChatMessage, where: str, attachments: Attachments) -> tuple[Part, ...]:
    content = message.content
    if not isinstance(content, list):
        return (TextPart(content or ""),)
    return tuple(
        _part(part, f"{where}.content[{number}]", attachments)
        for number, part in enumerate(content)
    )


def _answered(message: ChatMessage, where: str, attachments: Attachments) -> tuple[Part, ...]:
    """Of an assistant: words, and calls of tools."""
    parts = _parts(message, where, attachments)
    if any(isinstance(part, MediaPart) for part in parts):
        raise ApiError(
            f"{where}.content: expected words only in an assistant's message, found media. Give "
            "them in a user's message.",
            param=f"{where}.content",
        )
    if not message.tool_calls:
        return parts
    said = tuple(part for part in parts if isinstance(part, TextPart) and part.text)
    calls = (
        tools.call_part(call.id, call.function, f"{where}.tool_calls[{number}].function")
        for number, call in enumerate(message.tool_calls)
    )
    return (*said, *calls)


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
