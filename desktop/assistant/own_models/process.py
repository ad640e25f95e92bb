"""The process that works on a person's own models: reads files of unknown origin, composes, tests.

`python -m desktop.assistant.own_models.process`: reads a wish and perhaps `Cancel` in frames on its
stdin, writes reports on its stdout. The end of its stdin, which is how a parent's death shows,
stops it.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from typing import NoReturn

import msgspec

from desktop.assistant.own_models.protocol import (
    Cancel,
    Cancelled,
    Done,
    Failed,
    Last,
    Progress,
    Report,
    Wish,
    decode_command,
    encode_report,
)
from desktop.assistant.own_models.work import Work
from plugins import errors
from plugins.errors import KnownError, problem_of
from runtime.offline import stay_offline
from runtime.process.frames import FrameError, Source, read_frame
from runtime.process.pipes import ParentGone, ReportSender, begin_child
from runtime.process.task import END_S

TELL_S = 0.1
"""Between two reports of progress."""


def main() -> NoReturn:
    """Do what the parent asks for. Never returns."""
    stay_offline()
    commands, reports = begin_child()
    outlet: ReportSender[Report] = ReportSender(reports, encode_report)
    with contextlib.suppress(ParentGone, FrameError, msgspec.DecodeError):
        payload = read_frame(commands)
        command = decode_command(payload) if payload is not None else Cancel()
        if not isinstance(command, Cancel):
            stopped = threading.Event()
            threading.Thread(target=_hear, args=(commands, stopped), daemon=True).start()
            outlet.send(_outcome(command, Teller(outlet), stopped))
    os._exit(0)


class Teller:
    """Sends reports, of those about progress a few a second."""

    def __init__(self, outlet: ReportSender[Report]) -> None:
        self._outlet = outlet
        self._told = 0.0

    def __call__(self, report: Report) -> None:
        """Send one.

        Raises:
            ParentGone: nobody listens any more.
        """
        now = time.monotonic()
        if isinstance(report, Progress):
            if now - self._told < TELL_S and report.done < report.total:
                return
            self._told = now
        self._outlet.send(report)


def _outcome(wish: Wish, tell: Teller, stopped: threading.Event) -> Last:
    try:
        Work(tell, stopped).do(wish)
    except errors.Cancelled:
        return Cancelled()
    except KnownError as error:
        return Failed(error.problem)
    except ParentGone:
        raise
    except Exception as error:  # noqa: BLE001  a file's fault must be told, whatever it is
        return Failed(problem_of(error))
    return Done()


def _hear(commands: Source, stopped: threading.Event) -> None:
    """Stop when the parent says so or is gone; it may clear up first."""
    with contextlib.suppress(FrameError):
        read_frame(commands)
    stopped.set()
    time.sleep(END_S)
    os._exit(1)


if __name__ == "__main__":
    main()
