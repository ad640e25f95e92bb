"""Speaks: clauses become sound ahead of what is played, and are silenced at once when asked.

Threads: one makes the sound, one watches the clock of what is really played. Commands may come
from any thread and return at once, but for `close`.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from desktop.devices.errors import DeviceError
from desktop.devices.loudspeaker import Loudspeaker
from desktop.speech.engines import NoModelError, open_voice, voice_for
from desktop.speech.loudness import loudness
from desktop.speech.protocol import (
    Clause,
    EndSaying,
    Failed,
    FirstSound,
    Interrupted,
    Loaded,
    Loading,
    Mouth,
    Played,
    Report,
    Say,
    Settings,
    Spoken,
    UtteranceId,
    Word,
)
from desktop.speech.utterance import Placed, Said, Utterance
from plugins.errors import KnownError, Problem
from runtime.process.pipes import ReportSender

if TYPE_CHECKING:
    from runtime.speech.voice import Spoken as Sound
    from runtime.speech.voice import Voice

DUCK_DB = -12.0
"""How much softer own speech is while somebody may be speaking."""
AHEAD_S = 8.0
"""Seconds of sound that are made ahead of what is heard, at most."""
TICK_S = 0.05
AGAIN_S, PATIENCE_S = 0.5, 10.0
"""How often a lost loudspeaker is looked for, and for how long an utterance waits for it."""
UNSURE_S = 3.0
"""Seconds that the echo canceller needs at the most after its reference has jumped."""
ECHO_S = 0.5
"""Seconds for which what was played may still be heard."""
IDLE_S = 2.0
"""Seconds after which a loudspeaker that nobody needs is given back."""
Float32 = npt.NDArray[np.float32]
By = Literal["voice", "asked", "lost"]


class Speaker:
    """One voice and one loudspeaker."""

    def __init__(self, outlet: ReportSender[Report]) -> None:
        self.settings = Settings()
        self._outlet = outlet
        self._lock = threading.Condition()
        self._queue: deque[Say] = deque()
        self._open: dict[UtteranceId, Utterance] = {}
        """Utterances that are not over, in the order of their first clause."""
        self._device: Loudspeaker | None = None
        self._device_id = ""
        self._voice: Voice | None = None
        self._voice_model = ""
        self._hushed = 0
        """How often silence was asked for: what was begun before is not to be heard."""
        self._base_s = 0.0
        """What the playing clock was when the loudspeaker was opened: it goes on from there."""
        self._written: deque[tuple[float, Float32, int]] = deque()
        """What was given to the loudspeaker and is not yet heard: where on the playing clock it
        begins, the sound and its rate."""
        self._said = Said()
        self._audible_at = 0.0
        """Time of day when something was last to be heard."""
        self._broken_at = 0.0
        """Time of day when the loudspeaker was lost; 0 while it is not."""
        self._kept_open = self._closing = False
        self._wish = threading.Event()
        self._used_at = 0.0
        self._threads = [
            threading.Thread(target=run, name=name, daemon=True)
            for run, name in ((self._make, "voice"), (self._watch, "clock"))
        ]
        for thread in self._threads:
            thread.start()

    @property
    def audible(self) -> bool:
        """Whether own speech is being played, or its echo may still be heard."""
        device, now = self._device, time.monotonic()
        if device is not None and device.buffered_s > 0:
            self._audible_at = now
        return now - self._audible_at < ECHO_S

    @property
    def speaking(self) -> bool:
        """Whether own speech is going on: it is audible, or pauses between two clauses."""
        with self._lock:
            return self.audible or any(one.sounding for one in self._open.values())

    @property
    def busy(self) -> bool:
        """Whether something is being said or will be, also in the pauses between clauses."""
        return bool(self._open)

    def prepare(self) -> None:
        """Load the voice soon."""
        with self._lock:
            self._wish.set()
            self._lock.notify_all()

    def keep_open(self, kept: bool) -> None:
        """Whether the loudspeaker stays open between two utterances, as in a conversation. When
        that is over it is given back at once."""
        self._kept_open = kept
        if not kept:
            self._used_at = 0.0

    def reference(self, count: int, captured_at: float) -> Float32 | None:
        """What was played in the time of `count` samples of the microphone, of which it says when
        the last was captured; None where nothing is open."""
        device = self._device
        return None if device is None else device.reference(count, captured_at)

    def is_reference_sure(self, captured_at: float) -> bool:
        """Whether `reference` was right of late."""
        device = self._device
        return device is None or captured_at - device.stepped_at > UNSURE_S

    def words_between(self, begin_at: float, end_at: float) -> str:
        """What was heard from the loudspeaker between two times of day."""
        with self._lock:
            return self._said.between(begin_at, end_at)

    def say(self, clause: Say) -> None:
        """Speak a clause after those before it."""
        with self._lock:
            utterance = self._open.setdefault(clause.utterance, Utterance(clause.utterance))
            utterance.waiting += 1
            self._queue.append(clause)
            self._lock.notify_all()

    def end(self, command: EndSaying) -> None:
        """No clause of an utterance follows."""
        with self._lock:
            utterance = self._open.setdefault(command.utterance, Utterance(command.utterance))
            utterance.complete = True

    def duck(self, on: bool) -> None:
        """Be softer, or as loud as before."""
        if (device := self._device) is not None:
            device.duck(DUCK_DB if on else 0.0)

    def hush(self, by: By, since: float = 0.0) -> bool:
        """Be silent at once; whether anything was being said.

        Args:
            by: who wants it.
            since: the time of day at which it was wanted.
        """
        with self._lock:
            self._hushed += 1
            self._queue.clear()
            device = self._device
            clock_s = self._clock_s
            if device is not None:
                device.clear()
            self._written.clear()
            self._said.cut(clock_s)
            self._broken_at = 0.0
            ended = [(one.id, one.heard(clock_s)) for one in self._open.values()]
            self._open.clear()
        stop_s = time.monotonic() - since if since else 0.0
        for utterance, heard in ended:
            self._outlet.send(Interrupted(utterance, heard, by, stop_s))
        return bool(ended)

    def close(self) -> None:
        """Be silent and give the loudspeaker back."""
        with self._lock:
            self._closing = True
            self._lock.notify_all()
            device, self._device = self._device, None
        if device is not None:
            device.close()

    def _make(self) -> None:
        """The thread that makes sound of clauses."""
        while not self._closing:
            with self._lock:
                self._lock.wait_for(
                    lambda: self._queue or self._wish.is_set() or self._broken_at or self._closing
                )
                broken = bool(self._broken_at)
                clause = self._queue.popleft() if self._queue and not broken else None
                hushed = self._hushed
                self._wish.clear()
            try:
                if broken:
                    self._mend()
                    continue
                voice = self._ready_voice()
                if clause is not None:
                    self._speak(voice, clause, hushed)
            except DeviceError as error:
                self._fail("loudspeaker", error.kind, error.problem)
            except NoModelError as error:
                self._fail("voice", "no_model", error.problem)
            except KnownError as error:
                self._fail("voice", "fault", error.problem)

    def _fail(self, part: Literal["loudspeaker", "voice"], kind: str, problem: Problem) -> None:
        self._outlet.send(Failed(part, kind, problem))
        self.hush("lost")

    def _ready_voice(self) -> Voice:
        if self._voice is None or self._voice_model != self.settings.voice_model:
            self._outlet.send(Loading("voice"))
            self._voice_model = self.settings.voice_model
            self._voice = open_voice(self._voice_model)
            if not self._queue:
                self._voice.warm_up()
            self._outlet.send(Loaded("voice", self._voice_model, voices=self._voice.names))
        return self._voice

    def _speak(self, voice: Voice, clause: Say, hushed: int) -> None:
        """Make the sound of a clause and give it to the loudspeaker part by part."""
        begun = time.monotonic()
        name = voice_for(voice.names, self.settings.voice, clause.language)
        for sound in voice.speak_soon(clause.text, name, self.settings.speed):
            made_s = time.monotonic() - begun
            if not self._play(clause, sound, hushed, made_s):
                return
            begun = time.monotonic()
        with self._lock:
            if hushed == self._hushed and clause.utterance in self._open:
                self._open[clause.utterance].waiting -= 1

    def _play(self, clause: Say, sound: Sound, hushed: int, made_s: float) -> bool:
        """Give a part of a clause to the loudspeaker; whether it is still wanted."""
        while not self._closing and hushed == self._hushed and self._ahead_s() > AHEAD_S:
            time.sleep(TICK_S)
        device = self._ready_device()
        with self._lock:
            utterance = self._open.get(clause.utterance)
            if hushed != self._hushed or utterance is None:
                return False
            start_s = self._base_s + device.played_s + device.buffered_s
            device.write(sound.samples)
            self._written.append((start_s, sound.samples, sound.rate_hz))
            placed = _placed(sound.text, sound, start_s)
            utterance.clauses.append(placed)
            self._said.add(placed)
        self._tell_clause(clause, placed, sound, made_s)
        return True

    def _tell_clause(self, clause: Say, placed: Placed, sound: Sound, made_s: float) -> None:
        mouths = tuple(Mouth(v.start_s, v.end_s, v.shape) for v in sound.visemes)
        start_s, duration_s = placed.start_s, placed.end_s - placed.start_s
        loud = loudness(sound.samples, sound.rate_hz)
        self._outlet.send(
            Clause(
                clause.utterance,
                placed.text,
                start_s,
                duration_s,
                placed.words,
                mouths,
                loud,
                made_s,
            )
        )

    def _ahead_s(self) -> float:
        device = self._device
        return 0.0 if device is None else device.buffered_s

    def _ready_device(self) -> Loudspeaker:
        """The loudspeaker, opened where it is not.

        Raises:
            DeviceError: it cannot be opened.
        """
        self._used_at = time.monotonic()
        device, wished = self._device, self.settings.loudspeaker
        if device is not None and self._device_id == wished:
            return device
        if device is not None:
            self._base_s = self._clock_s + device.buffered_s
            device.close()
        fresh = Loudspeaker(self.settings.backend)
        fresh.open(wished, on_lost=lambda problem: self._lost(fresh, problem))
        self._device, self._device_id = fresh, wished
        return fresh

    def _lost(self, device: Loudspeaker, problem: Problem) -> None:
        """The loudspeaker is gone. What was not heard yet waits for another one."""
        with self._lock:
            if self._device is not device:
                return
            self._base_s, self._device = self._clock_s, None
            if self._open:
                self._broken_at = time.monotonic()
            self._lock.notify_all()
        self._outlet.send(Failed("loudspeaker", "lost", problem))

    def _mend(self) -> None:
        """Open the loudspeaker anew and go on where it stopped. Where none comes soon, nothing is
        spoken any more.

        Raises:
            DeviceError: none came.
        """
        try:
            device = self._ready_device()
        except DeviceError:
            if time.monotonic() - self._broken_at > PATIENCE_S:
                raise
            time.sleep(AGAIN_S)
            return
        with self._lock:
            self._broken_at = 0.0
            for start_s, samples, rate_hz in self._written:
                heard = max(0, int((self._base_s - start_s) * rate_hz))
                device.write(samples[heard:])

    @property
    def _clock_s(self) -> float:
        device = self._device
        return self._base_s + (0.0 if device is None else device.played_s)

    def _watch(self) -> None:
        """The thread that tells how far the loudspeaker is."""
        while not self._closing:
            time.sleep(TICK_S)
            device = self._device
            if device is None:
                continue
            if self._open:
                self._used_at = time.monotonic()
                self._tell(device)
            elif not self._kept_open and time.monotonic() - self._used_at > IDLE_S:
                self._give_back(device)

    def _tell(self, device: Loudspeaker) -> None:
        with self._lock:
            clock_s, now = self._clock_s, time.monotonic()
            self._said.tick(now, clock_s)
            while self._written and _end_s(self._written[0]) < clock_s:
                self._written.popleft()
            utterance = next(iter(self._open.values()), None)
            if utterance is None:
                return
            first = utterance.clauses[0] if utterance.clauses else None
            sounds = first is not None and clock_s > first.start_s
            begins = sounds and not utterance.sounding
            utterance.sounding = utterance.sounding or sounds
            over = utterance.over(clock_s, still=device.buffered_s <= 0)
            if over:
                clock_s = max(clock_s, utterance.end_s)
                del self._open[utterance.id]
            heard = utterance.heard(clock_s)
        if begins and first is not None:
            self._outlet.send(FirstSound(utterance.id, now - (clock_s - first.start_s)))
        if sounds:
            self._outlet.send(Played(utterance.id, clock_s, now, heard))
        if over:
            self._outlet.send(Spoken(utterance.id))

    def _give_back(self, device: Loudspeaker) -> None:
        with self._lock:
            if self._device is not device or self._open:
                return
            self._base_s, self._device = self._clock_s, None
        device.close()


def _end_s(written: tuple[float, Float32, int]) -> float:
    start_s, samples, rate_hz = written
    return start_s + len(samples) / rate_hz


def _placed(text: str, sound: Sound, start_s: float) -> Placed:
    words = tuple(Word(word.text, word.start_s, word.end_s) for word in sound.words)
    return Placed(text, start_s, start_s + len(sound.samples) / sound.rate_hz, words)
