"""Drafts come back as they were kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.errors import NotFoundError
from storage.library import Library
from storage.records import Attachment, Changed, Draft


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
