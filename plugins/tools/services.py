"""What Medley itself does for tools, in the hands of its window or terminal: typed, one function
per service. Whoever answers sends plain JSON objects."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec

from plugins.api import ToolStage
from plugins.errors import KnownError

Modality = Literal["image", "audio", "video"]
"""What can be made."""
T = TypeVar("T")


class FoundMedium(msgspec.Struct, frozen=True):
    """A medium of a message that was found."""

    reference: str
    """Names it for other services, for example `picture 3`; empty outside this conversation."""
    modality: str
    name: str = ""


class Found(msgspec.Struct, frozen=True):
    """A message that was found."""

    title: str
    """Of its conversation."""
    when: str
    """ISO, local time."""
    role: str
    text: str
    medium: FoundMedium | None = None


class ListedMedium(msgspec.Struct, frozen=True):
    """A medium of the conversation."""

    reference: str
    """`picture 1`, `sound 2`, `clip 1`, `file 1`: numbered through the conversation."""
    modality: str
    name: str = ""
    caption: str = ""
    made: bool = False
    """Whether Medley made it."""


class MediumFile(msgspec.Struct, frozen=True):
    """A copy of a medium."""

    path: str
    name: str
    mime: str = ""


class MadeMedium(msgspec.Struct, frozen=True):
    """A medium that was made within the answer."""

    reference: str
    caption: str


class Reminder(msgspec.Struct, frozen=True):
    """A reminder that is to come."""

    id: int
    text: str
    at: str
    """ISO, local time."""


class AddedReminder(msgspec.Struct, frozen=True):
    """A reminder that was added."""

    id: int
    at: str
    """ISO, local time."""


class Memory(msgspec.Struct, frozen=True):
    """Something that is remembered about the person."""

    id: int
    text: str
    when: str
    """ISO, local time."""


class _Founds(msgspec.Struct):
    found: list[Found]


class _Media(msgspec.Struct):
    media: list[ListedMedium]


class _Reminders(msgspec.Struct):
    reminders: list[Reminder]


class _Memories(msgspec.Struct):
    memories: list[Memory]


class _Id(msgspec.Struct):
    id: int


class _Text(msgspec.Struct):
    text: str


class _Path(msgspec.Struct):
    path: str


class _Nothing(msgspec.Struct):
    pass


def search_library(
    stage: ToolStage,
    query: str,
    *,
    modalities: tuple[str, ...] = (),
    since: str = "",
    until: str = "",
    limit: int = 10,
) -> list[Found]:
    """Messages and media of all conversations, by words and by meaning, the best first.

    Args:
        stage: of the call.
        query: words; empty for all of the time and kinds.
        modalities: only messages with media of these; empty for all.
        since: ISO date; empty for no bound.
        until: ISO date, included; empty for no bound.
        limit: the most messages.
    """
    bounds = {name: day for name, day in (("since", since), ("until", until)) if day}
    kinds = {"modalities": list(modalities)} if modalities else {}
    asked = {"query": query, "meaning": True, "limit": limit, **bounds, **kinds}
    return _asked(stage, "library.search", asked, _Founds).found


def list_media(stage: ToolStage) -> list[ListedMedium]:
    """The media of this conversation, the oldest first."""
    return _asked(stage, "media.list", {}, _Media).media


def media_file(stage: ToolStage, reference: str) -> MediumFile:
    """A copy of a medium of this conversation, in the stage's folder."""
    asked = {"reference": reference, "folder": str(stage.folder)}
    return _asked(stage, "media.file", asked, MediumFile)


def make_media(stage: ToolStage, modality: Modality, caption: str, like: str = "") -> MadeMedium:
    """Make a medium within the answer; `like` names an earlier one whose seed and recipe are
    kept."""
    asked = {"modality": modality, "caption": caption} | ({"like": like} if like else {})
    return _asked(stage, "media.make", asked, MadeMedium)


def add_reminder(stage: ToolStage, text: str, *, at: str = "", seconds: float = 0) -> AddedReminder:
    """Add a reminder, for a local time (ISO) or in so many seconds."""
    when: dict[str, Any] = {"at": at} if at else {"seconds": seconds}
    return _asked(stage, "reminders.add", {"text": text, **when}, AddedReminder)


def list_reminders(stage: ToolStage) -> list[Reminder]:
    """The reminders that are to come, the next first."""
    return _asked(stage, "reminders.list", {}, _Reminders).reminders


def remove_reminder(stage: ToolStage, id: int) -> None:
    """Remove a reminder."""
    _asked(stage, "reminders.remove", {"id": id}, _Nothing)


def add_memory(stage: ToolStage, text: str) -> int:
    """Remember something about the person; its id."""
    return _asked(stage, "memory.add", {"text": text}, _Id).id


def list_memories(stage: ToolStage) -> list[Memory]:
    """All that is remembered."""
    return _asked(stage, "memory.list", {}, _Memories).memories


def forget_memory(stage: ToolStage, id: int) -> None:
    """Forget something."""
    _asked(stage, "memory.forget", {"id": id}, _Nothing)


def read_clipboard(stage: ToolStage) -> str:
    """The clipboard's text; empty where it holds none."""
    return _asked(stage, "clipboard.read", {}, _Text).text


def write_clipboard(stage: ToolStage, text: str) -> None:
    """Put a text into the clipboard."""
    _asked(stage, "clipboard.write", {"text": text}, _Nothing)


def take_screenshot(stage: ToolStage) -> Path:
    """A picture of the screen, in the stage's folder."""
    return Path(_asked(stage, "screen.take", {"folder": str(stage.folder)}, _Path).path)


def open_target(stage: ToolStage, target: str) -> None:
    """Have another program open a file or an address."""
    _asked(stage, "open", {"target": target}, _Nothing)


def notify(stage: ToolStage, title: str, text: str) -> None:
    """Show a notification of the desktop."""
    _asked(stage, "notify", {"title": title, "text": text}, _Nothing)


def _asked(stage: ToolStage, name: str, arguments: dict[str, Any], answer: type[T]) -> T:
    """Ask, and check the answer. Raises KnownError where it cannot be done."""
    try:
        return msgspec.convert(stage.service(name, arguments), answer)
    except msgspec.ValidationError as error:
        raise KnownError(
            "the service {name}: expected another answer, found {error}. Install Medley again.",
            "fault",
            name=name,
            error=error,
        ) from error
