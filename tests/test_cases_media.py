"""Media that other programs stumble over, each beside what is right: `tests/cases`.

The clips whose names begin with `frame-numbers` tell their frames' numbers in pictures: ten fields
from left to right, white for each bit that is set, the least first.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from desktop.assistant.media_probe.process import look
from desktop.assistant.media_probe.protocol import VIEW
from plugins.errors import KnownError
from runtime.media import Video, detect_modality, read_audio, read_image, read_video

CASES = Path(__file__).with_name("cases")
RED, GREEN = (253, 0, 0), (0, 127, 0)
NOT_MEDIA = {"", ".zip", ".txt", ".md", ".c"}

FRAMES = {
    # name: frames in all, frames a second
    "frame-numbers.ts": (200, 25.0),
    "frame-numbers.mpg": (500, 25.0),
}
ASKED: list[Callable[[int], list[int]]] = [
    lambda n: list(range(n)),
    lambda n: [0, n - 1],
    lambda n: [n - 1],
    lambda n: list(range(0, n, 62)),
    lambda n: [n // 2, n // 2 + 1, n - 50],
]
CLIPS = {
    # name: width and height as shown, frames in all, frames a second, colours left and right
    "mat_hflip.mp4": ((160, 120), 20, 10.0, GREEN, RED),
    "sar.mp4": ((320, 120), 20, 10.0, RED, GREEN),
    "chgsize.webm": ((160, 120), 40, 10.0, RED, GREEN),
    "t.ogv": ((160, 120), 13, 10.0, RED, GREEN),
    "avchd.mts": ((96, 64), 30, 10.0, None, None),
}
SOUNDS = {
    # name: seconds, hertz, loudest
    "audio-changes-layout.ts": (24_192 / 44_100 + 14_976 / 32_000, 440.0, 0.129),
    "id3.m4a": (2.02, 440.0, 0.13),
    "m4a_id3v1.m4a": (2.02, 440.0, 0.13),
    "wav_7fffffff.wav": (0.5, 440.0, 0.125),
    "wav_fffffff7.wav": (0.5, 440.0, 0.125),
    "wav_never_closed_0.wav": (0.5, 440.0, 0.125),
}
PICTURES: dict[str, tuple[tuple[int, int], dict[tuple[int, int], tuple[int, int, int]]]] = {
    # name: height and width, colours by row and column
    "avif_mif1.avif": ((64, 64), {(5, 5): (201, 30, 30), (60, 60): (201, 30, 30)}),
    "avif_miaf.avif": ((64, 64), {(5, 5): (201, 30, 30), (60, 60): (201, 30, 30)}),
    # Display P3: as Pillow and LittleCMS turn it into sRGB.
    "icc_p3.png": (
        (10, 60),
        {(0, 5): (190, 60, 60), (0, 15): (60, 160, 70), (0, 25): (69, 80, 180),
         (0, 35): (200, 170, 60), (0, 45): (128, 128, 128), (0, 55): (150, 90, 160)},
    ),
    # Half the size, from black on the left to white on the right in 16 bits.
    "xray16.png": ((1050, 1100), {(0, 0): (0, 0, 0), (500, 1099): (255, 255, 255)}),
    "narrow-p.png": ((500, 32_000), {(250, 16_000): (255, 255, 255)}),
    "narrow-i.tiff": ((500, 32_000), {(250, 16_000): (0, 0, 0)}),
    "x.tiff": ((48, 64), {(0, 0): (200, 30, 30), (47, 0): (200, 30, 30)}),
}  # fmt: skip
UNUSABLE = {
    "unkcodec.mp4": "clip {}: expected a readable clip, found a codec that is not known here.",
    "keep-2023-mpeg4.mp4": (
        "clip {}: expected a readable clip, found a codec that is not known here."
    ),
    # Its index counts from where the file began before 16 bytes were put in front.
    "free.mp4": "clip {}: expected a readable clip, found no frames that can be decoded.",
    "keep-1957-u8.wav": (
        "sound {}: expected a readable sound, found a codec that is not known here."
    ),
    # A packet that says so in the midst of a sound of one channel.
    "aac-55-channels.m4a": "sound {}: expected a readable sound, found a sound of 55 channels.",
    "keep-1192-x.avif": (
        "picture {}: expected a readable picture, found a file that cannot be decoded."
    ),
}

ADVICE = {"aac-55-channels.m4a": "Save it with at most 8 channels."}


def path_of(name: str) -> Path:
    return CASES / name


def read(name: str, asked: Callable[[int], list[int]]) -> Video:
    return read_video(path_of(name), lambda n, _fps: asked(n))


def number_shown(pixels: NDArray[np.uint8]) -> int:
    """The number in a frame of `frame-numbers`."""
    row = pixels[10:50, 8::16, 0].mean(axis=0)
    return sum(1 << bit for bit, level in enumerate(row) if level > 128)


def near(pixel: NDArray[np.uint8], colour: tuple[int, int, int]) -> bool:
    return bool(np.abs(pixel.astype(int) - colour).max() <= 2)


def hertz(samples: NDArray[np.float32]) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(spectrum.argmax() * 16_000 / len(samples))


def test_every_case_has_its_right_value() -> None:
    told = {*FRAMES, *CLIPS, *SOUNDS, *PICTURES, *UNUSABLE}
    assert told == {path.name for path in CASES.iterdir() if path.suffix not in NOT_MEDIA}


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("name", FRAMES)
def test_the_frames_asked_for_are_the_frames_got(
    name: str, asked: Callable[[int], list[int]]
) -> None:
    n_frames, fps = FRAMES[name]

    video = read(name, asked)

    assert (video.n_frames, video.fps) == (n_frames, fps)
    assert video.duration_s == pytest.approx(n_frames / fps)
    assert [number_shown(frame) for frame in video.frames] == asked(n_frames)


@pytest.mark.parametrize("name", CLIPS)
def test_a_clip_is_as_a_player_shows_it(name: str) -> None:
    size, n_frames, fps, left, right = CLIPS[name]

    video = read(name, lambda n: [0, n // 2, n - 1])

    assert detect_modality(path_of(name)) == "video"
    assert (video.size, video.n_frames, video.fps) == (size, n_frames, fps)
    assert video.frames.shape == (3, size[1], size[0], 3)
    assert video.duration_s == pytest.approx(n_frames / fps)
    if left and right:
        assert near(video.frames[0, 10, 5], left)
        assert near(video.frames[0, 10, -5], right)
    seen = look(path_of(name))
    assert (seen.width, seen.height) == size


def test_what_comes_after_a_change_of_size_is_shown_in_the_size_before() -> None:
    first, last = read("chgsize.webm", lambda n: [0, n - 1]).frames
    assert near(first[10, 5], RED)
    assert near(last[10, 5], GREEN)


@pytest.mark.parametrize("name", SOUNDS)
def test_a_sound_is_heard_from_its_beginning_to_its_end(name: str) -> None:
    seconds, tone, loudest = SOUNDS[name]

    sound = read_audio(path_of(name))

    assert detect_modality(path_of(name)) == "audio"
    assert sound.duration_s == pytest.approx(seconds, abs=1e-3)
    assert hertz(sound.samples) == pytest.approx(tone, abs=1.5)
    assert np.abs(sound.samples).max() == pytest.approx(loudest, abs=2e-3)
    assert look(path_of(name)).duration_s == pytest.approx(seconds, abs=1e-3)


def test_the_pitch_stays_where_rate_and_channels_change() -> None:
    samples = read_audio(path_of("audio-changes-layout.ts")).samples
    first, second = np.array_split(samples, 2)
    assert hertz(first) == pytest.approx(440, abs=2)
    assert hertz(second) == pytest.approx(440, abs=2)


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_has_its_size_and_its_colours(name: str) -> None:
    size, colours = PICTURES[name]

    pixels = read_image(path_of(name))

    assert detect_modality(path_of(name)) == "image"
    assert pixels.shape == (*size, 3)
    for (row, column), colour in colours.items():
        assert near(pixels[row, column], colour)


def test_the_window_shows_the_colours_of_a_profile_too(tmp_path: Path) -> None:
    view = next(one for one in look(path_of("icc_p3.png")).sketches if one.kind == VIEW)
    (tmp_path / "view.png").write_bytes(view.data)
    _, colours = PICTURES["icc_p3.png"]
    pixels = read_image(tmp_path / "view.png")
    assert all(near(pixels[place], colour) for place, colour in colours.items())


@pytest.mark.parametrize("name", UNUSABLE)
def test_what_cannot_be_used_is_one_clear_sentence(name: str) -> None:
    advice = ADVICE.get(name, "Choose another file.")
    says = f"{UNUSABLE[name].format(path_of(name))} {advice}"

    with pytest.raises(KnownError) as caught:
        look(path_of(name))

    assert str(caught.value) == says
