"""Samples as files: whole, and part by part while more is being spoken. Knows FFmpeg's names."""

from __future__ import annotations

import wave
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import OutputContainer

_CODECS = {
    "mp3": ("mp3", "libmp3lame"),
    "opus": ("ogg", "libopus"),
    "aac": ("adts", "aac"),
    "flac": ("flac", "flac"),
}
"""Container and codec, as FFmpeg names them."""
_BIT_RATE = 64_000


def numbers_of(samples: NDArray[np.float32]) -> NDArray[np.int16]:
    """[n] samples from -1 to 1 as 16-bit numbers, little endian."""
    return (np.clip(samples, -1, 1) * 32767).astype("<i2")


def write(path: Path, samples: NDArray[np.float32], rate_hz: int, kind: str) -> None:
    """[n] mono samples as a file of one of `FORMATS`."""
    if kind == "wav":
        with wave.open(str(path), "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(rate_hz)
            sound.writeframes(numbers_of(samples).tobytes())
    else:
        encoder = Encoder(kind, rate_hz)
        path.write_bytes(encoder.encode(samples) + encoder.finish())


class Encoder:
    """A file in the making, of any of `FORMATS` but WAV."""

    def __init__(self, kind: str, rate_hz: int) -> None:
        """`kind` is one of `FORMATS`; `rate_hz` that of the samples."""
        self._rate_hz = rate_hz
        self._sink = _Sink()
        self._file: OutputContainer | None = None
        self._stream: AudioStream | None = None
        if kind != "pcm":
            self._open(*_CODECS[kind])

    def encode(self, samples: NDArray[np.float32]) -> bytes:
        """The next bytes of the file, for [n] mono samples."""
        numbers = numbers_of(samples)
        if self._stream is None:
            return numbers.tobytes()
        import av

        frame = av.AudioFrame.from_ndarray(numbers.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = self._rate_hz
        self._mux(frame)
        return self._sink.taken()

    def finish(self) -> bytes:
        """The last bytes of the file."""
        if self._file is not None:
            self._mux(None)
            self._file.close()
        return self._sink.taken()

    def _open(self, container: str, codec: str) -> None:
        import av

        # Xing's head of an mp3 tells its length, which nobody knows yet.
        options = {"write_xing": "0"} if container == "mp3" else {}
        self._file = av.open(self._sink, "w", format=container, options=options)
        self._stream = cast(
            "AudioStream", self._file.add_stream(codec, rate=self._rate_hz, layout="mono")
        )
        if codec != "flac":
            self._stream.bit_rate = _BIT_RATE

    def _mux(self, frame: object) -> None:
        assert self._file is not None and self._stream is not None
        for packet in self._stream.encode(cast("None", frame)):
            self._file.mux(packet)


class _Sink:
    """A file that cannot be gone back in."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        """Take more."""
        self._parts.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        """What came since this was last asked."""
        data, self._parts = b"".join(self._parts), []
        return data
