"""Small real media files for tests, made by the libraries that other programs use."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import soundfile
from numpy.typing import NDArray
from PIL import Image


def grey(number: int) -> int:
    """The grey level of a frame; neighbours differ by 7."""
    return 20 + 7 * number % 210


def frame(number: int, size: tuple[int, int] = (64, 64)) -> NDArray[np.uint8]:
    """[H, V, 3]: a grey level that tells the frame's number, with a red left half."""
    width, height = size
    pixels = np.full((height, width, 3), grey(number), np.uint8)
    pixels[:, : width // 2, 0] = 255
    return pixels


def write_clip(
    path: Path,
    n_frames: int = 8,
    fps: int | Fraction = 4,
    size: tuple[int, int] = (64, 64),
    *,
    codec: str = "libx264",
    gop: int = 12,
    sound: bool = False,
    options: dict[str, str] | None = None,
) -> Path:
    """A clip whose frame k has the level `grey(k)`, about; every `gop`th is a key frame."""
    with av.open(str(path), "w", options=options or {}) as container:
        stream = container.add_stream(codec, rate=fps, options={"crf": "10", "sc_threshold": "0"})
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.gop_size = gop
        track = container.add_stream("aac", rate=16_000, layout="mono") if sound else None
        for number in range(n_frames):
            picture = av.VideoFrame.from_ndarray(frame(number, size), format="rgb24")
            picture.pts, picture.time_base = number, 1 / Fraction(fps)
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
        if track is not None:
            tone = sine(float(n_frames / fps))[None]
            samples = av.AudioFrame.from_ndarray(tone, format="fltp", layout="mono")
            samples.sample_rate, samples.pts = 16_000, 0
            container.mux(track.encode(samples))
            container.mux(track.encode(None))
    return path


def sine(seconds: float, rate: int = 16_000, hertz: float = 440.0) -> NDArray[np.float32]:
    """[n] a tone of half the full level."""
    time = np.arange(int(seconds * rate)) / rate
    return (0.5 * np.sin(2 * np.pi * hertz * time)).astype(np.float32)


def write_sound(
    path: Path, seconds: float = 1.0, rate: int = 16_000, channels: int = 1, **kwargs: str
) -> Path:
    """A tone of 440 Hz in every channel."""
    samples = np.repeat(sine(seconds, rate)[:, None], channels, axis=1)
    soundfile.write(path, samples, rate, **kwargs)
    return path


def write_picture(path: Path, size: tuple[int, int] = (40, 30), mode: str = "RGB") -> Path:
    """A horizontal ramp."""
    ramp = np.linspace(0, 255, size[0]).astype(np.uint8)[None].repeat(size[1], axis=0)
    Image.fromarray(ramp).convert(mode).save(path)
    return path
