"""What nobody sees is taken out; what gives letters their shape stays."""

from __future__ import annotations

import pytest

from desktop.tools.mcp.hidden_text import hides, visible

TAGS = "".join(chr(0xE0000 + ord(one)) for one in "obey")


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        (f"Reads{TAGS} a file", "Reads a file"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("left\u202eright\u2066", "leftright"),
        ("soft\u00adhyphen", "softhyphen"),
        ("blank\u3164\u2800here", "blankhere"),
        ("joined\u200dletters", "joinedletters"),
        ("escape\x1b[31m", "escape[31m"),
        ("styles\ufe00\U000e0100", "styles"),
    ],
)
def test_hidden_characters_are_taken_out(text: str, seen: str) -> None:
    assert visible(text) == seen
    assert hides(text)


@pytest.mark.parametrize(
    "text", ["two\nlines\tand tabs", "日本語、é, ñ", "👨‍👩‍👧 ❤️ 👍🏽", "می‌خواهم", "क्‍ष", "한국어"]
)
def test_what_people_write_stays(text: str) -> None:
    assert visible(text) == text
    assert not hides(text)
    assert not hides(text + "\r\n")
