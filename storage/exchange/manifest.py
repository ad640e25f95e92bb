"""A conversation outside of a library: one JSON object that names the files beside it.

Knows the form and what makes it whole; reads and writes no file and no SQL.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from typing import Annotated, Any, Literal, get_args

import msgspec
from msgspec import Meta

from storage import limits, observations
from storage.clock import LATEST_MS
from storage.errors import ExchangeError, Phrase, phrase
from storage.manner import LONGEST_ANSWER, LONGEST_SYSTEM, WARMEST
from storage.records import Role

FORMAT: Literal["medley-conversation"] = "medley-conversation"
VERSION: Literal[1] = 1
LARGEST = 64 << 20
"""Bytes of the longest manifest that is read."""

_TIME_HINT = phrase(" (a time in milliseconds since 1970, at most the year 2200)")
Number = Annotated[int, Meta(ge=0, le=2**53)]
Time = Annotated[int, Meta(ge=0, le=LATEST_MS)]
"""Milliseconds since 1970."""
Pixels = Annotated[int, Meta(ge=0, le=limits.MOST_PIXELS)]
Seconds = Annotated[float, Meta(ge=0, le=limits.LONGEST_S)]
Share = Annotated[float, Meta(ge=0, le=1)]
Note = Annotated[str, Meta(max_length=observations.LONGEST_NOTE)]
Sha256 = Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z")]
Name = Annotated[str, Meta(pattern=r"\A(media|recipes)/[A-Za-z0-9_][A-Za-z0-9_.-]{0,120}\Z")]
BUNDLE_NAME = r"\A[A-Za-z0-9_][A-Za-z0-9_. -]{0,120}\Z"
BundleName = Annotated[str, Meta(pattern=BUNDLE_NAME)]
Modality = Annotated[str, Meta(min_length=1, max_length=limits.LONGEST_WORD)]
Mime = Annotated[str, Meta(max_length=limits.LONGEST_WORD)]
Observed = Literal["speech", "text", "label", "document"]
OBSERVED = get_args(Observed)
Ended = Literal["complete", "stopped", "failed", "interrupted"]


class ObservationRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that a reader found in a medium, as `storage.records.Observation` has it."""

    kind: Observed
    text: Annotated[str, Meta(max_length=observations.LONGEST)]
    confidence: Share | None = None
    start_s: Seconds | None = None
    end_s: Seconds | None = None
    box: tuple[Share, Share, Share, Share] | None = None
    place: Note = ""
    source: Note = ""


class MannerRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """A conversation's own settings for its answers."""

    system: Annotated[str, Meta(max_length=LONGEST_SYSTEM)] | None = None
    temperature: Annotated[float, Meta(ge=0, le=WARMEST)] | None = None
    top_p: Annotated[float, Meta(gt=0, le=1)] | None = None
    max_new_tokens: Annotated[int, Meta(ge=1, le=LONGEST_ANSWER)] | None = None
    bundle: BundleName | None = None
    """Only a name: where its folder lies is a matter of one machine."""
    think: bool | None = None
    tools: bool | None = None
    """Only that there are none counts elsewhere: tools are for a person to switch on anew."""


class MediumRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """A medium and the file that holds its bytes."""

    sha256: Sha256
    size: Number
    mime: Mime
    modality: Modality
    file: Name
    width: Pixels | None = None
    height: Pixels | None = None
    duration_s: Seconds | None = None
    observations: Annotated[tuple[ObservationRecord, ...], Meta(max_length=observations.MOST)] = ()
    """The observations that readers made of it."""
    read: bool = False
    """True if the readers had finished with it."""


class PartRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """A part of a message."""

    kind: Literal["text", "medium", "failed"]
    text: str = ""
    """Words; a medium's file name; why it failed."""
    medium: Sha256 | None = None
    modality: Modality | None = None
    recipe: Name | None = None
    """File that holds the recipe of an artifact."""
    details: dict[str, Any] = {}


class MessageRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """A message; parents come before what follows them."""

    id: Number
    """Means something inside this object only."""
    parent: Number | None
    role: Role
    state: Ended
    created_ms: Time
    parts: tuple[PartRecord, ...]
    chosen: Number | None = None
    """The number of the message chosen last among those that follow it."""
    error: str = ""
    details: dict[str, Any] = {}


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """A whole conversation with all its branches."""

    format: Literal["medley-conversation"] = FORMAT
    version: Literal[1] = VERSION
    uuid: Annotated[str, Meta(pattern=r"\A[0-9a-f]{32}\Z")]
    title: Annotated[str, Meta(max_length=limits.LONGEST_TITLE)]
    created_ms: Time
    updated_ms: Time
    leaf: Number | None
    """End of the active branch."""
    messages: tuple[MessageRecord, ...]
    media: tuple[MediumRecord, ...]
    manner: MannerRecord = MannerRecord()


class _Outline(msgspec.Struct):
    """The fields by which a form is recognised."""

    format: str = ""
    version: Any = None


def encode(manifest: Manifest) -> bytes:
    """Indented JSON."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=1)


def decode(data: bytes, where: str) -> Manifest:
    """A manifest from its JSON, with or without a mark of its encoding; `where` names it in errors.

    Raises:
        ExchangeError: it is no JSON, of another form, newer, or speaks of what is not there.
    """
    try:
        data = plain_utf8(data)
        outline = msgspec.json.decode(data, type=_Outline)
        if outline.format != FORMAT:
            raise _refused(
                where,
                phrase(
                    "expected the format {format}, found {found}",
                    format=repr(FORMAT),
                    found=repr(outline.format),
                ),
            )
        if outline.version != VERSION:
            raise ExchangeError(
                "{where}: expected version {version} of the form, found {version_2}. Import "
                "it with the Medley that wrote it, or a newer one.",
                where=where,
                version=VERSION,
                version_2=repr(outline.version),
            )
        manifest = msgspec.json.decode(data, type=Manifest)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        meant = _TIME_HINT if "_ms`" in str(error) else ""
        raise _refused(
            where,
            phrase(
                "expected a conversation as JSON, found: {error}{meant}", error=error, meant=meant
            ),
        ) from error
    _check(manifest, where)
    return manifest


def plain_utf8(data: bytes) -> bytes:
    """JSON as UTF-8 without the mark that editors of some systems put before it.

    Raises:
        UnicodeDecodeError: it is marked as UTF-16 and is none.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16").encode("utf-8")
    return data.removeprefix(codecs.BOM_UTF8)


def checked(manifest: Manifest, where: str) -> Manifest:
    """A manifest that did not come from JSON, looked at as if it had.

    Raises:
        ExchangeError: it holds what no manifest may, or speaks of what is not there.
    """
    try:
        manifest = msgspec.convert(msgspec.to_builtins(manifest), Manifest)
    except msgspec.MsgspecError as error:
        raise _refused(
            where, phrase("expected a sound conversation, found: {error}", error=error)
        ) from error
    _check(manifest, where)
    return manifest


def _check(manifest: Manifest, where: str) -> None:
    """Check that everything mentioned exists, once, and in order."""
    media = {record.sha256 for record in manifest.media}
    files = [record.file for record in manifest.media]
    if len(media) < len(manifest.media) or len(set(files)) < len(files):
        raise _refused(where, phrase("a medium or its file is listed twice"))
    parents: dict[int, int | None] = {}
    for message in manifest.messages:
        if message.id in parents:
            raise _refused(where, phrase("message {id} is there twice", id=message.id))
        if message.parent is not None and message.parent not in parents:
            raise _refused(
                where,
                phrase(
                    "message {id} follows {parent}, which is not before it",
                    id=message.id,
                    parent=message.parent,
                ),
            )
        parents[message.id] = message.parent
        _check_details(message.details, phrase("message {id}", id=message.id), where)
        for part in message.parts:
            _check_details(part.details, phrase("a part of message {id}", id=message.id), where)
            _check_part(part, media, phrase("message {id}", id=message.id), where)
    for message in manifest.messages:
        if message.chosen is not None and parents.get(message.chosen, -1) != message.id:
            raise _refused(
                where,
                phrase(
                    "message {id} chose {chosen}, which does not follow it",
                    id=message.id,
                    chosen=message.chosen,
                ),
            )
    if (manifest.leaf is None) != (not parents) or manifest.leaf not in {*parents, None}:
        raise _refused(
            where,
            phrase("the active branch ends in {leaf}, which is not there", leaf=manifest.leaf),
        )


def _check_part(part: PartRecord, media: Iterable[str], what: Phrase, where: str) -> None:
    if (part.kind == "medium") != (part.medium is not None):
        raise _refused(
            where,
            phrase(
                "a part of {what} is of kind {kind}, and its medium is {medium}",
                what=what,
                kind=part.kind,
                medium=part.medium,
            ),
        )
    if part.medium is not None and part.medium not in media:
        raise _refused(
            where,
            phrase(
                "{what} shows medium {medium}, which is not listed",
                what=what,
                medium=part.medium[:12],
            ),
        )
    if part.kind == "failed" and part.modality is None:
        raise _refused(
            where, phrase("a failed part of {what} does not say what it was to be", what=what)
        )


def _check_details(details: dict[str, Any], what: Phrase, where: str) -> None:
    if problem := limits.details_problem(details):
        raise _refused(where, phrase("{what} has {problem}", what=what, problem=problem))


def _refused(where: str, found: Phrase) -> ExchangeError:
    return ExchangeError(
        "{where}: {found}. Nothing was imported; export the conversation again.",
        where=where,
        found=found,
    )
