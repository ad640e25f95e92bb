"""Sounds of any kind come as mono at 16 kHz, and broken ones are one clear line."""

from __future__ import annotations

import contextlib
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

from plugins.errors import KnownError
from runtime.media import audio as reader
from runtime.media import detect_modality, read_audio
from tests.runtime.making_media import sine, write_clip, write_picture, write_sound


def loudest_hertz(samples: np.ndarray) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(spectrum.argmax() * 16_000 / len(samples))


@pytest.mark.parametrize("suffix", ["wav", "flac", "ogg", "aiff", "mp3"])
def test_the_usual_formats_are_read(tmp_path: Path, suffix: str) -> None:
    sound = read_audio(write_sound(tmp_path / f"a.{suffix}"))
    assert (sound.samples.dtype, sound.samples.ndim, sound.rate_hz) == (np.float32, 1, 16_000)
    assert sound.duration_s == pytest.approx(1.0, abs=0.1)
    assert loudest_hertz(sound.samples) == pytest.approx(440, abs=2)


def test_a_sound_at_the_right_rate_is_unchanged(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "a.wav", subtype="FLOAT")
    np.testing.assert_array_equal(read_audio(path).samples, sine(1.0))


def test_stereo_at_96_khz_becomes_mono_at_16_khz(tmp_path: Path) -> None:
    sound = read_audio(write_sound(tmp_path / "a.wav", 1.0, 96_000, channels=2, subtype="PCM_24"))
    assert len(sound.samples) == 16_000
    np.testing.assert_allclose(sound.samples[500:-500], sine(1.0)[500:-500], atol=2e-3)


def test_a_sound_on_one_side_only_is_heard(tmp_path: Path) -> None:
    sides = np.stack([np.zeros(16_000, np.float32), sine(1.0)], axis=1)
    soundfile.write(tmp_path / "a.wav", sides, 16_000, subtype="FLOAT")
    assert np.abs(read_audio(tmp_path / "a.wav").samples).max() == pytest.approx(0.25, abs=1e-3)


def test_other_containers_and_the_sound_of_a_clip_are_read(tmp_path: Path) -> None:
    sound = read_audio(write_clip(tmp_path / "a.mp4", sound=True))
    assert sound.duration_s == pytest.approx(2.0, abs=0.15)
    assert loudest_hertz(sound.samples) == pytest.approx(440, abs=2)


def test_a_clip_without_sound_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="found a clip without sound"):
        read_audio(write_clip(tmp_path / "a.mp4"))


@pytest.mark.parametrize("suffix", ["wav", "aiff"])
def test_a_sound_of_0_seconds_is_refused(tmp_path: Path, suffix: str) -> None:
    with pytest.raises(KnownError, match="found a sound of 0 seconds"):
        read_audio(write_sound(tmp_path / f"a.{suffix}", seconds=0))


def test_one_sample_is_a_sound(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.array([0.5], np.float32), 16_000)
    assert read_audio(tmp_path / "a.wav").samples.shape == (1,)


@pytest.mark.parametrize("suffix", ["wav", "flac"])
@pytest.mark.parametrize("share", [0.001, 0.5, 0.98])
def test_a_truncated_sound_is_one_clear_line(tmp_path: Path, suffix: str, share: float) -> None:
    data = write_sound(tmp_path / f"a.{suffix}", seconds=3.0).read_bytes()
    cut = tmp_path / f"cut.{suffix}"
    cut.write_bytes(data[: max(20, int(len(data) * share))])
    with pytest.raises(KnownError, match=r"sound .*cut\.\w+: expected a readable sound") as caught:
        read_audio(cut)
    assert "\n" not in str(caught.value)


def test_a_wav_written_to_a_pipe_has_no_size_and_is_read(tmp_path: Path) -> None:
    data = bytearray(write_sound(tmp_path / "a.wav").read_bytes())
    data[4:8] = data[40:44] = b"\xff\xff\xff\xff"
    (tmp_path / "a.wav").write_bytes(bytes(data))
    assert read_audio(tmp_path / "a.wav").duration_s == 1.0


def test_a_flac_written_to_a_pipe_has_no_length_and_is_read(tmp_path: Path) -> None:
    data = bytearray(write_sound(tmp_path / "a.flac").read_bytes())
    data[21] &= 0xF0
    data[22:26] = bytes(4)
    (tmp_path / "a.flac").write_bytes(bytes(data))
    assert read_audio(tmp_path / "a.flac").duration_s == 1.0


def test_samples_that_are_no_numbers_become_silence(tmp_path: Path) -> None:
    samples = np.array([0.5, np.nan, np.inf, -np.inf, -0.5], np.float32)
    soundfile.write(tmp_path / "a.wav", samples, 16_000, subtype="FLOAT")
    assert read_audio(tmp_path / "a.wav").samples.tolist() == [0.5, 0, 0, 0, -0.5]


@pytest.mark.parametrize("suffix", ["wav", "mp3", "ogg"])
def test_a_sound_over_the_limit_is_refused_with_the_limit(
    tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "MAX_SECONDS", 60)
    path = write_sound(tmp_path / f"a.{suffix}", seconds=61, rate=8000)
    with pytest.raises(KnownError, match="more than 1 minutes"):
        read_audio(path)


def test_a_picture_given_as_a_sound_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match=r"expected a readable sound, found a picture \(PNG\)"):
        read_audio(write_picture(tmp_path / "a.png"))


def test_text_given_as_a_sound_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_text("this is no sound " * 50)
    with pytest.raises(KnownError, match="a kind of file that is not known here"):
        read_audio(tmp_path / "a.wav")


@pytest.mark.parametrize("suffix", ["wav", "flac", "ogg", "mp3"])
def test_flipped_bytes_never_give_anything_but_samples_or_a_clear_line(
    tmp_path: Path, suffix: str
) -> None:
    path = write_sound(tmp_path / f"a.{suffix}", seconds=0.2)
    data = path.read_bytes()
    random = np.random.default_rng(2)
    for _ in range(40):
        broken = bytearray(data)
        for place in random.integers(4, len(data), 4):
            broken[place] = random.integers(256)
        path.write_bytes(bytes(broken))
        try:
            assert np.isfinite(read_audio(path).samples).all()
        except KnownError as error:
            assert "\n" not in str(error)


def with_sizes(path: Path, riff: int | None, data: int | None) -> Path:
    """A WAV of one second whose header states these sizes; None leaves the true one."""
    whole = bytearray(write_sound(path).read_bytes())
    for place, size in ((4, riff), (40, data)):
        if size is not None:
            whole[place : place + 4] = size.to_bytes(4, "little")
    path.write_bytes(bytes(whole))
    return path


@pytest.mark.parametrize(
    ("riff", "data"),
    [
        (0, 0), (36, 0), (None, 0), (0, None), (2**32 - 1, None), (None, 2**32 - 1),
        (2**31 + 36, 2**31), (0x7FFFF024, 0x7FFFF000), (2_000_000_036, 2_000_000_000),
    ],
)  # fmt: skip
def test_a_wav_whose_writer_did_not_know_its_length_is_read_to_its_end(
    tmp_path: Path, riff: int | None, data: int | None
) -> None:
    sound = read_audio(with_sizes(tmp_path / "a.wav", riff, data))
    assert sound.duration_s == 1.0
    np.testing.assert_allclose(sound.samples, sine(1.0), atol=1e-4)


@pytest.mark.parametrize("riff", [0, None, 48])
def test_a_wav_without_samples_is_not_read_beyond_them(tmp_path: Path, riff: int | None) -> None:
    whole = bytearray(write_sound(tmp_path / "a.wav", seconds=0).read_bytes())
    if riff is not None:
        whole[4:8] = riff.to_bytes(4, "little")
    (tmp_path / "a.wav").write_bytes(bytes(whole) + b"LIST\x04\0\0\0INFO")
    with pytest.raises(KnownError, match="found a sound of 0 seconds"):
        read_audio(tmp_path / "a.wav")


def write_aac(path: Path, container: str, rate: int = 16_000) -> Path:
    """One second of a tone."""
    with av.open(str(path), "w", format=container) as output:
        track = output.add_stream("aac", rate=rate, layout="mono")
        tone = av.AudioFrame.from_ndarray(sine(1.0, rate)[None], format="fltp", layout="mono")
        tone.sample_rate, tone.pts = rate, 0
        output.mux(track.encode(tone))
        output.mux(track.encode(None))
    return path


def id3(size: int, footer: bool = False) -> bytes:
    length = bytes([0, 0, size >> 7, size & 127])
    end = b"3DI\x04\0\0" + length if footer else b""
    return b"ID3\x04\0" + bytes([0x10 * footer]) + length + bytes(size) + end


@pytest.mark.parametrize("tag", [id3(500), id3(500, footer=True), id3(20) + id3(300)])
@pytest.mark.parametrize("suffix", ["wav", "flac", "ogg", "aiff", "mp3", "m4a", "aac"])
def test_a_sound_behind_tags_is_the_same_sound(tmp_path: Path, suffix: str, tag: bytes) -> None:
    path = tmp_path / f"a.{suffix}"
    if suffix in ("m4a", "aac"):
        write_aac(path, {"m4a": "ipod", "aac": "adts"}[suffix])
    else:
        write_sound(path)
    plain = read_audio(path).samples
    path.write_bytes(tag + path.read_bytes())
    assert detect_modality(path) == "audio"
    np.testing.assert_array_equal(read_audio(path).samples, plain)


@pytest.mark.parametrize("trailer", [b"TAGTitle" + bytes(120), b"APETAGEX" + bytes(24), bytes(500)])
def test_what_taggers_put_behind_an_m4a_does_not_cut_it_short(
    tmp_path: Path, trailer: bytes
) -> None:
    path = write_aac(tmp_path / "a.m4a", "ipod")
    plain = read_audio(path).samples
    path.write_bytes(path.read_bytes() + trailer)
    np.testing.assert_array_equal(read_audio(path).samples, plain)


def test_a_text_that_begins_like_a_tag_is_no_sound(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("ID3 tags stand before MP3 files. " * 20)
    with pytest.raises(KnownError, match="a kind of file that is not known here"):
        detect_modality(tmp_path / "a.txt")


def test_an_aac_that_changes_its_rate_keeps_its_pitch_and_its_length(tmp_path: Path) -> None:
    parts = [write_aac(tmp_path / f"{rate}.aac", "adts", rate) for rate in (44_100, 22_050)]
    path = tmp_path / "a.aac"
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    sound = read_audio(path)
    assert sound.duration_s == pytest.approx(2.1, abs=0.1)
    assert loudest_hertz(sound.samples[:14_000]) == pytest.approx(440, abs=2)
    assert loudest_hertz(sound.samples[-14_000:]) == pytest.approx(440, abs=2)


@pytest.mark.parametrize("subtype", ["VORBIS", "OPUS"])
@pytest.mark.parametrize("second", [(16_000, 1), (48_000, 2), (48_000, 1)])
def test_a_recording_of_one_sound_after_the_other_is_heard_to_its_end(
    tmp_path: Path, subtype: str, second: tuple[int, int]
) -> None:
    rate, channels = second
    tone = np.repeat(sine(2.0, rate, 880.0)[:, None], channels, axis=1)
    first = write_sound(tmp_path / "a.ogg", 3.0, format="OGG", subtype=subtype).read_bytes()
    soundfile.write(tmp_path / "b.ogg", tone, rate, format="OGG", subtype=subtype)
    path = tmp_path / "both.ogg"
    path.write_bytes(first + (tmp_path / "b.ogg").read_bytes())
    sound = read_audio(path)
    assert sound.duration_s == pytest.approx(5.0, abs=0.01)
    assert loudest_hertz(sound.samples[: 3 * 16_000]) == pytest.approx(440, abs=2)
    assert loudest_hertz(sound.samples[-30_000:]) == pytest.approx(880, abs=2)


@pytest.mark.parametrize("suffix", ["flac", "mp3"])
def test_a_sound_of_very_many_samples_is_refused_with_the_limit(
    tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "MAX_SAMPLES", 1_000_000)
    path = write_sound(tmp_path / f"a.{suffix}", 15.0, 48_000, channels=2)
    with pytest.raises(KnownError, match=r"more than 1 million samples\. Save it with fewer"):
        read_audio(path)


@pytest.mark.parametrize("suffix", ["mp3", "wav", "flac"])
def test_a_broken_sound_writes_nothing_to_the_terminal(
    tmp_path: Path, suffix: str, capfd: pytest.CaptureFixture[str]
) -> None:
    path = write_sound(tmp_path / f"a.{suffix}", seconds=0.5)
    data = path.read_bytes()
    random = np.random.default_rng(3)
    for _ in range(30):
        broken = bytearray(data)
        for place in random.integers(4, min(len(data), 2_000), 10):
            broken[place] = random.integers(256)
        path.write_bytes(bytes(broken))
        with contextlib.suppress(KnownError):
            read_audio(path)
    assert capfd.readouterr() == ("", "")
