"""Everyday damage of pictures, sounds and clips, as files get it when they are passed on.

Codecs, sizes, cropped edges, noise, levels and sample rates. A damaged medium is still about what
it was about. Knows arrays and files; knows no models and no Pocketworld.

Legend: H, W pixels, T frames, n samples.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
import soundfile
import soxr
from av.audio.stream import AudioStream
from av.video.stream import VideoStream
from numpy.typing import NDArray
from PIL import Image

from plugins.errors import BugError

Rng = np.random.Generator
Pixels = NDArray[np.uint8]
Wave = NDArray[np.float32]

SIDES = (64, 96, 128, 200, 256, 320, 480, 640)
"""Pixels that the shorter side of a picture may be resized to."""
CLIP_SIDES = (64, 96, 128, 192, 256)
BLOCK = 16
"""Pixels of a side that codecs of clips take at a time; other sizes differ from run to run."""
RATES = (8_000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000)
"""Hertz that a sound may be resampled to."""
LOSSY_SOUNDS = (("mp3", "libmp3lame"), ("ipod", "aac"), ("ogg", "libopus"))
"""Containers and codecs of sounds; PyAV's names."""
CLIPS = (
    ("libx264", "mp4", {"preset": "veryfast", "x264-params": "mbtree=0"}),
    ("libvpx-vp9", "webm", {"b": "0", "deadline": "realtime", "cpu-used": "7"}),
)
"""Codecs, containers and settings of clips. With its macroblock tree x264 writes other bytes from
run to run."""
EXACT = {"fflags": "+bitexact"}
"""No time and no chance gets into a file."""
SUFFIX = {"mp3": ".mp3", "ipod": ".m4a", "ogg": ".ogg"}


def write_damaged(modality: str, media: NDArray[Any], path: Path, rng: Rng, fps: int = 4) -> Path:
    """A damaged copy of a medium as a file; each kind of damage comes with its own chance.

    Args:
        modality: `image`, `audio` or `video`.
        media: uint8 [H, W, 3], float [n] at 16 kHz, or uint8 [T, H, W, 3].
        path: of the file, which gets a suffix of its format.
        rng: draws the damage; the same one makes the same file.
        fps: frames per second of a clip.
    """
    if modality == "image":
        return _save_picture(_worn(media[None], rng)[0], path, rng)
    if modality == "audio":
        return _save_sound(media.astype(np.float32), path, rng)
    if modality == "video":
        return _save_clip(_worn(media, rng), path, fps, rng)
    raise BugError(f"damage: expected image, audio or video, found {modality}")


def _worn(frames: Pixels, rng: Rng) -> Pixels:
    """[T, H, W, 3] in another size, with cropped edges, other levels and noise."""
    side = int(rng.choice(SIDES if len(frames) == 1 else CLIP_SIDES))
    way = (Image.Resampling.BILINEAR, Image.Resampling.BICUBIC, Image.Resampling.LANCZOS)
    crop = rng.uniform(0.0, 0.05, size=4) if rng.random() < 0.5 else np.zeros(4)
    cropped = [_cropped(Image.fromarray(frame), crop) for frame in frames]
    size = _whole(cropped[0].size, side, 1 if len(frames) == 1 else BLOCK)
    resized = [one.resize(size, way[int(rng.integers(3))]) for one in cropped]
    pixels: NDArray[Any] = np.stack([np.asarray(one, dtype=np.float32) for one in resized])
    if rng.random() < 0.5:
        pixels = _levelled(pixels, rng)
    if rng.random() < 0.4:
        pixels = pixels + rng.normal(0.0, rng.uniform(1.0, 10.0), size=pixels.shape)
    return np.clip(pixels, 0, 255).astype(np.uint8)


def _cropped(image: Image.Image, shares: NDArray[np.float64]) -> Image.Image:
    """The picture without these shares of its left, upper, right and lower edges."""
    width, height = image.size
    left, top, right, bottom = shares * (width, height, width, height)
    return image.crop((round(left), round(top), round(width - right), round(height - bottom)))


def _whole(size: tuple[int, int], side: int, unit: int) -> tuple[int, int]:
    """A size whose shorter side is about `side`, both in whole units."""
    scale = side / min(size) / unit
    return unit * round(size[0] * scale), unit * round(size[1] * scale)


def _levelled(pixels: NDArray[np.float32], rng: Rng) -> NDArray[np.float32]:
    """Brighter or darker, with more or less contrast, warmer or colder."""
    gamma = rng.uniform(0.8, 1.25)
    gain = rng.uniform(0.85, 1.15) * rng.uniform(0.96, 1.04, size=3)
    shift = rng.uniform(-16.0, 16.0)
    curved = 255.0 * (np.clip(pixels, 0, 255) / 255.0) ** gamma
    return np.asarray((curved - 128.0) * gain + 128.0 + shift, dtype=np.float32)


def _save_picture(pixels: Pixels, path: Path, rng: Rng) -> Path:
    kind = str(rng.choice(["PNG", "JPEG", "JPEG", "JPEG", "WEBP"]))
    options: dict[str, Any] = {} if kind == "PNG" else {"quality": int(rng.integers(30, 96))}
    path = path.with_suffix({"PNG": ".png", "JPEG": ".jpg", "WEBP": ".webp"}[kind])
    Image.fromarray(pixels).save(path, kind, **options)
    return path


def _save_clip(frames: Pixels, path: Path, fps: int, rng: Rng) -> Path:
    codec, container, quick = CLIPS[int(rng.random() < 0.25)]
    options = {"crf": str(int(rng.integers(18, 36))), "threads": "1", **quick}
    repeats = int(rng.choice([1, 1, 2, 4]))
    file = io.BytesIO()
    with av.open(file, "w", format=container, options=EXACT) as output:
        stream = cast(
            VideoStream,
            output.add_stream(codec, rate=fps * repeats, options=options),
        )
        stream.height, stream.width = frames.shape[1:3]
        stream.pix_fmt = "yuv420p"
        for pixels in np.repeat(frames, repeats, axis=0):
            output.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        output.mux(stream.encode(None))
    path = path.with_suffix(f".{container}")
    path.write_bytes(file.getvalue())
    return path


def _save_sound(samples: Wave, path: Path, rng: Rng) -> Path:
    rate = 16_000
    if rng.random() < 0.5:
        samples = samples * np.float32(rng.uniform(0.15, 1.4))
    if rng.random() < 0.4:
        level = np.sqrt(np.mean(samples**2)) * 10 ** (-rng.uniform(20.0, 45.0) / 20)
        samples = samples + rng.normal(0.0, level, size=samples.shape).astype(np.float32)
    if rng.random() < 0.3:
        samples = samples[int(rng.integers(0, 800)) : len(samples) - int(rng.integers(0, 800))]
    if rng.random() < 0.5:
        wanted = int(rng.choice(RATES))
        samples, rate = soxr.resample(samples, rate, wanted), wanted
    samples = np.clip(samples, -1.0, 1.0).astype(np.float32)
    if rng.random() < 0.5:
        path = path.with_suffix(".wav")
        soundfile.write(path, samples, rate)
        return path
    container, codec = LOSSY_SOUNDS[int(rng.integers(len(LOSSY_SOUNDS)))]
    path = path.with_suffix(SUFFIX[container])
    path.write_bytes(_lossy(samples, rate, container, codec, int(rng.choice([48, 64, 96, 128]))))
    return path


def _lossy(samples: Wave, rate: int, container: str, codec: str, kilobits: int) -> bytes:
    """Encoded at the sound's rate, or at the next one that the codec takes."""
    taken = 48_000 if codec == "libopus" else max(rate, 16_000)
    if taken != rate:
        samples = soxr.resample(samples, rate, taken)
    file = io.BytesIO()
    with av.open(file, "w", format=container, options=EXACT) as output:
        stream = cast(AudioStream, output.add_stream(codec, rate=taken, layout="mono"))
        stream.bit_rate = 1000 * kilobits
        for block in _blocks(samples, taken):
            output.mux(stream.encode(block))
        output.mux(stream.encode(None))
    return file.getvalue()


def _blocks(samples: Wave, rate: int, size: int = 4096) -> Sequence[av.AudioFrame]:
    frames = []
    for start in range(0, len(samples), size):
        block = np.ascontiguousarray(samples[None, start : start + size], dtype=np.float32)
        frame = av.AudioFrame.from_ndarray(block, format="fltp", layout="mono")
        frame.sample_rate, frame.pts = rate, start
        frames.append(frame)
    return frames
