"""Words are found in any language and anywhere, newest first, narrowed and in context."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.library import Library
from storage.records import Attachment, Query, Text
from storage.search import search, words
from tests.storage.search.saying import found, say


@pytest.mark.parametrize(
    ("query", "hits"),
    [
        ("boat", ["two boats", "a red Boat"]),
        ("BOAT red", ["a red Boat"]),
        ('"red boat"', ["a red Boat"]),
        ('"boat red"', []),
        ("oat", ["two boats", "a red Boat"]),
        ("红色小船", ["画一只红色小船在海上"]),
        ("红色", ["画一只红色小船在海上"]),
        ("海上", ["画一只红色小船在海上"]),
        ("船", ["画一只红色小船在海上"]),
        ("红色 小船在", ["画一只红色小船在海上"]),
        ("100%", ["100% sure_thing"]),
        ("0%", ["100% sure_thing"]),
        ("e_", ["100% sure_thing"]),
        ('said "', ['he said "AND" OR * ^ : x']),
        ("AND OR", ['he said "AND" OR * ^ : x']),
        ("上", ["画一只红色小船在海上"]),
        ("NG", ["100% sure_thing"]),
        ("zebra", []),
        ("ü", ["Über Größe"]),
        ("größe", ["Über Größe"]),
    ],
)
def test_words_are_found(library: Library, conversation: int, query: str, hits: list[str]) -> None:
    say(
        library,
        conversation,
        "a red Boat",
        "画一只红色小船在海上",
        "100% sure_thing",
        'he said "AND" OR * ^ : x',
        "Über Größe",
        "two boats",
    )

    assert found(library, query) == hits


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("boat", ["Boat", "Boats at night", "The old boat"]),
        ("BOAT night", ["Boats at night"]),
        ("at", ["Boat", "Boats at night", "The old boat"]),
        ("假期", ["假期计划"]),
        ("期计", ["假期计划"]),
        ("计", ["假期计划"]),
        ("ＣＡＦＥ", ["cafe"]),
        ("übergröße", ["ÜBERGRÖSSE"]),
        ("Cafe\u0301", ["Caf\u00e9"]),
        ("deleted", []),
        ("zzzz", []),
        ("", []),
    ],
)
def test_titles_are_found_the_words_themselves_first(
    library: Library, query: str, titles: list[str]
) -> None:
    for title in (
        "The old boat", "Boats at night", "Boat", "假期计划", "cafe", "ÜBERGRÖSSE", "Caf\u00e9",
        "deleted",
    ):  # fmt: skip
        made = library.conversations.new(title).id
    library.conversations.delete(made)
    library.conversations.new()

    hits = library.search.titles(query)

    assert [hit.title for hit in hits if hit.title != "Caf\u00e9" or "\u0301" in query] == titles
    for hit in hits:
        assert all(0 <= begin < end <= len(hit.title) for begin, end in hit.spans)


def test_words_stand_out_in_a_title(library: Library) -> None:
    made = library.conversations.new("A boat, another Boat").id

    (hit,) = library.search.titles("boat")

    assert (hit.conversation_id, hit.spans) == (made, ((2, 6), (16, 20)))


@pytest.mark.parametrize(
    "text", ["ab " * 1800, " ".join(f"w{i}" for i in range(1800)), "x " * 5000]
)
def test_a_page_that_is_pasted_into_the_search_is_looked_for(
    library: Library, conversation: int, text: str
) -> None:
    say(library, conversation, "something else", text)

    for hits in (
        library.search.newest(Query(text=text)),
        library.search.newest(Query(text=text, roles=("user",), modalities=("text",))),
        library.search.ranked(Query(text=text)),
    ):
        assert len(hits) == 1
    assert library.search.titles(text) == []


@settings(max_examples=40, deadline=None)
@given(query=st.text(max_size=12))
def test_no_query_breaks_the_search(shared_library: Library, query: str) -> None:
    for hit in shared_library.search.newest(Query(text=query)):
        for begin, end in hit.spans:
            assert 0 <= begin < end <= len(hit.snippet)
    assert isinstance(shared_library.search.ranked(Query(text=query)), list)


@pytest.fixture(scope="module")
def shared_library(tmp_path_factory: pytest.TempPathFactory) -> object:
    """One library for many queries."""
    with Library.open(tmp_path_factory.mktemp("search") / "library.db") as library:
        conversation = library.conversations.new().id
        say(
            library,
            conversation,
            "a red boat",
            "画一只红色小船",
            'quoted "words" 100% \\ _',
            "\0 x",
        )
        yield library


def test_pages_of_hits_follow_each_other(library: Library, conversation: int) -> None:
    say(library, conversation, *(f"boat {i}" for i in range(10)))

    first = library.search.newest(Query(text="boat"), limit=4)
    second = library.search.newest(Query(text="boat"), limit=4, before=first[-1])
    short = library.search.newest(Query(text="7"), limit=4)

    assert [hit.snippet for hit in first] == ["boat 9", "boat 8", "boat 7", "boat 6"]
    assert [hit.snippet for hit in second] == ["boat 5", "boat 4", "boat 3", "boat 2"]
    assert [hit.snippet for hit in short] == ["boat 7"]


def test_the_best_hits_come_first_when_they_are_ranked(library: Library, conversation: int) -> None:
    say(
        library,
        conversation,
        "lighthouse",
        "the lighthouse stands in a very long sentence about many other things and the sea " * 3,
    )

    best = library.search.ranked(Query(text="lighthouse"))

    assert best[0].snippet == "lighthouse"
    assert found(library, "lighthouse")[1] == "lighthouse"


def test_a_search_is_narrowed(library: Library, conversation: int) -> None:
    other = library.conversations.new("Other").id
    picture = library.media.add_bytes(b"p", mime="image/png", modality="image").sha256
    sound = library.media.add_bytes(b"s", mime="audio/wav", modality="audio").sha256
    with_picture = library.messages.add(conversation, [Text("see boat 1"), Attachment(picture)]).id
    library.messages.add(conversation, [Text("hear boat 2"), Attachment(sound, "horn.wav")])
    answer = library.messages.begin_answer(with_picture)
    answer.text("boat 3")
    answer.finish()
    library.messages.add(other, [Text("boat 4")])
    middle = library.messages.get(answer.message_id).created_ms

    assert found(library, "boat", modalities=("image",)) == ["see boat 1"]
    assert found(library, "boat", modalities=("image", "audio")) == ["hear boat 2", "see boat 1"]
    assert found(library, "boat", modalities=("text",)) == ["boat 4", "boat 3"]
    assert found(library, "boat", roles=("assistant",)) == ["boat 3"]
    assert found(library, "boat", conversation_id=other) == ["boat 4"]
    assert found(library, "boat", until_ms=0) == []
    assert "boat 4" in found(library, "boat", since_ms=middle)
    assert found(library, "horn") == ["horn.wav"]
    (seen,) = library.search.newest(Query(text="see boat"))
    assert [medium.sha256 for medium in seen.media] == [picture]
    assert (seen.title, seen.conversation_id, seen.message_id) == (
        "see boat 1", conversation, with_picture,
    )  # fmt: skip
    (titled,) = library.search.newest(Query(text="boat 4"))
    assert titled.title == "Other"


def test_a_query_without_words_lists_what_fits_the_rest(
    library: Library, conversation: int
) -> None:
    picture = library.media.add_bytes(b"p", mime="image/png", modality="image").sha256
    say(library, conversation, "words only")
    library.messages.add(conversation, [Attachment(picture, "boat.png")])

    assert found(library, "", modalities=("image",)) == ["boat.png"]
    assert found(library, "") == ["boat.png", "words only"]


def test_deleted_conversations_are_not_found(library: Library, conversation: int) -> None:
    say(library, conversation, "a secret")

    library.conversations.delete(conversation)
    assert found(library, "secret") == found(library, "a") == []
    library.conversations.restore(conversation)

    assert found(library, "secret") == ["a secret"]


def test_what_was_purged_is_out_of_the_index(library: Library, conversation: int) -> None:
    say(library, conversation, "a secret")
    library.conversations.delete(conversation)
    library.conversations.purge(older_than_ms=0)

    assert found(library, "secret") == []
    assert library.check().sound


def test_a_search_can_be_cancelled(
    library: Library, conversation: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "STEPS", 100)
    with library._database.write() as write:
        message = write.insert(
            "INSERT INTO messages (conversation_id, depth, role, state, created_ms) "
            "VALUES (?, 0, 'user', 'complete', 0)",
            (conversation,),
        )
        write.run("UPDATE conversations SET leaf_id = ?", (message,))
        for i in range(3000):
            write.run(
                "INSERT INTO parts (message_id, position, kind, text, searchable) "
                "VALUES (?, ?, 'text', ?, 1)",
                (message, i, f"some words {i}"),
            )
    asked = []

    def stop() -> bool:
        asked.append(True)
        return True

    assert library.search.newest(Query(text="zz"), cancelled=stop) == []
    assert library.search.ranked(Query(text="words"), cancelled=stop) == []
    assert len(asked) == 2
    assert library.search.newest(Query(text="zz"), cancelled=lambda: False) == []
    assert len(found(library, "words 2999")) == 1


def test_short_words_are_found_beyond_the_newest_rows(
    library: Library, conversation: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "_RECENT", 3)
    texts = ["灯塔在海边", "海边有灯塔", "灯 塔", "A lighthouse", "灯塔", "x", "y", "灯塔灯塔", "z"]
    say(library, conversation, *texts)
    wanted = ["灯塔灯塔", "灯塔", "海边有灯塔", "灯塔在海边"]

    assert found(library, "灯塔") == wanted
    first = library.search.newest(Query(text="灯塔"), limit=2)
    rest = library.search.newest(Query(text="灯塔"), limit=9, before=first[-1])
    assert [hit.snippet for hit in [*first, *rest]] == wanted
    assert found(library, "灯塔 海边") == ["海边有灯塔", "灯塔在海边"]
    assert found(library, "灯塔 边") == ["海边有灯塔", "灯塔在海边"]
    assert found(library, "塔楼") == []
    assert found(library, "LI") == ["A lighthouse"]
    assert {hit.snippet for hit in library.search.ranked(Query(text="灯塔"))} == set(wanted)


def test_a_pair_that_begins_many_trigrams_is_found_by_comparing(
    library: Library, conversation: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "_RECENT", 2)
    texts = [f"ab{chr(0x4E00 + i)}" for i in range(40)]
    say(library, conversation, *texts)

    assert found(library, "ab", limit=50) == texts[::-1]
    monkeypatch.setattr(words, "MOST_TERMS", 10)
    assert found(library, "ab", limit=50) == texts[::-1]
    assert len(library.search.ranked(Query(text="ab"), limit=50)) == 40


def test_a_narrow_query_finds_the_same_by_either_way(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = random.Random(4)
    media = [
        library.media.add_bytes(bytes([i]), mime="a/b", modality=numbers.choice(["image", "audio"]))
        for i in range(9)
    ]
    for _ in range(6):
        conversation = library.conversations.new().id
        for _ in range(12):
            words = " ".join(numbers.choices(["red", "boat", "sea", "红色", "小船", "Été"], k=4))
            more = [Attachment(numbers.choice(media).sha256)] if numbers.random() < 0.3 else []
            library.messages.add(conversation, [Text(words), *more])
    with library._database.write() as write:
        write.run("UPDATE messages SET created_ms = abs(random()) % 1000")
    library.conversations.delete(conversation)
    queries = [
        Query(text=text, conversation_id=where, modalities=only, since_ms=since, until_ms=until)
        for text in ("", "red", '"red boat"', "红色", "红色 sea", "été", "nothing")
        for where in (None, 2)
        for only in ((), ("image",), ("text", "audio"))
        for since, until in ((None, None), (300, None), (None, 500), (300, 500))
    ]

    def pages(query: Query) -> list[list[int]]:
        first = library.search.newest(query, limit=7)
        more = library.search.newest(query, limit=7, before=first[-1]) if first else []
        return [[hit.part_id for hit in page] for page in (first, more)]

    by_looking = [pages(query) for query in queries]
    monkeypatch.setattr(search, "_FEW", -1)

    assert by_looking == [pages(query) for query in queries]
    assert sum(len(first) for first, _ in by_looking) > 300
