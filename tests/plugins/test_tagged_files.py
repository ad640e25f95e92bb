"""Files without the tags before their sound, as decoders are given them."""

from __future__ import annotations

import io

import pytest

from plugins.tagged_files import behind, tag_length


def tag(size: int, *, footer: bool = False) -> bytes:
    """An ID3v2.4 tag with `size` bytes in it."""
    length = bytes((size >> shift) & 0x7F for shift in (21, 14, 7, 0))
    head = b"ID3\x04\x00" + (b"\x10" if footer else b"\x00") + length
    return head + b"\0" * size + (b"3DI\x04\x00\x10" + length if footer else b"")


@pytest.mark.parametrize("before", [b"", tag(5), tag(300), tag(20) + tag(7), tag(9, footer=True)])
def test_all_tags_before_the_sound_are_counted(before: bytes) -> None:
    file = io.BytesIO(before + b"sound")

    assert tag_length(file) == len(before)
    assert file.tell() == 0


def test_a_tag_that_claims_the_whole_file_is_none() -> None:
    assert tag_length(io.BytesIO(tag(50))) == 0
    assert tag_length(io.BytesIO(b"ID3")) == 0


def test_a_part_of_a_file_is_read_as_a_file_of_its_own() -> None:
    part = behind(io.BytesIO(b"before|sound|after"), 7, 12)

    assert part.read() == b"sound"
    assert part.seek(1) == 1
    assert part.read(2) == b"ou"
    assert part.seek(10**9) == 5
    assert part.seek(-2, io.SEEK_END) == 3


def test_parts_may_be_read_by_turns() -> None:
    file = io.BytesIO(b"abcdef")
    first, second = behind(file, 0, 3), behind(file, 3)

    assert (first.read(1), second.read(1), first.read(), second.read()) == (
        b"a",
        b"d",
        b"bc",
        b"ef",
    )
