"""Text that may be shown: whole characters, no stop strings."""

from __future__ import annotations

import random

import pytest

from runtime.language_model.text.text_stream import TextStream


def test_characters_come_whole_however_their_bytes_are_cut() -> None:
    text = "aé中🚤\u200b end"
    source = random.Random(0)
    for _ in range(50):
        stream, shown, data = TextStream(), "", text.encode()
        while data:
            cut = source.randint(1, 3)
            piece, data = stream.feed(data[:cut]), data[cut:]
            assert "\ufffd" not in piece
            shown += piece
        assert shown == text


def test_impossible_bytes_are_shown_as_such() -> None:
    stream = TextStream()
    assert stream.feed(b"a\xffb") == "a\ufffdb"


@pytest.mark.parametrize("stops", [["ab"], ["aab"], ["aaab", "b"], ["ba", "abba"], ["", "c"]])
def test_letter_by_letter_the_same_is_shown_as_at_once(stops: list[str]) -> None:
    source = random.Random(0)
    for _ in range(200):
        text = "".join(source.choices("aabb", k=12))
        stream, shown = TextStream(stops), ""
        for letter in text:
            shown += stream.feed(letter.encode())
            if stream.stopped:
                break
        else:
            shown += stream.flush()
        ends = [text.find(stop) for stop in stops if stop and stop in text]
        assert shown.startswith(text[: min(ends)]) if ends else shown == text
        assert stream.stopped == bool(ends)
        assert not any(stop in shown for stop in stops if stop)
