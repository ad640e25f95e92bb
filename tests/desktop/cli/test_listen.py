"""`medley listen` writes down what is said in a file, or says what is missing."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from benchmarks.voice.recordings import plain
from desktop.cli.main import main
from tests.installed import RATE_HZ, model_folder, model_home, people
from tests.runtime.making_media import write_clip, write_picture


@pytest.fixture
def hearing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model that hears, where one is installed."""
    model_folder("whisper-base")
    monkeypatch.setenv("XDG_DATA_HOME", model_home())


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """Somebody who says "go forward ten meters"."""
    samples, _ = people()["goforward.raw"]
    soundfile.write(tmp_path / "said.flac", samples, RATE_HZ)
    return tmp_path / "said.flac"


@pytest.mark.usefixtures("hearing")
def test_what_is_said_is_printed(recording: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["listen", str(recording)]) == 0
    assert plain(capsys.readouterr().out) == "go forward 1 0 meters"


@pytest.mark.usefixtures("hearing")
def test_json_holds_text_language_and_times(
    recording: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["listen", str(recording), "--language", "en", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found.keys() == {"text", "language", "segments"}
    assert found["language"] == "en"
    (segment,) = found["segments"]
    assert segment["text"] == found["text"]
    assert 0 <= segment["start_s"] < segment["end_s"] <= 3


@pytest.mark.usefixtures("hearing")
def test_where_nobody_speaks_nothing_is_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    soundfile.write(tmp_path / "a.wav", np.zeros(48_000, np.float32), 16_000)
    assert main(["listen", str(tmp_path / "a.wav")]) == 0
    told = capsys.readouterr()
    assert told.out == "" and "nobody speaks in a.wav" in told.err
    assert main(["listen", str(write_clip(tmp_path / "a.mp4")), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"text": "", "language": "", "segments": []}


@pytest.mark.usefixtures("hearing")
def test_what_cannot_be_heard_is_one_line(
    tmp_path: Path, recording: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments, said in (
        ([str(tmp_path / "none.wav")], "found no such file"),
        ([str(write_picture(tmp_path / "a.png"))], "expected a sound or a clip, found a picture"),
        ([str(recording), "--language", "klingon"], "found 'klingon'"),
    ):
        assert main(["listen", *arguments]) == 2
        error = capsys.readouterr().err.strip()
        assert said in error and "\n" not in error


def test_without_a_model_the_starter_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    soundfile.write(tmp_path / "a.wav", np.zeros(16_000, np.float32), 16_000)
    assert main(["listen", str(tmp_path / "a.wav")]) == 2
    assert "medley models get starter" in capsys.readouterr().err
