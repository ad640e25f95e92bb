"""Frames of clips: the one that is shown then, as a player shows it, in every container."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from plugins import clip_frames
from plugins.clip_frames import ClipFrames
from plugins.errors import UnreadableError
from tests.runtime.making_media import frame, write_clip

WIDTH, HEIGHT = 160, 64
LIMIT = 1_000_000
CONTAINERS = [
    ("a.mp4", "libx264"), ("a.mkv", "libx264"), ("a.mov", "mpeg4"), ("a.ts", "libx264"),
    ("b.ts", "mpeg2video"), ("a.m2ts", "libx264"), ("a.mpg", "mpeg2video"), ("a.vob", "mpeg2video"),
    ("b.mpg", "mpeg1video"), ("a.avi", "mpeg4"), ("b.avi", "libx264"), ("a.flv", "flv"),
    ("b.flv", "libx264"), ("a.webm", "libvpx"), ("a.wmv", "msmpeg4v3"),
]  # fmt: skip
Turn = Callable[[NDArray[np.uint8]], NDArray[np.uint8]]
TURNS: dict[tuple[int, int, int, int], Turn] = {
    # By the first two rows of the display matrix, without its third column: what FFmpeg does.
    (1, 0, 0, 1): lambda pixels: pixels,
    (-1, 0, 0, 1): lambda pixels: pixels[:, ::-1],
    (1, 0, 0, -1): lambda pixels: pixels[::-1],
    (-1, 0, 0, -1): lambda pixels: pixels[::-1, ::-1],
    (0, 1, -1, 0): lambda pixels: np.rot90(pixels, -1),
    (0, -1, 1, 0): lambda pixels: np.rot90(pixels),
    (0, 1, 1, 0): lambda pixels: pixels.transpose(1, 0, 2),
    (0, -1, -1, 0): lambda pixels: np.rot90(pixels, -1)[::-1],
}


def write_numbered(
    path: Path, codec: str, n_frames: int = 200, fps: Fraction = Fraction(25), gop: int = 48
) -> Path:
    """A clip whose frames tell their numbers: ten fields, white where a bit is set."""
    options = {"sc_threshold": "0"} if codec == "libx264" else {}
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=fps, options=options)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.gop_size, stream.bit_rate = gop, 800_000
        for number in range(n_frames):
            bits = [255 * (number >> bit & 1) for bit in range(10)]
            row = np.repeat(np.array(bits, np.uint8), WIDTH // 10)
            pixels = np.broadcast_to(row[None, :, None], (HEIGHT, WIDTH, 3))
            picture = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgb24")
            picture.pts, picture.time_base = number, 1 / fps
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    return path


def number_shown(pixels: NDArray[np.uint8]) -> int:
    levels = pixels[10:50, 8::16, 0].mean(axis=0)
    return sum(1 << bit for bit, level in enumerate(levels) if level > 128)


def numbers_at(path: Path, asked: list[int]) -> tuple[int, list[int]]:
    """How many frames there are, and which are got at the times of these."""
    with av.open(str(path)) as container:
        clip = ClipFrames(container, LIMIT)
        frames = [clip.at(number / clip.fps)[1] for number in asked]
        shown = [number_shown(clip.picture(one, LIMIT)) for one in frames]
        return round(clip.duration_s * clip.fps), shown


@pytest.mark.parametrize("fps", [Fraction(25), Fraction(30_000, 1001)])
@pytest.mark.parametrize(("name", "codec"), CONTAINERS)
def test_the_frames_asked_for_are_the_frames_got_in_every_container(
    tmp_path: Path, name: str, codec: str, fps: Fraction
) -> None:
    path = write_numbered(tmp_path / name, codec, fps=fps)
    asked = [0, 1, 70, 71, 140, 198, 199]
    assert numbers_at(path, asked) == (200, asked)


@pytest.mark.parametrize("gop", [25, 250])
def test_a_broadcast_that_begins_in_the_midst_is_numbered_from_its_first_whole_frame(
    tmp_path: Path, gop: int
) -> None:
    whole = write_numbered(tmp_path / "a.ts", "libx264", n_frames=600, gop=gop).read_bytes()
    cut = tmp_path / "cut.ts"
    cut.write_bytes(whole[len(whole) // 10 // 188 * 188 :])
    _, [first] = numbers_at(cut, [0])
    asked = [0, 10, 120, 121, 300]
    assert first % gop == 0 < first
    assert numbers_at(cut, asked) == (600 - first, [first + number for number in asked])


@pytest.mark.parametrize(
    ("name", "codec"), [("a.ts", "libx264"), ("b.ts", "mpeg2video"), ("a.m2ts", "libx264")]
)
def test_recordings_put_one_behind_the_other_are_one_clip(
    tmp_path: Path, name: str, codec: str
) -> None:
    first = write_numbered(tmp_path / name, codec).read_bytes()
    second = write_numbered(tmp_path / name, codec, n_frames=120).read_bytes()
    (tmp_path / name).write_bytes(first + second)
    asked = [0, 5, 150, 199, 200, 201, 260, 319]
    shown = [0, 5, 150, 199, 0, 1, 60, 119]
    assert numbers_at(tmp_path / name, asked) == (320, shown)


@pytest.mark.parametrize(
    ("name", "codec"),
    [("a.mp4", "libx264"), ("a.mkv", "libx264"), ("a.mpg", "mpeg2video"), ("b.flv", "libx264")],
)
@pytest.mark.parametrize("n_frames", [1, 2, 3, 5])
def test_a_clip_of_few_frames_has_all_of_them(
    tmp_path: Path, name: str, codec: str, n_frames: int
) -> None:
    asked = list(range(n_frames))
    path = write_numbered(tmp_path / name, codec, n_frames)
    assert numbers_at(path, asked) == (n_frames, asked)


@pytest.mark.parametrize("matrix", TURNS)
def test_a_clip_is_turned_and_mirrored_as_ffmpeg_does_it(
    tmp_path: Path, matrix: tuple[int, int, int, int]
) -> None:
    path = write_clip(tmp_path / "a.mp4", n_frames=1, size=(64, 32))
    with av.open(str(path)) as container:
        clip = ClipFrames(container, LIMIT)
        stored = clip.picture(clip.at(0.0)[1], LIMIT)
    write_matrix(path, matrix)

    with av.open(str(path)) as container:
        clip = ClipFrames(container, LIMIT)
        pixels = clip.picture(clip.at(0.0)[1], LIMIT)

    np.testing.assert_array_equal(pixels, TURNS[matrix](stored))
    assert clip.size == (pixels.shape[1], pixels.shape[0])


def write_matrix(path: Path, matrix: tuple[int, int, int, int]) -> None:
    """Into the track header of an MP4."""
    data = bytearray(path.read_bytes())
    place = data.index(b"tkhd") + 44
    a, b, c, d = (value << 16 for value in matrix)
    values = (a, b, 0, c, d, 0, 0, 0, 1 << 30)
    data[place : place + 36] = b"".join(value.to_bytes(4, "big", signed=True) for value in values)
    path.write_bytes(bytes(data))


@pytest.mark.parametrize(
    ("aspect", "size"), [(Fraction(2), (128, 64)), (Fraction(1, 2), (32, 64)), (None, (64, 64))]
)
def test_pixels_come_out_square(
    tmp_path: Path, aspect: Fraction | None, size: tuple[int, int]
) -> None:
    path = tmp_path / "a.mkv"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        if aspect is not None:
            stream.codec_context.sample_aspect_ratio = aspect
        container.mux(stream.encode(av.VideoFrame.from_ndarray(frame(0), format="rgb24")))
        container.mux(stream.encode(None))
    with av.open(str(path)) as container:
        clip = ClipFrames(container, LIMIT)
        assert clip.size == size
        assert clip.picture(clip.at(0.0)[1], LIMIT).shape == (size[1], size[0], 3)


def test_a_clip_without_key_frames_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clip_frames, "MAX_BETWEEN_KEYS", 40)
    for name, codec in (("a.mp4", "libx264"), ("a.mpg", "mpeg2video")):
        path = write_numbered(tmp_path / name, codec, gop=300)
        with pytest.raises(UnreadableError, match="no key frame within 40 frames"):
            numbers_at(path, [0, 199])
