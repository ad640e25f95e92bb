"""The one door for text from elsewhere."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from plugins.printable import STEERING, one_line, printable, shown
from storage import limits

ATTACKS = {
    "\x1b[2J\x1b]0;owned\x07": "[2J]0;owned",
    "bell\x07 and back\x08": "bell and back",
    "invoice\u202efdp.exe": "invoicefdp.exe",
    "a\u2066b\u2069c": "abc",
    "csi\x9b31m": "csi31m",
    "half \ud83d": "half ",
    "line\u2028next": "linenext",
}


@pytest.mark.parametrize("text", ATTACKS)
def test_nothing_steers_a_terminal(text: str) -> None:
    assert printable(text) == ATTACKS[text]
    assert one_line(text + "\r\n more").isprintable()
    assert shown(text).isprintable()


@pytest.mark.parametrize("text", ["two\nlines\tand a tab", "日本語 🙂 👩‍👩‍👧", "שלום \u200fworld"])
def test_words_stay_as_they_are(text: str) -> None:
    assert printable(text) == text


def test_a_path_shows_what_it_is() -> None:
    assert shown(Path("a\x1b[2Jb\n")) == r"a\x1b[2Jb\n"
    assert shown("x\u202ey") == r"x\u202ey"
    assert shown(b"caf\xe9".decode("utf-8", "surrogateescape")).isprintable()


def test_titles_go_through_the_same_door() -> None:
    every = "".join(map(chr, range(sys.maxunicode + 1)))
    dropped = set(re.findall(f"[{STEERING}]", every)) | {"\n", "\t"}
    for begin in range(0, len(every), limits.LONGEST_TITLE):
        some = every[begin : begin + limits.LONGEST_TITLE]
        kept = limits.title(some)
        assert set(some) - set(kept) <= dropped
        assert not {c for c in kept if c in dropped and not "\ud800" <= c <= "\udfff"} - {
            "\n",
            "\t",
        }
