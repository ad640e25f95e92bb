"""Messages are found by the words that readers found in their media."""

from __future__ import annotations

import random

import pytest

from storage.library import Library
from storage.records import Attachment, Observation, Query, Text
from storage.search import words


def give(library: Library, conversation: int, name: str, *found: str) -> int:
    """A message with a picture in which readers found this; the message's id."""
    data = f"{name} {random.Random(name).random()}".encode()
    sha = library.media.add_bytes(data, mime="image/png", modality="image").sha256
    library.media.set_observations(sha, [Observation("text", text) for text in found])
    return library.messages.add(conversation, [Attachment(sha, name), Text("what is this?")]).id


def messages(library: Library, text: str, limit: int = 30, **narrowed: object) -> list[int]:
    """The messages of the newest hits."""
    query = Query(text=text, **narrowed)  # type: ignore[arg-type]
    return [hit.message_id for hit in library.search.newest(query, limit=limit)]


@pytest.fixture
def sign(library: Library, conversation: int) -> int:
    """A message with a picture of a sign in two languages, among others."""
    give(library, conversation, "a.png", "Dog for sale", "狗出售")
    shown = give(library, conversation, "b.png", "Emergency EXIT", "push hard, 紧急出口", "100%")
    give(library, conversation, "c.png")
    return shown


@pytest.mark.parametrize(
    "query",
    [
        "exit", "Emergency", "EXIT push", '"push hard"', "紧急出口", "紧急", "出口", "急", "急出口",
        "exit 出口", "exit 出", "0%", "xi", "EXIT 口 100%",
    ],
)  # fmt: skip
def test_words_in_media_are_found_in_any_language(library: Library, sign: int, query: str) -> None:
    assert messages(library, query) == [sign]
    (best,) = library.search.ranked(Query(text=query))
    assert best.message_id == sign


@pytest.mark.parametrize("query", ["exit dog", "紧急出售", "zebra", '"exit push"', "口狗"])
def test_words_of_different_media_are_no_find(library: Library, sign: int, query: str) -> None:
    assert messages(library, query) == []
    assert library.search.ranked(Query(text=query)) == []


def test_a_hit_shows_what_was_read_and_where_the_words_stand(library: Library, sign: int) -> None:
    (hit,) = library.search.newest(Query(text="hard"))

    assert hit.snippet == "push hard, 紧急出口"
    assert [hit.snippet[a:b] for a, b in hit.spans] == ["hard"]
    assert [medium.modality for medium in hit.media] == ["image"]
    part = library.messages.get(sign).parts[0]
    assert hit.part_id == part.id


def test_what_was_said_and_what_was_read_come_newest_first_page_by_page(
    library: Library, conversation: int
) -> None:
    wanted = []
    for number in range(12):
        if number % 3:
            wanted.append(give(library, conversation, f"{number}.png", f"lighthouse {number}"))
        else:
            words_ = [Text(f"a lighthouse {number}")]
            wanted.append(library.messages.add(conversation, words_).id)

    seen, last = [], None
    while page := library.search.newest(Query(text="lighthouse"), limit=5, before=last):
        seen += [hit.message_id for hit in page]
        last = page[-1]

    assert seen == wanted[::-1]
    assert {hit.message_id for hit in library.search.ranked(Query(text="lighthouse"))} == set(
        wanted
    )


def test_a_medium_that_is_found_by_its_name_too_is_one_hit(
    library: Library, conversation: int
) -> None:
    message = give(library, conversation, "exit sign.png", "EXIT")

    assert messages(library, "exit") == [message]
    assert len(library.search.ranked(Query(text="exit"))) == 1


def test_every_message_with_the_medium_is_found(
    library: Library, conversation: int, sign: int
) -> None:
    part = library.messages.get(sign).parts[0]
    other = library.conversations.new("other").id
    again = library.messages.add(other, [Attachment(part.medium.sha256)]).id  # type: ignore[union-attr]

    assert messages(library, "exit") == [again, sign]
    assert messages(library, "exit", conversation_id=other) == [again]
    assert messages(library, "exit", modalities=("image",)) == [again, sign]
    assert messages(library, "exit", modalities=("audio",)) == []
    assert messages(library, "exit", roles=("assistant",)) == []
    library.conversations.delete(other)
    assert messages(library, "exit") == [sign]


def test_what_was_read_anew_replaces_what_was_found_before(library: Library, sign: int) -> None:
    sha = library.messages.get(sign).parts[0].medium.sha256  # type: ignore[union-attr]
    library.media.set_observations(sha, [Observation("text", "ENTRANCE")])

    assert messages(library, "exit") == []
    assert messages(library, "entrance") == [sign]


def test_a_pair_that_begins_many_trigrams_is_found_by_comparing(
    library: Library, sign: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "MOST_TERMS", 1)

    assert messages(library, "出口") == [sign]
    assert messages(library, "exit 出口") == [sign]
