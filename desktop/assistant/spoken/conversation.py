"""Who speaks when: the states of a spoken conversation. Knows neither Qt nor sound.

What is shown is derived from what the speech process says, not from what was asked of it: who is
shown as listening had sound from the microphone in the last half second.

Threads: every method may be called from any thread and returns at once; `on_view` is called on
whichever thread brought the change, and must be quick.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from desktop.assistant.spoken.heard_words import language_of
from desktop.assistant.spoken.view import Answerer, AnswerId, Phase, SpokenTurn, View
from desktop.speech.client import SpeechClient, SpeechState
from desktop.speech.protocol import (
    Failed,
    FirstSound,
    Heard,
    Interrupted,
    Listening,
    Partial,
    Played,
    Report,
    SpeechDropped,
    SpeechStarted,
    Spoken,
)
from plugins.errors import Problem, phrase
from runtime.speech.voice import ClauseCutter

HOLD_S = 0.3
"""A key that is held longer is push-to-talk; a shorter press is a tap."""
_ids = itertools.count(1)
SILENT = phrase(
    "Expected sound from the microphone, none came for half a second. Check that it is connected; "
    "listening goes on when it comes."
)


def read_aloud(speech: SpeechClient, words: str) -> int:
    """Have words that are written spoken; names the utterance, 0 where nothing can be spoken."""
    cutter = ClauseCutter()
    clauses = [*cutter.feed(words), *cutter.finish()]
    if not clauses:
        return 0
    utterance = next(_ids)
    for clause in clauses:
        speech.say(utterance, clause, language_of(clause))
    speech.end_saying(utterance)
    return utterance


@dataclass
class _Answer:
    """An answer that is being made or spoken."""

    id: AnswerId
    cutter: ClauseCutter = field(default_factory=ClauseCutter)
    making: bool = True
    """Whether words may still come."""
    stopped: bool = False
    """Whether it is to be made no further."""
    speaking: bool = False
    """Whether clauses were given to the voice that were not all heard."""
    silent: bool = False
    """Whether what comes is not to be spoken any more."""
    heard: str | None = None
    """What was heard of it, where it was interrupted."""

    @property
    def over(self) -> bool:
        """Whether nothing more comes of it."""
        return not self.making and not self.speaking


class SpokenConversation:
    """One person, one microphone, one voice, one answer at a time."""

    def __init__(
        self, speech: SpeechClient, answerer: Answerer, on_view: Callable[[View], None]
    ) -> None:
        """Nothing listens yet. `take` and `take_state` are to be told what `speech` says."""
        self._speech, self._answerer, self._on_view = speech, answerer, on_view
        self._lock = threading.RLock()
        self._shown = View()
        self._truth = SpeechState()
        self._wanted = self._hands_free = self._muted = False
        self._pressed_at: float | None = None
        self._began_by_press = False
        self._ending_turn = False
        """Push-to-talk was released, and what was said is not known yet."""
        self._listened = False
        """Whether the microphone gave sound since it was last asked for."""
        self._hears_speech = False
        self._answers: dict[AnswerId, _Answer] = {}
        """Those that are being made or spoken; the last is the one that counts."""
        self._heard = self._spoken = ""
        self._problem: Failed | None = None

    @property
    def view(self) -> View:
        """What is to be shown now."""
        with self._lock:
            return self._shown

    # What a person does.

    def press(self) -> None:
        """The key or the button of the conversation went down."""
        with self._lock:
            if self._pressed_at is not None:
                return
            self._pressed_at = time.monotonic()
            self._began_by_press = not self._wanted
            if self._hands_free:
                return
            self._interrupt()
            self._start(hands_free=False)
        self._show()

    def release(self) -> None:
        """The key or the button went up: after a hold the turn is over; a tap toggles."""
        with self._lock:
            if self._pressed_at is None:
                return
            held_s = time.monotonic() - self._pressed_at
            self._pressed_at = None
            if held_s >= HOLD_S and not self._hands_free:
                self._ending_turn = True
                self._speech.end_turn()
            elif self._began_by_press:
                self._start(hands_free=True)
            else:
                self._end()
        self._show()

    def toggle(self) -> None:
        """Begin a hands-free conversation, or end the one that goes on."""
        with self._lock:
            if self._wanted:
                self._end()
            else:
                self._start(hands_free=True)
        self._show()

    def mute(self, muted: bool) -> None:
        """Give the microphone back for a while, or take it again. Own speech goes on."""
        with self._lock:
            if not self._wanted or muted == self._muted:
                return
            self._muted = muted
            self._hears_speech = self._listened = False
            if muted:
                self._speech.stop_listening()
            else:
                self._speech.listen(self._hands_free)
        self._show()

    def silence(self) -> None:
        """Stop the answer that is being spoken or made; the conversation goes on."""
        with self._lock:
            self._interrupt()
        self._show()

    def end(self) -> None:
        """End the conversation: the microphone is given back, and nobody speaks."""
        with self._lock:
            self._end()
        self._show()

    # What the speech process says.

    def take_state(self, state: SpeechState) -> None:
        """What is so there."""
        with self._lock:
            self._truth = state
        self._show()

    def take(self, report: Report) -> None:
        """A report."""
        with self._lock:
            self._happened(report)
        self._show()

    # What the answerer says.

    def answer_text(self, answer: AnswerId, words: str) -> None:
        """More words of an answer."""
        with self._lock:
            if (one := self._answers.get(answer)) is not None:
                self._say(one, one.cutter.feed(words))
        self._show()

    def answer_ended(self, answer: AnswerId, problem: Problem | None = None) -> None:
        """An answer is made; `problem` says why it failed, where it did."""
        with self._lock:
            if (one := self._answers.get(answer)) is not None:
                self._say(one, one.cutter.finish())
                one.making = False
                if one.speaking and not one.silent:
                    self._speech.end_saying(answer)
                self._settle(one)
            if problem is not None:
                self._problem = Failed("voice", "answer", problem)
        self._show()

    # Steps, with the lock held.

    def _start(self, hands_free: bool) -> None:
        self._wanted, self._hands_free, self._muted = True, hands_free, False
        self._listened = self._hears_speech = self._ending_turn = False
        self._problem, self._heard = None, ""
        self._speech.prepare()
        self._speech.listen(hands_free)
        self._answerer.prepare("")

    def _end(self) -> None:
        self._interrupt()
        self._wanted = self._hands_free = self._muted = self._ending_turn = False
        self._listened = self._hears_speech = False
        self._problem, self._heard, self._spoken = None, "", ""
        self._speech.stop_listening()

    def _interrupt(self) -> None:
        """Silence the answer that is made or spoken. What was heard of it `Interrupted` says."""
        for one in self._answers.values():
            self._stop_making(one)
            if one.silent:
                continue
            one.silent = True
            if one.speaking:
                self._speech.hush()
            else:
                one.heard = ""

    def _stop_making(self, one: _Answer) -> None:
        if one.making and not one.stopped:
            one.stopped = True
            self._answerer.stop(one.id)

    def _settle(self, one: _Answer) -> None:
        """An answer that is over is forgotten here; how much was heard of it is kept."""
        if one.over:
            self._answers.pop(one.id, None)
            if one.heard is not None:
                self._answerer.keep_heard(one.id, one.heard)
            self._after_answer()

    def _happened(self, report: Report) -> None:
        match report:
            case Listening():
                self._listened = True
                if self._problem and self._problem.part in ("microphone", "process"):
                    self._problem = None
            case SpeechStarted():
                self._hears_speech, self._heard = True, ""
            case SpeechDropped():
                self._hears_speech = False
                self._turn_over()
            case Partial():
                self._hears_speech, self._heard = True, report.text
                if not self._answers:
                    self._answerer.prepare(report.text)
            case Heard():
                self._on_heard(report)
            case FirstSound():
                self._clear_problem("loudspeaker", "voice")
            case Played() if report.utterance == self._latest:
                self._spoken = report.heard
                self._clear_problem("loudspeaker", "voice")
            case Spoken() | Interrupted() if report.utterance in self._answers:
                self._on_spoken(self._answers[report.utterance], report)
            case Failed():
                self._on_failed(report)

    def _on_heard(self, heard: Heard) -> None:
        self._hears_speech = False
        self._turn_over()
        recording = self._speech.recording(heard.recording) if heard.recording else None
        if (not self._wanted and self._hands_free) or not heard.text.strip():
            if recording is not None:
                recording.unlink(missing_ok=True)
            return
        self._interrupt()
        self._heard, self._spoken = heard.text, ""
        self._clear_problem("loudspeaker", "voice")
        one = _Answer(next(_ids))
        self._answers[one.id] = one
        turn = SpokenTurn(heard.text, heard.language, recording, heard.duration_s)
        self._answerer.ask(one.id, turn)

    def _turn_over(self) -> None:
        """With push-to-talk the microphone is given back after the turn."""
        if self._ending_turn:
            self._ending_turn = False
            self._speech.stop_listening()

    def _on_spoken(self, one: _Answer, report: Spoken | Interrupted) -> None:
        one.speaking = False
        if isinstance(report, Interrupted):
            one.silent = True
            if report.by != "lost":  # What could not be spoken can be read.
                one.heard = self._spoken = report.heard
                self._stop_making(one)
        self._settle(one)

    def _on_failed(self, report: Failed) -> None:
        self._problem = report
        if report.part == "hearing":
            self._hears_speech = self._ending_turn = False

    def _after_answer(self) -> None:
        """With push-to-talk the conversation is over after the answer; else the model reads what it
        is to answer next as far as it is known, with what was heard of the answer before."""
        if self._answers:
            return
        if not self._hands_free and self._pressed_at is None:
            self._wanted = False
        elif self._wanted:
            self._answerer.prepare(self._heard if self._hears_speech else "")

    def _clear_problem(self, *parts: str) -> None:
        if self._problem is not None and self._problem.part in parts:
            self._problem = None

    def _say(self, one: _Answer, clauses: list[str]) -> None:
        for clause in clauses if not one.silent else ():
            one.speaking = True
            self._speech.say(one.id, clause, language_of(clause))

    @property
    def _latest(self) -> AnswerId:
        """The answer that counts; 0 where there is none."""
        return max(self._answers, default=0)

    # What is shown.

    def _show(self) -> None:
        with self._lock:
            phase = self._phase()
            failed = self._problem if phase == "failed" else None
            kind, problem = (failed.kind, failed.problem) if failed else ("", None)
            if phase == "failed" and failed is None:
                kind, problem = "silent", SILENT
            view = View(
                phase, kind, problem, self._hands_free, self._muted, self._heard, self._spoken,
                self._truth.device,
            )  # fmt: skip
            if view == self._shown:
                return
            self._shown = view
            self._on_view(view)

    def _phase(self) -> Phase:
        if not self._wanted:
            return "idle" if self._problem is None else "failed"
        if self._truth.speaks and self._answers:
            return "speaking"
        if self._problem is not None:
            return "failed"
        if self._answers:
            return "thinking"
        if self._muted:
            return "muted"
        if self._truth.process == "starting" or self._truth.prepares:
            return "starting"
        if self._truth.hears:
            return "hearing" if self._hears_speech else "listening"
        if self._ending_turn:
            return "thinking"
        return "failed" if self._listened else "starting"
