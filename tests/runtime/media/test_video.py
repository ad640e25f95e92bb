"""Clips are read by the frames asked for, however long they are."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from plugins import clip_frames
from plugins.errors import KnownError
from runtime.media import Video, read_video
from tests.runtime.making_media import grey, write_clip, write_picture, write_sound


def shows(video: Video, numbers: Sequence[int]) -> bool:
    """Whether the frames are those of these numbers, by the grey of the right side."""
    right = video.frames[:, :, -video.frames.shape[2] // 4 :, 1]
    expected = np.array([grey(number) for number in numbers])
    return bool(np.abs(right.mean(axis=(1, 2)) - expected).max() < 3.5)


def all_frames(n_frames: int, fps: float) -> list[int]:
    return list(range(n_frames))


@pytest.mark.parametrize(
    ("name", "codec"),
    [("a.mp4", "libx264"), ("a.mkv", "libx264"), ("a.webm", "libvpx-vp9"), ("a.avi", "mpeg4")],
)
def test_every_frame_is_the_one_asked_for(tmp_path: Path, name: str, codec: str) -> None:
    video = read_video(write_clip(tmp_path / name, codec=codec), all_frames)
    assert video.frames.shape == (8, 64, 64, 3)
    assert shows(video, range(8))
    assert (video.fps, video.n_frames) == (4.0, 8)
    assert video.duration_s == pytest.approx(2.0, abs=0.3)


def test_the_first_and_last_frame_of_a_short_clip_are_found(tmp_path: Path) -> None:
    video = read_video(write_clip(tmp_path / "a.mp4"), lambda n, _fps: [0, n - 1])
    assert video.numbers == (0, 7)
    assert shows(video, [0, 7])


def test_far_frames_are_reached_by_jumping(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "a.mp4", n_frames=200, fps=10, size=(32, 32), gop=10)
    video = read_video(path, lambda n, _fps: [0, 57, 58, 123, 199])
    assert shows(video, [0, 57, 58, 123, 199])


@pytest.fixture(scope="module")
def two_hours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """720 frames, one every ten seconds, every 30th a key frame."""
    path = tmp_path_factory.mktemp("long") / "long.mp4"
    return write_clip(path, n_frames=720, fps=Fraction(1, 10), size=(16, 16), gop=30)


def test_of_a_two_hour_clip_only_the_frames_near_those_asked_for_are_decoded(
    two_hours: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clip_frames, "MAX_BETWEEN_KEYS", 40)
    wanted = [0, 1, 359, 360, 718, 719]
    video = read_video(two_hours, lambda n, _fps: wanted)
    assert (video.n_frames, video.duration_s) == (720, 7200.0)
    assert shows(video, wanted)


def test_a_clip_without_key_frames_is_refused_instead_of_decoded_for_hours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clip_frames, "MAX_BETWEEN_KEYS", 40)
    path = write_clip(tmp_path / "a.mp4", n_frames=100, fps=10, size=(16, 16), gop=1000)
    with pytest.raises(KnownError, match="no key frame within 40 frames"):
        read_video(path, lambda n, _fps: [0, 99])


def test_a_matroska_file_cut_off_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    whole = write_clip(tmp_path / "a.mkv", n_frames=100, fps=10, gop=10)
    cut = tmp_path / "cut.mkv"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    video = read_video(cut, lambda n, _fps: [0, n - 1])
    assert 10 < video.n_frames < 90
    assert shows(video, [0, video.n_frames - 1])


@pytest.mark.parametrize("options", [{}, {"movflags": "faststart"}, {"movflags": "frag_keyframe"}])
@pytest.mark.parametrize("share", [0.05, 0.5, 0.95])
def test_a_truncated_mp4_is_one_clear_line(
    tmp_path: Path, options: dict[str, str], share: float
) -> None:
    whole = write_clip(tmp_path / "a.mp4", n_frames=40, options=options)
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(whole.read_bytes()[: int(whole.stat().st_size * share)])
    with pytest.raises(KnownError, match=r"clip .*cut\.mp4: expected .* found .*") as caught:
        read_video(cut, all_frames)
    assert "\n" not in str(caught.value)


def test_a_clip_held_upright_comes_upright(tmp_path: Path) -> None:
    plain = write_clip(tmp_path / "a.mp4", size=(64, 32))
    turned = tmp_path / "turned.mp4"
    shutil.copy(plain, turned)
    rotate_track(turned)
    video = read_video(turned, lambda n, _fps: [0])
    assert video.frames.shape == (1, 64, 32, 3)
    assert frame_half_is_red(video.frames[0]) in ("top", "bottom")


def frame_half_is_red(pixels: np.ndarray) -> str:
    """Where the red half of a frame went."""
    height, width = pixels.shape[:2]
    reds = {
        "top": pixels[: height // 4, :, 0].min(),
        "bottom": pixels[-height // 4 :, :, 0].min(),
        "left": pixels[:, : width // 4, 0].min(),
    }
    return max(reds, key=lambda side: int(reds[side]))


def rotate_track(path: Path) -> None:
    """Write a quarter turn into the track header's matrix of an MP4."""
    data = bytearray(path.read_bytes())
    header = data.index(b"tkhd") + 4
    matrix = header + 40
    one = (1 << 16).to_bytes(4, "big")
    minus = (-(1 << 16)).to_bytes(4, "big", signed=True)
    zero = bytes(4)
    flat = (1 << 30).to_bytes(4, "big")
    data[matrix : matrix + 36] = zero + one + zero + minus + zero + zero + zero + zero + flat
    path.write_bytes(bytes(data))


def test_large_frames_come_reduced(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "a.mp4", n_frames=2, size=(1920, 1080))
    video = read_video(path, lambda n, _fps: [0])
    _, height, width, _ = video.frames.shape
    assert height * width <= 1_010_000
    assert width / height == pytest.approx(16 / 9, abs=0.01)


def test_frames_over_the_limit_are_refused_with_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from runtime.media import video as reader

    path = write_clip(tmp_path / "a.mp4", size=(1280, 800))
    monkeypatch.setattr(reader, "MAX_PIXELS", 1_000_000)
    with pytest.raises(KnownError, match=r"1280 x 800 pixels\. At most 1 million pixels a frame"):
        read_video(path, all_frames)


def test_a_sound_file_given_as_a_clip_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match=r"expected a readable clip, found a sound \(wav\)"):
        read_video(write_sound(tmp_path / "a.mp4", format="WAV"), all_frames)


def test_a_container_with_sound_only_is_no_clip(tmp_path: Path) -> None:
    path = tmp_path / "a.m4a"
    with av.open(str(path), "w", format="mp4") as container:
        track = container.add_stream("aac", rate=16_000, layout="mono")
        samples = av.AudioFrame.from_ndarray(
            np.zeros((1, 16_000), np.float32), format="fltp", layout="mono"
        )
        samples.sample_rate, samples.pts, samples.time_base = 16_000, 0, Fraction(1, 16_000)
        container.mux(track.encode(samples))
        container.mux(track.encode(None))
    with pytest.raises(KnownError, match="found a sound without pictures"):
        read_video(path, all_frames)


def test_a_picture_given_as_a_clip_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match=r"expected a readable clip, found a picture \(PNG\)"):
        read_video(write_picture(tmp_path / "a.png"), all_frames)


def test_random_bytes_behind_a_clip_signature_are_refused(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 256, 4000, dtype=np.uint8).tobytes()
    for name, head in (
        ("a.mkv", b"\x1aE\xdf\xa3"),
        ("a.mp4", b"\0\0\0\x18ftypisom"),
        ("a.avi", b"RIFF\0\0\0\0AVI "),
    ):
        path = tmp_path / name
        path.write_bytes(head + noise)
        with pytest.raises(KnownError, match="expected a readable clip"):
            read_video(path, all_frames)
