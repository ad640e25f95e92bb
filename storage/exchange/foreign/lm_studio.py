"""Reads the conversations of LM Studio, `*.conversation.json`: a list of messages, each with the
versions of it that were written. An answer's version is a list of steps."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence

import msgspec

from storage.exchange.foreign.lenient import Json, index, items, mapping, time_ms, words
from storage.exchange.foreign.talk import (
    Call,
    Entry,
    File,
    LeftOut,
    Piece,
    Talk,
    Thought,
    Words,
    arguments_of,
)

PROGRAM = "LM Studio"
USER_FILES = "user-files"
"""The folder beside its conversations that holds what a person attached."""
_SECONDS = re.compile(r"(\d+(?:\.\d+)?) seconds?\b")
_NO_CONTENT = ("debugInfoBlock", "status", "toolStatus")


def fits(document: Json) -> bool:
    """Whether this is one of its conversations."""
    messages = document.get("messages")
    return isinstance(messages, list) and (
        any("versions" in mapping(one) for one in messages)
        or (not messages and "usePerChatPredictionConfig" in document)
    )


def read(document: Json, left_out: LeftOut) -> Talk:
    """The conversation; what does not come along is counted in `left_out`."""
    created = time_ms(document.get("createdAt"))
    entries: dict[str, Entry] = {}
    before: str | None = None
    for number, message in enumerate(map(mapping, items(document.get("messages")))):
        keys = list[str]()
        for version in map(mapping, items(message.get("versions"))):
            keys.append(f"{number}.{len(keys)}.{_digest(version)}")
            entries[keys[-1]] = _entry(before, created, version, left_out)
        if keys:
            before = keys[min(index(message.get("currentlySelected")), len(keys) - 1)]
    said = (document.get("userLastMessagedAt"), document.get("assistantLastMessagedAt"))
    return Talk(
        program=PROGRAM,
        key=str(created),
        title=words(document.get("name")),
        created_ms=created,
        updated_ms=max(created, *map(time_ms, said)),
        entries=entries,
        current=before,
        system=_system(document),
    )


def _entry(before: str | None, created: int, version: Json, left_out: LeftOut) -> Entry:
    role = words(version.get("role"))
    if version.get("type") == "multiStep":
        pieces = tuple(_steps(items(version.get("steps")), left_out))
    else:
        pieces = tuple(_content(items(version.get("content")), left_out))
    if role not in ("user", "assistant") and pieces:
        left_out["hidden"] += 1
        pieces = ()
    return Entry(
        before,
        "user" if role == "user" else "assistant",
        created,
        pieces,
        words(mapping(version.get("senderInfo")).get("senderName")),
    )


def _steps(steps: Sequence[object], left_out: LeftOut) -> Iterator[Piece]:
    found: list[Piece] = []
    calls: dict[str, int] = {}
    for step in map(mapping, steps):
        kind = words(step.get("type"))
        content = items(step.get("content"))
        if kind in _NO_CONTENT:
            continue
        if kind != "contentBlock":
            left_out["part"] += 1
            continue
        style = mapping(step.get("style"))
        if style.get("type") == "thinking":
            text = "".join(words(mapping(part).get("text")) for part in content)
            took = _SECONDS.search(words(style.get("title")))
            found.append(Thought(text.strip(), float(took[1]) if took else None))
            continue
        for part in map(mapping, content):
            if part.get("type") == "toolCallResult":
                _give_result(found, calls, part)
                continue
            for piece in _content([part], left_out):
                if isinstance(piece, Call):
                    calls[piece.call_id] = len(found)
                found.append(piece)
    return iter(found)


def _content(parts: Sequence[object], left_out: LeftOut) -> Iterator[Piece]:
    for part in map(mapping, parts):
        match part.get("type"):
            case "text":
                if text := words(part.get("text")):
                    yield Words(text)
            case "file":
                place = words(part.get("fileIdentifier"))
                yield File(place, words(part.get("name")) or place)
            case "toolCallRequest":
                yield Call(
                    _call_id(part, "toolCallRequestId"), words(part.get("pluginIdentifier")),
                    words(part.get("name")), arguments_of(part.get("parameters")),
                    state="interrupted",
                )  # fmt: skip
            case _:
                left_out["part"] += 1


def _give_result(found: list[Piece], calls: dict[str, int], part: Json) -> None:
    """Give a call its result; one that nobody made is shown by itself."""
    given = part.get("content")
    text = given if isinstance(given, str) else msgspec.json.encode(given).decode("utf-8")
    call_id = _call_id(part, "toolCallId")
    at = calls.get(call_id)
    call = Call(call_id, PROGRAM, "", "{}") if at is None else found[at]
    if isinstance(call, Call):
        told = msgspec.structs.replace(call, result=text, state="done")
        if at is None:
            found.append(told)
        else:
            found[at] = told


def _call_id(part: Json, name: str) -> str:
    found = part.get(name) or part.get("callId")
    return str(found) if isinstance(found, str | int) else ""


def _system(document: Json) -> str:
    for field in map(
        mapping, items(mapping(document.get("perChatPredictionConfig")).get("fields"))
    ):
        if field.get("key") == "llm.prediction.systemPrompt" and words(field.get("value")):
            return words(field.get("value"))
    return words(document.get("systemPrompt"))


def _digest(version: Json) -> str:
    """Tells versions apart by what they hold, as they have no names."""
    return hashlib.sha256(msgspec.json.encode(version)).hexdigest()[:16]
