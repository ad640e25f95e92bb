"""What Medley itself does for tools: reminders, memory, the desktop, and by its two helpers the
search and the media. Plain JSON objects in and out.

Knows the library; who shows it is a `Host`. Where one of them is not there the tool is told so.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, TypeVar

import msgspec

from desktop.assistant.agent.host import Host
from desktop.assistant.agent.search_service import MediumNames, Resembling, search
from plugins.errors import KnownError
from storage.library import Library

T = TypeVar("T")
LONGEST_S = 366 * 24 * 3600.0
"""The longest time for which a reminder is set."""


class Media(Protocol):
    """The media of the conversation; see `media_service`."""

    def list(self) -> list[dict[str, Any]]:
        """Each with its reference, the oldest first."""
        ...

    def file(self, reference: str, folder: Path) -> dict[str, Any]:
        """A copy of one."""
        ...

    def make(self, modality: str, caption: str, like: str) -> dict[str, Any]:
        """Make one within the answer."""
        ...


class _Reminder(msgspec.Struct):
    text: str
    at: str = ""
    seconds: float | None = None


class _Id(msgspec.Struct):
    id: int


class _Text(msgspec.Struct):
    text: str


class _Folder(msgspec.Struct):
    folder: str


class _File(msgspec.Struct):
    reference: str
    folder: str


class _Make(msgspec.Struct):
    modality: str
    caption: str
    like: str = ""


class _Target(msgspec.Struct):
    target: str


class _Notice(msgspec.Struct):
    title: str
    text: str


class Services:
    """For the calls of one answer. Thread contract: any thread; what it does may take long."""

    def __init__(
        self,
        library: Library | None,
        host: Host | None,
        media: Media | None,
        *,
        message_id: int | None = None,
        conversation_id: int | None = None,
        resembling: Resembling | None = None,
        names: MediumNames | None = None,
    ) -> None:
        self._library, self._host, self._media = library, host, media
        self._message_id, self._conversation_id = message_id, conversation_id
        self._resembling, self._names = resembling, names
        self._does: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
            "library.search": self._search,
            "media.list": lambda _: {"media": self._shelf().list()},
            "media.file": self._file,
            "media.make": self._make,
            "reminders.add": self._add_reminder,
            "reminders.list": self._list_reminders,
            "reminders.remove": self._remove_reminder,
            "memory.add": self._remember,
            "memory.list": self._list_memories,
            "memory.forget": self._forget,
            "clipboard.read": lambda _: {"text": self._desktop().read_clipboard()},
            "clipboard.write": self._write_clipboard,
            "screen.take": self._take_screen,
            "open": self._open,
            "notify": self._notify,
        }

    def serve(self, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Do what a call asks for.

        Raises:
            KnownError: there is no such service, it is asked for wrongly, or cannot be done.
        """
        does = self._does.get(name)
        if does is None:
            raise KnownError("expected a service of Medley, found {name}.", name=name[:64])
        return does(arguments)

    def _search(self, arguments: dict[str, Any]) -> dict[str, Any]:
        return search(self._shelves(), arguments, self._resembling, self._names)

    def _file(self, arguments: dict[str, Any]) -> dict[str, Any]:
        asked = _read(arguments, _File)
        return self._shelf().file(asked.reference, Path(asked.folder))

    def _make(self, arguments: dict[str, Any]) -> dict[str, Any]:
        asked = _read(arguments, _Make)
        if not asked.caption.strip():
            raise KnownError("expected words for what is to be made, found none.")
        return self._shelf().make(asked.modality, asked.caption, asked.like)

    def _add_reminder(self, arguments: dict[str, Any]) -> dict[str, Any]:
        asked = _read(arguments, _Reminder)
        due = _due(asked.at, asked.seconds)
        made = self._shelves().reminders.add(
            asked.text, int(due.timestamp() * 1000), self._conversation_id
        )
        return {"id": made.id, "at": local_time(int(due.timestamp() * 1000))}

    def _list_reminders(self, _: dict[str, Any]) -> dict[str, Any]:
        found = self._shelves().reminders.pending()
        return {
            "reminders": [
                {"id": one.id, "text": one.text, "at": local_time(one.due_ms)} for one in found
            ]
        }

    def _remove_reminder(self, arguments: dict[str, Any]) -> dict[str, Any]:
        wanted = _read(arguments, _Id).id
        reminders = self._shelves().reminders
        if all(one.id != wanted for one in reminders.pending()):
            raise KnownError("expected the number of a reminder, found {id}.", id=wanted)
        reminders.remove(wanted)
        return {}

    def _remember(self, arguments: dict[str, Any]) -> dict[str, Any]:
        text = _read(arguments, _Text).text
        return {"id": self._shelves().memories.add(text, self._message_id, "model").id}

    def _list_memories(self, _: dict[str, Any]) -> dict[str, Any]:
        found = self._shelves().memories.all()
        return {
            "memories": [
                {"id": one.id, "text": one.text, "when": local_time(one.created_ms)}
                for one in found
            ]
        }

    def _forget(self, arguments: dict[str, Any]) -> dict[str, Any]:
        wanted = _read(arguments, _Id).id
        memories = self._shelves().memories
        if all(one.id != wanted for one in memories.all()):
            raise KnownError("expected the number of a memory, found {id}.", id=wanted)
        memories.forget(wanted)
        return {}

    def _write_clipboard(self, arguments: dict[str, Any]) -> dict[str, Any]:
        self._desktop().write_clipboard(_read(arguments, _Text).text)
        return {}

    def _take_screen(self, arguments: dict[str, Any]) -> dict[str, Any]:
        return {"path": str(self._desktop().take_screen(Path(_read(arguments, _Folder).folder)))}

    def _open(self, arguments: dict[str, Any]) -> dict[str, Any]:
        self._desktop().open(_read(arguments, _Target).target)
        return {}

    def _notify(self, arguments: dict[str, Any]) -> dict[str, Any]:
        asked = _read(arguments, _Notice)
        self._desktop().notify(asked.title, asked.text)
        return {}

    def _shelves(self) -> Library:
        if self._library is None:
            raise KnownError(
                "The library is open in Medley's window, so it cannot be used from here. Close the "
                "window, or ask there."
            )
        return self._library

    def _desktop(self) -> Host:
        if self._host is None:
            raise KnownError("This needs Medley's window; it cannot be done from a terminal.")
        return self._host

    def _shelf(self) -> Media:
        if self._media is None:
            raise KnownError("There are no pictures, sounds and clips to be used from here.")
        return self._media


def local_time(time_ms: int) -> str:
    """A moment as a person's clock shows it, ISO to the minute or second."""
    moment = datetime.datetime.fromtimestamp(time_ms / 1000)
    return moment.isoformat(timespec="seconds" if moment.second else "minutes")


def _due(at: str, seconds: float | None) -> datetime.datetime:
    now = datetime.datetime.now().astimezone()
    if seconds is not None:
        if not 0 < seconds <= LONGEST_S:
            raise KnownError("expected a time of up to a year, found {seconds:g} seconds.",
                             seconds=seconds)  # fmt: skip
        return now + datetime.timedelta(seconds=seconds)
    try:
        due = datetime.datetime.fromisoformat(at).astimezone()
    except (ValueError, OverflowError, OSError):
        raise KnownError(
            "expected a time like 2026-05-04T09:30, found {at}.", at=at[:40] or "-"
        ) from None
    if due <= now:
        raise KnownError(
            "expected a time to come, found {at}; it is {now} now.",
            at=at[:40],
            now=now.isoformat(timespec="minutes")[:16],
        )
    return due


def _read(arguments: dict[str, Any], type_: type[T]) -> T:
    try:
        return msgspec.convert(arguments, type_)
    except msgspec.ValidationError as error:
        raise KnownError(
            "A service of Medley was asked for wrongly: {error}.", error=error
        ) from None
