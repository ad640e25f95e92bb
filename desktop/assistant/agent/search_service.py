"""The search of the library for tools: by words, and by meaning where an encoder knows any."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from desktop.assistant.media_folder import file_name
from plugins.errors import KnownError
from storage.library import Library
from storage.records import Match, Medium, Query, Role

LIMIT, MOST = 8, 25
"""Finds that are given where nothing is said, and at most."""
Resembling = Callable[[str, str], Sequence[Match]]
"""Media that resemble words: words, and a modality or none."""
MediumNames = Callable[[Medium], str]
"""The reference of a medium in this conversation; empty for media elsewhere."""


class _Search(msgspec.Struct):
    query: str = ""
    modalities: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    roles: tuple[Role, ...] = ()
    meaning: bool = True
    limit: int = LIMIT


def search(
    library: Library,
    arguments: dict[str, Any],
    resembling: Resembling | None = None,
    names: MediumNames | None = None,
) -> dict[str, Any]:
    """Find messages and media, best first.

    Raises:
        KnownError: it is asked for wrongly, or a day is none.
    """
    try:
        asked = msgspec.convert(arguments, _Search)
    except msgspec.ValidationError as error:
        raise KnownError("The library was searched wrongly: {error}.", error=error) from None
    since, until = _begin(asked.since), _end(asked.until)
    query = Query(
        text=asked.query,
        modalities=asked.modalities,
        roles=asked.roles,
        since_ms=since,
        until_ms=until,
    )
    limit = max(1, min(asked.limit, MOST))
    found: list[dict[str, Any]] = []
    seen: set[tuple[int, str]] = set()
    name_of = names or (lambda medium: "")
    for hit in library.search.ranked(query, limit=4 * limit):
        media = [m for m in hit.media if not asked.modalities or m.modality in asked.modalities]
        medium = media[0] if media else None
        key = (hit.message_id, medium.sha256 if medium else "")
        if key in seen or len(found) >= limit:
            continue
        seen.add(key)
        found.append(_found(hit.title, hit.created_ms, hit.role, hit.snippet, medium, name_of))
    if asked.meaning and asked.query.strip() and resembling is not None and len(found) < limit:
        for match in _matches(asked, resembling):
            medium = match.medium
            within = (since is None or match.created_ms >= since) and (
                until is None or match.created_ms < until
            )
            key = (match.message_id, medium.sha256 if medium else "")
            if not within or key in seen or len(found) >= limit:
                continue
            seen.add(key)
            role = library.messages.get(match.message_id).role
            if asked.roles and role not in asked.roles:
                continue
            found.append(_found(match.title, match.created_ms, role, match.text, medium, name_of))
    return {"found": found}


def _matches(asked: _Search, resembling: Resembling) -> list[Match]:
    kinds = [kind for kind in asked.modalities if kind in ("image", "audio", "video")] or [""]
    if asked.modalities and kinds == [""]:
        return []
    return [match for kind in kinds for match in resembling(asked.query, kind)]


def _found(
    title: str, when_ms: int, role: str, text: str, medium: Medium | None, name_of: MediumNames
) -> dict[str, Any]:
    moment = datetime.datetime.fromtimestamp(when_ms / 1000)
    found: dict[str, Any] = {
        "title": title,
        "when": moment.isoformat(timespec="minutes"),
        "role": role,
        "text": text,
    }
    if medium is not None:
        found["medium"] = {
            "reference": name_of(medium),
            "modality": medium.modality,
            "name": file_name(medium, words=text[:40]),
        }
    return found


def _begin(day: str) -> int | None:
    return None if not day else _milliseconds(_moment(day))


def _end(day: str) -> int | None:
    """A day without a time is included."""
    if not day:
        return None
    moment = _moment(day)
    if len(day.strip()) <= len("2026-01-01"):
        moment += datetime.timedelta(days=1)
    return _milliseconds(moment)


def _moment(day: str) -> datetime.datetime:
    try:
        return datetime.datetime.fromisoformat(day.strip()).astimezone()
    except (ValueError, OverflowError, OSError):
        raise KnownError("expected a day like 2026-05-04, found {day}.", day=day[:40]) from None


def _milliseconds(moment: datetime.datetime) -> int:
    return int(moment.timestamp() * 1000)
