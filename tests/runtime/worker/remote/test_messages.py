"""What the two ends say first, and how another Medley is told."""

from __future__ import annotations

import io

import msgspec
import pytest

from runtime.process.frames import FrameCutError, FrameError
from runtime.worker.protocol import Lost, Offered, OfferedBundle, Stop, TurnStarted
from runtime.worker.remote.messages import (
    GREETING,
    NOISE_BYTES,
    Beat,
    Dropped,
    Piece,
    decode_to_far,
    decode_to_near,
    encode,
    hello,
    mismatch,
    protocol,
    skip_to_greeting,
)

OFFERED = Offered((OfferedBundle("pocket", "Pocket", modalities=("text",), n_ctx=9),), "pocket")


def test_messages_survive_their_bytes_in_their_own_direction() -> None:
    piece, dropped = Piece("a" * 32, b"\0\1", last=True), Dropped("a" * 32)
    for there in (hello(), piece, dropped, Beat(), Stop(3)):
        assert decode_to_far(encode(there)) == there
    for back in (hello(OFFERED), piece, dropped, TurnStarted(3), OFFERED):
        assert decode_to_near(encode(back)) == back
    with pytest.raises(msgspec.DecodeError):
        decode_to_far(encode(TurnStarted(3)))


def test_the_same_medley_is_talked_to_and_another_is_not() -> None:
    own = hello()

    assert mismatch(own) is None
    assert mismatch(msgspec.structs.replace(own, offered=OFFERED)) is None
    for other in ({"medley": "0"}, {"protocol": "0"}):
        assert "Install the same version" in str(mismatch(msgspec.structs.replace(own, **other)))


def test_the_protocol_is_named_by_fields_and_not_by_words(monkeypatch: pytest.MonkeyPatch) -> None:
    before = protocol.__wrapped__()
    monkeypatch.setattr(Lost, "__doc__", "Other words.")

    assert protocol() == before == protocol.__wrapped__()
    assert len(before) == 8

    class Other(msgspec.Struct, tag="other"):
        field: int

    monkeypatch.setattr("runtime.worker.remote.messages.ToFar", Other)
    assert protocol.__wrapped__() != before


@pytest.mark.parametrize("noise", [b"", b"Welcome!\n\n", b"last login: today "])
def test_what_a_login_shell_prints_is_skipped(noise: bytes) -> None:
    stream = io.BytesIO(noise + GREETING + b"rest")

    skip_to_greeting(stream)

    assert stream.read() == b"rest"


def test_what_never_greets_is_given_up() -> None:
    with pytest.raises(FrameCutError):
        skip_to_greeting(io.BytesIO(b"hello\n"))
    with pytest.raises(FrameError, match="more than"):
        skip_to_greeting(io.BytesIO(b"y\n" * NOISE_BYTES))
