"""How soon a microphone hears and a loudspeaker is heard, through both backends.

Runs on a PulseAudio server of its own, so that no device of this machine is touched: what is played
into its microphone is known, and so is what its loudspeaker plays.

    python -m benchmarks.voice.devices [--repeats N]
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time

import numpy as np

from desktop.devices.audio import BACKENDS, default_backend
from desktop.devices.errors import DeviceError
from desktop.devices.loudspeaker import Loudspeaker
from desktop.devices.microphone import Microphone
from tests.sound_server import FEED, SPEAKER, SoundServer, missing_programs

LIMIT_S = 5.0
LOUD = 0.05
BURST = (0.5 * np.sin(2 * np.pi * 1000 * np.arange(2400) / 24_000)).astype(np.float32)
NAMES = (
    "open",
    "first frame",
    "burst through the feed to callback",
    "write to ear",
    "clear to silence",
)


class Ears:
    """When something loud came, by `time.monotonic()`."""

    def __init__(self) -> None:
        self.first = self.loud = self.latest_loud = 0.0

    def __call__(self, frames: np.ndarray[tuple[int], np.dtype[np.float32]], _at: float) -> None:
        now = time.monotonic()
        self.first = self.first or now
        if float(np.max(np.abs(frames))) > LOUD:
            self.loud = self.loud or now
            self.latest_loud = now


def waited(ears: Ears, name: str, since: float) -> float:
    """Milliseconds from a moment until the ears know another."""
    while not getattr(ears, name):
        if time.monotonic() - since > LIMIT_S:
            raise SystemExit(f"benchmarks.voice.devices: nothing came for {name!r}")
        time.sleep(0.0005)
    return float(getattr(ears, name) - since) * 1000


def microphone(backend: str, feed: Loudspeaker) -> list[float]:
    """Milliseconds to open, to the first frame, and from a burst written into
    what feeds it, whose own delay is the same for both, to the callback."""
    ears, opened = Ears(), Microphone(backend)
    begin = time.monotonic()
    opened.open(on_frames=ears)
    ready = (time.monotonic() - begin) * 1000
    first = waited(ears, "first", begin)
    time.sleep(0.3)
    begin = time.monotonic()
    feed.write(BURST)
    burst = waited(ears, "loud", begin)
    opened.close()
    return [ready, first, burst]


def loudspeaker(backend: str, ears: Ears) -> list[float]:
    """Milliseconds from writing to the ear, and from clearing to silence; `ears` are at its sink,
    whose own delay is in both."""
    opened = Loudspeaker(backend)
    opened.open()
    time.sleep(0.3)
    ears.loud = 0.0
    begin = time.monotonic()
    opened.write(np.tile(BURST, 20))
    ear = waited(ears, "loud", begin)
    time.sleep(0.3)
    begin = time.monotonic()
    opened.clear()
    time.sleep(0.4)
    silent = max(0.0, (ears.latest_loud - begin) * 1000)
    opened.close()
    return [ear, silent]


def measured(backend: str, repeats: int) -> str:
    """A line of medians."""
    feed, ears, listener = Loudspeaker("portaudio"), Ears(), Microphone("portaudio")
    feed.open(FEED)
    listener.open(f"{SPEAKER}.monitor", ears)
    rounds = [microphone(backend, feed) + loudspeaker(backend, ears) for _ in range(repeats + 1)]
    feed.close()
    listener.close()
    medians = [statistics.median(column) for column in zip(*rounds[1:], strict=True)]
    named = (f"{name} {value:.0f} ms" for name, value in zip(NAMES, medians, strict=True))
    return f"{backend}: {', '.join(named)}"


def main() -> None:
    """Print a line for each backend, each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--repeats", type=int, default=9)
    parser.add_argument("--backend", choices=BACKENDS, help="only this one, on a running server")
    args = parser.parse_args()
    if args.backend:
        print(measured(args.backend, args.repeats), flush=True)
        return
    if lacking := missing_programs():
        print(f"left out: this machine lacks {', '.join(lacking)} (apt: pulseaudio)")
        return
    server = SoundServer()
    try:
        server.start()
        for backend in BACKENDS:
            command = [sys.executable, "-m", "benchmarks.voice.devices", "--backend", backend]
            subprocess.run([*command, "--repeats", str(args.repeats)], check=True)
    except DeviceError as error:
        print(f"left out: {error}")
    finally:
        server.close()
    print(f"chosen: {default_backend()}")


if __name__ == "__main__":
    main()
