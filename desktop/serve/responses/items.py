"""The items of a conversation, as requests give them and responses keep them, and the engine's
messages for them. Knows no HTTP."""

from __future__ import annotations

from typing import Any, TypeAlias

from desktop.serve import tools
from desktop.serve.errors import ApiError
from desktop.serve.media.attachments import Attachments
from runtime.messages import MediaPart, Message, Part, SignalPart, TextPart

Item: TypeAlias = dict[str, Any]
"""JSON, as OpenAI's clients have it."""
_SILENT = ("reasoning", "item_reference")
"""What the model is not told: its own thoughts; references, which were looked up before."""
ARTIFACT = "x_medley"
"""The type of an item that is no picture: a sound, a clip, or what a plugin makes."""


def said_in(items: list[Item], attachments: Attachments) -> tuple[str, tuple[Message, ...]]:
    """The system text, and what was said; media become files.

    Raises:
        ApiError: an item is of no known kind, or a medium is none.
    """
    system: list[str] = []
    said = tools.Conversation()
    for number, item in enumerate(items):
        where = f"input[{number}]"
        match item.get("type", "message"):
            case "message":
                _message(item, where, said, system, attachments)
            case "function_call":
                called = tools.Called(_text(item, "name", where), _text(item, "arguments", where))
                call_id = _text(item, "call_id", where)
                said.answer((tools.call_part(call_id, called, where),), where, joined=True)
            case "function_call_output":
                text, media = _result(item, where, attachments)
                said.result(_text(item, "call_id", where), text, f"{where}.call_id", media)
            case "image_generation_call":
                caption = str(item.get("revised_prompt") or "")
                said.answer((SignalPart("image", caption),), where, joined=True)
            case "x_medley":
                part = SignalPart(_text(item, "modality", where), str(item.get("caption") or ""))
                said.answer((part,), where, joined=True)
            case kind if kind not in _SILENT:
                raise ApiError(
                    f"{where}.type: expected message, function_call or function_call_output, "
                    f"found {str(kind)[:60]!r}. Leave it out.",
                    param=f"{where}.type",
                )
    return "\n\n".join(filter(None, system)), said.messages("input")


def _message(
    item: Item,
    where: str,
    said: tools.Conversation,
    system: list[str],
    attachments: Attachments,
) -> None:
    parts = _parts(item.get("content"), f"{where}.content", attachments)
    match item.get("role"):
        case "user":
            said.person(parts, where)
        case "assistant":
            said.answer(_words_only(parts, where), where, joined=True)
        case "system" | "developer":
            words = _words_only(parts, where)
            system.append("\n".join(part.text for part in words))
        case role:
            raise ApiError(
                f"{where}.role: expected user, assistant, system or developer, found "
                f"{str(role)[:60]!r}.",
                param=f"{where}.role",
            )


def _words_only(parts: tuple[Part, ...], where: str) -> tuple[TextPart, ...]:
    words = tuple(part for part in parts if isinstance(part, TextPart))
    if len(words) < len(parts):
        raise ApiError(
            f"{where}.content: expected words only, found media. Give them in a user's message.",
            param=f"{where}.content",
        )
    return words


def _parts(content: object, where: str, attachments: Attachments) -> tuple[Part, ...]:
    if isinstance(content, str):
        return (TextPart(content),)
    if not isinstance(content, list):
        raise ApiError(f"{where}: expected words or a list of parts.", param=where)
    return tuple(
        _part(part, f"{where}[{number}]", attachments) for number, part in enumerate(content)
    )


def _part(part: object, where: str, attachments: Attachments) -> Part:
    found: Item = part if isinstance(part, dict) else {}
    match found.get("type"):
        case "input_text" | "output_text" | "text":
            return TextPart(_text(found, "text", where))
        case "refusal":
            return TextPart(_text(found, "refusal", where))
        case "input_image":
            url = _text(found, "image_url", where)
            return attachments.from_url(url, "image", f"{where}.image_url")
        case "input_video":
            url = _text(found, "video_url", where)
            return attachments.from_url(url, "video", f"{where}.video_url")
        case "input_audio":
            sound = found.get("input_audio")
            inside: Item = sound if isinstance(sound, dict) else {}
            where = f"{where}.input_audio"
            extension = f".{inside.get('format') or 'wav'}"
            return attachments.from_base64(_text(inside, "data", where), "audio", extension, where)
        case "input_file":
            name = str(found.get("filename") or "")
            return attachments.from_file(_text(found, "file_data", where), name, where)
    raise ApiError(
        f"{where}.type: expected input_text, input_image, input_audio, input_video or input_file, "
        f"found {str(found.get('type'))[:60]!r}.",
        param=f"{where}.type",
    )


def _result(item: Item, where: str, attachments: Attachments) -> tuple[str, tuple[MediaPart, ...]]:
    """The words and the media of what a call gave."""
    parts = _parts(item.get("output"), f"{where}.output", attachments)
    words = "\n".join(part.text for part in parts if isinstance(part, TextPart))
    return words, tuple(part for part in parts if isinstance(part, MediaPart))


def _text(item: Item, name: str, where: str) -> str:
    """A field that holds words."""
    found = item.get(name)
    if not isinstance(found, str):
        raise ApiError(f"{where}.{name}: expected words, found none.", param=f"{where}.{name}")
    return found
