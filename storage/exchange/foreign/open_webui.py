"""Reads the chats that Open WebUI exports: a JSON list, each with a tree of messages in
`chat.history`. Thoughts and calls of tools stand in an answer's words as `<details>` blocks."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import msgspec

from storage.exchange.foreign.data_urls import data_of
from storage.exchange.foreign.lenient import Json, items, mapping, time_ms, words
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

PROGRAM = "Open WebUI"
_OPENED, _CLOSED = "<details type=", "</details>"
_HEAD = re.compile(r'<details type="(\w+)"([^>]*)>')
_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')
_SUMMARY = re.compile(r"\s*<summary>[^<]*</summary>\n?")


def fits(document: Json) -> bool:
    """Whether this is one of its chats, with or without what the server keeps around it."""
    chat = mapping(document.get("chat")) or document
    history = mapping(chat.get("history"))
    return isinstance(history.get("messages"), dict) or (
        "chat" in document and isinstance(chat.get("messages"), list)
    )


def read(document: Json, left_out: LeftOut) -> Talk:
    """The chat; what does not come along is counted in `left_out`."""
    chat = mapping(document.get("chat")) or document
    history = mapping(chat.get("history"))
    messages = mapping(history.get("messages")) or _listed(chat)
    entries = {key: _entry(mapping(one), left_out) for key, one in messages.items()}
    return Talk(
        program=PROGRAM,
        key=words(document.get("id")) or words(chat.get("id")),
        title=words(document.get("title")) or words(chat.get("title")),
        created_ms=time_ms(document.get("created_at") or chat.get("timestamp")),
        updated_ms=time_ms(document.get("updated_at")),
        entries=entries,
        current=words(history.get("currentId")) or None,
        system=words(mapping(chat.get("params")).get("system")) or words(chat.get("system")),
    )


def pieces_of(text: str) -> Iterator[Piece]:
    """An answer's words, with its thoughts and calls apart."""
    at = 0
    while (begin := text.find(_OPENED, at)) >= 0:
        head = _HEAD.match(text, begin)
        end = text.find(_CLOSED, begin)
        if head is None or end < 0:
            break
        yield from _words(text[at:begin])
        attributes = {name: html.unescape(value) for name, value in _ATTRIBUTE.findall(head[2])}
        inside = html.unescape(_SUMMARY.sub("", text[head.end() : end], count=1))
        yield from _details(head[1], attributes, inside)
        at = end + len(_CLOSED)
    yield from _words(text[at:])


def _listed(chat: Json) -> Json:
    """The messages of a chat without a tree, each after the one before it."""
    found: dict[str, object] = {}
    before = ""
    for number, one in enumerate(map(mapping, items(chat.get("messages")))):
        key = words(one.get("id")) or str(number)
        found[key] = {**one, "parentId": before}
        before = key
    return found


def _entry(message: Json, left_out: LeftOut) -> Entry:
    role = words(message.get("role"))
    pieces = tuple(_pieces(message, role, left_out))
    if role not in ("user", "assistant") and pieces:
        left_out["hidden"] += 1
        pieces = ()
    return Entry(
        words(message.get("parentId")) or None,
        "user" if role == "user" else "assistant",
        time_ms(message.get("timestamp")),
        pieces,
        words(message.get("model")),
    )


def _pieces(message: Json, role: str, left_out: LeftOut) -> Iterator[Piece]:
    for file in map(mapping, items(message.get("files"))):
        url = words(file.get("url"))
        name = words(file.get("name"))
        if file.get("type") == "image" or url.startswith("data:"):
            yield data_of(url, name)
        elif file:
            yield File(words(file.get("id")) or url, name)
    content = message.get("content")
    if isinstance(content, str):
        yield from pieces_of(content) if role == "assistant" else _words(content)
    for part in map(mapping, items(content)):
        if url := words(mapping(part.get("image_url")).get("url")):
            yield data_of(url)
        elif text := words(part.get("text")):
            yield Words(text)
        else:
            left_out["part"] += 1
    yield from _words(words(mapping(message.get("error")).get("content")))


def _details(kind: str, attributes: dict[str, str], inside: str) -> Iterator[Piece]:
    if kind == "reasoning":
        lines = (line.removeprefix(">").removeprefix(" ") for line in inside.strip().split("\n"))
        yield Thought("\n".join(lines).strip(), _seconds(attributes.get("duration", "")))
    elif kind == "tool_calls":
        result = _unquoted(attributes.get("result", "") or inside.strip())
        done = attributes.get("done") == "true"
        yield Call(
            attributes.get("id", ""), PROGRAM, attributes.get("name", ""),
            arguments_of(_unquoted(attributes.get("arguments", ""))), result,
            "done" if done else "interrupted",
        )  # fmt: skip
    else:
        yield from _words(inside)


def _words(text: str) -> Iterator[Words]:
    if text.strip():
        yield Words(text.strip("\n"))


def _seconds(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _unquoted(text: str) -> str:
    """The words of a JSON string; anything else as it is."""
    try:
        found: object = msgspec.json.decode(text)
    except (msgspec.MsgspecError, RecursionError, UnicodeEncodeError):
        return text
    return found if isinstance(found, str) else text
