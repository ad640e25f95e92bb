"""Types of files by their first bytes, and files that end too early."""

from __future__ import annotations

import io

import pytest

from runtime.media.sniff import content_of, describe, ends_early, has_placeholder


def opened(data: bytes) -> io.BufferedReader:
    return io.BufferedReader(io.BytesIO(data))


def wav(samples: int, *, stated: int | None = None) -> bytes:
    size = 2 * samples if stated is None else stated
    head = b"RIFF" + (36 + size if stated is None else stated).to_bytes(4, "little") + b"WAVE"
    form = b"fmt " + (16).to_bytes(4, "little") + b"\x01\0\x01\0" + b"\x80>\0\0\0}\0\0\x02\0\x10\0"
    return head + form + b"data" + size.to_bytes(4, "little") + b"\1\0" * samples


@pytest.mark.parametrize(
    ("data", "family", "form"),
    [
        (b"\x89PNG\r\n\x1a\n\0", "image", "PNG"),
        (b"\xff\xd8\xff\xe0\0", "image", "JPEG"),
        (b"\0\0\0\x10ftypavif\0\0\0\0", "image", "AVIF"),
        (b"\0\0\0\x10ftypisom\0\0\0\0", "container", "mov"),
        (b"OggS\0\2", "container", "ogg"),
        (b"\xff\xfb\x90\0", "sound", "mp3"),
        (b"\xff\xf1\x50\0", "sound", "aac"),
        ((b"\x47" + bytes(187)) * 4, "container", "mpegts"),
        (b"BMW is a brand of cars", "unknown", ""),
        (b"", "unknown", ""),
    ],
)
def test_the_type_of(data: bytes, family: str, form: str) -> None:
    content = content_of(opened(data))

    assert (content.family, content.format) == (family, form)
    assert describe(content)


def test_a_sound_behind_a_tag_begins_after_it() -> None:
    tag = b"ID3\x04\0\0\0\0\0\x05" + bytes(5)

    assert content_of(opened(tag + b"\xff\xfb\x90\0")).begins == len(tag)


def test_a_wav_that_is_cut_short_ends_early() -> None:
    whole, cut = wav(100), wav(100)[:-50]

    assert not ends_early(opened(whole), content_of(opened(whole)))
    assert ends_early(opened(cut), content_of(opened(cut)))


def test_a_length_that_no_writer_knew_is_a_placeholder() -> None:
    live = wav(100, stated=2**32 - 1)

    assert has_placeholder(opened(live), content_of(opened(live)))
    assert not ends_early(opened(live), content_of(opened(live)))
    assert not has_placeholder(opened(wav(100)), content_of(opened(wav(100))))
