"""Files: opened by others, the same bytes every time, with the recipe inside."""

from __future__ import annotations

import io
import os
import wave
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest

from plugins import media_files
from plugins.api import Condition, Recipe
from plugins.errors import KnownError
from plugins.media_files import MediaFile, clip, png, read_recipe, wav
from tests.plugins.decoding import decode

BIG = np.random.default_rng(0).standard_normal((77, 1024)).astype(np.float32)
RECIPE = Recipe(
    "medley.image", "1", "image", "pocket", Condition({"embeds": BIG}), {"steps": 20, "x": 0.5}, 7
)
PIXELS = np.random.default_rng(1).integers(0, 256, (48, 64, 3), np.uint8)
SAMPLES = np.sin(np.arange(1601) / 9).astype(np.float32)
FRAMES = np.stack([np.full((32, 64, 3), 20 * i, np.uint8) for i in range(5)])
MAKERS: dict[str, Callable[[], MediaFile]] = {
    "png": lambda: png(PIXELS, RECIPE),
    "wav": lambda: wav(SAMPLES, 16000, RECIPE),
    "mp4": lambda: clip(FRAMES, 8, RECIPE),
}
every_kind = pytest.mark.parametrize("kind", MAKERS)


def written(tmp_path: Path, data: bytes, extension: str = ".bin") -> Path:
    path = tmp_path / f"file{extension}"
    path.write_bytes(data)
    return path


@every_kind
def test_a_large_recipe_comes_back_whole(tmp_path: Path, kind: str) -> None:
    file = MAKERS[kind]()

    found = read_recipe(written(tmp_path, file.data, file.extension))

    assert found.to_json() == RECIPE.to_json()
    assert file.extension == f".{kind}"


@every_kind
def test_the_same_input_makes_the_same_bytes(kind: str) -> None:
    assert MAKERS[kind]().data == MAKERS[kind]().data


def test_others_see_the_pixels_of_a_picture(tmp_path: Path) -> None:
    np.testing.assert_array_equal(decode(png(PIXELS, RECIPE).data, ".png", tmp_path), PIXELS)


def test_others_hear_the_samples_of_a_sound(tmp_path: Path) -> None:
    data = wav(SAMPLES, 16000, RECIPE).data

    samples = decode(data, ".wav", tmp_path) / 32767

    np.testing.assert_allclose(samples, SAMPLES, atol=1 / 32000)
    with wave.open(io.BytesIO(data)) as file:
        assert (file.getframerate(), file.getnframes()) == (16000, 1601)


def test_others_see_the_frames_of_a_clip(tmp_path: Path) -> None:
    frames = decode(clip(FRAMES, 8, RECIPE).data, ".mp4", tmp_path)

    assert frames.shape == FRAMES.shape
    np.testing.assert_allclose(frames, FRAMES, atol=4)


def test_without_an_h264_encoder_a_clip_becomes_vp9(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media_files.av, "codecs_available", {"libvpx-vp9"})

    first, second = clip(FRAMES, 8, RECIPE), clip(FRAMES, 8, RECIPE)

    assert (first.mime, first.extension) == ("video/webm", ".webm")
    assert first.data == second.data
    path = written(tmp_path, first.data, ".webm")
    assert read_recipe(path).to_json() == RECIPE.to_json()
    with av.open(str(path)) as container:
        assert container.streams.video[0].codec_context.name.endswith("vp9")
        assert len(list(container.decode(video=0))) == 5


def test_without_any_encoder_the_reason_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media_files.av, "codecs_available", set())

    with pytest.raises(KnownError, match=r"H\.264 or VP9"):
        clip(FRAMES, 8, RECIPE)


def test_an_odd_size_is_refused() -> None:
    with pytest.raises(KnownError, match="even width and height, found 63x32"):
        clip(FRAMES[:, :, :63], 8, RECIPE)


@pytest.mark.parametrize("data", [b"", b"hello", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WAVE"])
def test_a_file_without_a_recipe_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(KnownError, match="found none"):
        read_recipe(written(tmp_path, data))


def test_a_picture_of_others_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="found none"):
        read_recipe(written(tmp_path, png(PIXELS).data))


@pytest.mark.parametrize("keep", [30, 200_000])
@every_kind
def test_a_cut_off_file_is_refused(tmp_path: Path, kind: str, keep: int) -> None:
    data = MAKERS[kind]().data

    with pytest.raises(KnownError):
        read_recipe(written(tmp_path, data[:keep]))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="found none"):
        read_recipe(tmp_path / "gone.png")


def test_a_changed_recipe_is_noticed(tmp_path: Path) -> None:
    data = png(PIXELS, RECIPE).data.replace(b'"seed":7', b'"seed":8')

    with pytest.raises(KnownError, match="found a wrong checksum"):
        read_recipe(written(tmp_path, data))


def test_a_pipe_is_not_waited_for_and_a_device_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    os.mkfifo(tmp_path / "pipe.json")
    (tmp_path / "zero.json").symlink_to("/dev/zero")

    for name in ("pipe.png", "pipe.json", "zero.json"):
        with pytest.raises(KnownError, match="expected a file, found a pipe or a device"):
            read_recipe(tmp_path / name)


def test_no_words_of_a_library_are_in_what_a_person_is_told(tmp_path: Path) -> None:
    broken = written(tmp_path, MAKERS["mp4"]().data[:30])
    for path in (broken, tmp_path, tmp_path / "gone", broken / "under a file"):
        with pytest.raises(KnownError) as caught:
            read_recipe(path)
        assert "Errno" not in str(caught.value) and "Error:" not in str(caught.value)
