"""Listens: the microphone's frames become turns, and own speech gives way to a person's.

What to do when somebody speaks into own speech is decided here, close to the sound: at a candidate
own speech gets softer, once it is confirmed it stops, and where it was nothing it goes on.

Threads: one, which is the only one that knows the microphone; commands may come from any.
"""

from __future__ import annotations

import contextlib
import queue
import threading
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from desktop.devices.audio import devices
from desktop.devices.errors import DeviceError
from desktop.devices.microphone import Microphone
from desktop.speech.engines import NoModelError, open_hearing
from desktop.speech.protocol import (
    Deaf,
    Ducked,
    Failed,
    Heard,
    Level,
    Listen,
    Listening,
    Loaded,
    Loading,
    Partial,
    Report,
    Settings,
    SpeechDropped,
    SpeechStarted,
)
from desktop.speech.speaker import Speaker
from plugins.errors import KnownError, Problem
from runtime.process.pipes import ReportSender

if TYPE_CHECKING:
    from runtime.speech.hearing import Hearing, HearingEvent

Float32 = npt.NDArray[np.float32]
RATE_HZ = 16_000
SOON_S, AGAIN_S = 0.2, 1.0
"""Seconds after which a microphone that was lost is opened anew, and every time after that."""
SILENT_S = 2.0
"""Seconds without a frame after which a microphone is opened anew."""
LEVEL_S = 0.1
MOST_WAITING = 3000
"""Blocks of frames that may wait while the models are loaded: half a minute at the least."""


class _Frames(NamedTuple):
    """What the microphone heard."""

    near: Float32
    far: Float32 | None
    """What was played in that time."""
    sure: bool
    """Whether `far` is surely that."""
    captured_at: float
    """Time of day of the last sample."""


class Listener:
    """One microphone and one hearing."""

    def __init__(self, outlet: ReportSender[Report], speaker: Speaker) -> None:
        self.settings = Settings()
        self.folder: Path | None = None
        self._outlet, self._speaker = outlet, speaker
        self._frames: queue.Queue[_Frames] = queue.Queue(MOST_WAITING)
        self._lock = threading.Condition()
        self._wanted: Listen | None = None
        self._end_at: float | None = None
        """Time of day until which what was said is the turn; None where silence ends it."""
        self._load = threading.Event()
        self._lost: Problem | None = None
        self._hearing: Hearing | None = None
        self._hearing_model = ""
        self._fed = 0
        """Samples that the hearing was given since it was reset."""
        self._zero_at = 0.0
        """Time of day of the first of them, had no sound been lost since."""
        self._dropped = 0
        """Blocks for which there was no room since the microphone was opened."""
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="listener", daemon=True)
        self._thread.start()

    def prepare(self) -> None:
        """Load what hears soon."""
        with self._lock:
            self._load.set()
            self._lock.notify_all()

    def listen(self, command: Listen) -> None:
        """Open the microphone and hear."""
        with self._lock:
            self._wanted = command
            self._end_at = None
            self._lock.notify_all()

    def end_turn(self) -> None:
        """What was said until now is the turn."""
        self._end_at = time.monotonic()

    def stop(self) -> None:
        """Give the microphone back."""
        with self._lock:
            self._wanted = None

    def close(self) -> None:
        """Give the microphone back and end the thread."""
        with self._lock:
            self._wanted, self._closing = None, True
            self._lock.notify_all()
        self._thread.join(2.0)

    def _run(self) -> None:
        while not self._closing:
            with self._lock:
                self._lock.wait_for(
                    lambda: self._wanted is not None or self._load.is_set() or self._closing
                )
            if self._wanted is not None:
                self._listen()
                continue
            with contextlib.suppress(KnownError):
                self._ready_hearing()

    def _listen(self) -> None:
        """Hear until nobody wants it any more, through whatever befalls the microphone."""
        told: Problem | None = None
        while self._wanted is not None:
            microphone = Microphone(self.settings.backend)
            device = self.settings.microphone
            try:
                self._empty()
                self._open(microphone, device)
                told = None
                # What is said meanwhile waits.
                self._hear(microphone, self._ready_hearing(), device)
            except DeviceError as error:
                told = self._fail(error.kind, error.problem, told)
            except KnownError:
                self._wanted = None  # It was said where it was tried.
            finally:
                microphone.close()
        self._outlet.send(Deaf())

    def _fail(self, kind: str, problem: Problem, told: Problem | None) -> Problem:
        """Say what is wrong, unless that was said, and wait a little."""
        if problem != told:
            self._outlet.send(Failed("microphone", kind, problem))
        until = time.monotonic() + (AGAIN_S if problem == told else SOON_S)
        while self._wanted is not None and time.monotonic() < until:
            time.sleep(0.05)
        return problem

    def _named(self, device: str) -> str:
        """What a person calls a microphone; empty where nobody knows."""
        with contextlib.suppress(DeviceError):
            for one in devices("input", self.settings.backend):
                if one.id == device or (not device and one.default):
                    return one.name
        return ""

    def _ready_hearing(self) -> Hearing:
        self._load.clear()
        wished = self.settings.hearing_model
        if self._hearing is None or wished != self._hearing_model:
            self._outlet.send(Loading("hearing"))
            try:
                self._hearing = open_hearing(wished)
            except KnownError as error:
                kind = "no_model" if isinstance(error, NoModelError) else "fault"
                self._outlet.send(Failed("hearing", kind, error.problem))
                raise
            self._hearing_model = wished
            self._outlet.send(Loaded("hearing", wished))
        return self._hearing

    def _open(self, microphone: Microphone, device: str) -> None:
        """Open a microphone; sound comes on its own thread, which says so.

        Raises:
            DeviceError: it cannot be used.
        """

        came, told_at, self._dropped = 0, 0.0, 0

        def take(frames: Float32, captured_at: float) -> None:
            nonlocal came, told_at
            if not came:
                self._outlet.send(Listening(self._named(microphone.device)))
            came += len(frames)
            if captured_at - told_at >= LEVEL_S:
                gaps = microphone.gaps + self._dropped
                self._outlet.send(Level(_rms_db(frames), came / RATE_HZ, captured_at, gaps))
                told_at = captured_at
            self._take(frames, captured_at)

        microphone.open(device, take, self._on_lost)

    def _take(self, near: Float32, captured_at: float) -> None:
        """Keep frames, with what is played now: when they are looked at that may be long past."""
        far = self._speaker.reference(len(near), captured_at)
        sure = self._speaker.is_reference_sure(captured_at)
        try:
            self._frames.put_nowait(_Frames(near, far, sure, captured_at))
        except queue.Full:
            self._dropped += 1

    def _on_lost(self, problem: Problem) -> None:
        self._lost = problem

    def _empty(self) -> None:
        self._lost = None
        while not self._frames.empty():
            self._frames.get_nowait()

    def _hear(self, microphone: Microphone, hearing: Hearing, device: str) -> None:
        """Feed the hearing until the microphone is lost or not wanted any more.

        Raises:
            DeviceError: the microphone is gone, or gives nothing.
        """
        self._reset(hearing)
        heard_at = time.monotonic()
        while (wanted := self._wanted) is not None and device == self.settings.microphone:
            if self._lost:
                raise DeviceError("lost", self._lost)
            try:
                frames = self._frames.get(timeout=0.1)
            except queue.Empty:
                if time.monotonic() - heard_at > SILENT_S:
                    raise _silent(microphone) from None
                continue
            heard_at = time.monotonic()
            self._feed(hearing, frames, wanted)
            if self._end_at is not None and frames.captured_at >= self._end_at:
                self._end_at = None
                self._obey(hearing, hearing.finish_turn())

    def _reset(self, hearing: Hearing) -> None:
        hearing.reset()
        hearing.own_words = lambda begin_s, end_s: self._speaker.words_between(
            self._at(begin_s), self._at(end_s)
        )
        self._fed = 0

    def _feed(self, hearing: Hearing, frames: _Frames, wanted: Listen) -> None:
        hearing.hands_free = wanted.hands_free
        hearing.speaking = self._speaker.speaking
        hearing.unsure = not frames.sure
        hearing.language = self.settings.language
        self._fed += len(frames.near)
        self._zero_at = frames.captured_at - self._fed / RATE_HZ
        self._obey(hearing, hearing.feed(frames.near, frames.far))

    def _obey(self, hearing: Hearing, events: list[HearingEvent]) -> None:
        for event in events:
            self._happened(hearing, event)

    def _happened(self, hearing: Hearing, event: HearingEvent) -> None:
        from runtime.speech import hearing as heard

        match event:
            case heard.SpeechStarted():
                # Before the first sound: what comes is not to talk over a person.
                self._speaker.duck(self._speaker.busy)
                self._outlet.send(SpeechStarted())
            case heard.Candidate():
                self._speaker.duck(True)
                self._outlet.send(Ducked(True))
            case heard.Confirmed():
                if not self._speaker.hush("voice", self._at(event.at_s)):
                    self._speaker.duck(False)
                self._outlet.send(Ducked(False))
                self._outlet.send(SpeechStarted())
            case heard.Rejected():
                self._speaker.duck(False)
                self._outlet.send(Ducked(False))
                self._outlet.send(SpeechDropped(event.reason))
            case heard.Partial():
                if event.text and self._speaker.busy:
                    self._speaker.hush("voice")
                self._outlet.send(Partial(event.text, event.language))
            case heard.Heard():
                self._outlet.send(self._heard(event))

    def _heard(self, event: object) -> Heard:
        from runtime.speech.hearing import Heard as Turn

        assert isinstance(event, Turn)
        return Heard(
            event.text,
            event.language,
            self._record(event.samples),
            len(event.samples) / RATE_HZ,
            self._at(event.ended_s),
            self._at(event.endpoint_s),
            time.monotonic(),
        )

    def _at(self, heard_s: float) -> float:
        """The time of day of a second of what was heard."""
        return self._zero_at + heard_s

    def _record(self, samples: Float32) -> str:
        """The sound as a file of the private folder; its name, empty where it cannot be kept."""
        import soundfile

        name = f"{uuid.uuid4().hex}.wav"
        if self.folder is None:
            return ""
        try:
            soundfile.write(self.folder / name, samples, RATE_HZ, subtype="PCM_16")
        except (OSError, soundfile.SoundFileError):
            return ""
        return name


def _silent(microphone: Microphone) -> DeviceError:
    return DeviceError(
        "lost",
        "Expected sound from the microphone {device}, nothing came for {silent_s:.0f} "
        "seconds; check that it is connected and switched on.",
        device=microphone.device,
        silent_s=SILENT_S,
    )


def _rms_db(frames: Float32) -> float:
    power = float(np.mean(np.square(frames, dtype=np.float64))) if len(frames) else 0.0
    return float(10 * np.log10(max(power, 1e-10)))
