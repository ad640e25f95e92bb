"""Readers get sound in blocks and frames evenly, from untrusted files."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
import soundfile

from plugins.errors import Cancelled, KnownError
from plugins.manifest import discover, load_reader
from plugins.readers.media import RATE_HZ, cores, frames, sound
from plugins.stage import RenderStage
from tests.runtime.making_media import grey, sine, write_clip


@pytest.mark.parametrize(
    "reader_id", [reader.id for reader in discover().readers if reader.enabled]
)
def test_every_built_in_reader_loads_and_is_what_its_manifest_says(reader_id: str) -> None:
    (manifest,) = (reader for reader in discover().readers if reader.id == reader_id)
    assert load_reader(manifest).modalities == manifest.modalities


@pytest.mark.parametrize("suffix", ["wav", "flac", "ogg", "mp3"])
def test_a_sound_comes_as_mono_at_one_rate(tmp_path: Path, stage: RenderStage, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    soundfile.write(path, np.stack([sine(2.0, 44_100), sine(2.0, 44_100)], axis=1), 44_100)
    ((total, samples),) = sound(path, stage, 60.0)
    assert samples.dtype == np.float32 and samples.ndim == 1
    assert abs(len(samples) / RATE_HZ - 2.0) < 0.1
    assert abs(total - 2.0) < 0.1
    assert 0.25 < np.abs(samples).max() < 0.8


def test_a_long_sound_is_cut_where_it_is_quiet(tmp_path: Path, stage: RenderStage) -> None:
    whole = np.tile(sine(10.0), 10)
    whole[53 * RATE_HZ : 55 * RATE_HZ] = 0
    soundfile.write(tmp_path / "a.wav", whole, RATE_HZ)
    blocks = [samples for _, samples in sound(tmp_path / "a.wav", stage, 40.0)]
    assert sum(map(len, blocks)) == len(whole)
    assert 53 <= len(blocks[0]) / RATE_HZ <= 55


def test_a_sound_that_is_nowhere_quiet_is_cut_anyway(tmp_path: Path, stage: RenderStage) -> None:
    soundfile.write(tmp_path / "a.wav", np.tile(sine(10.0), 20), RATE_HZ)
    lengths = [len(samples) / RATE_HZ for _, samples in sound(tmp_path / "a.wav", stage, 40.0)]
    assert sum(lengths) == 200
    assert all(length <= 71 for length in lengths)


def test_frames_are_spread_over_a_clip(tmp_path: Path, stage: RenderStage) -> None:
    path = write_clip(tmp_path / "a.mp4", 40, 4)
    found = frames(path, 5, stage)
    assert [round(seconds) for seconds, _ in found] == [1, 3, 5, 7, 9]
    for seconds, image in found:
        level = np.asarray(image)[20, 50, 1]
        assert abs(int(level) - grey(round(seconds * 4))) < 8


def test_a_playlist_opens_no_other_file(tmp_path: Path, stage: RenderStage) -> None:
    soundfile.write(tmp_path / "secret.wav", sine(1.0), RATE_HZ)
    lists = {
        "a.m3u8": f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:1,\n{tmp_path}/secret.wav\n",
        "a.ffconcat": "ffconcat version 1.0\nfile secret.wav\n",
    }
    for name, text in lists.items():
        (tmp_path / name).write_text(text)
        with pytest.raises(KnownError, match="a file that cannot be decoded"):
            list(sound(tmp_path / name, stage, 60.0))


def test_broken_files_are_one_line(tmp_path: Path, stage: RenderStage) -> None:
    path = tmp_path / "a\n.mp4"
    path.write_bytes(b"rubbish" * 100)
    for read in (lambda: list(sound(path, stage, 60.0)), lambda: frames(path, 3, stage)):
        with pytest.raises(KnownError) as told:
            read()
        assert "\n" not in str(told.value)
    with pytest.raises(KnownError, match="cannot be opened"):
        frames(tmp_path / "gone.mp4", 3, stage)


def test_decoding_stops_when_asked(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", sine(5.0), RATE_HZ)
    stop = threading.Event()
    stop.set()
    with pytest.raises(Cancelled):
        list(sound(tmp_path / "a.wav", RenderStage(0, cancel=stop), 60.0))


def test_the_environment_says_how_many_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    assert cores() == 3
    monkeypatch.setenv("OMP_NUM_THREADS", "many")
    assert cores() >= 1


CASES = Path(__file__).parents[2] / "cases"


@pytest.mark.parametrize(
    ("name", "seconds"),
    [
        ("audio-changes-layout.ts", 1.0166), ("id3.m4a", 2.02), ("m4a_id3v1.m4a", 2.02),
        ("wav_7fffffff.wav", 0.5), ("wav_fffffff7.wav", 0.5), ("wav_never_closed_0.wav", 0.5),
    ],
)  # fmt: skip
def test_sounds_that_others_stumble_over_are_heard_whole(
    stage: RenderStage, name: str, seconds: float
) -> None:
    samples = np.concatenate([block for _, block in sound(CASES / name, stage, 60.0)])
    assert len(samples) / RATE_HZ == pytest.approx(seconds, abs=0.005)


@pytest.mark.parametrize(
    ("name", "n_frames"), [("frame-numbers.ts", 200), ("frame-numbers.mpg", 500)]
)
def test_frames_are_those_of_their_moments(stage: RenderStage, name: str, n_frames: int) -> None:
    found = frames(CASES / name, 7, stage)
    assert len(found) == 7
    for moment, picture in found:
        levels = np.asarray(picture)[10:50, 8::16, 0].mean(axis=0)
        number = sum(1 << bit for bit, level in enumerate(levels) if level > 128)
        assert number == round(moment * 25)
        assert 0 <= number < n_frames


@pytest.mark.parametrize(
    ("name", "size", "left", "right"),
    [
        ("mat_hflip.mp4", (160, 120), (0, 127, 0), (253, 0, 0)),
        ("sar.mp4", (320, 120), (253, 0, 0), (0, 127, 0)),
        ("t.ogv", (160, 120), (253, 0, 0), (0, 127, 0)),
        ("chgsize.webm", (160, 120), (253, 0, 0), (0, 127, 0)),
    ],
)
def test_frames_are_as_a_player_shows_them(
    stage: RenderStage,
    name: str,
    size: tuple[int, int],
    left: tuple[int, int, int],
    right: tuple[int, int, int],
) -> None:
    _, picture = frames(CASES / name, 3, stage)[0]
    assert picture.size == size
    pixels = np.asarray(picture).astype(int)
    assert np.abs(pixels[10, 5] - left).max() <= 2
    assert np.abs(pixels[10, -5] - right).max() <= 2


@pytest.mark.parametrize("name", ["unkcodec.mp4", "keep-2023-mpeg4.mp4", "free.mp4"])
def test_clips_that_cannot_be_decoded_are_named(stage: RenderStage, name: str) -> None:
    with pytest.raises(KnownError, match=rf"clip {name}: expected a readable clip, found [\w ]+\."):
        frames(CASES / name, 3, stage)
