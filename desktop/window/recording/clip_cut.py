"""Cuts a part out of a recorded clip, pictures and sound. Knows no window; loads FFmpeg."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import cast

import av
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.video.stream import VideoStream

from plugins.errors import KnownError

TICK = Fraction(1, 1000)
"""Pictures keep their times to a thousandth of a second."""


def cut_clip(source: Path, target: Path, begin_s: float, end_s: float) -> None:
    """Write what lies between two moments of a clip as an MP4.

    Raises:
        KnownError: it cannot be read or written, or nothing lies between them.
    """
    try:
        with av.open(str(source)) as given, av.open(str(target), "w", format="mp4") as made:
            count = _copy(given, made, begin_s, end_s)
    except (OSError, av.FFmpegError) as error:
        raise KnownError(
            "expected a clip that can be cut, found: {error}. Keep all of it.", error=error
        ) from error
    if not count:
        raise KnownError("expected pictures in what is kept of the clip, found none. Keep more.")


def _copy(given: InputContainer, made: OutputContainer, begin_s: float, end_s: float) -> int:
    """How many pictures were kept."""
    pictures = _pictures(given.streams.video[0], made)
    sound = _sound(given.streams.audio[0], made) if given.streams.audio else None
    kinds = {"video": 0, "audio": 0} if sound is not None else {"video": 0}
    count = heard = 0
    for frame in given.decode(**kinds):
        assert isinstance(frame, av.VideoFrame | av.AudioFrame)
        if frame.time is None or not begin_s <= frame.time < end_s:
            continue
        if isinstance(frame, av.VideoFrame):
            picture = frame.reformat(format="yuv420p")
            picture.pts, picture.time_base = round((frame.time - begin_s) / TICK), TICK
            made.mux(pictures.encode(picture))
            count += 1
        elif sound is not None:
            frame.pts, frame.time_base = heard, Fraction(1, frame.sample_rate)
            heard += frame.samples
            made.mux(sound.encode(frame))
    made.mux(pictures.encode(None))
    if sound is not None:
        made.mux(sound.encode(None))
    return count


def _pictures(given: VideoStream, made: OutputContainer) -> VideoStream:
    codec = "libx264" if "libx264" in av.codecs_available else "mpeg4"
    stream = cast(VideoStream, made.add_stream(codec, rate=given.average_rate or 25))
    stream.width, stream.height = given.width // 2 * 2, given.height // 2 * 2
    stream.pix_fmt = "yuv420p"
    stream.codec_context.time_base = TICK
    return stream


def _sound(given: AudioStream, made: OutputContainer) -> AudioStream:
    stream = made.add_stream("aac", rate=given.rate)
    stream.layout = given.layout.name
    return stream
