"""`medley talk` in a terminal of its own, on a sound server of its own."""

from __future__ import annotations

import queue
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO

import pytest

from desktop.assistant.spoken.remote import Remote, toggle
from plugins.errors import KnownError
from tests.desktop.conftest import Run
from tests.desktop.speech.conftest import (  # noqa: F401  (fixtures)
    SayInto,
    _sound_server,
    _voice,
    said,
    sound_server,
    speech_models,
)
from tests.sound_server import SoundServer

LIMIT_S = 180.0


class Terminal:
    """A running `medley talk` and the lines that it wrote."""

    def __init__(self, *words: str | Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "desktop.cli", "talk", *map(str, words)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        for stream in (self.process.stdout, self.process.stderr):
            assert stream is not None
            threading.Thread(target=self._read, args=(stream,), daemon=True).start()

    def wait_for(self, wanted: str) -> str:
        """The next line that holds these words."""
        while wanted.lower() not in (line := self.lines.get(timeout=LIMIT_S)).lower():
            pass
        return line

    def interrupt(self) -> int:
        """Press Ctrl-C; its exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(LIMIT_S)

    def _read(self, stream: IO[str]) -> None:
        with stream:
            for line in stream:
                self.lines.put(line.rstrip("\n"))


@pytest.mark.soak
@pytest.mark.usefixtures("speech_models")
def test_a_turn_is_heard_and_answered_and_a_toggle_ends_and_begins(
    sound_server: SoundServer,  # noqa: F811
    said: SayInto,  # noqa: F811
    bundle_folder: Path,
    tmp_path: Path,
) -> None:
    terminal = Terminal("--bundle", bundle_folder, "--out", tmp_path / "out", "--seed", "1")
    try:
        terminal.wait_for("[listening]")
        sound_server.say(said("What is the weather like?"))
        assert "weather" in terminal.wait_for("> ").lower()
        terminal.wait_for("[listening]")
        assert toggle() == "idle"
        terminal.wait_for("[not listening]")
        until = time.monotonic() + LIMIT_S
        while sound_server.streams():
            assert time.monotonic() < until
            time.sleep(0.1)
        assert toggle() in ("starting", "listening")
        terminal.wait_for("[listening]")
        assert terminal.interrupt() == 130
    finally:
        terminal.process.kill()
        terminal.process.wait()


def test_toggle_without_a_conversation_says_what_to_start(
    medley: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))

    ran = medley("talk", "--toggle")

    assert ran.code == 2
    assert "expected a window or a `medley talk` that runs, found none" in ran.err


def test_the_first_who_talks_is_called_until_it_ends(tmp_path: Path) -> None:
    path = tmp_path / "talk.socket"
    first = Remote(lambda: "first", path)
    second = Remote(lambda: "second", path)
    assert toggle(path) == "first"
    second.close()
    assert toggle(path) == "first"
    first.close()
    first.close()
    with pytest.raises(KnownError, match="found none"):
        toggle(path)
    third = Remote(lambda: "third", path)
    assert toggle(path) == "third"
    third.close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("speed", ["0.4", "3"])
def test_a_speed_that_nobody_can_follow_is_refused(medley: Run, speed: str) -> None:
    ran = medley("talk", "--speed", speed)

    assert ran.code == 2 and "expected a speed of 0.5 to 2" in ran.err
