"""A face that speaks, as a clip: `face_clip` makes an MP4 of speech.

The same speech, size and seed make the same bytes on one machine. Knows no renderer and no bus.

Legend: n samples.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.stream import VideoStream

from plugins.api import Recipe
from plugins.avatar.artwork import artwork
from plugins.avatar.drawing import Painter
from plugins.avatar.motion import Mouth, pose_at
from plugins.avatar.speech import VisemeLike, checked_samples, checked_visemes
from plugins.avatar.visemes import Float32, loudness, visemes_of_sound
from plugins.errors import Cancelled, KnownError

RATES_HZ = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)
SMALLEST, LARGEST = 64, 2048
"""Pixels of a side."""
GROUNDS = ("light", "dark")
_PICTURES = {"crf": "20", "preset": "veryfast", "tune": "animation", "threads": "1"}
_SOUND_BITS = 96_000


@dataclass(frozen=True)
class _Look:
    size: int
    fps: int
    seed: int
    ground: str


def face_clip(
    samples: Float32,
    rate_hz: int,
    visemes: Iterable[VisemeLike] = (),
    *,
    size: int = 512,
    fps: int = 25,
    seed: int = 0,
    ground: str = "light",
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    recipe: Recipe | None = None,
) -> bytes:
    """An MP4 (H.264, AAC) of a face that says the samples.

    Args:
        samples: [n], -1 to 1.
        rate_hz: one of `RATES_HZ`.
        visemes: the mouth's shapes in the order of time; without any they are heard in the sound.
        size: width and height in pixels, even.
        fps: pictures a second.
        seed: when the face blinks and where it looks.
        ground: `light` or `dark`.
        progress: told pictures done and pictures in all, after every one.
        cancelled: asked before every picture.
        recipe: kept in the file.

    Raises:
        KnownError: what is given does not fit, or this build of FFmpeg has no H.264 encoder.
        Cancelled: `cancelled` said so.
    """
    _check_rate(rate_hz)
    sound = checked_samples(samples)
    look = _Look(size, fps, seed, ground)
    _check_look(look)
    shapes = checked_visemes(visemes) or visemes_of_sound(sound, rate_hz)
    mouth = Mouth(artwork(), shapes, loudness(sound, rate_hz).tolist())
    file = io.BytesIO()
    with av.open(file, "w", format="mp4", options={"fflags": "+bitexact"}) as output:
        if recipe is not None:
            output.metadata["comment"] = recipe.to_json()
        _write(output, sound, rate_hz, mouth, look, progress, cancelled)
    return file.getvalue()


def _write(
    output: OutputContainer,
    sound: Float32,
    rate_hz: int,
    mouth: Mouth,
    look: _Look,
    progress: Callable[[int, int], None] | None,
    cancelled: Callable[[], bool] | None,
) -> None:
    pictures, voice = _streams(output, rate_hz, look)
    painter = Painter(artwork(), look.size, look.ground)
    count = -(-len(sound) * look.fps // rate_hz)
    for index in range(count):
        if cancelled is not None and cancelled():
            raise Cancelled("the clip was stopped")
        t = (index + 0.5) / look.fps
        pose = pose_at(artwork(), t, "speaking", look.seed, mouth.at(t))
        picture = av.VideoFrame.from_ndarray(np.asarray(painter.draw(pose)), format="rgb24")
        picture.pts = index
        output.mux(pictures.encode(picture))
        start, stop = index * rate_hz // look.fps, (index + 1) * rate_hz // look.fps
        _speak(output, voice, sound[start:stop], start)
        if progress is not None:
            progress(index + 1, count)
    for stream in (pictures, voice):
        output.mux(stream.encode(None))


def _streams(output: OutputContainer, rate_hz: int, look: _Look) -> tuple[VideoStream, AudioStream]:
    pictures = output.add_stream("libx264", rate=look.fps, options=_PICTURES)
    pictures.width = pictures.height = look.size
    pictures.pix_fmt = "yuv420p"
    voice = output.add_stream("aac", rate=rate_hz, options={"threads": "1"})
    voice.layout = "mono"
    voice.bit_rate = _SOUND_BITS
    return pictures, voice


def _speak(output: OutputContainer, voice: AudioStream, part: Float32, at: int) -> None:
    if not len(part):
        return
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(part[None]), "fltp", "mono")
    frame.sample_rate, frame.pts = voice.rate, at
    output.mux(voice.encode(frame))


def _check_rate(rate_hz: int) -> None:
    if rate_hz not in RATES_HZ:
        known = ", ".join(map(str, RATES_HZ))
        raise KnownError(
            "talking face: expected a sound at one of {known} Hz, found {rate_hz}; resample it.",
            known=known,
            rate_hz=rate_hz,
        )


def _check_look(look: _Look) -> None:
    if "libx264" not in av.codecs_available:
        raise KnownError(
            "talking face: expected an H.264 encoder, found none; install the published av wheel."
        )
    if look.size % 2 or not SMALLEST <= look.size <= LARGEST:
        raise KnownError(
            "talking face: expected an even size from {smallest} to {largest} pixels, found "
            "{look_size}; change it.",
            smallest=SMALLEST,
            largest=LARGEST,
            look_size=look.size,
        )
    if not 5 <= look.fps <= 60:
        raise KnownError(
            "talking face: expected 5 to 60 pictures a second, found {fps}; change it.",
            fps=look.fps,
        )
    if look.ground not in GROUNDS:
        raise KnownError(
            "talking face: expected the ground light or dark, found {ground}; change it.",
            ground=repr(look.ground),
        )
