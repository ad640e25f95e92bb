"""Speech is heard with its times where the model is; silence and noise are not words."""

from __future__ import annotations

import re
import shutil
import threading
from pathlib import Path

import av
import jiwer
import numpy as np
import pytest
import soundfile

from benchmarks.voice.recordings import plain
from plugins.errors import Cancelled, KnownError
from plugins.readers.speech import SpeechReader
from plugins.stage import RenderStage, UnlimitedMemory
from tests.installed import RATE_HZ, reader
from tests.runtime.making_media import sine, write_clip


@pytest.fixture
def speech(tmp_path: Path) -> Path:
    """Somebody who reads."""
    soundfile.write(tmp_path / "read.wav", reader()[0], RATE_HZ)
    return tmp_path / "read.wav"


def words(text: str) -> list[str]:
    return re.findall(r"[a-z']+", text.lower())


def test_somebody_who_reads_is_heard_with_times(
    hearing: Path, speech: Path, memory: UnlimitedMemory
) -> None:
    steps: list[tuple[int, int]] = []
    stage = RenderStage(
        0, memory=memory, on_progress=lambda step, of, picture: steps.append((step, of))
    )

    found = SpeechReader(hearing).read(speech, "audio", stage)

    said = words(" ".join(one.text for one in found))
    assert jiwer.wer(plain(reader()[1]), plain(" ".join(said))) <= 0.1
    starts = [one.start_s or 0.0 for one in found]
    assert starts == sorted(starts) and 0 <= starts[0] < 3
    assert all((one.end_s or 0) > (one.start_s or 0) for one in found)
    assert {one.language for one in found} == {"en"}
    assert {one.source for one in found} == {f"medley.speech {hearing.name}"}
    assert all(one.confidence is not None and 0.3 < one.confidence <= 1 for one in found)
    seconds = len(reader()[0]) / RATE_HZ
    assert steps[-1][0] >= steps[-1][1] - 1 >= seconds - 2


@pytest.mark.parametrize("name", ["silence", "tone", "noise"])
def test_silence_and_noise_are_not_words(
    tmp_path: Path, hearing: Path, stage: RenderStage, name: str
) -> None:
    noise = np.random.default_rng(0).normal(0, 0.1, 80_000).astype(np.float32)
    sounds = {"silence": np.zeros(80_000, np.float32), "tone": sine(5.0), "noise": noise}
    soundfile.write(tmp_path / "a.wav", sounds[name], 16_000)
    assert SpeechReader(hearing).read(tmp_path / "a.wav", "audio", stage) == []


def test_a_clip_without_sound_says_nothing(
    tmp_path: Path, hearing: Path, stage: RenderStage
) -> None:
    path = write_clip(tmp_path / "a.mp4")
    assert SpeechReader(hearing).read(path, "video", stage) == []


def test_hearing_stops_when_asked(hearing: Path, speech: Path, memory: UnlimitedMemory) -> None:
    stop = threading.Event()
    stage = RenderStage(
        0, cancel=stop, memory=memory, on_progress=lambda step, of, picture: stop.set()
    )
    with pytest.raises(Cancelled):
        SpeechReader(hearing).read(speech, "audio", stage)


def test_a_model_that_lacks_a_file_is_one_line(tmp_path: Path, stage: RenderStage) -> None:
    """The library would fetch the file from the network."""
    with pytest.raises(KnownError, match="models get starter"):
        SpeechReader(None).read(tmp_path / "a.wav", "audio", stage)
    for name in ("config.json", "model.bin", "vocabulary.txt"):
        (tmp_path / name).write_text("{}")
    with pytest.raises(KnownError, match=r"expected tokenizer\.json in .*, found none"):
        SpeechReader(tmp_path).read(tmp_path / "a.wav", "audio", stage)


def test_a_model_that_is_broken_is_one_line(
    tmp_path: Path, hearing: Path, stage: RenderStage
) -> None:
    folder = tmp_path / "broken"
    shutil.copytree(hearing, folder)
    data = (folder / "model.bin").read_bytes()
    (folder / "model.bin").unlink()
    (folder / "model.bin").write_bytes(data[:1000])
    soundfile.write(tmp_path / "a.wav", np.zeros(16_000, np.float32), 16_000)
    with pytest.raises(KnownError, match="cannot be read") as told:
        SpeechReader(folder).read(tmp_path / "a.wav", "audio", stage)
    assert "\n" not in str(told.value)


def test_the_sound_track_of_a_clip_is_heard(
    tmp_path: Path, hearing: Path, speech: Path, stage: RenderStage
) -> None:
    samples, rate = soundfile.read(speech, dtype="float32", always_2d=True)
    with av.open(str(tmp_path / "a.mkv"), "w") as container:
        track = container.add_stream("libopus", rate=48_000, layout="mono")
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(samples[: 9 * rate].mean(axis=1))[None], "fltp", "mono"
        )
        frame.sample_rate, frame.pts = rate, 0
        resampler = av.AudioResampler(format="fltp", layout="mono", rate=48_000)
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(track.encode(part))
        container.mux(track.encode(None))

    found = SpeechReader(hearing).read(tmp_path / "a.mkv", "video", stage)

    heard = plain(" ".join(one.text for one in found)).split()
    assert heard[:6] == plain(reader()[1]).split()[:6]
