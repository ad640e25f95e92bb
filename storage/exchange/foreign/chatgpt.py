"""Reads the conversations of ChatGPT's data export: `conversations.json`, also in numbered pieces.

A conversation is a `mapping` of nodes, each with its parent. An answer is a chain of them:
thoughts, calls addressed to a tool, what the tool said, and words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

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

PROGRAM = "ChatGPT"
_CITED = re.compile("\ue200[^\ue201]*\ue201")
"""A reference to a source, in characters that only ChatGPT shows."""
_EVERYBODY = ("", "all")
_CONTEXT = ("user_editable_context", "model_editable_context")
_SAID = ("execution_output", "tether_browsing_display", "system_error")


def fits(document: Json) -> bool:
    """Whether this is one of its conversations."""
    return isinstance(document.get("mapping"), dict)


def read(document: Json, left_out: LeftOut) -> Talk:
    """The conversation; what nobody can be shown is counted in `left_out`."""
    nodes = mapping(document.get("mapping"))
    entries: dict[str, Entry] = {}
    calls: dict[str, str] = {}
    for key, node in nodes.items():
        parent = words(mapping(node).get("parent")) or None
        entry = _entry(parent, mapping(mapping(node).get("message")), left_out)
        if _author(mapping(node)) == "tool" and parent is not None and entry.pieces:
            caller = parent if _is_call(entries.get(parent)) else calls.get(parent)
            if caller is not None:
                calls[key] = caller
                entry = _answer_call(entries, caller, entry)
        entries[key] = entry
    return Talk(
        program=PROGRAM,
        key=words(document.get("conversation_id")) or words(document.get("id")),
        title=words(document.get("title")),
        created_ms=time_ms(document.get("create_time")),
        updated_ms=time_ms(document.get("update_time")),
        entries=entries,
        current=words(document.get("current_node")) or None,
    )


def _author(node: Json) -> str:
    return words(mapping(mapping(node.get("message")).get("author")).get("role"))


def _entry(parent: str | None, message: Json, left_out: LeftOut) -> Entry:
    author, metadata = mapping(message.get("author")), mapping(message.get("metadata"))
    role = words(author.get("role"))
    pieces = tuple(_pieces(message, left_out)) if message else ()
    is_context = words(mapping(message.get("content")).get("content_type")) in _CONTEXT
    if is_context or (pieces and _is_hidden(message, role, metadata)):
        left_out["hidden"] += 1
        pieces = ()
    recipient = words(message.get("recipient"))
    if role == "assistant" and recipient not in _EVERYBODY and pieces:
        said = "".join(one.text for one in pieces if isinstance(one, Words))
        text = words(mapping(message.get("content")).get("text")) or said
        pieces = (Call(words(message.get("id")), PROGRAM, recipient, arguments_of(text)),)
    elif role == "tool" and pieces:
        pieces = tuple(_from_tool(words(author.get("name")), pieces))
    return Entry(
        parent,
        "user" if role == "user" else "assistant",
        time_ms(message.get("create_time")),
        pieces,
        words(metadata.get("model_slug")),
    )


def _is_hidden(message: Json, role: str, metadata: Json) -> bool:
    return (
        role not in ("user", "assistant", "tool")
        or metadata.get("is_visually_hidden_from_conversation") is True
        or message.get("weight") == 0
    )


def _from_tool(name: str, pieces: Sequence[Piece]) -> Iterator[Piece]:
    """What a tool said as a call that nobody is known to have made, and the media that it gave."""
    said = "\n".join(one.text for one in pieces if isinstance(one, Words))
    yield Call("", PROGRAM, name, "{}", said)
    yield from (one for one in pieces if isinstance(one, File))


def _is_call(entry: Entry | None) -> bool:
    return entry is not None and len(entry.pieces) == 1 and isinstance(entry.pieces[0], Call)


def _answer_call(entries: dict[str, Entry], caller: str, said: Entry) -> Entry:
    """What a tool said, given to its call; the media that it gave stay."""
    calling = entries[caller]
    call, result = calling.pieces[0], said.pieces[0]
    if not isinstance(call, Call) or not isinstance(result, Call):
        return said
    text = f"{call.result}\n{result.result}" if call.result else result.result
    told = msgspec.structs.replace(call, result=text)
    entries[caller] = msgspec.structs.replace(calling, pieces=(told,))
    return msgspec.structs.replace(said, pieces=said.pieces[1:])


def _pieces(message: Json, left_out: LeftOut) -> Iterator[Piece]:
    content = mapping(message.get("content"))
    kind, shown = words(content.get("content_type")), set[str]()
    match kind:
        case "thoughts":
            yield from _thoughts(items(content.get("thoughts")))
        case "reasoning_recap":
            pass  # "Thought for 8 seconds": the thoughts stand before it.
        case "code":
            yield from _code(content, words(message.get("recipient")))
        case "tether_quote":
            source = words(content.get("title")) or words(content.get("url"))
            yield from _words("\n\n".join(filter(None, (source, words(content.get("text"))))))
        case _ if kind in _SAID:
            yield from _words(words(content.get("text")) or words(content.get("result")))
        case _:
            found = False
            for part in items(content.get("parts")):
                for piece in _part(part, left_out):
                    found = True
                    if isinstance(piece, File):
                        shown.add(piece.place)
                    yield piece
            text = words(content.get("text"))
            if text and not found:
                yield from _words(text)
            elif kind not in ("text", "multimodal_text", "", *_CONTEXT) and not found:
                left_out["part"] += 1
    for attached in items(mapping(message.get("metadata")).get("attachments")):
        place = words(mapping(attached).get("id"))
        if place and place not in shown:
            yield File(place, words(mapping(attached).get("name")))


def _thoughts(thoughts: Sequence[object]) -> Iterator[Thought]:
    told = [
        "\n\n".join(filter(None, (words(one.get("summary")), words(one.get("content")))))
        for one in map(mapping, thoughts)
    ]
    if text := "\n\n".join(filter(None, told)):
        yield Thought(text)


def _code(content: Json, recipient: str) -> Iterator[Words]:
    text = words(content.get("text"))
    if not text or recipient not in _EVERYBODY:
        yield from _words(text)
        return
    language = words(content.get("language"))
    yield Words(f"```{'' if language == 'unknown' else language}\n{text}\n```")


def _part(part: object, left_out: LeftOut) -> Iterator[Piece]:
    if isinstance(part, str):
        yield from _words(part)
        return
    record = mapping(part)
    kind = words(record.get("content_type"))
    if kind == "audio_transcription" or (kind == "text" and record.get("text")):
        yield from _words(words(record.get("text")))
    elif kind == "real_time_user_audio_video_asset_pointer":
        yield from _pointed_at(mapping(record.get("audio_asset_pointer")))
    elif "asset_pointer" in record:
        yield from _pointed_at(record)
    elif part:
        left_out["part"] += 1


def _pointed_at(record: Json) -> Iterator[File]:
    if place := words(record.get("asset_pointer")).rpartition("//")[2].partition("#")[0]:
        yield File(place, words(mapping(record.get("metadata")).get("name")))


def _words(text: str) -> Iterator[Words]:
    if plain := _CITED.sub("", text):
        yield Words(plain)
