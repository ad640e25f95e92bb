"""The download process: the only one that opens a connection beyond this machine.

`python -m runtime.catalogue.process`: reads `Get` and `Cancel` in frames on its stdin, writes
reports on its stdout. The end of its stdin, which is how a parent's death shows, stops it. What
came so far is kept and gone on with next time.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from typing import NoReturn

import msgspec

from plugins.errors import KnownError, phrase
from runtime.catalogue import store
from runtime.catalogue.entry import named
from runtime.catalogue.errors import FetchError
from runtime.catalogue.fetch import Fetcher
from runtime.catalogue.meter import Meter
from runtime.catalogue.offline import refuse_if_forbidden
from runtime.catalogue.protocol import (
    Cancelled,
    Done,
    Failed,
    Get,
    Had,
    Progress,
    Report,
    decode_command,
    encode,
)
from runtime.process.frames import FrameError, Source, read_frame
from runtime.process.pipes import ParentGone, ReportSender, begin_child

TELL_S = 0.25
"""Between two reports of progress."""


def main() -> NoReturn:
    """Fetch what the parent asks for. Never returns."""
    commands, reports = begin_child()
    outlet: ReportSender[Report] = ReportSender(reports, encode)
    with contextlib.suppress(ParentGone, FrameError, msgspec.DecodeError):
        payload = read_frame(commands)
        command = decode_command(payload) if payload is not None else None
        if isinstance(command, Get):
            threading.Thread(target=_hear, args=(commands, outlet), daemon=True).start()
            Job(command, outlet).run()
    os._exit(0)


class Job:
    """Fetches entry after entry, and reports how far it is."""

    def __init__(self, wish: Get, outlet: ReportSender[Report]) -> None:
        self._wish, self._outlet = wish, outlet
        self._fetcher = Fetcher(outlet.send)
        self._over = threading.Event()
        self._name, self._number = "", 0

    def run(self) -> None:
        """All of it.

        Raises:
            ParentGone: nobody listens any more.
        """
        teller = threading.Thread(target=self._tell, daemon=True)
        teller.start()
        for number, name in enumerate(self._wish.names, start=1):
            self._name, self._number = name, number
            self._outlet.send(self._get(name))
        self._over.set()
        teller.join()
        self._outlet.send(Done())

    def _get(self, name: str) -> Had | Failed:
        begin = time.monotonic()
        try:
            entry = named(name)
            here = store.look(entry)
            if here is not None and here.is_current:
                return Had(name, here.sources, 0, 0.0, fetched=False)
            refuse_if_forbidden()
            with store.locked(name):
                came = self._fetcher.get(entry)
            found = store.look(entry)
            sources = found.sources if found is not None else ()
            return Had(name, sources, came, time.monotonic() - begin, fetched=True)
        except FetchError as error:
            return Failed(name, error.reason, error.problem)
        except KnownError as error:
            return Failed(name, "busy", error.problem)
        except ParentGone:
            raise
        except Exception as error:  # noqa: BLE001  one entry's fault must not cost the others
            problem = phrase(
                "model {name}: expected to fetch it, found a fault ({fault}).",
                name=name,
                fault=f"{type(error).__name__}: {error}",
            )
            return Failed(name, "tool", problem)

    def _tell(self) -> None:
        """Report progress until all is done."""
        meter, told = Meter(0), ("", "", 0)
        watch = self._fetcher.watch
        while not self._over.wait(TELL_S):
            if (now := (self._name, watch.source, watch.total)) != told:
                meter, told = Meter(watch.total), now
            done, speed, left = meter.see(watch.received())
            report = Progress(
                self._name, self._number, len(self._wish.names), watch.stage, watch.what,
                watch.source, done, meter.total, speed, left,
            )  # fmt: skip
            try:
                self._outlet.send(report)
            except ParentGone:
                _end()


def _hear(commands: Source, outlet: ReportSender[Report]) -> None:
    """End this process when the parent says so or is gone; its programs end with it."""
    with contextlib.suppress(FrameError, msgspec.DecodeError):
        read_frame(commands)  # `Cancel`, or the end: both mean to stop now.
    with contextlib.suppress(ParentGone):
        outlet.send(Cancelled())
    _end()


def _end() -> NoReturn:
    """End at once, and every program that downloads with it."""
    if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(0)


if __name__ == "__main__":
    main()
