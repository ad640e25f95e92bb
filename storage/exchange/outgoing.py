"""Exports a conversation from a library: its contents, its files, and Markdown to read."""

from __future__ import annotations

import io
import mimetypes
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import PurePath
from typing import BinaryIO, cast

import msgspec

from storage import calls
from storage.clock import moment
from storage.conversations import Conversations
from storage.exchange import manifest
from storage.exchange.manifest import (
    Manifest,
    MannerRecord,
    MediumRecord,
    MessageRecord,
    ObservationRecord,
    PartRecord,
)
from storage.exchange.packages import MANIFEST, MARKDOWN, Sink
from storage.file.database import Database
from storage.media import Media
from storage.medium_bytes import verified
from storage.messages import Messages
from storage.reading import read_messages
from storage.records import (
    CUT,
    THINKING,
    UNHEARD,
    Conversation,
    FailedPart,
    Manner,
    Medium,
    MediumPart,
    Message,
    Part,
    PendingPart,
    TextPart,
    ThinkingPart,
    ToolPart,
)

_Read = TextPart | MediumPart | PendingPart | FailedPart | ToolPart
"""What a conversation to be read holds: what a model thought is only in the manifest."""
_SPEAKER = {"user": "You", "assistant": "Medley"}
_SUFFIXES = {"audio/wav": ".wav", "audio/flac": ".flac", "audio/ogg": ".ogg", "image/webp": ".webp"}
"""File extensions that Python's own table lacks, or that differ between systems."""
_MOST_OBSERVED = 24 << 20
"""Bytes of what readers found in media that go with a conversation: a manifest must not grow beyond
what an import takes. What is left out is read again elsewhere."""
_MARKED = re.compile(r"([\\\[\]])")


class ConversationSource:
    """One conversation of an open library, with all its branches."""

    def __init__(self, database: Database, conversation_id: int) -> None:
        self._database = database
        self.conversation = Conversations(database).get(conversation_id)
        self._recipes: dict[str, int] = {}
        """Part by file name."""
        self._media: dict[str, MediumRecord] = {}
        """Record by SHA-256."""
        self._room = _MOST_OBSERVED

    def manifest(self) -> Manifest:
        """The manifest of the export. An answer in progress counts as interrupted."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT id, chosen_id FROM messages WHERE conversation_id = ? ORDER BY id",
                (self.conversation.id,),
            ).fetchall()
            messages = read_messages(connection, [id_ for id_, _ in rows])
            (leaf,) = connection.execute(
                "SELECT leaf_id FROM conversations WHERE id = ?", (self.conversation.id,)
            ).fetchone()
        chosen, manner = dict(rows), Conversations(self._database).settings(self.conversation.id)
        records = tuple(self._message(message, chosen[message.id]) for message in messages)
        return Manifest(
            uuid=self.conversation.uuid,
            title=self.conversation.title,
            created_ms=self.conversation.created_ms,
            updated_ms=self.conversation.updated_ms,
            leaf=leaf,
            messages=records,
            media=tuple(self._media.values()),
            manner=_manner(manner),
        )

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        """One of the files that the manifest names."""
        if name in self._recipes:
            recipe = Messages(self._database).recipe(self._recipes[name]) or ""
            yield io.BytesIO(recipe.encode("utf-8"))
            return
        sha256 = next(record.sha256 for record in self._media.values() if record.file == name)
        with Media(self._database).open(sha256) as reader:
            yield cast(BinaryIO, reader)

    def verified(self, sha256: str) -> Iterator[bytes]:
        """A medium's bytes, piece by piece, that raises at the end if they are not its own."""
        with Media(self._database).open(sha256) as reader:
            yield from verified(reader, sha256, self._database.path)

    def branch(self) -> list[Message]:
        """The messages of the active branch."""
        return Messages(self._database).path(self.conversation.id)

    def _message(self, message: Message, chosen: int | None) -> MessageRecord:
        return MessageRecord(
            id=message.id,
            parent=message.parent_id,
            role=message.role,
            state="interrupted" if message.state == "streaming" else message.state,
            created_ms=message.created_ms,
            parts=tuple(self._part(part) for part in message.parts),
            chosen=chosen,
            error=message.error,
            details=message.details,
        )

    def _part(self, part: Part) -> PartRecord:
        if isinstance(part, TextPart):
            details = {UNHEARD: part.unheard} if part.unheard else {}
            return PartRecord("text", part.text, details=details)
        if isinstance(part, ThinkingPart):
            cut = {CUT: True} if part.cut else {}
            return PartRecord("text", part.text, details={THINKING: part.seconds, **cut})
        if isinstance(part, ToolPart):
            ended = calls.from_elsewhere(part)
            return PartRecord("text", part.result, details=calls.packed(ended))
        if isinstance(part, PendingPart):
            return PartRecord("failed", modality=part.modality)
        if not isinstance(part, MediumPart):
            return PartRecord("failed", part.reason, modality=part.modality, details=part.details)
        medium = part.medium
        self._media.setdefault(
            medium.sha256,
            MediumRecord(
                sha256=medium.sha256,
                size=medium.size,
                mime=medium.mime,
                modality=medium.modality,
                file=_file_name(part),
                width=medium.width,
                height=medium.height,
                duration_s=medium.duration_s,
                observations=(found := self._observations(medium)),
                read=medium.read and bool(found) == medium.observed,
            ),
        )
        recipe = f"recipes/{part.id}.json" if part.has_recipe else None
        if recipe is not None:
            self._recipes[recipe] = part.id
        return PartRecord("medium", part.name, medium.sha256, medium.modality, recipe, part.details)

    def _observations(self, medium: Medium) -> tuple[ObservationRecord, ...]:
        if not medium.observed:
            return ()
        found = [
            one
            for one in Media(self._database).observations(medium.sha256)
            if one.kind in manifest.OBSERVED
        ]
        self._room -= sum(len(msgspec.json.encode(one)) for one in found)
        if self._room < 0:
            return ()
        return msgspec.convert(msgspec.to_builtins(found), tuple[ObservationRecord, ...])


def _manner(manner: Manner) -> MannerRecord:
    bundle = manner.bundle if re.match(manifest.BUNDLE_NAME, manner.bundle or "") else None
    return MannerRecord(
        manner.system,
        manner.temperature,
        manner.top_p,
        manner.max_new_tokens,
        bundle,
        manner.think,
        manner.tools,
    )


def write_conversation(source: ConversationSource, sink: Sink) -> None:
    """Write everything that belongs to a conversation.

    Raises:
        DamagedError: a medium does not hold the bytes its name stands for.
    """
    whole = source.manifest()
    for record in whole.media:
        sink.add(record.file, source.verified(record.sha256))
    for message in whole.messages:
        for part in message.parts:
            if part.recipe is not None:
                with source.open(part.recipe) as file:
                    sink.add(part.recipe, [file.read()])
    files = {record.sha256: record.file for record in whole.media}
    own = {message.id for message in whole.messages}
    branch = [message for message in source.branch() if message.id in own]
    text = markdown(source.conversation, branch, files)
    sink.add(MARKDOWN, [text.encode("utf-8")])
    sink.add(MANIFEST, [manifest.encode(whole)])


def markdown(conversation: Conversation, messages: list[Message], files: Mapping[str, str]) -> str:
    """The active branch to read; `files` are the names of media by SHA-256."""
    lines = [f"# {_plain(conversation.title or conversation.opening or 'Conversation')}", ""]
    for message in messages:
        at = moment(message.created_ms)
        lines += [f"**{_SPEAKER[message.role]}**, {at:%Y-%m-%d %H:%M} UTC", ""]
        for part in message.parts:
            if not isinstance(part, ThinkingPart):
                lines += [_part_as_markdown(part, files), ""]
        if message.error:
            lines += [f"*{_plain(message.error)}*", ""]
    return "\n".join(lines)


def _part_as_markdown(part: _Read, files: Mapping[str, str]) -> str:
    if isinstance(part, TextPart):
        return part.text
    if isinstance(part, MediumPart):
        file = files[part.medium.sha256]
        mark = "!" if part.medium.modality == "image" else ""
        return f"{mark}[{_plain(part.name or part.medium.modality)}]({file})"
    if isinstance(part, ToolPart):
        return _call_as_markdown(part)
    reason = "" if isinstance(part, PendingPart) else part.reason
    return f"*({_plain(part.modality)}: {_plain(reason) or 'was not made'})*"


def _call_as_markdown(part: ToolPart) -> str:
    whose = f"{_plain(part.server)}, {part.state}"
    lines = [f"*Tool {_plain(part.tool)} ({whose})*", "", _fenced(part.arguments, "json")]
    return "\n".join([*lines, "", _fenced(part.result, "text")] if part.result else lines)


def _fenced(text: str, kind: str) -> str:
    """Between marks that do not occur in it, so that nothing in it is taken for Markdown."""
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{kind}\n{text}\n{fence}"


def _plain(text: str) -> str:
    """On one line, with nothing that would be taken for a link."""
    return _MARKED.sub(r"\\\1", " ".join(text.split()))


def _file_name(part: MediumPart) -> str:
    """A name inside a package that tells other programs what kind of file it is."""
    mime = part.medium.mime
    suffix = _SUFFIXES.get(mime) or mimetypes.guess_extension(mime) or PurePath(part.name).suffix
    if not re.fullmatch(r"\.[A-Za-z0-9]{1,10}", suffix):
        suffix = ".bin"
    return f"media/{part.medium.sha256[:24]}{suffix}"
