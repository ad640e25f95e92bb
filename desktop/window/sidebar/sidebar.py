"""What the sidebar's rows show: conversations by day, and what a search found. Knows no Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from html import escape

from desktop.window.media import addresses
from storage.clock import moment
from storage.errors import LibraryError
from storage.library import Library
from storage.records import Conversation, Hit, Match, Medium, MediumPart, Query, Titled

SNIPPET = 120
HITS = 40
TITLES = 10
MODALITIES = ("image", "audio", "video", "document")
_NEWEST = 4
"""Messages looked at for what a conversation's row shows."""


@dataclass(frozen=True)
class Entry:
    """A row of the sidebar; its fields are roles."""

    conversationId: str  # noqa: N815  (roles are named as QML names things)
    title: str
    day: str
    """Its heading; what a search found has none."""
    pinned: bool
    time: float
    snippet: str = ""
    thumbnail: str = ""
    busy: bool = False
    waiting: bool = False
    """Whether a tool of it waits for the person's answer."""
    hit: str = ""
    hitMessageId: str = ""  # noqa: N815


@dataclass(frozen=True)
class MediaHit:
    """A medium or document that a search found; its fields are roles."""

    mediaId: str  # noqa: N815
    modality: str
    thumbnail: str
    conversationId: str  # noqa: N815
    messageId: str  # noqa: N815
    caption: str


@dataclass(frozen=True)
class Looks:
    """What a conversation's row shows of its newest messages."""

    updated_ms: int
    snippet: str
    thumbnail: str


def entries(
    library: Library,
    limit: int,
    known: dict[int, Looks],
    busy: frozenset[int],
    waiting: frozenset[int] = frozenset(),
) -> list[Entry]:
    """The newest conversations, pinned ones first.

    `known` is what earlier calls found out; it is brought up to date. `busy` are being answered,
    `waiting` are those of which a tool waits for the person. Raises LibraryError.
    """
    today = date.today()
    found = []
    for conversation in library.conversations.list(limit=limit):
        looks = known.get(conversation.id)
        if looks is None or looks.updated_ms != conversation.updated_ms:
            looks = known[conversation.id] = _looks_if_any(library, conversation)
        entry = _entry(conversation, looks, today, conversation.id in busy)
        found.append(replace(entry, waiting=conversation.id in waiting))
    return found


def hits(library: Library, text: str, modality: str, cancelled: Callable[[], bool]) -> list[Entry]:
    """Conversations with these words in their titles, then the newest messages with them, then the
    best of the older ones."""
    titles = () if modality else library.search.titles(text, limit=TITLES)
    query = Query(text=text, modalities=(modality,) if modality else ())
    newest = library.search.newest(query, limit=HITS, cancelled=cancelled)
    best: Sequence[Hit] = ()
    if len(newest) == HITS and not cancelled():
        best = library.search.ranked(query, limit=HITS, cancelled=cancelled)
    seen: set[int] = set()
    found = [_titled(title) for title in titles]
    for hit in (*newest, *best):
        if hit.message_id not in seen:
            seen.add(hit.message_id)
            found.append(_hit(hit))
    return found


def media_hits(library: Library, text: str, modality: str) -> list[MediaHit]:
    """Media of messages with these words."""
    query = Query(text=text, modalities=(modality,) if modality else MODALITIES)
    found: dict[str, MediaHit] = {}
    for hit in library.search.newest(query, limit=HITS):
        for medium in hit.media:
            if not modality or medium.modality == modality:
                found.setdefault(medium.sha256, _media_hit(medium, hit, hit.snippet))
    return list(found.values())


def meant(matches: Sequence[Match]) -> list[MediaHit]:
    """Media that resemble what was looked for."""
    return [
        _media_hit(match.medium, match, match.title)
        for match in matches
        if match.medium is not None
    ]


def day_of(time_ms: int, today: date) -> str:
    """`today`, `yesterday`, or the date."""
    day = moment(time_ms).astimezone().date()
    if day == today:
        return "today"
    if day == today - timedelta(days=1):
        return "yesterday"
    return day.isoformat()


def marked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """Escaped text with the spans in bold."""
    found, at = [], 0
    for begin, end in spans:
        found += [escape(text[at:begin]), "<b>", escape(text[begin:end]), "</b>"]
        at = end
    return "".join([*found, escape(text[at:])])


def _entry(conversation: Conversation, looks: Looks, today: date, busy: bool) -> Entry:
    return Entry(
        str(conversation.id),
        conversation.title or conversation.opening,
        "pinned" if conversation.pinned else day_of(conversation.updated_ms, today),
        conversation.pinned,
        float(conversation.updated_ms),
        looks.snippet,
        looks.thumbnail,
        busy,
    )


def _looks_if_any(library: Library, conversation: Conversation) -> Looks:
    """What a row shows; nothing where its messages are damaged, so that all others are shown."""
    try:
        return _looks(library, conversation)
    except LibraryError:
        return Looks(conversation.updated_ms, "", "")


def _looks(library: Library, conversation: Conversation) -> Looks:
    messages = library.messages.path(conversation.id, limit=_NEWEST)
    media = [part.medium for m in messages for part in m.parts if isinstance(part, MediumPart)]
    seen = [address for medium in media if (address := addresses.thumbnail(medium))]
    words = [" ".join(m.text.split()) for m in messages]
    last = next((text for text in reversed(words) if text), "")
    return Looks(conversation.updated_ms, last[:SNIPPET], seen[-1] if seen else "")


def _titled(found: Titled) -> Entry:
    return Entry(str(found.conversation_id), found.title, "", False, float(found.updated_ms))


def _hit(hit: Hit) -> Entry:
    seen = [address for medium in hit.media if (address := addresses.thumbnail(medium))]
    return Entry(
        str(hit.conversation_id),
        hit.title,
        "",
        False,
        float(hit.created_ms),
        hit.snippet,
        seen[0] if seen else "",
        hit=marked(hit.snippet, hit.spans),
        hitMessageId=str(hit.message_id),
    )


def _media_hit(medium: Medium, place: Hit | Match, caption: str) -> MediaHit:
    return MediaHit(
        medium.sha256,
        medium.modality,
        addresses.thumbnail(medium),
        str(place.conversation_id),
        str(place.message_id),
        caption,
    )
