"""What Medley does for tools, on a real library."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desktop.assistant.agent.media_service import ConversationMedia, with_caption, with_condition
from desktop.assistant.agent.services import Services
from plugins.errors import KnownError
from storage.library import Library
from storage.records import Attachment, Recording, Text


class Desktop:
    """A window that keeps what it is asked."""

    def __init__(self) -> None:
        self.did: list[Any] = []

    def read_clipboard(self) -> str:
        """The text."""
        return "copied"

    def write_clipboard(self, text: str) -> None:
        """Keep it."""
        self.did.append(text)

    def take_screen(self, folder: Path) -> Path:
        """A file."""
        return folder / "screen.png"

    def open(self, target: str) -> None:
        """Keep it."""
        self.did.append(target)

    def notify(self, title: str, text: str) -> None:
        """Keep it."""
        self.did.append((title, text))


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """A library with a conversation of a picture, a recording and an answer."""
    with Library.open(tmp_path / "library.db") as opened:
        picture = opened.media.add_bytes(b"png", mime="image/png", modality="image").sha256
        sound = opened.media.add_bytes(b"wav", mime="audio/wav", modality="audio").sha256
        parts = [Attachment(picture, "boat.png"), Text("the boat at sea"), Recording(sound)]
        _, writer = opened.messages.ask(None, parts)
        writer.artifact(
            0, b"clip", mime="video/mp4", modality="video", recipe="{}",
            details={"caption": "a boat"},
        )  # fmt: skip
        writer.finish()
        yield opened


def services(library: Library | None, host: Desktop | None = None) -> Services:
    """For a call in that conversation."""
    media = None if library is None else ConversationMedia(library, 1, None)
    names = None if media is None else media.reference_of
    return Services(library, host, media, message_id=1, conversation_id=1, names=names)


def test_reminders_are_set_listed_and_removed(library: Library) -> None:
    does = services(library)
    soon = does.serve("reminders.add", {"text": "tea", "seconds": 600})
    later = (datetime.datetime.now() + datetime.timedelta(days=1)).replace(microsecond=0)
    made = does.serve("reminders.add", {"text": "call", "at": later.isoformat()})

    listed = does.serve("reminders.list", {})["reminders"]
    assert [one["text"] for one in listed] == ["tea", "call"]
    assert made["at"].startswith(later.isoformat()[:16])
    assert [one.conversation_id for one in library.reminders.pending()] == [1, 1]
    does.serve("reminders.remove", {"id": soon["id"]})
    with pytest.raises(KnownError):
        does.serve("reminders.remove", {"id": soon["id"]})


@pytest.mark.parametrize(
    "asked",
    [
        {"text": "x", "at": "2001-01-01T00:00"},
        {"text": "x", "at": "tomorrow"},
        {"text": "x", "seconds": -1},
        {"text": "x", "seconds": 1e12},
        {"text": 3, "seconds": 1},
        {"seconds": 1},
    ],
)
def test_a_reminder_for_no_time_is_refused(library: Library, asked: dict[str, Any]) -> None:
    with pytest.raises(KnownError):
        services(library).serve("reminders.add", asked)


def test_memories_name_the_message_that_they_came_from(library: Library) -> None:
    does = services(library)
    made = does.serve("memory.add", {"text": "likes tea"})

    (memory,) = does.serve("memory.list", {})["memories"]
    assert (memory["id"], memory["text"]) == (made["id"], "likes tea")
    assert [(one.message_id, one.source) for one in library.memories.all()] == [(1, "model")]
    does.serve("memory.forget", {"id": made["id"]})
    with pytest.raises(KnownError):
        does.serve("memory.forget", {"id": made["id"]})


def test_media_are_counted_as_a_person_counts_them(library: Library, tmp_path: Path) -> None:
    does = services(library)
    listed = does.serve("media.list", {})["media"]

    assert [(one["reference"], one["made"]) for one in listed] == [
        ("picture 1", False), ("clip 1", True)
    ]  # fmt: skip
    assert (listed[0]["name"], listed[1]["caption"]) == ("boat.png", "a boat")
    file = does.serve("media.file", {"reference": "Picture 1", "folder": str(tmp_path)})
    assert Path(file["path"]).read_bytes() == b"png"
    with pytest.raises(KnownError, match="picture 1, clip 1"):
        does.serve("media.file", {"reference": "sound 1", "folder": str(tmp_path)})
    with pytest.raises(KnownError):
        does.serve("media.make", {"modality": "image", "caption": "a boat"})


def test_the_library_is_searched_by_words_kinds_and_days(library: Library) -> None:
    does = services(library)
    today = datetime.date.today().isoformat()

    (found,) = does.serve("library.search", {"query": "sea"})["found"]
    assert found["text"] == "the boat at sea"
    assert found["medium"]["reference"] == "picture 1"
    clips = does.serve("library.search", {"modalities": ["video"], "since": today, "until": today})
    assert [one["role"] for one in clips["found"]] == ["assistant"]
    assert does.serve("library.search", {"query": "sea", "until": "2001-01-01"})["found"] == []
    with pytest.raises(KnownError):
        does.serve("library.search", {"query": "sea", "since": "last week"})


def test_the_desktop_does_what_only_a_window_can() -> None:
    host = Desktop()
    does = services(None, host)

    assert does.serve("clipboard.read", {}) == {"text": "copied"}
    does.serve("clipboard.write", {"text": "a"})
    does.serve("open", {"target": "file"})
    does.serve("notify", {"title": "t", "text": "x"})
    assert does.serve("screen.take", {"folder": "/f"}) == {"path": "/f/screen.png"}
    assert host.did == ["a", "file", ("t", "x")]


@pytest.mark.parametrize(
    "name", ["clipboard.read", "memory.list", "library.search", "media.list", "nothing"]
)
def test_what_is_not_there_is_refused_with_a_sentence(name: str) -> None:
    with pytest.raises(KnownError, match=r"\."):
        services(None).serve(name, {})


def test_a_recipe_keeps_all_but_what_it_shows() -> None:
    recipe = '{"seed":7,"parameters":{"steps":20},"condition":{"caption":"a boat"}}'
    other = '{"seed":1,"condition":{"embedding":"AAAA","shape":[1]}}'

    assert with_caption(recipe, "night") == (
        '{"condition":{"caption":"night"},"parameters":{"steps":20},"seed":7}'
    )
    assert with_caption(other, "night") is None
    assert '"seed":7' in with_condition(recipe, other)
    assert '"AAAA"' in with_condition(recipe, other)
