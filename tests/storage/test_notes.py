"""Drafts and settings come back as they were kept."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from storage.errors import NotFoundError
from storage.library import Library
from storage.records import Attachment, Changed, Draft


class Window(msgspec.Struct):
    """Something a window may want to keep."""

    theme: str = "light"
    scale: float = 1.0


def test_a_draft_survives_closing(library_path: Path) -> None:
    with Library.open(library_path) as library:
        conversation = library.conversations.new().id
        sha = library.media.add_bytes(b"png", mime="image/png", modality="image").sha256
        draft = Draft(
            "half a thou", (Attachment(sha, "a.png"), Attachment(sha)), {"only": ["text"]}
        )
        library.drafts.save(conversation, draft)
        library.drafts.save(None, Draft("the next one"))

    with Library.open(library_path) as again:
        assert again.drafts.get(conversation) == draft
        assert again.drafts.get(None) == Draft("the next one")


def test_a_draft_takes_the_place_of_the_former(
    library: Library, conversation: int, heard: list[Changed]
) -> None:
    library.drafts.save(conversation, Draft("one"))
    library.drafts.save(conversation, Draft("two"))
    assert library.drafts.get(conversation).text == "two"

    changed = library.drafts.save(conversation, Draft())

    assert library.drafts.get(conversation) == Draft()
    assert changed.conversations == {conversation}
    assert changed.kinds == {"drafts"}
    assert len(heard) == 3
    library.drafts.clear(conversation)
    library.drafts.save(None, Draft("x"))
    library.drafts.save(None, Draft("y"))
    library.drafts.clear(None)
    assert library.drafts.get(None) == Draft()


def test_a_draft_with_an_unknown_medium_leaves_the_former(
    library: Library, conversation: int
) -> None:
    library.drafts.save(conversation, Draft("kept"))

    with pytest.raises(NotFoundError, match="no medium"):
        library.drafts.save(conversation, Draft("lost", (Attachment("f" * 64),)))

    assert library.drafts.get(conversation).text == "kept"


def test_drafts_leave_with_their_conversation(library: Library, conversation: int) -> None:
    library.drafts.save(conversation, Draft("x"))
    library.conversations.delete(conversation)
    library.conversations.purge(older_than_ms=0)

    assert library.drafts.get(conversation) == Draft()


def test_settings_are_checked_to_be_of_the_wanted_type(library: Library) -> None:
    library.settings.put("window", Window("dark", 1.5))
    library.settings.put("steps", 12)

    assert library.settings.get("window", Window(), Window) == Window("dark", 1.5)
    assert library.settings.get("steps", 8, int) == 12
    assert library.settings.get("steps", "auto", str) == "auto"
    assert library.settings.get("window") == {"theme": "dark", "scale": 1.5}
    assert library.settings.get("missing") is None
    assert library.settings.get("missing", 3, int) == 3


def test_a_setting_can_be_forgotten(library: Library, heard: list[Changed]) -> None:
    library.settings.put("steps", 12)

    library.settings.forget("steps")
    library.settings.forget("steps")

    assert library.settings.get("steps") is None
    assert {kind for changed in heard for kind in changed.kinds} == {"settings"}
