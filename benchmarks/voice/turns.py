"""Whole spoken turns: from the end of what a person says to the first sound of the answer, and from
the first sound of an interruption to silence in what the loudspeaker played.

    python -m benchmarks.voice.turns [--turns N] [--interruptions N] [--bundle NAME|DIR] [--rows]

A PulseAudio server of its own has a microphone into which questions are played, and a loudspeaker
that is recorded; in between are the real speech process, the real engine and the real voice. Times
are of one clock. A turn's parts: `endpoint`, until it was decided that the person had finished;
`words`, until the last words were written down; `model`, until the first clause of the answer was
there; `voice`, until its sound was made; `device`, until it was heard. Where other programs run the
seconds say little: the seconds of the processor from the last words to the first sound, and the
tokens that the language model put in after them, say what was to be done.

Silence is looked for in the recordings of the loudspeaker and of what the person said: `from onset`
counts from the first sound of the interruption, `from certainty` from when it was certain.

`--bundle` also takes the starter with another talker: XDG_DATA_HOME names a folder in which
`medley models get qwen2.5-coder-0.5b kokoro-82m whisper-base turn-taking` put only the small one.
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

import psutil
import soundfile

from benchmarks.voice.sink import recording
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
from runtime.messages import Event, TurnDone
from runtime.speech.voice import Voice
from tests.sound_server import FEED, SPEAKER, SoundServer, sound_server_or_skip

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
COSTS = ("model_cpu", "voice_cpu", "read", "written")
GOAL_S, STOP_GOAL_S = 1.5, 0.15
LIMIT_S = 180.0
SILENCE_S = 0.4
"""Seconds without a sound that are no pause of the voice."""


@dataclass(frozen=True)
class Stop:
    """One interruption, in seconds to silence."""

    onset: float
    certainty: float


@dataclass(frozen=True)
class Row:
    """One turn: seconds, seconds of the processor, tokens."""

    endpoint: float
    words: float
    model: float
    voice: float
    device: float
    model_cpu: float
    """Of the engine's process, from the last words to the sound of the first clause."""
    voice_cpu: float
    """Of the process that hears and speaks, in the same time."""
    read: int
    """Tokens of the prompt that were not in the language model yet when the words were there."""
    written: int
    """Tokens of the whole answer."""

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
        self._used: dict[str, tuple[float, float]] = {}
        self._done: list[TurnDone] = []
        self._view = View()
        self.answers = EngineAnswers(bundle, self._event)
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
        self._forget()
        self._server.say(self._said(words))
        self.until(
            lambda: (
                self._last(Spoken) is not None
                and self._view.phase == "listening"
                and bool(self._done)
            )
        )
        heard, clause, first = self._last(Heard), self._first(Clause), self._first(FirstSound)
        assert isinstance(heard, Heard) and isinstance(clause, Clause)
        assert isinstance(first, FirstSound)
        made = next(at for at, one in self._reports if one is clause)
        (model0, voice0), (model1, voice1) = self._used["heard"], self._used["clause"]
        usage = self._done[-1].usage
        return Row(
            heard.decided_at - heard.ended_at,
            heard.at - heard.decided_at,
            made - clause.made_s - heard.at,
            clause.made_s,
            first.at - made,
            model1 - model0,
            voice1 - voice0,
            usage.prompt_tokens - usage.reused_tokens,
            usage.new_tokens,
        )

    def interruption(self) -> Stop | None:
        """A long answer that is interrupted; None where the recordings do not tell when."""
        self._forget()
        with recording(SPEAKER) as played, recording(FEED) as said:
            self._server.say(self._said(STORY))
            self.until(lambda: self._last(FirstSound) is not None)
            begin = time.monotonic()
            self._server.say(self._said(INTERRUPTION))
            self.until(lambda: self._last(Interrupted) is not None)
            at, stopped = next(
                (at, one) for at, one in self._reports if isinstance(one, Interrupted)
            )
            time.sleep(2 * SILENCE_S)
            onset = said.first_after(begin)
            silent = None if onset is None else played.silent_after(onset, SILENCE_S)
        self.until(lambda: self._view.phase in ("speaking", "listening"))
        self.talk.silence()
        self.until(lambda: self._view.phase == "listening")
        if onset is None or silent is None or silent < onset:
            return None
        return Stop(silent - onset, silent - (at - stopped.stop_s))

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

    def _forget(self) -> None:
        self._reports.clear()
        self._used.clear()
        self._done.clear()

    def _event(self, event: Event) -> None:
        if isinstance(event, TurnDone):
            with self._changed:
                self._done.append(event)
                self._changed.notify_all()

    def _processors(self) -> tuple[float, float]:
        """Seconds of the processor that the engine used so far, and what hears and speaks."""
        times = [psutil.Process(pid).cpu_times() for pid in (self.answers.pid, self.speech.pid)]
        engine, speech = (one.user + one.system for one in times)
        return engine, speech

    def _take(self, report: Report) -> None:
        with self._changed:
            self._reports.append((time.monotonic(), report))
            name = {Heard: "heard", Clause: "clause"}.get(type(report))
            if name is not None and name not in self._used:
                self._used[name] = self._processors()
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


def report(rows: Sequence[Row], stops: Sequence[Stop | None]) -> None:
    """Print what was measured."""
    for name in (*PARTS, "whole", *COSTS) if rows else ():
        values = [float(getattr(row, name)) for row in rows]
        unit = "tokens" if name in ("read", "written") else "cpu-s" if name in COSTS else "s"
        goal = f"  (goal: p50 up to {GOAL_S} s)" if name == "whole" else ""
        print(
            f"{name:>10}: p50 {statistics.median(values):6.2f} {unit}, "
            f"p95 {percentile(values, 0.95):6.2f} {unit}{goal}"
        )
    seen = [stop for stop in stops if stop is not None]
    if len(seen) < len(stops):
        print(f"{len(stops) - len(seen)} interruptions met a pause of the voice: not counted")
    for name in ("onset", "certainty") if seen else ():
        values = [float(getattr(stop, name)) for stop in seen]
        goal = f"  (goal: up to {STOP_GOAL_S * 1e3:.0f} ms)" if name == "certainty" else ""
        print(
            f"silence, from {name}: p50 {statistics.median(values) * 1e3:.0f} ms, "
            f"p95 {percentile(values, 0.95) * 1e3:.0f} ms, {len(seen)} times{goal}"
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
