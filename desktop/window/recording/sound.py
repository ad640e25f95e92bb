"""`SoundRecording`: records a sound, shows how loud it is, and trims it. Knows no composer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import Property, QObject, Qt, QTimer, Signal, Slot

from desktop.devices.audio import Float32
from desktop.devices.errors import DeviceError
from desktop.devices.frames import RATE_HZ
from desktop.devices.loudspeaker import Loudspeaker
from desktop.devices.microphone import Microphone

PEAK_S = 0.05
"""One bar of the waveform."""
LONGEST_S = 600.0
SHORTEST_S = 0.1
"""Between the two ends of what is kept."""
TICK_MS = 40
QUIETEST_DB = -60.0


class SoundRecording(QObject):
    """What the sheet for a sound shows. States: "off", "recording", "taken", "failed"."""

    changed = Signal()
    heardMore = Signal()  # noqa: N815  (Qt names signals so)
    moved = Signal()
    _heard = Signal(object, int)
    _lost = Signal(str, int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._microphone, self._loudspeaker = Microphone(), Loudspeaker()
        self._state, self._problem = "off", ""
        self._round = 0
        """Which recording a report of the microphone's thread belongs to."""
        self._blocks: list[Float32] = []
        self._peaks: list[float] = []
        self._pending = np.zeros(0, np.float32)
        self._begin = self._end = self._position = 0.0
        self._playing = False
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self._follow)
        queued = Qt.ConnectionType.QueuedConnection
        self._heard.connect(self._take, queued)
        self._lost.connect(self._lose, queued)

    @Slot()
    def start(self) -> None:
        """Record, from the beginning."""
        self.close()
        self._round += 1
        number, heard, lost = self._round, self._heard.emit, self._lost.emit
        self._state = "recording"
        try:
            self._microphone.open(
                on_frames=lambda frames, _captured_at: heard(frames, number),
                on_lost=lambda reason: lost(reason, number),
            )
        except DeviceError as error:
            self._fail(error)
        self.changed.emit()
        self.heardMore.emit()

    @Slot()
    def stop(self) -> None:
        """Keep what was recorded; the microphone is let go of."""
        if self._state == "recording":
            self._microphone.close()
            self._state = "taken" if self._seconds() >= SHORTEST_S else "off"
            self._begin, self._end = 0.0, self._seconds()
            self._position = 0.0
            self.changed.emit()
            self.moved.emit()

    @Slot()
    def close(self) -> None:
        """Let go of everything; what was recorded is forgotten."""
        self._microphone.close()
        self.pause()
        self._round += 1
        self._blocks, self._peaks = [], []
        self._pending = np.zeros(0, np.float32)
        self._begin = self._end = self._position = 0.0
        self._state, self._problem = "off", ""
        self.changed.emit()
        self.heardMore.emit()

    @Slot(float, float)
    def trim(self, begin: float, end: float) -> None:
        """Keep what lies between two moments, in seconds."""
        whole = self._seconds()
        self._begin = min(max(0.0, begin), max(0.0, whole - SHORTEST_S))
        self._end = max(min(end, whole), self._begin + SHORTEST_S)
        self.pause()
        self._position = self._begin
        self.moved.emit()

    @Slot()
    def play(self) -> None:
        """Play what is kept."""
        if self._state != "taken":
            return
        self.pause()
        try:
            self._loudspeaker.open(rate_hz=RATE_HZ)
        except DeviceError as error:
            self._problem = error.kind
            self.changed.emit()
            return
        self._loudspeaker.write(self.kept())
        self._playing, self._problem = True, ""
        self._tick.start()
        self.changed.emit()

    @Slot()
    def pause(self) -> None:
        """Stop playing."""
        self._loudspeaker.close()
        self._tick.stop()
        if self._playing:
            self._playing = False
            self.changed.emit()

    def kept(self) -> Float32:
        """[n] samples at 16 kHz between the two ends."""
        samples = np.concatenate([*self._blocks, np.zeros(0, np.float32)])
        return samples[int(self._begin * RATE_HZ) : int(self._end * RATE_HZ)]

    def save(self, file: Path) -> None:
        """Write what is kept as a WAV file."""
        import soundfile

        soundfile.write(file, self.kept(), RATE_HZ)

    def _take(self, frames: Float32, number: int) -> None:
        if number != self._round or self._state != "recording":
            return
        self._blocks.append(frames)
        self._pending = np.concatenate([self._pending, np.abs(frames)])
        bar = int(PEAK_S * RATE_HZ)
        while len(self._pending) >= bar:
            self._peaks.append(_height(float(np.max(self._pending[:bar]))))
            self._pending = self._pending[bar:]
        self.heardMore.emit()
        if self._seconds() >= LONGEST_S:
            self.stop()

    def _lose(self, _reason: str, number: int) -> None:
        if number == self._round and self._state == "recording":
            self.stop()
            self._problem = "lost"
            self._state = self._state if self._state == "taken" else "failed"
            self.changed.emit()

    def _fail(self, error: DeviceError) -> None:
        self._state, self._problem = "failed", error.kind

    def _follow(self) -> None:
        played = self._loudspeaker.played_s
        self._position = min(self._begin + played, self._end)
        self.moved.emit()
        if not self._loudspeaker.buffered_s:
            self.pause()
            self._position = self._begin
            self.moved.emit()

    def _seconds(self) -> float:
        return sum(map(len, self._blocks)) / RATE_HZ

    state = Property(str, lambda self: self._state, notify=changed)
    problem = Property(str, lambda self: self._problem, notify=changed)
    playing = Property(bool, lambda self: self._playing, notify=changed)
    seconds = Property(float, _seconds, notify=heardMore)
    peaks = Property(list, lambda self: self._peaks, notify=heardMore)
    begin = Property(float, lambda self: self._begin, notify=moved)
    end = Property(float, lambda self: self._end, notify=moved)
    position = Property(float, lambda self: self._position, notify=moved)


def _height(peak: float) -> float:
    """0 to 1 on a scale of decibels."""
    db = 20 * np.log10(peak + 1e-9)
    return float(np.clip(1 - db / QUIETEST_DB, 0, 1))
