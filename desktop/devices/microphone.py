"""A microphone: frames of 10 ms at 16 kHz, and the word when it is gone. Knows no Qt."""

from __future__ import annotations

from collections.abc import Callable

from desktop.devices.audio import Captured, Float32, backend
from desktop.devices.frames import RATE_HZ, SILENCE_DB, Framer, level_db
from desktop.devices.relay import Opened, Relay
from desktop.devices.steady_clock import SteadyClock
from plugins.errors import Problem, phrase


class Microphone:
    """Belongs to one thread, which opens and closes it; its callbacks come from another."""

    def __init__(self, backend_name: str = "") -> None:
        """`backend_name` is "portaudio" or "qt", by default the one that measured better."""
        self.device = ""
        """The id of what is open or was last; `open` takes it again when the device is back."""
        self.level_db = SILENCE_DB
        """How loud the latest frames were, in decibels below full scale."""
        self.gaps = 0
        """How often the device lost sound since it was opened."""
        self._backend_name = backend_name
        self._opened: Opened | None = None

    def open(
        self,
        device: str = "",
        on_frames: Callable[[Float32, float], None] = lambda _frames, _captured_at: None,
        on_lost: Callable[[Problem], None] = lambda _: None,
        rate_hz: int = RATE_HZ,
    ) -> None:
        """Record until `close`, or until the device is gone.

        Args:
            device: its id; empty is the machine's default.
            on_frames: takes [160 * k] mono samples at 16 kHz in -1..1, and the time at which the
                last of them was captured, in seconds of `time.monotonic()`.
            on_lost: is told why, once; the device is let go of by then.
            rate_hz: what the device is asked to run at.

        Raises:
            DeviceError: it cannot be used.
        """
        self.close()
        self.gaps = 0

        def heard(frames: Float32, captured_at: float) -> None:
            self.level_db = level_db(frames)
            on_frames(frames, captured_at)

        def handle(captured: Captured) -> None:
            samples, told_at, gap = captured
            self.gaps += gap
            framer.feed(samples, clock.at(len(samples), told_at, gap=gap))

        def lost(reason: Problem) -> None:
            stream.close()
            self.level_db = SILENCE_DB
            on_lost(phrase("The microphone is gone: {reason}.", reason=reason))

        library = backend(self._backend_name)
        rate_hz = library.rate_hz("input", device, rate_hz)
        framer, clock = Framer(rate_hz, heard), SteadyClock(rate_hz)
        relay = Relay(handle, lost)
        stream = library.open_input(device, rate_hz, relay.put, relay.fail)
        self.device, self._opened = stream.device, Opened(stream, relay)
        relay.start()

    def close(self) -> None:
        """Let go of the device; no frames come after this. Never hangs; twice does no harm."""
        opened, self._opened = self._opened, None
        if opened is not None:
            opened.close()
        self.level_db = SILENCE_DB
