"""A loudspeaker: plays what is written, knows how much of it was heard, and can fall silent.

Knows no Qt.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from desktop.devices.audio import Float32, backend
from desktop.devices.frames import Resampler
from desktop.devices.playing import Playing, Reference
from desktop.devices.relay import Opened, Relay
from plugins.errors import Problem, phrase

RATE_HZ = 24_000


class Loudspeaker:
    """Belongs to one thread, which opens and closes it; everything else may be called anywhere."""

    def __init__(self, backend_name: str = "") -> None:
        """`backend_name` is "portaudio" or "qt", by default the one that measured better."""
        self.device = ""
        """The id of what is open or was last; `open` takes it again when the device is back."""
        self._backend_name = backend_name
        self._opened: Opened | None = None
        self._playing, self._reference = Playing(RATE_HZ), Reference(RATE_HZ)
        self._resample = Resampler(RATE_HZ, RATE_HZ)

    def open(
        self,
        device: str = "",
        rate_hz: int = RATE_HZ,
        on_lost: Callable[[Problem], None] = lambda _: None,
    ) -> None:
        """Be ready to play until `close`, or until the device is gone. The clock begins at 0.

        Args:
            device: its id; empty is the machine's default.
            rate_hz: of what will be written.
            on_lost: is told why, once; the device is let go of by then.

        Raises:
            DeviceError: it cannot be used.
        """
        self.close()
        library = backend(self._backend_name)
        device_hz = library.rate_hz("output", device, rate_hz)
        playing, reference = Playing(device_hz), Reference(device_hz)

        def pull(count: int, heard_at: float) -> Float32:
            played = playing.take(count, heard_at)
            # At once: a microphone asks for it before it is heard.
            reference.add(played)
            relay.put(count)
            return played.samples

        def lost(reason: Problem) -> None:
            stream.close()
            on_lost(phrase("The loudspeaker is gone: {reason}.", reason=reason))

        relay: Relay[int] = Relay(lambda _: None, lost)
        stream = library.open_output(device, device_hz, pull, relay.fail)
        self._playing, self._reference = playing, reference
        self._resample = Resampler(rate_hz, device_hz)
        self.device, self._opened = stream.device, Opened(stream, relay)
        relay.start()

    def write(self, samples: Float32) -> None:
        """Play [n] mono samples in -1..1 after all that was written before. Never waits."""
        self._playing.write(self._resample(samples))

    @property
    def played_s(self) -> float:
        """Seconds of what was written that were really heard since `open`. A clock: silence between
        two writes does not count, and what `clear` dropped neither."""
        return self._playing.played_s(time.monotonic())

    @property
    def buffered_s(self) -> float:
        """Seconds of what was written that will still be heard."""
        return self._playing.buffered_s(time.monotonic())

    def duck(self, db: float) -> None:
        """Play `db` decibels more quietly from now on, with a ramp of 10 ms; 0 is full loudness."""
        self._playing.duck(db)

    def clear(self) -> None:
        """Be silent within 30 ms; what waits is dropped. What is written next is loud again."""
        now = time.monotonic()
        self._playing.clear(now)
        self._reference.cut(now)
        opened = self._opened
        if opened is not None:
            opened.stream.drop()

    def reference(self, count: int, captured_at: float) -> Float32:
        """What came out of the loudspeaker in the time of [count] samples of a microphone, at
        16 kHz, for echo cancellation. It is some 20 ms ahead of its echo.

        Args:
            count: as many as the microphone just gave.
            captured_at: what the microphone said of their last one.
        """
        return self._reference.until(captured_at, count)

    @property
    def stepped_at(self) -> float:
        """The latest `captured_at` of which the reference may be wrong."""
        return self._reference.stepped_at

    def close(self) -> None:
        """Let go of the device; what waits is not played. Never hangs; twice does no harm."""
        opened, self._opened = self._opened, None
        if opened is not None:
            opened.close()
