"""Reads sounds as mono at one rate. Knows soundfile, PyAV (for other containers) and soxr.

The mean of the channels is taken, so that a sound on one side only is heard.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from io import BufferedReader

import av
import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from runtime.media.container import CUT_SHORT, open_container
from runtime.media.files import MediaPath, open_medium, unusable
from runtime.media.sniff import Content, content_of, described, ends_early

MAX_SECONDS = 3600
_BLOCK = 1 << 18
"""Samples of all channels that are decoded at once."""
_UNKNOWN_LENGTH = 2**63 - 1
"""What libsndfile reports of a file whose writer could not know its length; it cannot read it."""
_SOUNDFILE = ("wav", "flac", "ogg", "aiff", "mp3", "caf")

Float32 = NDArray[np.float32]


@dataclass(frozen=True)
class Sound:
    """A decoded sound."""

    samples: Float32
    """[n] mono, about -1..1, finite."""
    rate_hz: int
    duration_s: float
    """Seconds."""


def read_audio(path: MediaPath, rate_hz: int = 16_000) -> Sound:
    """The whole sound, at most an hour of it; of a clip, its sound track.

    Raises:
        KnownError: no such file, no sound in it, broken, cut short, of no length, or over an hour.
    """
    with ExitStack() as stack:
        file = stack.enter_context(open_medium(path, "audio"))
        content = content_of(file)
        if content.family not in ("sound", "container"):
            raise unusable(path, "audio", described(content))
        if ends_early(file, content):
            raise unusable(path, "audio", CUT_SHORT, "Copy or download it again.")
        rate, blocks = _open_blocks(stack, file, content, path)
        samples = _resample(blocks, rate, rate_hz, path)
    if not len(samples):
        raise unusable(path, "audio", "a sound of 0 seconds")
    return Sound(samples, rate_hz, len(samples) / rate_hz)


def _open_blocks(
    stack: ExitStack, file: BufferedReader, content: Content, path: MediaPath
) -> tuple[int, Iterator[Float32]]:
    """The source's rate and its samples as mono blocks [n]."""
    if content.format in _SOUNDFILE:
        try:
            source = stack.enter_context(soundfile.SoundFile(file))
        except soundfile.LibsndfileError:
            pass  # A codec that only FFmpeg knows.
        else:
            if source.frames != _UNKNOWN_LENGTH:
                return source.samplerate, _soundfile_blocks(source, path)
        file.seek(0)
    container = stack.enter_context(open_container(file, content, path, "audio"))
    if not container.streams.audio:
        raise unusable(path, "audio", "a clip without sound")
    stream = container.streams.audio[0]
    rate = stream.rate
    if not rate:
        raise unusable(path, "audio", "a sound without a sample rate")
    return rate, _av_blocks(container, stream, rate)


def _soundfile_blocks(source: soundfile.SoundFile, path: MediaPath) -> Iterator[Float32]:
    if source.frames > MAX_SECONDS * source.samplerate:
        raise _too_long(path)
    size = max(1, _BLOCK // source.channels)
    count = 0
    try:
        while len(block := source.read(size, dtype="float32", always_2d=True)):
            count += len(block)
            yield block.mean(axis=1)
    except soundfile.LibsndfileError as error:
        found = f"a file that cannot be decoded ({error.error_string})"
        raise unusable(path, "audio", found) from error
    if source.format == "FLAC" and count < source.frames:
        raise unusable(path, "audio", CUT_SHORT, "Copy or download it again.")


def _av_blocks(
    container: av.container.InputContainer, stream: av.AudioStream, rate: int
) -> Iterator[Float32]:
    resampler = av.AudioResampler(format="fltp", layout=stream.layout, rate=rate)
    for frame in container.decode(stream):
        for part in resampler.resample(frame):
            yield part.to_ndarray().mean(axis=0)
    for part in resampler.resample(None):
        yield part.to_ndarray().mean(axis=0)


def _resample(blocks: Iterator[Float32], rate: int, target: int, path: MediaPath) -> Float32:
    """All blocks at the target rate, joined; infinite and undefined samples become silence."""
    resampler = None if rate == target else soxr.ResampleStream(rate, target, 1, dtype="float32")
    parts: list[Float32] = []
    count = 0
    for block in blocks:
        count += len(block)
        if count > MAX_SECONDS * rate:
            raise _too_long(path)
        finite = np.nan_to_num(block, nan=0.0, posinf=0.0, neginf=0.0).astype(np.float32)
        parts.append(resampler.resample_chunk(finite) if resampler else finite)
    if resampler and count:
        parts.append(resampler.resample_chunk(np.zeros(0, np.float32), last=True))
    return np.concatenate(parts) if parts else np.zeros(0, np.float32)


def _too_long(path: MediaPath) -> Exception:
    return unusable(
        path, "audio", f"more than {MAX_SECONDS // 60} minutes", "Cut out the part that matters."
    )
