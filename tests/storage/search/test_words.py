"""Words are taken apart, found in either way of writing them, and shown in context."""

from __future__ import annotations

import unicodedata

import pytest

from storage.library import Library
from storage.records import Attachment, Observation, Query
from storage.search import search
from storage.search.words import excerpt, split
from tests.storage.search.saying import found, say


@pytest.mark.parametrize(
    ("text", "words", "snippet", "marked"),
    [
        ("a red boat", ["red"], "a red boat", ["red"]),
        ("Red and RED", ["red"], "Red and RED", ["Red", "RED"]),
        ("line\nbreak here", ["here"], "line break here", ["here"]),
        ("nothing", ["boat"], "nothing", []),
        ("nothing", [], "nothing", []),
    ],
)
def test_an_excerpt_marks_the_words(
    text: str, words: list[str], snippet: str, marked: list[str]
) -> None:
    cut, spans = excerpt(text, words)

    assert cut == snippet
    assert [cut[begin:end] for begin, end in spans] == marked


def test_a_long_text_is_cut_around_the_first_find() -> None:
    cut, spans = excerpt("x" * 500 + "needle" + "y" * 500, ["needle"])

    assert cut.startswith("…x")
    assert cut.endswith("y…")
    assert len(cut) < 130
    assert [cut[begin:end] for begin, end in spans] == ["needle"]


def test_words_and_phrases_are_taken_apart() -> None:
    words = split('red  "big boat" 红色 a ""')

    assert words.indexed == ("red", "big boat")
    assert words.short == ("红色", "a")


CAFE, APART = "Caf\u00e9 Ren\u00e9", "Cafe\u0301 Rene\u0301"
KOREAN = "\ud55c\uad6d\uc5b4"
JAMO = unicodedata.normalize("NFD", KOREAN)


@pytest.mark.parametrize("said", [CAFE, APART])
@pytest.mark.parametrize(
    "query",
    [
        "caf\u00e9",
        "cafe\u0301",
        "CAF\u00c9",
        "n\u00e9",
        "ne\u0301",
        "\u00e9",
        "e\u0301 ren",
        '"\u00e9 R"',
    ],
)
def test_accents_are_found_in_either_way_of_writing_them(
    library: Library, conversation: int, said: str, query: str
) -> None:
    say(library, conversation, "a boat", said)
    sha = library.media.add_bytes(b"a sound", mime="audio/wav", modality="audio").sha256
    library.media.set_observations(sha, [Observation("speech", said)])
    heard = library.messages.add(conversation, [Attachment(sha, "x.wav")]).id
    library.conversations.rename(conversation, said)

    hits = library.search.newest(Query(text=query))
    assert [hit.snippet for hit in hits] == [said, said]
    assert hits[0].message_id == heard
    assert all(hit.spans for hit in hits)
    assert {hit.snippet for hit in library.search.ranked(Query(text=query))} == {said}
    assert [one.title for one in library.search.titles(query)] == [said]


@pytest.mark.parametrize("said", [KOREAN, JAMO])
def test_syllables_are_found_whole_or_in_letters(
    library: Library, conversation: int, said: str
) -> None:
    say(library, conversation, said)
    for query in (KOREAN, JAMO, KOREAN[:2], KOREAN[:1]):
        assert found(library, query) == [said], query


def test_short_words_with_accents_are_found_beyond_the_newest_rows(
    library: Library, conversation: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "_RECENT", 2)
    say(library, conversation, CAFE, APART, "a", "b", "c", "d")
    for query in ("n\u00e9", "ne\u0301"):
        assert found(library, query) == [APART, CAFE]


@pytest.mark.parametrize("sign", ["\u212b", "\u0958", "\u2126"])
def test_signs_that_unicode_writes_otherwise_are_found_as_they_are(
    library: Library, conversation: int, sign: str
) -> None:
    say(library, conversation, f"{sign}{sign}{sign} units")
    for query in (sign, sign * 2, sign * 3):
        assert found(library, query) == [f"{sign}{sign}{sign} units"]
