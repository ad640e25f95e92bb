"""Gives readers the sound, the picture or some frames of a file. Files are untrusted.

FFmpeg reads through Python's file and may use no demuxer but those of sounds and clips: none that
opens other files. Knows PyAV and the picture decoder; knows no reader.

Legend: n samples.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any, BinaryIO

import av
import numpy as np
from av.container import InputContainer
from av.stream import Disposition, Stream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image

from plugins.api import Float32, Stage
from plugins.errors import Cancelled, KnownError
from plugins.picture_files import MAX_PIXELS, PictureError, decode
from plugins.printable import shown

RATE_HZ = 16_000
"""Of every sound that is given to a reader."""
_DEMUXERS = (
    "aac,aiff,amr,asf,avi,caf,flac,flv,matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,mp3,mpeg,mpegts,ogg,w64,"
    "wav"
)
_ALLOWED = {"format_whitelist": _DEMUXERS, "protocol_whitelist": "none"}
_QUIET_WITHIN_S = 30.0
"""Seconds after a block's length within which its end is looked for."""
_TRIES = 400
"""Frames decoded in search of one moment."""
_MOST_BROKEN = 200
"""Packets that may be broken before a file is given up."""


def cores() -> int:
    """How many threads a model is given: what the environment says, else the cores of this
    process."""
    said = os.environ.get("OMP_NUM_THREADS", "")
    return int(said) if said.isdigit() and int(said) else len(os.sched_getaffinity(0))


def unreadable(
    path: Path, noun: str, found: str, advice: str = "Choose another file."
) -> KnownError:
    """The sentence for a file that a reader cannot use."""
    return KnownError(
        f"{noun} {shown(path.name)}: expected a readable {noun}, found {found}. {advice}"
    )


def picture(path: Path, enough: int) -> Image.Image:
    """The picture in RGB, upright; `enough` pixels or more of the shorter side are kept.

    Raises:
        KnownError: not a picture, broken, or too large.
    """
    with opened(path, "picture") as file:
        try:
            return decode(file, enough)
        except PictureError as error:
            raise unreadable(path, "picture", error.found, error.advice) from error


def frames(path: Path, moments: int, stage: Stage) -> list[tuple[float, Image.Image]]:
    """Seconds and pictures (RGB, upright) of at most `moments` frames, evenly over a clip.

    Raises:
        KnownError: not a clip, or none of its frames can be decoded.
        Cancelled: the stage asked to stop.
    """
    with opened(path, "clip") as file, _container(file, path, "clip") as container:
        stream = _video_stream(container)
        if stream is None:
            raise unreadable(path, "clip", "a sound without pictures")
        if stream.codec_context is None:
            raise unreadable(path, "clip", "a codec that is not known here")
        stream.codec_context.options = {"max_pixels": str(MAX_PIXELS)}
        found: dict[float, Image.Image] = {}
        for number, wanted in enumerate(_moments(container, stream, moments)):
            stage.progress(number, moments)
            frame = _frame_at(container, stream, wanted)
            if frame is not None:
                found[round(_seconds(frame, stream), 2)] = _pixels(frame)
        if not found:
            raise unreadable(path, "clip", "no frames that can be decoded")
        return sorted(found.items())


def sound(path: Path, stage: Stage, block_s: float) -> Iterator[tuple[float, Float32]]:
    """The sound of a file, or of a clip its sound track, in blocks of about `block_s` seconds that
    end where it is quiet; nothing where a clip has no sound.

    Yields:
        Seconds of the whole (0 where the file does not say), and [n] mono samples at `RATE_HZ`.

    Raises:
        KnownError: the file cannot be decoded.
        Cancelled: the stage asked to stop.
    """
    with opened(path, "sound") as file, _container(file, path, "sound") as container:
        if not container.streams.audio:
            return
        total = (container.duration or 0) / av.time_base
        kept: list[Float32] = []
        size = 0
        for part in _samples(container, path):
            check(stage)
            kept.append(part)
            size += len(part)
            if size >= (block_s + _QUIET_WITHIN_S) * RATE_HZ:
                whole = np.concatenate(kept)
                end = _quietest(whole, int(block_s * RATE_HZ))
                yield total, whole[:end]
                kept, size = [whole[end:]], len(whole) - end
        if size:
            yield total, np.concatenate(kept)


def check(stage: Stage) -> None:
    """Raises `Cancelled` when the stage asked to stop."""
    if stage.cancelled():
        raise Cancelled("the reading was stopped")


@contextmanager
def opened(path: Path, noun: str) -> Iterator[BinaryIO]:
    """The open file.

    Raises:
        KnownError: it cannot be opened.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        reason = error.strerror or str(error)
        raise unreadable(path, noun, f"a file that cannot be opened ({reason})") from error
    with file:
        yield file


@contextmanager
def _container(file: BinaryIO, path: Path, noun: str) -> Iterator[InputContainer]:
    try:
        with av.open(file, "r", options=_ALLOWED, metadata_errors="replace") as container:
            yield container
    except (av.FFmpegError, MemoryError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error) or "too little memory"
        raise unreadable(path, noun, f"a file that cannot be decoded ({reason})") from error


def _samples(container: InputContainer, path: Path) -> Iterator[Float32]:
    """[n] mono samples at `RATE_HZ`; what is broken between good parts is left out."""
    stream = container.streams.audio[0]
    if stream.codec_context is None:
        raise unreadable(path, "sound", "a codec that is not known here")
    resampler = _resampler()
    any_good = False
    for frame in _decoded(container, stream):
        try:
            parts = resampler.resample(frame)
        except ValueError:
            # The rate or the channels change here.
            resampler = _resampler()
            parts = resampler.resample(frame)
        for part in parts:
            any_good = True
            yield np.nan_to_num(part.to_ndarray()[0], nan=0.0, posinf=0.0, neginf=0.0)
    if not any_good:
        raise unreadable(path, "sound", "a sound that cannot be decoded")
    for part in resampler.resample(None):
        yield part.to_ndarray()[0]


def _resampler() -> av.AudioResampler:
    return av.AudioResampler(format="fltp", layout="mono", rate=RATE_HZ)


def _quietest(samples: Float32, start: int) -> int:
    """Where it is quietest after `start`: the middle of a stretch of half a second."""
    size = RATE_HZ // 2
    count = (len(samples) - start) // size
    stretches = samples[start : start + count * size].reshape(count, size)
    return start + int(np.square(stretches).sum(axis=1).argmin()) * size + size // 2


def _video_stream(container: InputContainer) -> VideoStream | None:
    """The first real video track; cover pictures of sounds are not one."""
    for stream in container.streams.video:
        if not stream.disposition & Disposition.attached_pic:
            return stream
    return None


def _moments(container: InputContainer, stream: VideoStream, count: int) -> list[float]:
    """The middles of `count` equal parts of the clip, in seconds; fewer for a very short one."""
    length = float((stream.duration or 0) * _base(stream))
    length = length or (container.duration or 0) / av.time_base
    count = max(1, min(count, math.ceil(length * 2)))
    return [(number + 0.5) * length / count for number in range(count)]


def _base(stream: VideoStream) -> Fraction:
    """Seconds of one unit of the track's time stamps."""
    return stream.time_base or Fraction(1, 90_000)


def _frame_at(container: InputContainer, stream: VideoStream, wanted: float) -> VideoFrame | None:
    """The frame shown `wanted` seconds after the beginning, or the last one before a break."""
    try:
        offset = int(wanted / _base(stream)) + (stream.start_time or 0)
        container.seek(offset, stream=stream)
    except av.FFmpegError:
        pass  # Formats that cannot be searched are decoded on.
    held = None
    for number, frame in enumerate(_decoded(container, stream)):
        held = frame
        if number >= _TRIES or _seconds(frame, stream) >= wanted:
            break
    return held


def _decoded(container: InputContainer, stream: Stream) -> Iterator[Any]:
    """The frames of a track; what is broken between good packets is left out."""
    broken = 0
    for packet in container.demux(stream):
        try:
            yield from packet.decode()
        except av.FFmpegError:
            broken += 1
            if broken > _MOST_BROKEN:
                return


def _seconds(frame: VideoFrame, stream: VideoStream) -> float:
    """Of a frame, from the beginning of the clip."""
    stamp = frame.pts if frame.pts is not None else frame.dts
    return max(0.0, float(((stamp or 0) - (stream.start_time or 0)) * _base(stream)))


def _pixels(frame: VideoFrame) -> Image.Image:
    """RGB, turned as the camera was held."""
    turns = round(frame.rotation / 90) % 4
    return Image.fromarray(np.ascontiguousarray(np.rot90(frame.to_ndarray(format="rgb24"), turns)))
