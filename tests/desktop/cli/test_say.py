"""`medley say`."""

from __future__ import annotations

import io
import json
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

from tests.desktop.conftest import Run, error_line
from tests.sound_server import SoundServer, session_sound_server, sound_server

__all__ = ["session_sound_server", "sound_server"]


@pytest.mark.usefixtures("starter_models")
def test_a_text_becomes_a_sound(medley: Run, tmp_path: Path) -> None:
    ran = medley("say", "Good", "morning!", "--out", tmp_path / "x.wav", "--speed", "1.5")

    sound = soundfile.info(tmp_path / "x.wav")
    assert ran.code == 0
    assert ran.out == f"sound: {tmp_path / 'x.wav'} ({sound.duration:.1f} s)\n"
    assert (sound.samplerate, sound.channels) == (24_000, 1)
    assert 0.5 < sound.duration < 3


@pytest.mark.usefixtures("starter_models")
def test_json_holds_the_times_of_what_came_by_the_input(
    medley: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("**Hello**, 你好。\n"))

    ran = medley("say", "-", "--json", "--out", tmp_path / "x.wav")

    told = json.loads(ran.out)
    assert told["path"] == str(tmp_path / "x.wav")
    assert [word["text"] for word in told["words"]] == ["Hello", "你好"]
    assert told["visemes"][-1]["end_s"] == pytest.approx(told["seconds"], abs=0.002)
    assert set(told["visemes"][0]) == {"start_s", "end_s", "shape"}
    assert ran.err == ""


@pytest.mark.usefixtures("starter_models")
def test_voices_are_listed_without_opening_them(medley: Run) -> None:
    ran = medley("say", "--list")
    found = json.loads(medley("say", "--list", "--json").out)["voices"]

    assert "af_heart  English, a woman\n" in ran.out
    assert "zm_yunxi  Chinese, a man\n" in ran.out
    assert {"name": "zm_yunxi", "language": "zh", "sex": "m"} in found


@pytest.mark.usefixtures("starter_models")
@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["hi", "--out", "x.mp3"], "expected a name that ends in .wav or .mp4, found x.mp3"),
        (["hi", "--out", "no/such/x.wav"], "expected a folder for the sound, found no no/such"),
        (["", "--out", "x.wav"], "expected a text to say, found none"),
        (["...", "--out", "x.wav"], "expected words that can be said, found none"),
        (["hi", "--out", "x.wav", "--voice", "bob"], "found 'bob'"),
        (["hi", "--out", "x.wav", "--speed", "9"], "expected a number from 0.5 to 2, found '9'"),
    ],
)
def test_what_cannot_be_said_is_refused_in_one_line(
    words: list[str], says: str, medley: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert says in error_line(medley("say", *words))
    assert list(tmp_path.iterdir()) == []


def test_without_a_voice_it_says_how_to_get_one(
    medley: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))

    for words in (["hi", "--out", tmp_path / "x.wav"], ["--list"]):
        assert "`medley models get starter` fetches it" in error_line(medley("say", *words))


@pytest.mark.usefixtures("starter_models")
def test_stopped_by_the_person_nothing_is_left(
    medley: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("desktop.cli.printing.terminal.Screen.speaking", stop)

    ran = medley("say", "One. Two.", "--out", tmp_path / "x.wav")

    assert ran.code == 130
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("starter_models")
def test_without_a_file_it_is_heard(medley: Run, sound_server: SoundServer) -> None:
    with sound_server.recorded() as recording:
        ran = medley("say", "Good morning!")

    assert (ran.code, ran.out) == (0, "")
    (heard,) = recording
    loud = np.flatnonzero(np.abs(heard) > 0.02)
    assert 0.5 < (loud[-1] - loud[0]) / 24_000 < 3


@pytest.mark.usefixtures("starter_models")
def test_a_clip_shows_a_face_that_says_it(medley: Run, tmp_path: Path) -> None:
    ran = medley("say", "Good morning!", "--out", tmp_path / "x.mp4")

    assert ran.code == 0 and ran.out.startswith(f"clip: {tmp_path / 'x.mp4'} (")
    with av.open(tmp_path / "x.mp4") as clip:
        assert [stream.type for stream in clip.streams] == ["video", "audio"]
        assert clip.streams.video[0].frames / 25 == pytest.approx(clip.duration / 1e6, abs=0.1)


@pytest.mark.usefixtures("starter_models")
def test_an_answer_becomes_a_clip_with_its_recipe() -> None:
    from desktop.cli.printing.terminal import Screen
    from desktop.cli.say import talking_clip

    made = talking_clip("**Yes**, it is.", Screen(quiet=True))
    assert (made.modality, made.mime, made.extension) == ("video", "video/mp4", ".mp4")
    assert made.width == made.height and json.loads(made.recipe)["renderer"] == made.renderer
    with av.open(io.BytesIO(made.data), "r") as clip:
        assert [stream.type for stream in clip.streams] == ["video", "audio"]


@pytest.mark.usefixtures("starter_models")
def test_progress_is_a_line_for_every_step(medley: Run, tmp_path: Path) -> None:
    ran = medley("say", "Yes.", "--out", tmp_path / "x.mp4", "--json", "--progress")
    *steps, last = [json.loads(line) for line in ran.out.splitlines()]
    assert steps[-1]["step"] == steps[-1]["of"] > 1
    assert last["width"] == last["height"]
