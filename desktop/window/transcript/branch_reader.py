"""Reads the branch of a conversation that is shown, in pages from its end. Knows no Qt.

A message's place in its branch is its `depth`, so a transcript knows how long it is before it has
read it, and a row's number says which message belongs there.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from desktop.window.transcript.blocks import Body, prepare
from storage.library import Library
from storage.records import Conversation, Message

FIRST_PAGE, PAGE, LARGEST_PAGE = 40, 200, 2000
_TAIL = 4
"""Messages looked at first to see where a branch has changed."""


@dataclass(frozen=True)
class Loaded:
    """A conversation's end."""

    conversation: Conversation
    bodies: tuple[Body, ...]
    """The last messages of the branch, in order, without a gap."""


@dataclass(frozen=True)
class Refreshed:
    """What is different from what was known."""

    conversation: Conversation
    bodies: tuple[Body, ...]
    """The end of the branch, from where it may have changed."""
    others: tuple[Body, ...]
    """Messages before that which changed."""


def load(library: Library, conversation_id: int, until: int | None = None) -> Loaded:
    """The end of a conversation, as far back as a page before depth `until`.

    Raises:
        LibraryError: there is no such conversation.
    """
    conversation = library.conversations.get(conversation_id)
    limit = FIRST_PAGE if until is None else FIRST_PAGE + conversation.length - until
    path = library.messages.path(conversation_id, limit=limit)
    return Loaded(conversation, tuple(map(prepare, path)))


def older(
    library: Library, conversation_id: int, before: Message, target: int
) -> tuple[Message, ...]:
    """The messages before one, at least a page, a larger one where `target` is farther away."""
    limit = min(max(PAGE, before.depth - target + FIRST_PAGE), LARGEST_PAGE)
    return tuple(library.messages.path(conversation_id, limit=limit, before=before.id))


def refresh(
    library: Library,
    conversation_id: int,
    known: Sequence[int | None],
    changed: Collection[int],
    bodies: Mapping[int, Body],
) -> Refreshed:
    """How the branch differs from the ids in `known` (by depth; None where not read yet).
    `bodies` are earlier states of messages that changed.

    Raises:
        LibraryError: there is no such conversation any more.
    """
    conversation = library.conversations.get(conversation_id)
    path = library.messages.path(conversation_id, limit=_TAIL)
    limit = _TAIL * 4
    while path and not _joins(path[0], known):
        more = library.messages.path(conversation_id, limit=limit, before=path[0].id)
        path = [*more, *path]
        limit = min(limit * 4, LARGEST_PAGE)
    fresh = [m for m in path if m.id in changed or not _is_known(m, known)]
    begin = min((m.depth for m in fresh), default=len(known) if path else 0)
    here = {message.id for message in path}
    elsewhere = [id_ for id_ in known if id_ in changed and id_ not in here]
    others = library.messages.get_many([id_ for id_ in elsewhere if id_ is not None])
    return Refreshed(
        conversation,
        tuple(prepare(m, bodies.get(m.id)) for m in path if m.depth >= begin),
        tuple(prepare(m, bodies.get(m.id)) for m in others),
    )


def _joins(message: Message, known: Sequence[int | None]) -> bool:
    """Whether everything before the message is as it was."""
    return (
        message.depth == 0
        or _is_known(message, known)
        or (message.depth < len(known) and known[message.depth] is None)
    )


def _is_known(message: Message, known: Sequence[int | None]) -> bool:
    return message.depth < len(known) and known[message.depth] == message.id
