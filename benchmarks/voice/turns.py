"""Whole spoken turns: from the end of what a person says to the first sound of the answer, and from
the moment at which a voice that interrupts is certain to the command to be silent.

    python -m benchmarks.voice.turns [--turns N] [--interruptions N] [--bundle NAME|DIR] [--rows]

A PulseAudio server of its own has a microphone into which questions are played, and a loudspeaker
that is recorded; in between are the real speech process, the real engine and the real voice. Times
are of one clock. A turn's parts: `endpoint`, until it was decided that the person had finished;
`words`, until the last words were written down; `model`, until the first clause of the answer was
there; `voice`, until its sound was made; `device`, until it was heard. What a question cost is told
with the time that the voice that answers took, since both share the processor.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import soundfile

from desktop.assistant.spoken.conversation import SpokenConversation
from desktop.assistant.spoken.engine_answers import EngineAnswers
from desktop.assistant.spoken.view import View
from desktop.speech.client import SpeechClient
from desktop.speech.engines import model_folder
from desktop.speech.protocol import (
    Clause,
    FirstSound,
    Heard,
    Interrupted,
    Report,
    Settings,
    Spoken,
)
from runtime.speech.voice import Voice
from tests.sound_server import SoundServer, sound_server_or_skip

QUESTIONS = (
    "What is the capital of Australia?",
    "How many legs does a spider have?",
    "Who wrote Romeo and Juliet?",
    "What color do you get when you mix blue and yellow?",
    "How many days are there in a week?",
    "What is the largest planet?",
)
STORY = "Please explain at length why the sky is blue."
INTERRUPTION = "Stop now please, that is quite enough for today."
ASKER = "am_michael"
PARTS = ("endpoint", "words", "model", "voice", "device")
GOAL_S, STOP_GOAL_S = 1.5, 0.15
LIMIT_S = 180.0


@dataclass(frozen=True)
class Row:
    """One turn, in seconds."""

    endpoint: float
    words: float
    model: float
    voice: float
    device: float

    @property
    def whole(self) -> float:
        """From the end of speech to the first sound."""
        return self.endpoint + self.words + self.model + self.voice + self.device


class Bench:
    """A conversation whose person is a loudspeaker."""

    def __init__(self, server: SoundServer, bundle: str, folder: Path) -> None:
        self._server, self._folder = server, folder
        self._asker = Voice.open(model_folder("speak", ""))
        self._changed = threading.Condition()
        self._reports: list[tuple[float, Report]] = []
        self._view = View()
        self.answers = EngineAnswers(bundle, lambda _: None)
        self.speech = SpeechClient(Settings(), self._take, lambda s: self.talk.take_state(s))
        self.talk = SpokenConversation(self.speech, self.answers, self._show)
        self.answers.on_text = self.talk.answer_text
        self.answers.on_ended = self.talk.answer_ended

    def begin(self) -> None:
        """Load everything and listen."""
        self.answers.start()
        self.talk.toggle()
        self.until(lambda: self._view.phase == "listening")
        time.sleep(3)  # The model reads what it is told at the beginning of a conversation.

    def close(self) -> None:
        """End everything."""
        self.talk.end()
        self.speech.close()
        self.answers.close()

    def turn(self, words: str) -> Row:
        """One question and its answer, heard to the end."""
        self._reports.clear()
        self._server.say(self._said(words))
        self.until(lambda: self._last(Spoken) is not None and self._view.phase == "listening")
        heard, clause, first = self._last(Heard), self._first(Clause), self._first(FirstSound)
        assert isinstance(heard, Heard) and isinstance(clause, Clause)
        assert isinstance(first, FirstSound)
        made = next(at for at, one in self._reports if one is clause)
        return Row(
            heard.decided_at - heard.ended_at,
            heard.at - heard.decided_at,
            made - clause.made_s - heard.at,
            clause.made_s,
            first.at - made,
        )

    def interruption(self) -> float:
        """Seconds from the moment at which a voice is certain to the command to be silent."""
        self._reports.clear()
        self._server.say(self._said(STORY))
        self.until(lambda: self._last(FirstSound) is not None)
        self._server.say(self._said(INTERRUPTION))
        self.until(lambda: self._last(Interrupted) is not None)
        stopped = self._last(Interrupted)
        assert isinstance(stopped, Interrupted)
        self.until(lambda: self._view.phase in ("speaking", "listening"))
        self.talk.silence()
        self.until(lambda: self._view.phase == "listening")
        return stopped.stop_s

    def until(self, condition: Callable[[], bool]) -> None:
        """Wait until something is so."""
        with self._changed:
            if not self._changed.wait_for(condition, LIMIT_S):
                raise TimeoutError(f"it stays {self._view}")

    def _said(self, words: str) -> Path:
        path = self._folder / f"{abs(hash(words))}.wav"
        if not path.exists():
            sound = self._asker.speak(words, ASKER)
            soundfile.write(path, sound.samples, sound.rate_hz)
        return path

    def _take(self, report: Report) -> None:
        with self._changed:
            self._reports.append((time.monotonic(), report))
        self.talk.take(report)
        with self._changed:
            self._changed.notify_all()

    def _show(self, view: View) -> None:
        with self._changed:
            self._view = view
            self._changed.notify_all()

    def _first(self, kind: type[Report]) -> Report | None:
        return next((one for _, one in self._reports if isinstance(one, kind)), None)

    def _last(self, kind: type[Report]) -> Report | None:
        return next((one for _, one in reversed(self._reports) if isinstance(one, kind)), None)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which a share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def report(rows: Sequence[Row], stops: Sequence[float]) -> None:
    """Print what was measured."""
    for name in (*PARTS, "whole"):
        values = [float(getattr(row, name)) for row in rows]
        goal = f"  (goal: p50 up to {GOAL_S} s)" if name == "whole" else ""
        print(
            f"{name:>9}: p50 {statistics.median(values):5.2f} s, "
            f"p95 {percentile(values, 0.95):5.2f} s{goal}"
        )
    if stops:
        print(
            f" to clear: p50 {statistics.median(stops) * 1e3:.0f} ms, "
            f"p95 {percentile(stops, 0.95) * 1e3:.0f} ms  (goal: up to {STOP_GOAL_S * 1e3:.0f} ms)"
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=12)
    parser.add_argument("--interruptions", type=int, default=4)
    parser.add_argument("--bundle", default="auto")
    parser.add_argument("--rows", action="store_true", help="print every turn")
    options = parser.parse_args()
    with sound_server_or_skip() as server, tempfile.TemporaryDirectory() as folder:
        bench = Bench(server, options.bundle, Path(folder))
        try:
            bench.begin()
            rows = []
            for number in range(options.turns):
                rows.append(bench.turn(QUESTIONS[number % len(QUESTIONS)]))
                if options.rows:
                    print(rows[-1], f"{rows[-1].whole:.2f}", file=sys.stderr, flush=True)
            stops = [bench.interruption() for _ in range(options.interruptions)]
        finally:
            bench.close()
    report(rows, stops)


if __name__ == "__main__":
    main()
