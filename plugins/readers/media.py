"""The sound, the picture or some frames of a file, for readers. Files are untrusted.

FFmpeg reads through Python's file and may use no demuxer but those of sounds and clips: none that
opens other files. Knows PyAV and the picture decoder; knows no reader.

Legend: n samples.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, groupby
from pathlib import Path
from typing import BinaryIO

import av
import numpy as np
from av.container import InputContainer
from PIL import Image

from plugins.api import Float32, Stage
from plugins.clip_frames import BROKEN, UNKNOWN_CODEC, ClipFrames, decoded
from plugins.errors import (
    CHOOSE_ANOTHER,
    Cancelled,
    KnownError,
    Problem,
    UnreadableError,
    as_phrase,
    phrase,
)
from plugins.ogg_links import links_of
from plugins.picture_files import MAX_PIXELS, PictureError, decode
from plugins.printable import shown
from plugins.regular_files import open_regular
from plugins.tagged_files import behind, tag_length

RATE_HZ = 16_000
"""The sample rate of every sound that is given to a reader."""
_DEMUXERS = (
    "aac,aiff,amr,asf,avi,caf,flac,flv,matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,mp3,mpeg,mpegts,ogg,w64,"
    "wav"
)
_ALLOWED = {"format_whitelist": _DEMUXERS, "protocol_whitelist": "none"}
_MOST_S = 6 * 3600
"""Seconds of a sound: some headers state rates at which a small file lasts for years."""
_QUIET_WITHIN_S = 30.0
"""Seconds after a block's length within which its end is looked for."""


def cores() -> int:
    """The number of threads for a model: the environment's setting, else the cores of this
    process."""
    said = os.environ.get("OMP_NUM_THREADS", "")
    return int(said) if said.isdigit() and int(said) else len(os.sched_getaffinity(0))


def unreadable(
    path: Path, noun: str, found: str | Problem, advice: str | Problem = CHOOSE_ANOTHER
) -> KnownError:
    """The sentence for a file that a reader cannot use."""
    return KnownError(
        "{noun} {path}: expected a readable {noun}, found {found}. {advice}",
        "medium",
        noun=phrase(noun),
        path=shown(path.name),
        found=as_phrase(found),
        advice=as_phrase(advice),
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
        clip = ClipFrames(container, MAX_PIXELS)
        found: dict[float, Image.Image] = {}
        for number, wanted in enumerate(_moments(clip.duration_s, moments)):
            stage.progress(number, moments)
            check(stage)
            moment, frame = clip.at(wanted)
            found[round(max(0.0, moment), 2)] = Image.fromarray(clip.picture(frame, MAX_PIXELS))
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
    kept: list[Float32] = []
    total, size, length = 0.0, 0, 0
    with opened(path, "sound") as file:
        for total, part in _parts(file, path):
            check(stage)
            length += len(part)
            if length > _MOST_S * RATE_HZ:
                raise unreadable(
                    path, "sound", phrase("more than {hours} hours", hours=_MOST_S // 3600)
                )
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
        file = open_regular(path)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or phrase("no regular file")
        raise unreadable(
            path, noun, phrase("a file that cannot be opened ({error})", error=reason)
        ) from error
    with file:
        yield file


@contextmanager
def _container(file: BinaryIO, path: Path, noun: str) -> Iterator[InputContainer]:
    try:
        medium = behind(file, tag_length(file))
        with av.open(medium, "r", options=_ALLOWED, metadata_errors="replace") as container:
            yield container
    except UnreadableError as error:
        raise unreadable(path, noun, error.found, error.advice) from error
    except BROKEN as error:
        raise unreadable(path, noun, "a file that cannot be decoded") from error


def _parts(file: BinaryIO, path: Path) -> Iterator[tuple[float, Float32]]:
    """Seconds of the whole, and [n] samples, through all links of a chained file."""
    links = links_of(file)
    for link in links:
        with _container(link, path, "sound") as container:
            whole = (container.duration or 0) / av.time_base if len(links) == 1 else 0.0
            if container.streams.audio:
                yield from ((whole, part) for part in _samples(container))


def _samples(container: InputContainer) -> Iterator[Float32]:
    """[n] mono samples at `RATE_HZ`; what is broken between good parts is left out."""
    known = [track for track in container.streams.audio if track.codec_context is not None]
    if not known:
        raise UnreadableError(UNKNOWN_CODEC)
    frames = decoded(container.demux(known[0]), known[0])
    any_good = False
    for _, alike in groupby(frames, key=_layout):
        resampler = _resampler()
        for frame in chain(alike, (None,)):
            for part in resampler.resample(frame):
                any_good = True
                yield np.nan_to_num(part.to_ndarray()[0], nan=0.0, posinf=0.0, neginf=0.0)
    if not any_good:
        raise UnreadableError("no sound that can be decoded")


def _layout(frame: av.AudioFrame) -> tuple[int, int, str]:
    """The properties of audio frames that may change within a sound but that a resampler assumes
    constant."""
    return frame.sample_rate, frame.layout.nb_channels, frame.format.name


def _resampler() -> av.AudioResampler:
    return av.AudioResampler(format="fltp", layout="mono", rate=RATE_HZ)


def _quietest(samples: Float32, start: int) -> int:
    """The quietest place after `start`: the middle of a stretch of half a second."""
    size = RATE_HZ // 2
    count = (len(samples) - start) // size
    stretches = samples[start : start + count * size].reshape(count, size)
    return start + int(np.square(stretches).sum(axis=1).argmin()) * size + size // 2


def _moments(length_s: float, count: int) -> list[float]:
    """The middles of `count` equal parts of a clip, in seconds; fewer for a very short one."""
    count = max(1, min(count, math.ceil(length_s * 2)))
    return [(number + 0.5) * length_s / count for number in range(count)]
