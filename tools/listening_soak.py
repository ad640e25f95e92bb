"""A hands-free conversation of many minutes on a sound server of its own, and what it costs.

    python -m tools.listening_soak [--minutes 30]

The real speech process listens all the time. By turns Medley's own voice speaks, whose echo comes
back 120 ms later, and another voice asks into the microphone. A line for every minute, and at the
end whether anything grew, drifted or was lost. Exits with 1 where something was. How fast the
sound came is measured from the first minute on, anew where the microphone had to be opened again.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import psutil
import soundfile

from desktop.speech.client import SpeechClient
from desktop.speech.protocol import Heard, Interrupted, Level, Listening, Report, Settings, Spoken
from runtime.catalogue import store
from tests.sound_server import FEED, SPEAKER, SoundServer, missing_programs

OWN = "The sea is wide and blue, and many fish live in it from the morning to the evening."
ASKED = "What is the capital of Australia?"
ECHO = ("module-loopback", f"source={SPEAKER}.monitor", f"sink={FEED}", "latency_msec=120")
SOFTER = "60%"
"""Some 13 dB, as a loudspeaker on the same table."""
LIMIT_S = 180.0
PAUSE_S = 2.0
WARM_S = 60.0
"""After which memory is to grow no more."""
MOST_MIB = 30.0
MOST_DRIFT = 3e-4
"""Seconds per second; quartz clocks differ by less."""
SETTLED_S = 10.0
"""After which it is known when the microphone's sound was captured."""
MIB = 2**20


class Soak:
    """One long conversation and what was seen of it."""

    def __init__(self, folder: Path) -> None:
        self._changed = threading.Condition()
        self.own = self.asked = self.heard = self.interrupted = self.false_turns = 0
        self.opened = 0
        """How often the microphone was."""
        self.levels: list[Level] = []
        """The first that counts since it was opened, and the latest."""
        self.memory: list[tuple[float, float]] = []
        """Seconds since the beginning, and MiB of the speech process."""
        self._listening = self._over = False
        self._asking = False
        self.client = SpeechClient(Settings(), self._take, folder=folder)

    def run(self, minutes: float, server: SoundServer, question: Path) -> None:
        """Talk and listen by turns."""
        self.client.listen()
        self.client.prepare()
        self._until(lambda: self._listening)
        begun, minute = time.monotonic(), 0
        while not self.memory or self.memory[-1][0] < minutes * 60:
            self._speak(self.own + 1)
            time.sleep(PAUSE_S)
            self._ask(server, question)
            self._weigh(passed := time.monotonic() - begun)
            if passed // 60 > minute:
                minute = int(passed // 60)
                self._tell(minute)

    def verdict(self) -> list[str]:
        """What went wrong, a line each."""
        wrong = []
        if self.growth > MOST_MIB:
            wrong.append(f"memory grew by {self.growth:.0f} MiB")
        if abs(self.drift) > MOST_DRIFT:
            wrong.append(f"the microphone's clock is wrong by {self.drift * 1e6:.0f} millionths")
        if self.opened > 1:
            wrong.append(f"the microphone was lost and opened again {self.opened - 1} times")
        if self.gaps:
            wrong.append(f"sound was lost {self.gaps} times")
        if self.interrupted or self.false_turns:
            wrong.append(f"{self.interrupted} false interruptions, {self.false_turns} false turns")
        if self.heard < self.asked:
            wrong.append(f"{self.asked - self.heard} of {self.asked} questions were not heard")
        return wrong

    @property
    def growth(self) -> float:
        """MiB since it was warm."""
        warm = [mib for at, mib in self.memory if at >= WARM_S] or [self.memory[-1][1]]
        return warm[-1] - warm[0]

    @property
    def drift(self) -> float:
        """Seconds of sound that came too much in every second that passed."""
        first, last = self.levels[0], self.levels[-1]
        passed_s = last.at - first.at
        return (last.heard_s - first.heard_s) / passed_s - 1 if passed_s > 0 else 0.0

    @property
    def gaps(self) -> int:
        """How often sound was lost."""
        return self.levels[-1].gaps

    def _speak(self, utterance: int) -> None:
        self._over = False
        self.client.say(utterance, OWN, "en")
        self.client.end_saying(utterance)
        self._until(lambda: self._over)
        self.own += 1

    def _ask(self, server: SoundServer, question: Path) -> None:
        before = self.heard
        self._asking = True
        server.say(question)
        self.asked += 1
        deadline = time.monotonic() + LIMIT_S
        with self._changed:
            self._changed.wait_for(lambda: self.heard > before, deadline - time.monotonic())
        self._asking = False

    def _take(self, report: Report) -> None:
        with self._changed:
            match report:
                case Listening():
                    self._listening, self.levels = True, []
                    self.opened += 1
                case Level():
                    settled = report.heard_s >= SETTLED_S
                    self.levels = [*self.levels[:1], report] if settled else [report]
                case Heard():
                    self.heard += self._asking
                    self.false_turns += not self._asking
                case Interrupted():
                    self.interrupted += 1
                    self._over = True
                case Spoken():
                    self._over = True
            self._changed.notify_all()

    def _until(self, condition: Callable[[], bool]) -> None:
        with self._changed:
            if not self._changed.wait_for(condition, LIMIT_S):
                raise SystemExit("listening_soak: nothing came for three minutes")

    def _weigh(self, passed: float) -> None:
        if (pid := self.client.pid) is not None:
            self.memory.append((passed, psutil.Process(pid).memory_info().rss / MIB))

    def _tell(self, minute: int) -> None:
        print(
            f"{minute} min: {self.memory[-1][1]:.0f} MiB, drift {self.drift * 1e6:+.0f} ppm, "
            f"lost {self.gaps}, spoken {self.own}, interrupted {self.interrupted}, "
            f"heard {self.heard} of {self.asked}",
            flush=True,
        )


def main(argv: Sequence[str] | None = None) -> None:
    """Print what was seen; exits with 1 where something went wrong."""
    parser = argparse.ArgumentParser(prog="tools.listening_soak")
    parser.add_argument("--minutes", type=float, default=30.0)
    args = parser.parse_args(argv)
    if lacking := [*missing_programs(), *(p for p in ("hear", "speak") if store.find(p) is None)]:
        raise SystemExit(f"left out: this machine lacks {', '.join(lacking)}")
    with tempfile.TemporaryDirectory() as name, closing(SoundServer()) as server:
        server.start()
        question, folder = Path(name) / "question.wav", Path(name) / "own"
        folder.mkdir()
        _write_question(question)
        server.pactl("load-module", *ECHO)
        for line in server.pactl("list", "short", "sink-inputs").splitlines():
            if "module-loopback" in line:
                server.pactl("set-sink-input-volume", line.split()[0], SOFTER)
        soak = Soak(folder)
        try:
            soak.run(args.minutes, server, question)
        finally:
            soak.client.close()
    wrong = soak.verdict()
    print(
        f"{args.minutes:g} minutes: drift {soak.drift * 1e6:+.0f} ppm in the last "
        f"{soak.levels[-1].heard_s:.0f} s of sound, lost {soak.gaps}; "
        f"memory {soak.growth:+.1f} MiB; {soak.own} times own speech, "
        f"{soak.interrupted} false interruptions, {soak.false_turns} false turns; "
        f"{soak.heard} of {soak.asked} questions heard"
    )
    for line in wrong:
        print(f"wrong: {line}")
    sys.exit(bool(wrong))


def _write_question(file: Path) -> None:
    from desktop.speech.engines import open_voice

    sound = open_voice("").speak(ASKED, "bm_george")
    soundfile.write(file, sound.samples, sound.rate_hz)


if __name__ == "__main__":
    main()
