"""Everything made and given, the newest first, wherever it was said."""

from __future__ import annotations

import pytest

from storage.library import Library
from storage.records import Attachment, Recording, Text
from storage.search.gallery import Placed


def _add(library: Library, modality: str, data: bytes) -> str:
    return library.media.add_bytes(data, mime=f"{modality}/x", modality=modality).sha256


@pytest.fixture
def filled(library: Library) -> Library:
    """A given picture and sound, the sound of spoken words, and a picture that was made."""
    conversation = library.conversations.new("Boats").id
    picture, sound = _add(library, "image", b"given"), _add(library, "audio", b"bell")
    asked = library.messages.add(
        conversation,
        [
            Attachment(picture, "lake.png"),
            Text("And this?"),
            Attachment(sound, "bell.wav"),
            Recording(_add(library, "audio", b"voice")),
        ],
    ).id
    writer = library.messages.begin_answer(asked)
    writer.begin_artifact(0, "image")
    writer.artifact(0, b"made", mime="image/png", modality="image", recipe="{}")
    writer.finish()
    return library


def _shown(found: list[Placed]) -> list[tuple[str, str, bool]]:
    return [(one.medium.modality, one.name, one.made) for one in found]


def test_the_newest_comes_first_and_spoken_words_are_left_out(filled: Library) -> None:
    found = filled.gallery.newest()

    assert _shown(found) == [
        ("image", "", True), ("audio", "bell.wav", False), ("image", "lake.png", False),
    ]  # fmt: skip
    assert {one.title for one in found} == {"Boats"}
    assert found[1].message_id == found[2].message_id != found[0].message_id


def test_it_is_narrowed_and_read_page_by_page(filled: Library) -> None:
    assert _shown(filled.gallery.newest(modalities=("audio",))) == [("audio", "bell.wav", False)]
    assert len(filled.gallery.newest(modalities=("image", "video"))) == 2
    assert _shown(filled.gallery.newest(made=True)) == [("image", "", True)]
    assert len(filled.gallery.newest(made=False)) == 2

    pages, before = [], None
    while page := filled.gallery.newest(limit=1, before=before):
        before = page[-1]
        pages += page
    assert pages == filled.gallery.newest()


def test_what_was_deleted_is_not_there_until_it_comes_back(filled: Library) -> None:
    [conversation] = {one.conversation_id for one in filled.gallery.newest()}
    filled.conversations.delete(conversation)
    assert not filled.gallery.newest()

    filled.conversations.restore(conversation)
    assert len(filled.gallery.newest()) == 3


def test_damaged_details_hide_nothing(filled: Library) -> None:
    with filled._database.write() as write:
        write.run("UPDATE parts SET details = '{' WHERE medium_id IS NOT NULL")

    assert len(filled.gallery.newest()) == 4
