"""Reads sounds as mono at one rate. Knows soundfile, PyAV (for other containers), soxr and `sinc`.

The mean of the channels is taken, so that a sound on one side only is heard. Rate and channels may
change within a sound, as they do in broadcasts.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from io import BufferedReader
from itertools import chain, groupby
from operator import itemgetter
from typing import Literal

import av
import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from plugins.clip_frames import UNKNOWN_CODEC, decoded
from plugins.errors import UnreadableError, phrase
from plugins.ogg_links import links_of
from runtime.media import sinc
from runtime.media.container import CUT_SHORT, UNDECODABLE, open_container
from runtime.media.files import MediaPath, open_medium, unusable
from runtime.media.sniff import (
    Content,
    behind_tag,
    content_of,
    describe,
    ends_early,
    has_placeholder,
)

MAX_SECONDS = 3600
MAX_SAMPLES = 700_000_000
"""The most samples of all channels together: an hour in stereo at 96 kHz, decoded in about a
minute."""
_MOST_PLANES = 8
"""Channels that lie apart in a frame; of more PyAV reads beyond their memory."""
_BLOCK = 1 << 18
"""Samples of all channels that are decoded at once."""
_UNKNOWN_LENGTH = 2**63 - 1
"""The length that libsndfile reports if a file's writer did not know it; it cannot read such a
file."""
_SOUNDFILE = ("wav", "flac", "ogg", "aiff", "caf")
"""Formats that libsndfile reads; for MP3 it writes to the terminal."""

Float32 = NDArray[np.float32]
Resampling = Literal["soxr", "sinc"]
"""`soxr` for ears; `sinc` for an encoder that was trained on sounds that were resampled so."""
Blocks = Iterator[tuple[int, int, Float32]]
"""Samples a second, channels of the source, and [n] mono samples."""


@dataclass(frozen=True)
class Sound:
    """A decoded sound."""

    samples: Float32
    """[n] mono, about -1..1, finite."""
    rate_hz: int
    duration_s: float
    """Seconds."""


def read_audio(path: MediaPath, rate_hz: int = 16_000, *, resampling: Resampling = "soxr") -> Sound:
    """The whole sound, at most an hour of it; of a clip, its sound track.

    Raises:
        KnownError: no such file, no sound in it, broken, cut short, of no length, or over an hour.
    """
    with ExitStack() as stack:
        file = stack.enter_context(open_medium(path, "audio"))
        content = content_of(file)
        if content.family not in ("sound", "container"):
            raise unusable(path, "audio", describe(content))
        if ends_early(file, content):
            raise unusable(path, "audio", CUT_SHORT, "Copy or download it again.")
        blocks = _open_blocks(stack, file, content, path)
        samples = _joined(_limited(blocks, path), rate_hz, resampling)
    if not len(samples):
        raise unusable(path, "audio", "a sound of 0 seconds")
    return Sound(samples, rate_hz, len(samples) / rate_hz)


def _open_blocks(
    stack: ExitStack, file: BufferedReader, content: Content, path: MediaPath
) -> Blocks:
    if content.format in _SOUNDFILE and not has_placeholder(file, content):
        sources = _sources(stack, behind_tag(file, content), content)
        if sources:
            return chain.from_iterable(_soundfile_blocks(source, path) for source in sources)
    container = stack.enter_context(open_container(file, content, path, "audio"))
    tracks = container.streams.audio
    if not tracks:
        raise unusable(path, "audio", "a clip without sound")
    known = [track for track in tracks if track.codec_context is not None]
    if not known:
        raise unusable(path, "audio", UNKNOWN_CODEC)
    return _av_blocks(container, known[0])


def _sources(stack: ExitStack, file: BufferedReader, content: Content) -> list[soundfile.SoundFile]:
    """The inputs that libsndfile may read, in turn; none if only FFmpeg knows the codec."""
    try:
        parts = links_of(file) if content.format == "ogg" else [file]
        sources = [stack.enter_context(soundfile.SoundFile(part)) for part in parts]
    except soundfile.LibsndfileError:
        return []
    return [] if any(source.frames == _UNKNOWN_LENGTH for source in sources) else sources


def _soundfile_blocks(source: soundfile.SoundFile, path: MediaPath) -> Blocks:
    _check_length(path, source.frames / source.samplerate, source.frames * source.channels)
    size = max(1, _BLOCK // source.channels)
    count = 0
    try:
        while len(block := source.read(size, dtype="float32", always_2d=True)):
            count += len(block)
            yield source.samplerate, source.channels, block.mean(axis=1)
    except soundfile.LibsndfileError as error:
        raise unusable(path, "audio", UNDECODABLE) from error
    if source.format == "FLAC" and count < source.frames:
        raise unusable(path, "audio", CUT_SHORT, "Copy or download it again.")


def _av_blocks(container: av.container.InputContainer, track: av.AudioStream) -> Blocks:
    frame = None
    for frame in decoded(container.demux(track), track):
        if frame.sample_rate <= 0:
            raise UnreadableError("a sound without a sample rate")
        yield frame.sample_rate, frame.layout.nb_channels, _mono(frame)
    if frame is None:
        raise UnreadableError("no sound that can be decoded")


def _mono(frame: av.AudioFrame) -> Float32:
    """[n] the mean of the channels, whole numbers scaled to -1..1."""
    if frame.format.is_planar and frame.layout.nb_channels > _MOST_PLANES:
        raise UnreadableError(
            phrase("a sound of {count} channels", count=frame.layout.nb_channels),
            phrase("Save it with at most {most} channels.", most=_MOST_PLANES),
        )
    values = frame.to_ndarray()
    channels = values if frame.format.is_planar else values.reshape(-1, frame.layout.nb_channels).T
    mean = channels.mean(axis=0, dtype=np.float32 if values.dtype.itemsize < 8 else np.float64)
    if values.dtype.kind in "iu":
        half = 2.0 ** (8 * values.dtype.itemsize - 1)
        mean = (mean - half * (values.dtype.kind == "u")) / half
    mono: Float32 = mean.astype(np.float32, copy=False)
    return mono


def _limited(blocks: Blocks, path: MediaPath) -> Blocks:
    """The blocks, as long as they are no more than is read of a sound."""
    seconds, samples = 0.0, 0
    for rate, channels, block in blocks:
        seconds += len(block) / rate
        samples += len(block) * channels
        _check_length(path, seconds, samples)
        yield rate, channels, block


def _check_length(path: MediaPath, seconds: float, samples: int) -> None:
    if seconds > MAX_SECONDS:
        found = phrase("more than {minutes} minutes", minutes=MAX_SECONDS // 60)
        raise unusable(path, "audio", found, "Cut out the part that matters.")
    if samples > MAX_SAMPLES:
        found = phrase("more than {millions} million samples", millions=MAX_SAMPLES // 1_000_000)
        advice = "Save it with fewer samples a second, or cut out the part that matters."
        raise unusable(path, "audio", found, advice)


def _joined(blocks: Blocks, target: int, resampling: Resampling) -> Float32:
    """All blocks at the target rate; infinite and undefined samples become silence."""
    change = sinc.resampled if resampling == "sinc" else _resampled
    parts: list[Float32] = []
    for rate, group in groupby(blocks, key=itemgetter(0)):
        finite = (np.nan_to_num(block, nan=0.0, posinf=0.0, neginf=0.0) for *_, block in group)
        parts.extend(finite if rate == target else change(finite, rate, target))
    return np.concatenate(parts) if parts else np.zeros(0, np.float32)


def _resampled(blocks: Iterator[Float32], rate: int, target: int) -> Iterator[Float32]:
    resampler = soxr.ResampleStream(rate, target, 1, dtype="float32")
    for block in blocks:
        yield resampler.resample_chunk(block)
    yield resampler.resample_chunk(np.zeros(0, np.float32), last=True)
