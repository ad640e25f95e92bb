"""A PulseAudio server of its own: a microphone that hears what is played into it, and a loudspeaker
that is recorded. No test touches the machine's own sound."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

Float32 = NDArray[np.float32]
SPEAKER, FEED, MICROPHONE = "medley_speaker", "medley_feed", "medley_microphone"
NULL_SINK = ("module-null-sink", "norewinds=1", "rate=48000")
START_S = 20.0
_TOLD = "PULSE_SERVER", "PULSE_SINK", "PULSE_SOURCE", "XDG_RUNTIME_DIR"


class SoundServer:
    """Started by `start`, ended by `close`; while it is open this process uses it for all sound."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="sound"))
        self._process: subprocess.Popen[bytes] | None = None
        self._before = {name: os.environ.get(name) for name in _TOLD}
        for name in _TOLD:
            os.environ.pop(name, None)
        os.environ["XDG_RUNTIME_DIR"] = str(self._folder)
        os.environ["PULSE_SERVER"] = f"unix:{self._folder}/native"

    def start(self) -> None:
        """Start the server with its devices, and wait until it answers."""
        loads = [
            f"module-native-protocol-unix auth-anonymous=1 socket={self._folder}/native",
            *(f"{' '.join(NULL_SINK)} sink_name={name}" for name in (SPEAKER, FEED)),
            f"module-remap-source source_name={MICROPHONE} master={FEED}.monitor",
        ]
        command = ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no"]
        for load in loads:
            command += ["-L", load]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        until = time.monotonic() + START_S
        while subprocess.run(["pactl", "info"], capture_output=True, check=False).returncode:
            assert time.monotonic() < until, (self._folder / "log").read_text()
            time.sleep(0.05)
        self.pactl("set-default-sink", SPEAKER)
        self.pactl("set-default-source", MICROPHONE)

    def kill(self) -> None:
        """End the server at once, as a crash would; `start` brings it back."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
            (self._folder / "native").unlink(missing_ok=True)

    def close(self) -> None:
        """End the server; the machine's own sound is used again."""
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)
        for name, value in self._before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value

    @property
    def alive(self) -> bool:
        """Whether the server runs."""
        return self._process is not None and self._process.poll() is None

    def pactl(self, *words: str) -> str:
        """What the server answers."""
        ran = subprocess.run(["pactl", *words], capture_output=True, text=True, check=True)
        return ran.stdout.strip()

    def streams(self) -> list[str]:
        """Everything that records or plays now."""
        lists = (self.pactl("list", "short", kind) for kind in ("source-outputs", "sink-inputs"))
        # What joins the microphone to what is played into it is the server's own.
        return [line for text in lists for line in text.splitlines() if "module-" not in line]

    def add_sink(self, name: str) -> str:
        """Connect another loudspeaker; what `remove` takes."""
        return self.pactl("load-module", *NULL_SINK, f"sink_name={name}")

    def add_microphone(self, name: str) -> str:
        """Connect another microphone, which hears what is played; what `remove` takes."""
        master = f"{FEED}.monitor"
        return self.pactl(
            "load-module", "module-remap-source", f"source_name={name}", f"master={master}"
        )

    def unplug_microphones(self) -> None:
        """Disconnect everything that can be recorded, the loudspeakers with it."""
        for module in ("module-remap-source", "module-null-sink"):
            self.remove(module)

    def plug_microphone(self) -> None:
        """Connect the microphone again, and the loudspeaker."""
        for name in (SPEAKER, FEED):
            self.add_sink(name)
        self.add_microphone(MICROPHONE)
        self.pactl("set-default-sink", SPEAKER)
        self.pactl("set-default-source", MICROPHONE)

    def remove(self, module: str) -> None:
        """Unplug a device."""
        self.pactl("unload-module", module)

    def say(self, file: Path, wait: bool = True) -> subprocess.Popen[bytes]:
        """Play a sound file into the microphone, by default to its end."""
        playing = subprocess.Popen(["paplay", f"--device={FEED}", str(file)])
        if wait:
            assert playing.wait() == 0
        return playing

    def say_samples(
        self, samples: Float32, rate_hz: int, wait: bool = True
    ) -> subprocess.Popen[bytes]:
        """Play samples into the microphone."""
        file = self._folder / f"said-{time.monotonic_ns()}.wav"
        soundfile.write(file, samples, rate_hz)
        return self.say(file, wait)

    @contextmanager
    def recorded(self, rate_hz: int = 24_000, sink: str = SPEAKER) -> Iterator[list[Float32]]:
        """Record what a loudspeaker plays; the list holds [n] samples once this is over."""
        command = [
            "parec", f"--device={sink}.monitor", f"--rate={rate_hz}", "--channels=1",
            "--format=float32le", "--latency-msec=10",
        ]  # fmt: skip
        found: list[Float32] = []
        file = self._folder / f"recorded-{time.monotonic_ns()}"
        with file.open("wb") as out:
            recorder = subprocess.Popen(command, stdout=out)
            try:
                while not file.stat().st_size:
                    assert recorder.poll() is None
                    time.sleep(0.01)
                yield found
                time.sleep(0.2)
            finally:
                recorder.terminate()
                recorder.wait()
        found.append(np.frombuffer(file.read_bytes(), np.float32))


def missing_programs() -> list[str]:
    """What a sound server needs and this machine lacks."""
    needed = ("pulseaudio", "pactl", "paplay", "parec")
    return [program for program in needed if shutil.which(program) is None]


@contextmanager
def sound_server_or_skip() -> Iterator[SoundServer]:
    """A running server; skips where PulseAudio is not installed."""
    if lacking := missing_programs():
        pytest.skip(f"{', '.join(lacking)} not installed (apt: pulseaudio, pulseaudio-utils)")
    server = SoundServer()
    try:
        server.start()
        yield server
    finally:
        server.close()


@pytest.fixture(scope="session")
def session_sound_server() -> Iterator[SoundServer]:
    """A server for all tests of this process."""
    with sound_server_or_skip() as server:
        yield server


@pytest.fixture
def sound_server(session_sound_server: SoundServer) -> Iterator[SoundServer]:
    """The session's server, running again where the test before ended it."""
    if not session_sound_server.alive:
        session_sound_server.start()
    yield session_sound_server
    if session_sound_server.alive:
        assert session_sound_server.streams() == []
