"""Captions are cut out of streamed text, wherever the pieces break."""

from __future__ import annotations

import pytest

from runtime.turn.caption_parser import CaptionBegan, CaptionEnded, CaptionParser, Cut, Words

TAGS = {"image": ("<image>", "</image>"), "audio": ("<sound>", "</sound>")}


def cut(text: str, size: int) -> list[Cut]:
    cutter = CaptionParser(TAGS)
    cuts: list[Cut] = []
    for start in range(0, len(text), size):
        cuts.extend(cutter.feed(text[start : start + size]))
    cuts.extend(cutter.finish())
    return joined(cuts)


def joined(cuts: list[Cut]) -> list[Cut]:
    merged: list[Cut] = []
    for item in cuts:
        if isinstance(item, Words) and merged and isinstance(merged[-1], Words):
            item = Words(merged.pop().text + item.text)  # type: ignore[union-attr]
        merged.append(item)
    return merged


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
def test_words_and_captions_come_apart_in_order_however_the_text_is_broken(size: int) -> None:
    text = "Look: <image> a red boat </image> and <sound>a bell</sound> done."
    assert cut(text, size) == [
        Words("Look: "),
        CaptionBegan("image"),
        CaptionEnded("image", "a red boat"),
        Words(" and "),
        CaptionBegan("audio"),
        CaptionEnded("audio", "a bell"),
        Words(" done."),
    ]


@pytest.mark.parametrize("size", [1, 4, 100])
def test_what_only_looks_like_a_tag_stays_text(size: int) -> None:
    assert cut("1 < 2 <img> <imag", size) == [Words("1 < 2 <img> <imag")]


def test_a_caption_that_is_never_closed_ends_with_the_answer() -> None:
    assert cut("<image>a boat", 3) == [CaptionBegan("image"), CaptionEnded("image", "a boat")]


def test_text_that_cannot_become_a_tag_is_not_held_back() -> None:
    assert list(CaptionParser(TAGS).feed("hello")) == [Words("hello")]
    assert list(CaptionParser(TAGS).feed("hello <im")) == [Words("hello ")]
