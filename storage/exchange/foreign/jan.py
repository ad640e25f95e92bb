"""Reads the threads of Jan: a folder each with `thread.json` and `messages.jsonl`."""

from __future__ import annotations

from collections.abc import Iterator

from storage.exchange.foreign.data_urls import data_of
from storage.exchange.foreign.lenient import Json, items, mapping, time_ms, words
from storage.exchange.foreign.talk import (
    Call,
    Entry,
    LeftOut,
    Piece,
    Talk,
    Thought,
    Words,
    arguments_of,
)

PROGRAM = "Jan"
THREAD, MESSAGES = "thread.json", "messages.jsonl"
_THINK, _THOUGHT = "<think>", "</think>"


def fits(document: Json) -> bool:
    """Whether this is the description of one of its threads, its messages put in."""
    return isinstance(document.get("jan_messages"), list)


def joined(thread: Json, messages: list[object]) -> Json:
    """A thread's description with its messages, as the other functions take it."""
    return {**thread, "jan_messages": messages}


def read(document: Json, left_out: LeftOut) -> Talk:
    """The thread; what does not come along is counted in `left_out`."""
    entries: dict[str, Entry] = {}
    before: str | None = None
    for number, message in enumerate(map(mapping, items(document.get("jan_messages")))):
        key = words(message.get("id")) or str(number)
        if key not in entries:
            entries[key] = _entry(before, message, left_out)
            before = key
    return Talk(
        program=PROGRAM,
        key=words(document.get("id")),
        title=words(document.get("title")),
        created_ms=time_ms(document.get("created") or document.get("created_at")),
        updated_ms=time_ms(document.get("updated")),
        entries=entries,
        current=before,
    )


def _entry(before: str | None, message: Json, left_out: LeftOut) -> Entry:
    role = words(message.get("role"))
    pieces = tuple(_pieces(message, left_out))
    if role not in ("user", "assistant") and pieces:
        left_out["hidden"] += 1
        pieces = ()
    return Entry(
        before,
        "user" if role == "user" else "assistant",
        time_ms(message.get("created_at")),
        pieces,
        words(mapping(mapping(message.get("metadata")).get("modelId")).get("id")),
    )


def _pieces(message: Json, left_out: LeftOut) -> Iterator[Piece]:
    for made in map(mapping, items(mapping(message.get("metadata")).get("tool_calls"))):
        tool = mapping(made.get("tool"))
        called = mapping(tool.get("function"))
        given = items(mapping(made.get("response")).get("content"))
        text = "\n".join(words(mapping(one).get("text")) for one in given)
        yield Call(
            words(tool.get("id")), PROGRAM, words(called.get("name")),
            arguments_of(called.get("arguments")), text, "done" if given else "interrupted",
        )  # fmt: skip
    for part in map(mapping, items(message.get("content"))):
        text = words(mapping(part.get("text")).get("value"))
        url = words(mapping(part.get("image_url")).get("url"))
        if url:
            yield data_of(url)
        elif part.get("type") == "text":
            yield from _words(text)
        else:
            left_out["part"] += 1


def _words(text: str) -> Iterator[Piece]:
    begun = text.lstrip()
    if begun.startswith(_THINK) and _THOUGHT in begun:
        thought, _, text = begun.removeprefix(_THINK).partition(_THOUGHT)
        yield Thought(thought.strip())
    if text.strip():
        yield Words(text.strip("\n"))
