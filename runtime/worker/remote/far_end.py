"""The far end of a connection: `medley worker --stdio`, on the machine that answers.

It starts a worker as the window would, carries commands and reports between the connection and the
worker's pipes, and puts what travels in pieces into files for it. It opens no connection; it ends
when its input does, when the near end was not heard for long, or when its worker ended. Knows no
engine.

Threads: the main thread reads what comes; another one reports; both write, one frame at a time.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from typing import NoReturn

import msgspec

from plugins.errors import KnownError, Problem
from runtime.messages import MediaPart, TurnFailed
from runtime.offline import stay_offline
from runtime.process.frames import FrameError, Source, read_frame
from runtime.process.pipes import ParentGone, ReportSender, begin_child
from runtime.worker.child import WorkerProcess, worker_command
from runtime.worker.protocol import (
    Ask,
    Command,
    Embed,
    EmbedFailed,
    Lost,
    Open,
    Refused,
    Render,
    TurnEvent,
)
from runtime.worker.remote.files import Arrivals
from runtime.worker.remote.messages import (
    GREETING,
    SILENCE_S,
    Beat,
    Dropped,
    Hello,
    Piece,
    ToFar,
    ToNear,
    decode_to_far,
    encode,
    hello,
    mismatch,
)
from runtime.worker.remote.offers import offered
from runtime.worker.remote.paths import renamed
from runtime.worker.remote.reports import in_pieces
from runtime.worker.transfer import FileTransfer

EXIT_OK, EXIT_REFUSED = 0, 2


def main() -> NoReturn:
    """Serve one connection. Never returns."""
    stay_offline()
    commands, reports = begin_child()
    with contextlib.suppress(OSError):
        reports.write(GREETING)
        reports.flush()
    end = FarEnd(ReportSender(reports, encode))
    code = EXIT_OK
    try:
        end.serve(commands)
    except ParentGone:
        pass  # The connection is over, and with it what it was for.
    except (FrameError, msgspec.DecodeError, ValueError) as error:
        code = EXIT_REFUSED
        told = "expected a command, found {error}; this is a fault of Medley itself."
        end.refuse(Problem(told, {"error": str(error)}, "fault"))
    except KnownError as error:
        code = EXIT_REFUSED
        end.refuse(error.problem)
    end.leave(code)


class FarEnd:
    """One connection's far end."""

    def __init__(self, outlet: ReportSender[ToNear]) -> None:
        self._outlet = outlet
        self._transfer: FileTransfer | None = None
        self._arrivals: Arrivals | None = None
        self._worker: WorkerProcess | None = None
        self._heard = time.monotonic()
        self._leaving = threading.Lock()

    def serve(self, commands: Source) -> None:
        """Do what comes until nothing more does.

        Raises:
            ParentGone: nobody reads any more.
            KnownError: the other end is another Medley, or no folder can be made.
            FrameError, msgspec.DecodeError, ValueError: what came is none of the messages.
        """
        self._outlet.send(hello(offered()))
        threading.Thread(target=self._listen_for_silence, name="silence", daemon=True).start()
        first = self._next(commands)
        if first is None:
            return
        if not isinstance(first, Hello):
            raise FrameError(f"`{type(first).__name__}` before `hello`")
        if (problem := mismatch(first)) is not None:
            raise KnownError(problem)
        self._transfer = FileTransfer.make()
        self._arrivals = Arrivals(self._transfer.media)
        while (message := self._next(commands)) is not None:
            self._take(message, self._transfer, self._arrivals)

    def refuse(self, problem: Problem) -> None:
        """Say why this cannot go on."""
        with contextlib.suppress(ParentGone, FrameError):
            self._outlet.send(Refused(problem))

    def leave(self, code: int) -> NoReturn:
        """End the worker, leave no file behind, and end this process at once."""
        self._leaving.acquire()  # For good: who comes second waits for the end.
        if self._worker is not None:
            self._worker.kill()
        if self._transfer is not None:
            self._transfer.remove()
        sys.stderr.flush()
        os._exit(code)

    def _next(self, commands: Source) -> ToFar | None:
        payload = read_frame(commands)
        self._heard = time.monotonic()
        return None if payload is None else decode_to_far(payload)

    def _listen_for_silence(self) -> None:
        """A connection that was cut without a word must not leave a loaded model behind."""
        while time.monotonic() - self._heard < SILENCE_S:
            time.sleep(1)
        self.leave(EXIT_OK)

    def _take(self, message: ToFar, transfer: FileTransfer, arrivals: Arrivals) -> None:
        match message:
            case Piece():
                if not arrivals.take(message):
                    self._outlet.send(Dropped(message.name))
            case Dropped():
                arrivals.drop(message.name)
            case Beat():
                pass
            case Hello():
                raise FrameError("a second `hello`")
            case Open():
                if self._worker is not None:
                    raise FrameError("a second `open`")
                self._worker = WorkerProcess(worker_command())
                folder = str(transfer.folder)
                self._worker.send(encode(msgspec.structs.replace(message, folder=folder)))
                reporting = (self._worker, transfer)
                threading.Thread(target=self._report, args=reporting, daemon=True).start()
            case _:
                if self._worker is None:
                    raise FrameError(f"`{type(message).__name__}` before `open`")
                self._hand_on(message, self._worker, arrivals)

    def _hand_on(self, command: Command, worker: WorkerProcess, arrivals: Arrivals) -> None:
        """Give the worker a command, with its media as files of this machine."""

        def here(part: MediaPart) -> MediaPart:
            return msgspec.structs.replace(part, path=str(arrivals.path(part.path)))

        try:
            worker.send(encode(renamed(command, here)))
        except KnownError as error:
            if isinstance(command, Embed):
                self._outlet.send(EmbedFailed(command.id, error.problem))
            elif isinstance(command, Ask | Render):
                self._outlet.send(TurnEvent(command.id, TurnFailed(error.problem)))

    def _report(self, worker: WorkerProcess, transfer: FileTransfer) -> None:
        """Carry what the worker says until it ends."""
        refused = False
        try:
            for report in worker.reports():
                refused = isinstance(report, Refused)
                for message in in_pieces(report, transfer):
                    self._outlet.send(message)
            if not refused:
                self._outlet.send(Lost(worker.ended().why()))
        except KnownError as error:
            with contextlib.suppress(ParentGone):
                self._outlet.send(Lost(error.problem))
        except ParentGone:
            pass  # There is nobody left to be told.
        self.leave(EXIT_REFUSED if refused else EXIT_OK)
