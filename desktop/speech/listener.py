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
from typing import TYPE_CHECKING

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


class Listener:
    """One microphone and one hearing."""

    def __init__(self, outlet: ReportSender[Report], speaker: Speaker) -> None:
        self.settings = Settings()
        self.folder: Path | None = None
        self._outlet, self._speaker = outlet, speaker
        self._frames: queue.Queue[tuple[Float32, Float32 | None]] = queue.Queue(MOST_WAITING)
        """What the microphone heard, and what was played in that time."""
        self._lock = threading.Condition()
        self._wanted: Listen | None = None
        self._end_turn = threading.Event()
        self._load = threading.Event()
        self._lost: Problem | None = None
        self._hearing: Hearing | None = None
        self._hearing_model = ""
        self._fed = 0
        """Samples that the hearing was given since it was reset."""
        self._zero_at = 0.0
        """Time of day of the first of them."""
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
            self._end_turn.clear()
            self._lock.notify_all()

    def end_turn(self) -> None:
        """What was said until now is the turn."""
        self._end_turn.set()

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
            with contextlib.suppress(KnownError):
                self._ready_hearing()
            if self._wanted is not None:
                self._listen()

    def _listen(self) -> None:
        """Hear until nobody wants it any more, through whatever befalls the microphone."""
        told: Problem | None = None
        while self._wanted is not None:
            microphone = Microphone(self.settings.backend)
            device = self.settings.microphone
            try:
                hearing = self._ready_hearing()
                self._empty()
                microphone.open(device, self._take, self._on_lost)
                told = None
                self._hear(microphone, hearing, device)
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

    def _take(self, frames: Float32, captured_at: float) -> None:
        """Keep frames, with what is played now: when they are looked at that may be long past."""
        with contextlib.suppress(queue.Full):
            self._frames.put_nowait((frames, self._speaker.reference(len(frames), captured_at)))

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
        heard_at, levelled_at, first = time.monotonic(), 0.0, True
        while (wanted := self._wanted) is not None and device == self.settings.microphone:
            if self._lost:
                raise DeviceError("lost", self._lost)
            try:
                frames, far = self._frames.get(timeout=0.1)
            except queue.Empty:
                if time.monotonic() - heard_at > SILENT_S:
                    raise _silent(microphone) from None
                continue
            heard_at = time.monotonic()
            if first:
                self._outlet.send(Listening(self._named(microphone.device)))
                self._zero_at, first = heard_at - len(frames) / RATE_HZ, False
            if heard_at - levelled_at >= LEVEL_S:
                self._outlet.send(Level(_rms_db(frames)))
                levelled_at = heard_at
            self._feed(hearing, frames, far, wanted)
            if self._end_turn.is_set() and self._frames.empty():
                self._end_turn.clear()
                self._obey(hearing, hearing.finish_turn())

    def _reset(self, hearing: Hearing) -> None:
        hearing.reset()
        self._fed = 0

    def _feed(self, hearing: Hearing, frames: Float32, far: Float32 | None, wanted: Listen) -> None:
        hearing.hands_free = wanted.hands_free
        hearing.speaking = self._speaker.audible
        hearing.language = self.settings.language
        self._fed += len(frames)
        self._obey(hearing, hearing.feed(frames, far))

    def _obey(self, hearing: Hearing, events: list[HearingEvent]) -> None:
        for event in events:
            self._happened(hearing, event)

    def _happened(self, hearing: Hearing, event: HearingEvent) -> None:
        from runtime.speech import hearing as heard

        match event:
            case heard.SpeechStarted():
                # Between two clauses: what comes next is not to talk over a person.
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
        """The time of day of a second of what was heard. Frames come as time passes, so the newest
        was heard just now at the latest."""
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
