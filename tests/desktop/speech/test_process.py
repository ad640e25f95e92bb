"""The speech process on a real sound server, with real models: it hears, speaks, is interrupted,
and survives what befalls it."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from desktop.speech.protocol import (
    Clause,
    Devices,
    Failed,
    FirstSound,
    Heard,
    Interrupted,
    Listening,
    Loaded,
    Played,
    Settings,
    SpeechStarted,
    Spoken,
)
from tests.desktop.speech.conftest import SayInto
from tests.desktop.speech.talking import Scripted, conversing, gone, speaking
from tests.sound_server import SoundServer

pytestmark = [pytest.mark.soak, pytest.mark.usefixtures("speech_models")]
LONG = (
    "The sea is wide and blue, and many fish live in it. Some of them are small, some are large, "
    "and all of them swim from the morning to the evening without ever being tired of the water."
)


def test_what_is_said_is_heard_with_its_sound(
    sound_server: SoundServer, said: SayInto, tmp_path: Path
) -> None:
    (tmp_path / "own").mkdir()
    with speaking(tmp_path / "own") as (client, journal):
        client.listen()
        journal.wait(Listening)
        sound_server.say(said("What is the capital of Australia?"))
        heard = journal.wait(Heard)

        assert "capital of australia" in heard.text.lower()
        assert heard.language == "en"
        assert heard.ended_at < heard.decided_at <= heard.at
        samples, rate_hz = soundfile.read(client.recording(heard.recording))
        assert rate_hz == 16_000 and len(samples) == pytest.approx(heard.duration_s * rate_hz)
        assert client.state.hears
        client.stop_listening()
        journal.until(lambda: not client.state.hears)


def test_clauses_are_spoken_and_the_clock_tells_what_was_heard(
    sound_server: SoundServer, tmp_path: Path
) -> None:
    (tmp_path / "own").mkdir()
    with speaking(tmp_path / "own") as (client, journal), sound_server.recorded() as recorded:
        client.say(7, "Good morning.")
        client.say(7, "早上好。", "zh")
        client.end_saying(7)
        journal.wait(Spoken)

        first, second = journal.of(Clause)
        assert first.start_s == 0.0
        assert second.start_s == pytest.approx(first.duration_s, abs=0.05)
        assert [word.text for word in first.words] == ["Good", "morning"]
        assert second.mouths and second.loudness
        clocks = [played.clock_s for played in journal.of(Played)]
        assert clocks == sorted(clocks)
        assert journal.of(Played)[-1].heard.startswith("Good morning.")
        assert [report.utterance for report in journal.of(FirstSound)] == [7]
    loud = np.abs(recorded[0]) > 0.01
    assert loud.sum() > 10_000


def test_a_voice_stops_it_and_what_was_heard_is_told(
    sound_server: SoundServer, said: SayInto, tmp_path: Path
) -> None:
    (tmp_path / "own").mkdir()
    interruption = said("Stop now please, I want to ask you about something else.")
    with speaking(tmp_path / "own") as (client, journal):
        client.prepare()
        client.listen()
        journal.wait(Listening)
        with sound_server.recorded() as recorded:
            for clause in LONG.split(", "):
                client.say(1, clause + ",")
            client.end_saying(1)
            journal.until(lambda: any(one.heard for one in journal.of(Played)))
            sound_server.say(interruption)
            stopped = journal.wait(Interrupted)
            silent_at = journal.of(Played)[-1].clock_s

        assert (stopped.utterance, stopped.by) == (1, "voice")
        assert stopped.heard and LONG.replace(",", "").startswith(
            stopped.heard.replace(",", "")[:10]
        )
        assert len(stopped.heard) < len(LONG)
        assert 0 <= stopped.stop_s
        # Nothing of what was made ahead is heard afterwards.
        loud_s = (np.abs(recorded[0]) > 0.01).sum() / 24_000
        assert loud_s < silent_at + 1.0
        assert "something else" in journal.wait(Heard).text.lower()


@pytest.mark.parametrize("delay_ms", [40, 120, 450])
def test_it_never_hears_itself(sound_server: SoundServer, tmp_path: Path, delay_ms: int) -> None:
    (tmp_path / "own").mkdir()
    echo = sound_server.pactl(
        "load-module", "module-loopback", "source=medley_speaker.monitor", "sink=medley_feed",
        f"latency_msec={delay_ms}",
    )  # fmt: skip
    # Some 13 dB softer than what is played, as from a loudspeaker on the same table.
    (echoing,) = [
        line.split()[0]
        for line in sound_server.pactl("list", "short", "sink-inputs").splitlines()
        if "module-loopback" in line
    ]
    sound_server.pactl("set-sink-input-volume", echoing, "60%")
    try:
        with speaking(tmp_path / "own") as (client, journal):
            client.listen()
            journal.wait(Listening)
            for clause in LONG.split(", "):
                client.say(1, clause + ",")
            client.end_saying(1)
            journal.wait(Spoken)
            time.sleep(1.5)  # What it took for a turn would end in this time.

            assert journal.of(Heard) == []
            assert journal.of(Interrupted) == []
    finally:
        sound_server.pactl("unload-module", echo)


def test_a_killed_process_is_told_and_listens_again(
    sound_server: SoundServer, said: SayInto, tmp_path: Path
) -> None:
    answers = Scripted("One answer.")
    with conversing(tmp_path, answers) as (conversation, client, journal):
        conversation.toggle()
        journal.phase("listening")
        first = client.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        failed = journal.phase("failed")
        assert failed.kind == "died" and "signal 9" in str(failed.problem)
        journal.phase("listening")
        assert client.pid not in (None, first)

        sound_server.say(said("Are you still there?"))
        journal.wait(Spoken)
        assert answers.turns[0].text.lower().startswith("are you still")
        assert answers.prepared[-1] == ""  # What comes next is read as far as it is known.
        last = client.pid
        assert last is not None
    assert gone(first) and gone(last)


def test_a_killed_sound_server_is_told_and_the_answer_goes_on(
    sound_server: SoundServer, said: SayInto, tmp_path: Path
) -> None:
    answers = Scripted(LONG)
    with conversing(tmp_path, answers) as (conversation, _, journal):
        conversation.toggle()
        journal.phase("listening")
        sound_server.say(said("Tell me about the sea."))
        journal.until(lambda: any(one.heard for one in journal.of(Played)))
        sound_server.kill()
        failed = journal.phase("failed")
        assert failed.kind in ("lost", "no_device") and failed.problem
        sound_server.start()
        journal.wait(Spoken)
        journal.phase("listening")
        assert answers.heard == []  # It was heard to its end.
        assert journal.of(Played)[-1].heard.endswith("the water.")


def test_without_a_device_it_says_so_and_takes_one_that_comes(
    sound_server: SoundServer, tmp_path: Path
) -> None:
    (tmp_path / "own").mkdir()
    sound_server.kill()
    with speaking(tmp_path / "own") as (client, journal):
        client.listen()
        failed = journal.wait(Failed)
        assert failed.part == "microphone"
        assert failed.kind in ("no_device", "lost", "busy") and failed.problem
        assert not client.state.hears
        sound_server.start()
        journal.wait(Listening)
        client.stop_listening()
        journal.until(lambda: not client.state.hears)


def test_devices_are_listed_by_name(sound_server: SoundServer, tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    with speaking(tmp_path / "own") as (client, journal):
        client.list_devices()
        devices = journal.wait(Devices)
    assert devices.microphones and devices.loudspeakers


def test_a_hidden_silence_is_no_listening(sound_server: SoundServer, tmp_path: Path) -> None:
    """A process that is stopped sends nothing: what came half a second ago is true no more."""
    answers = Scripted()
    with conversing(tmp_path, answers) as (conversation, client, journal):
        conversation.toggle()
        journal.phase("listening")
        assert client.pid is not None
        os.kill(client.pid, signal.SIGSTOP)
        try:
            failed = journal.phase("failed")
            assert failed.kind == "silent" and "microphone" in str(failed.problem)
        finally:
            os.kill(client.pid, signal.SIGCONT)
        journal.phase("listening")


def test_push_to_talk_ends_with_the_key_and_gives_the_microphone_back(
    sound_server: SoundServer, said: SayInto, tmp_path: Path
) -> None:
    answers = Scripted("Yes.")
    with conversing(tmp_path, answers) as (conversation, client, journal):
        conversation.press()
        journal.phase("listening")
        sound_server.say(said("Is this a sentence?"))
        journal.wait(SpeechStarted)
        conversation.release()
        journal.wait(Spoken)
        view = journal.phase("idle")
        assert not view.hands_free
        assert "sentence" in answers.turns[0].text.lower()
        journal.until(lambda: not client.state.hears)


def test_what_is_said_before_the_models_are_loaded_is_heard(
    sound_server: SoundServer, said: SayInto, tmp_path: Path
) -> None:
    """The key is pressed first of all, and let go of before anything can be understood."""
    answers = Scripted("Yes.")
    sound = said("Is this a sentence?")
    with conversing(tmp_path, answers) as (conversation, client, journal):
        conversation.press()
        journal.wait(Listening)
        sound_server.say(sound)
        loaded = bool(journal.of(Loaded))
        conversation.release()
        journal.wait(Heard)
        journal.wait(Spoken)
        assert "sentence" in answers.turns[0].text.lower()
        journal.until(lambda: not client.state.hears)
        # On a machine that loads faster than it is spoken nothing had to wait.
        early = [view for view in journal.views if view.phase == "starting" and view.device]
        assert early or loaded


@pytest.mark.parametrize("folder", ["nowhere"])
def test_settings_of_a_voice_that_is_not_there_are_told(
    sound_server: SoundServer, tmp_path: Path, folder: str
) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / folder).mkdir()
    settings = Settings(voice_model=str(tmp_path / folder))
    with speaking(tmp_path / "own", settings) as (client, journal):
        client.say(1, "Hello.")
        client.end_saying(1)
        failed = journal.wait(Failed)
        assert failed.part == "voice" and "expected" in str(failed.problem)
        assert journal.wait(Interrupted).by == "lost"
