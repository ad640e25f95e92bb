"""Words and the glyphs that they name, in both languages."""

from __future__ import annotations

import pytest

from plugins.clipart import emoji_names


@pytest.mark.parametrize(("word", "glyph"), [("cat", "🐈"), ("apple", "🍎"), ("tree", "🌳")])
def test_everyday_words_name_glyphs(word: str, glyph: str) -> None:
    found = emoji_names.english(word)

    assert found is not None
    assert found.glyph == glyph


def test_chinese_words_name_the_same_glyphs() -> None:
    cat, cat_zh = emoji_names.english("cat"), emoji_names.chinese("猫")

    assert cat == cat_zh
    assert emoji_names.longest_chinese() >= 2


def test_words_without_a_glyph_name_nothing() -> None:
    assert emoji_names.english("philosophy") is None
    assert emoji_names.chinese("哲学") is None


@pytest.mark.parametrize(
    ("plural", "singular"),
    [("cats", "cat"), ("cherries", "cherry"), ("wolves", "wolf"), ("boxes", "box")],
)
def test_plurals_lead_to_their_singulars(plural: str, singular: str) -> None:
    assert singular in emoji_names.singulars(plural)


@pytest.mark.parametrize("word", ["cat", "glass", "gas"])
def test_other_words_are_no_plurals(word: str) -> None:
    assert emoji_names.singulars(word) == ()
