"""Imports a conversation into a library: checked, and added completely or not at all."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from typing import BinaryIO

import msgspec

from storage import calls, manner, observations
from storage.clock import now_ms
from storage.conversations import insert
from storage.errors import ExchangeError
from storage.exchange.manifest import (
    Manifest,
    MediumRecord,
    MessageRecord,
    PartRecord,
    checked,
    plain_utf8,
)
from storage.exchange.packages import Source
from storage.file.database import Database, Write
from storage.medium_bytes import (
    MediumFacts,
    Stored,
    claim,
    discard,
    known,
    pieces,
    store_pieces,
)
from storage.records import THINKING, Made, Manner, Observation

_LARGEST_RECIPE = 64 << 20
_Json = msgspec.json.encode


def take(database: Database, source: Source, where: str) -> Made:
    """Add the conversation of a source; `where` names it in errors.

    A conversation that is here already is added once more, under a uuid of its own.

    Raises:
        ExchangeError: the source does not hold what its manifest says.
        LibraryError: the library cannot grow. Either way nothing was changed.
    """
    manifest = checked(source.manifest(), where)
    stored: dict[str, Stored] = {}
    try:
        for record in manifest.media:
            stored[record.sha256] = _store(database, source, record, where)
        with database.write() as write:
            media = {sha256: claim(write, one) for sha256, one in stored.items()}
            for record in manifest.media:
                _insert_observations(write, media[record.sha256], record)
            new_id = _insert_conversation(write, manifest)
            ids: dict[int, int] = {}
            for message in manifest.messages:
                ids[message.id] = _insert_message(write, new_id, message, ids)
                for position, part in enumerate(message.parts):
                    recipe_id = _insert_recipe(write, source, part, where)
                    _insert_part(write, ids[message.id], position, part, media, recipe_id)
            _choose(write, new_id, manifest, ids)
            write.touch("messages", "media", conversations=[new_id], messages=ids.values())
    except BaseException:
        for one in stored.values():
            discard(database, one)
        raise
    return write.made(new_id)


def _store(database: Database, source: Source, record: MediumRecord, where: str) -> Stored:
    facts = MediumFacts(
        record.mime, record.modality, record.width, record.height, record.duration_s
    )
    if there := known(database, record.sha256, facts):
        return there
    with source.open(record.file) as file:
        stored = store_pieces(database, _announced(file, record.size), facts)
    if stored.sha256 != record.sha256 or stored.size != record.size:
        discard(database, stored)
        raise ExchangeError(
            "{where}: {record_file} does not hold what was exported: expected {record_size} "
            "bytes with SHA-256 {sha256}, found {sha256_2}. Nothing was imported; export the "
            "conversation again.",
            where=where,
            record_file=record.file,
            record_size=record.size,
            sha256=record.sha256[:12],
            sha256_2=stored.sha256[:12],
        )
    return stored


def _announced(file: BinaryIO, size: int) -> Iterator[bytes]:
    """A file's pieces, one byte past the announced size at most."""
    left = size + 1
    for piece in pieces(file):
        yield piece[:left]
        left -= len(piece)
        if left <= 0:
            return


def _insert_conversation(write: Write, manifest: Manifest) -> int:
    taken = write.run("SELECT 1 FROM conversations WHERE uuid = ?", (manifest.uuid,)).fetchone()
    uuid_hex = uuid.uuid4().hex if taken else manifest.uuid
    new_id = insert(write, uuid_hex, manifest.title, manifest.created_ms)
    write.run("UPDATE conversations SET updated_ms = ? WHERE id = ?", (manifest.updated_ms, new_id))
    theirs = msgspec.convert(manifest.manner, Manner, from_attributes=True)
    manner.write(
        write, new_id, msgspec.structs.replace(theirs, tools=None if theirs.tools else theirs.tools)
    )
    return new_id


def _insert_observations(write: Write, medium_id: int, record: MediumRecord) -> None:
    """Insert observations from elsewhere, if the medium has none here."""
    known_here = write.run(
        "SELECT 1 FROM media WHERE id = ? AND read_ms IS NOT NULL UNION ALL "
        "SELECT 1 FROM observations WHERE medium_id = ? LIMIT 1",
        (medium_id, medium_id),
    ).fetchone()
    if known_here is None:
        found = msgspec.convert(msgspec.to_builtins(record.observations), tuple[Observation, ...])
        observations.replace(write, medium_id, found)
        if record.read:
            write.run("UPDATE media SET read_ms = ? WHERE id = ?", (now_ms(), medium_id))


def _insert_message(
    write: Write, conversation_id: int, message: MessageRecord, ids: Mapping[int, int]
) -> int:
    parent = None if message.parent is None else ids[message.parent]
    return write.insert(
        """
        INSERT INTO messages
            (conversation_id, parent_id, depth, role, state, created_ms, error, details)
        VALUES (?, ?, coalesce((SELECT depth + 1 FROM messages WHERE id = ?), 0), ?, ?, ?, ?, ?)
        """,
        (
            conversation_id, parent, parent, message.role, message.state, message.created_ms,
            message.error, _Json(message.details).decode("utf-8"),
        ),
    )  # fmt: skip


def _insert_recipe(write: Write, source: Source, part: PartRecord, where: str) -> int | None:
    if part.recipe is None:
        return None
    with source.open(part.recipe) as file:
        data = file.read(_LARGEST_RECIPE + 1)
    try:
        text = plain_utf8(data).decode("utf-8")
        msgspec.json.decode(text)
        if len(data) > _LARGEST_RECIPE:
            raise ValueError(f"longer than {_LARGEST_RECIPE >> 20} MiB")
    except (ValueError, RecursionError) as error:
        raise ExchangeError(
            "{where}: expected a recipe in {recipe}, found something else. Nothing was "
            "imported; export the conversation again.",
            where=where,
            recipe=part.recipe,
        ) from error
    return write.insert("INSERT INTO recipes (json) VALUES (?)", (text,))


def _insert_part(
    write: Write,
    message_id: int,
    position: int,
    part: PartRecord,
    media: Mapping[str, int],
    recipe_id: int | None,
) -> None:
    details = part.details
    if part.kind == "text" and calls.TOOL in details:
        details = calls.packed(calls.from_elsewhere(calls.unpacked(0, part.text, details)))
    write.run(
        """
        INSERT INTO parts
            (message_id, position, kind, text, medium_id, modality, recipe_id, details, searchable)
        VALUES (?, ?, ?, ?, ?, coalesce((SELECT modality FROM media WHERE id = ?), ?), ?, ?, ?)
        """,
        (
            message_id, position, part.kind, part.text,
            medium := None if part.medium is None else media[part.medium], medium,
            None if part.kind == "text" else part.modality,
            recipe_id, _Json(details).decode("utf-8"),
            part.kind != "failed" and not {THINKING, calls.TOOL} & details.keys(),
        ),
    )  # fmt: skip


def _choose(write: Write, conversation_id: int, manifest: Manifest, ids: Mapping[int, int]) -> None:
    for message in manifest.messages:
        if message.chosen is not None:
            write.run(
                "UPDATE messages SET chosen_id = ? WHERE id = ?",
                (ids[message.chosen], ids[message.id]),
            )
    leaf = None if manifest.leaf is None else ids[manifest.leaf]
    write.run("UPDATE conversations SET leaf_id = ? WHERE id = ?", (leaf, conversation_id))
