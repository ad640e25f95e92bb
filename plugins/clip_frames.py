"""Finds single frames of a clip by time and makes upright pictures of them. Files are untrusted.

Only the frames that are asked for are kept, and the search jumps to a key frame before each, so
that two hours cost little more than two seconds. Knows PyAV and arrays; knows no paths.

Legend: H, V height and width in pixels.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import chain
from typing import Any

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from plugins.errors import UnreadableError, phrase

BROKEN = (
    av.FFmpegError,
    ArithmeticError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""Exceptions that PyAV raises on broken files."""
UNKNOWN_CODEC = "a codec that is not known here"
MAX_BETWEEN_KEYS = 3_000
"""Frames decoded in search of one moment."""
_MOST_BROKEN = MAX_BETWEEN_KEYS
"""Packets in a row that may be broken before a track is given up."""
_JUMP_S = 2.0
"""Seconds ahead from which jumping is worth more than decoding on."""
_JUMP_FRAMES = 32
"""Likewise; more than a decoder holds back."""
_STREAMED = ("mpeg", "mpegts", "flv")
"""Formats whose time stamps may begin anew, and are wrong behind a jump: what is not needed is
passed by instead."""
_MOST_STREAMED = 1 << 29
"""Bytes of such a file; in larger ones the search jumps all the same."""
_BREAK_S = (-1.0, 10.0)
"""Seconds between two packets beyond which the time stamps have started again."""
_WITHOUT_STAMPS = ("avi",)
"""Formats that keep the order of frames and not their times."""
_BACK_S = (0.0, 1.0, 4.0, 15.0, 60.0, 240.0)
"""Seconds before a moment at which to look for a key frame, in turn, if a format does not find it
itself."""
_END_S = (5.0, 60.0)
"""Seconds before the stated end at which to look for the last packet, in turn."""
_BEFORE_S = 10.0
"""A moment before all packets: one at the first may lead behind it."""
_MAX_FPS = 1_000.0
_USUAL_FPS = 25.0
_ODDEST_PIXEL = 20
"""The most that pixels are wider than high, or higher than wide."""

Pixels = NDArray[np.uint8]


def video_stream(container: InputContainer) -> VideoStream | None:
    """The first real video track, if possible one that can be decoded; cover pictures of sounds
    are none."""
    real = [one for one in container.streams.video if not _is_cover(one)]
    return next((one for one in real if one.codec_context is not None), real[0] if real else None)


def _is_cover(stream: VideoStream) -> bool:
    return bool(stream.disposition & Disposition.attached_pic)


def decoded(packets: Iterable[Packet[Any]], stream: VideoStream | AudioStream) -> Iterator[Any]:
    """The frames of a track's packets; what is broken between good ones is left out.

    Raises:
        av.FFmpegError: too much in a row is broken.
    """
    broken = 0
    for packet in packets:
        if not packet.size:
            continue  # It stands for "as before", and a decoder takes it for the end.
        try:
            yield from packet.decode()
            broken = 0
        except av.FFmpegError:
            broken += 1
            if broken > _MOST_BROKEN:
                raise
    yield from stream.codec_context.decode(None)


class ClipFrames:
    """The video track of an open container: how long it is, and its frames by time.

    Times are seconds after the first frame that can be decoded. Every method may raise
    `UnreadableError` or what stands in `BROKEN`.
    """

    def __init__(self, container: InputContainer, max_pixels: int) -> None:
        """Decode the first frame and find the end; `max_pixels` is the limit of one frame."""
        stream = video_stream(container)
        if stream is None:
            raise UnreadableError("a sound without pictures")
        if stream.codec_context is None:
            raise UnreadableError(UNKNOWN_CODEC)
        self._container, self._stream, self._max_pixels = container, stream, max_pixels
        self._check_size(stream.width, stream.height)
        stream.codec_context.options = {"max_pixels": str(max_pixels)}
        self._base = float(stream.time_base or Fraction(1, 90_000))
        self.fps = _rate(stream.average_rate or stream.guessed_rate)
        self._kept_size: tuple[int, int] | None = None
        self._start = self._origin = self._held_time = 0.0
        self._next: VideoFrame | None = None
        streamed = container.format.name in _STREAMED and container.size <= _MOST_STREAMED
        self._passes_by = streamed
        self._go_on()
        first = next(self._source, None)
        if first is None:
            raise UnreadableError("no frames that can be decoded")
        self._hold(first)
        if not stream.average_rate and first.duration:
            self.fps = _rate(1 / (first.duration * self._base))
        self._start = self._held_time
        self._origin = 0.0 if container.format.name in _WITHOUT_STAMPS else self._start
        self.size = _turned_size(first, *self._shown_size(first))
        """Width and height of the clip in pixels, as a player shows it."""
        self.duration_s = max(self._end() - self._origin, 1 / self.fps)
        """Seconds to the end of the last frame."""
        self._rewind()

    def at(self, wanted: float) -> tuple[float, VideoFrame]:
        """The frame that is shown `wanted` seconds after the first, at the end the last one, and
        its time. Moments are asked for in ascending order."""
        latest = wanted + 0.5 / self.fps
        if wanted - self._held_time > max(_JUMP_S, _JUMP_FRAMES / self.fps):
            self._jump(wanted, latest)
        for _ in range(MAX_BETWEEN_KEYS):
            self._next = self._next or next(self._source, None)
            if self._next is None or self._time(self._next) > latest:
                return self._held_time, self._held
            self._hold(self._next)
        raise _without_keys()

    def picture(self, frame: VideoFrame, kept_pixels: int) -> Pixels:
        """uint8 [H, V, 3] as a player shows it: square pixels, turned as the camera was held, in
        the size of the first picture, which is reduced to about `kept_pixels` where larger."""
        width, height = self._shown_size(frame)
        shrink = min(1.0, math.sqrt(kept_pixels / (width * height)))
        if self._kept_size is None:
            self._kept_size = max(1, round(width * shrink)), max(1, round(height * shrink))
        small = frame.reformat(
            *self._kept_size, format="rgb24", interpolation="AREA" if shrink < 1 else None
        )
        pixels: Pixels = small.to_ndarray().astype(np.uint8, copy=False)
        return _turned(pixels, frame)

    def _shown_size(self, frame: VideoFrame) -> tuple[int, int]:
        """Width and height in square pixels, not yet turned."""
        self._check_size(frame.width, frame.height)
        aspect = self._stream.sample_aspect_ratio or Fraction(1)
        if not Fraction(1, _ODDEST_PIXEL) <= aspect <= _ODDEST_PIXEL:
            aspect = Fraction(1)
        return max(1, round(frame.width * aspect)), frame.height

    def _check_size(self, width: int, height: int) -> None:
        if width * height > self._max_pixels:
            raise UnreadableError(
                phrase("frames of {width} x {height} pixels", width=width, height=height),
                phrase(
                    "At most {millions} million pixels a frame are read.",
                    millions=self._max_pixels // 1_000_000,
                ),
            )

    def _hold(self, frame: VideoFrame) -> None:
        self._held_time = self._time(frame)
        self._held, self._next = frame, None

    def _time(self, frame: VideoFrame) -> float:
        """Seconds after the first frame."""
        stamp = frame.pts
        if stamp is None or self._container.format.name in _WITHOUT_STAMPS:
            stamp = frame.dts
        if stamp is None:
            return self._held_time + 1 / self.fps
        return stamp * self._base - self._start

    def _jump(self, wanted: float, latest: float) -> None:
        """Go on at a frame before `wanted`, no later than `latest`. Where a format finds a place
        between key frames only, the first frame that is decoded there may be too late."""
        if self._passes_by:
            self._pass_by(latest)
            return
        for back in _BACK_S:
            if wanted - back <= 0 or not self._seek(wanted - back):
                break
            first = next((frame for frame in self._source if not frame.is_corrupt), None)
            if first is not None and self._time(first) <= latest:
                self._hold(first)
                return
        self._rewind()

    def _pass_by(self, latest: float) -> None:
        """Go on at the last key frame but one before this moment, and decode nothing up to it."""
        older: list[Packet[VideoStream]] = []
        newer: list[Packet[VideoStream]] = []
        keys = 0
        for packet in self._packets:
            moment = self._moment(packet)
            if packet.is_keyframe and moment is not None and moment - self._origin <= latest:
                older, newer, keys = newer, [], keys + 1
            newer.append(packet)
            if len(newer) > MAX_BETWEEN_KEYS:
                raise _without_keys()
            if moment is not None and moment - self._origin > latest:
                break
        if keys > 1:
            self._next = None
            self._stream.codec_context.flush_buffers()
        self._source = decoded(chain(older, newer, self._packets), self._stream)

    def _rewind(self) -> None:
        for before in (0.0, _BEFORE_S):
            self._held_time = -1 / self.fps
            if self._seek(-before) and (first := next(self._source, None)):
                self._hold(first)
                if self._held_time < 0.5 / self.fps:
                    return

    def _seek(self, seconds: float) -> bool:
        """Seek to a place at or before this moment; False if the format cannot."""
        try:
            if self._passes_by:
                self._container.seek(0, unsupported_byte_offset=True)
            else:
                offset = math.floor((seconds + self._origin) / self._base)
                self._container.seek(offset, stream=self._stream, backward=True)
        except av.FFmpegError:
            return False
        self._go_on()
        return True

    def _go_on(self) -> None:
        """Read and decode from where the container stands."""
        self._packets = self._container.demux(self._stream)
        if self._passes_by:
            self._packets = _unbroken(self._packets, self._base, self.fps)
        self._source = decoded(self._packets, self._stream)

    def _end(self) -> float:
        """The end of the last packet by the track's clock, in seconds; decodes nothing."""
        if self._container.format.name in _WITHOUT_STAMPS and self._stream.duration:
            return self._stream.duration * self._base
        length = (self._container.duration or 0) / av.time_base
        stated = (self._container.start_time or 0) / av.time_base + length - self._origin
        late = [stated - back for back in _END_S if length > back]
        for moment in (*late, 0.0, -_BEFORE_S):
            if self._seek(moment) and (end := self._last_end()):
                return end
        return 0.0

    def _last_end(self) -> float:
        """The end of the last packet from here on; 0 if there are none."""
        ends = [
            moment + (packet.duration * self._base if packet.duration else 1 / self.fps)
            for packet in self._packets
            if (moment := self._moment(packet)) is not None and not packet.is_discard
        ]
        return max(ends, default=0.0)

    def _moment(self, packet: Packet[VideoStream]) -> float | None:
        """The time at which a packet is shown, by the track's clock, in seconds."""
        stamp = packet.pts
        if stamp is None or self._container.format.name in _WITHOUT_STAMPS:
            stamp = packet.dts
        return None if stamp is None else stamp * self._base


def _unbroken(
    packets: Iterator[Packet[VideoStream]], base: float, fps: float
) -> Iterator[Packet[VideoStream]]:
    """The packets with time stamps that go on where they would begin anew: recordings are put one
    behind the other as they are."""
    shift, last = 0, None
    for packet in packets:
        if packet.dts is not None:
            step = 0.0 if last is None else (packet.dts + shift - last) * base
            if last is not None and not _BREAK_S[0] <= step <= _BREAK_S[1]:
                shift = last + (packet.duration or round(1 / fps / base)) - packet.dts
            last = packet.dts = packet.dts + shift
            packet.pts = None if packet.pts is None else packet.pts + shift
        yield packet


def _rate(stated: Fraction | float | None) -> float:
    """Frames a second."""
    return float(stated) if stated and 0 < stated <= _MAX_FPS else _USUAL_FPS


def _without_keys() -> UnreadableError:
    return UnreadableError(
        phrase("no key frame within {count} frames", count=MAX_BETWEEN_KEYS),
        "Save it again with key frames every few seconds.",
    )


def _turned(pixels: Pixels, frame: VideoFrame) -> Pixels:
    """Turned and mirrored by the frame's display matrix, as FFmpeg does it; to quarters only."""
    right, down, right_below, down_below = _matrix(frame)
    if _is_sideways(frame):
        pixels, across, along = pixels.transpose(1, 0, 2), right_below, down
    else:
        across, along = right, down_below
    return np.ascontiguousarray(pixels[:: -1 if along < 0 else 1, :: -1 if across < 0 else 1])


def _turned_size(frame: VideoFrame, width: int, height: int) -> tuple[int, int]:
    return (height, width) if _is_sideways(frame) else (width, height)


def _is_sideways(frame: VideoFrame) -> bool:
    right, down, _, _ = _matrix(frame)
    return abs(down) > abs(right)


def _matrix(frame: VideoFrame) -> tuple[int, int, int, int]:
    """The direction on the screen (right, down) of one step to the right in the stored frame, then
    of one step down."""
    side_data: Any = frame.side_data.get("DISPLAYMATRIX")
    if side_data is None:
        return 1, 0, 0, 1
    right, down, _, right_below, down_below = np.frombuffer(side_data, np.int32)[:5].tolist()
    return right, down, right_below, down_below
