"""Frames come out as they went in, and nothing else passes for one."""

from __future__ import annotations

import io
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.process.frames import MAX_FRAME_BYTES, FrameError, read_frame, write_frame


@given(st.lists(st.binary(min_size=1, max_size=300), max_size=5))
def test_frames_come_out_whole_and_in_order(payloads: list[bytes]) -> None:
    stream = io.BytesIO()
    for payload in payloads:
        write_frame(stream, payload)
    stream.seek(0)

    assert [read_frame(stream) for _ in payloads] == payloads
    assert read_frame(stream) is None


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (b"\0\0", "header of 2 bytes"),
        (struct.pack(">I", 0), "a frame of 0 bytes"),
        (struct.pack(">I", MAX_FRAME_BYTES + 1), f"a frame of {MAX_FRAME_BYTES + 1} bytes"),
        (b"Hello, I am a library that prints", "1214606444 bytes"),
        (struct.pack(">I", 10) + b"short", "cut off after 5 of 10 bytes"),
    ],
)
def test_what_is_no_frame_is_refused(sent: bytes, said: str) -> None:
    with pytest.raises(FrameError, match=said):
        read_frame(io.BytesIO(sent))


@pytest.mark.parametrize("size", [0, MAX_FRAME_BYTES + 1])
def test_what_is_too_small_or_too_large_is_not_sent(size: int) -> None:
    stream = io.BytesIO()

    with pytest.raises(FrameError, match=f"{size} bytes"):
        write_frame(stream, bytes(size))

    assert stream.getvalue() == b""
