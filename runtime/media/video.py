"""Reads single frames out of clips of any length. Knows PyAV and arrays.

Only the frames that are asked for are kept, and the reader jumps to the key frame before each, so
that two hours cost little more than two seconds.

Legend: T frames asked for, H, V height and width in pixels.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import av
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from runtime.media.container import open_container, video_stream
from runtime.media.files import MediaPath, open_medium, unusable
from runtime.media.sniff import content_of, described

MAX_PIXELS = 36_000_000
"""Of one frame: 8K."""
_KEPT_PIXELS = 1_000_000
"""Larger frames are reduced to about as many."""
_JUMP_S = 2.0
"""Seconds ahead from which jumping is worth more than decoding on."""
_MAX_BETWEEN_KEYS = 3_000
"""Frames decoded in search of one moment."""
_MAX_FPS = 1_000.0
_USUAL_FPS = 25.0

Choose = Callable[[int, float], Sequence[int]]
"""(number of frames, frames per second) -> numbers of the frames wanted, ascending."""


@dataclass(frozen=True)
class Video:
    """The frames that were asked for."""

    frames: NDArray[np.uint8]
    """[T, H, V, 3] upright."""
    numbers: tuple[int, ...]
    """T frame numbers, as chosen."""
    fps: float
    n_frames: int
    duration_s: float
    """Seconds."""


def read_video(path: MediaPath, choose: Choose) -> Video:
    """Frames of a clip. `choose` is told how many there are and at what rate.

    Raises:
        KnownError: no such file, not a clip, broken, cut short, or with frames too large.
    """
    with open_medium(path, "video") as file:
        content = content_of(file)
        if content.family != "container":
            raise unusable(path, "video", described(content))
        with open_container(file, content, path, "video") as container:
            stream = video_stream(container)
            if stream is None:
                raise unusable(path, "video", "a sound without pictures")
            return _Reader(container, stream, path).read(choose)


class _Reader:
    """One pass over one video track."""

    def __init__(self, container: InputContainer, stream: VideoStream, path: MediaPath) -> None:
        self.container, self.stream, self.path = container, stream, path
        self.base = stream.time_base or (1 / 90_000)
        self.start = float((stream.start_time or 0) * self.base)
        rate = float(stream.average_rate or stream.guessed_rate or 0)
        self.fps = rate if 0 < rate <= _MAX_FPS else _USUAL_FPS
        self._check_size(stream.width, stream.height)
        stream.codec_context.options = {"max_pixels": str(MAX_PIXELS)}

    def read(self, choose: Choose) -> Video:
        duration = self._stated_duration() or self._last_moment()
        video = self._read(choose, duration)
        if video is None:
            # The track ends before the container says: look where it really ends.
            video = self._read(choose, self._last_moment())
        if video is None:
            raise unusable(self.path, "video", "no frames that can be decoded")
        return video

    def _read(self, choose: Choose, duration: float) -> Video | None:
        """None when the track ended more than a second before a wanted frame."""
        n_frames = max(1, round(duration * self.fps))
        numbers = tuple(choose(n_frames, self.fps))
        frames: list[NDArray[np.uint8]] = []
        for wanted, frame in self._frames_at([number / self.fps for number in numbers]):
            if frame is None or wanted - self._time(frame) > 1.0 + 1.5 / self.fps:
                return None
            pixels = self._pixels(frame)
            if frames and frames[0].shape != pixels.shape:
                raise unusable(self.path, "video", "frames that change their size")
            frames.append(pixels)
        return Video(np.stack(frames), numbers, self.fps, n_frames, duration)

    def _frames_at(self, times: Sequence[float]) -> Iterator[tuple[float, VideoFrame | None]]:
        """For each time (seconds, ascending) the frame shown then; at the end the last one."""
        held: VideoFrame | None = None
        self._seek(0.0)
        source = self._decode()
        for wanted in times:
            reached = self._time(held) if held else 0.0
            if wanted - reached > _JUMP_S and self._seek(wanted):
                source = self._decode()
            budget = _MAX_BETWEEN_KEYS
            while held is None or self._time(held) < wanted - 0.5 / self.fps:
                following = next(source, None)
                if following is None:
                    break
                held = following
                budget -= 1
                if not budget:
                    raise unusable(
                        self.path,
                        "video",
                        f"no key frame within {_MAX_BETWEEN_KEYS} frames",
                        "Save it again with key frames every few seconds.",
                    )
            yield wanted, held

    def _decode(self) -> Iterator[VideoFrame]:
        for frame in self.container.decode(self.stream):
            if frame.pts is not None or frame.dts is not None:
                yield frame

    def _seek(self, seconds: float) -> bool:
        """To the key frame before; False where the format cannot, which means decoding on."""
        try:
            offset = math.floor((seconds + self.start) / self.base)
            self.container.seek(offset, stream=self.stream, backward=True)
        except av.FFmpegError:
            return False
        return True

    def _time(self, frame: VideoFrame) -> float:
        stamp = frame.dts if frame.pts is None else frame.pts
        return float((stamp or 0) * self.base) - self.start

    def _stated_duration(self) -> float:
        """Seconds, from the track or else the container; 0 when neither says."""
        if self.stream.duration:
            return float(self.stream.duration * self.base)
        return (self.container.duration or 0) / av.time_base

    def _last_moment(self) -> float:
        """Seconds to the end of the last packet; reads the file, decodes nothing."""
        self._seek(0.0)
        last = 0.0
        for packet in self.container.demux(self.stream):
            if packet.pts is not None:
                last = max(last, float((packet.pts + (packet.duration or 0)) * self.base))
        return max(last - self.start, 1 / self.fps)

    def _check_size(self, width: int, height: int) -> None:
        if width * height > MAX_PIXELS:
            raise unusable(
                self.path,
                "video",
                f"frames of {width} x {height} pixels",
                f"At most {MAX_PIXELS // 1_000_000} million pixels a frame are read.",
            )

    def _pixels(self, frame: VideoFrame) -> NDArray[np.uint8]:
        """uint8 [H, V, 3], reduced where large, turned as the camera was held."""
        self._check_size(frame.width, frame.height)
        shrink = min(1.0, math.sqrt(_KEPT_PIXELS / (frame.width * frame.height)))
        small = frame.reformat(
            width=max(1, round(frame.width * shrink)),
            height=max(1, round(frame.height * shrink)),
            format="rgb24",
            interpolation="AREA" if shrink < 1 else None,
        )
        turns = round(frame.rotation / 90) % 4
        return np.ascontiguousarray(np.rot90(small.to_ndarray(), turns))
