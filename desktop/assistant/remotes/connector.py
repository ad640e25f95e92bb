"""Stands where a worker would: carries commands and reports between its parent and a worker on
another computer, and files in pieces where the two ends share no folder.

What comes from the other computer is checked: it can name no file of this one.

Threads: the main thread reads commands; one connects and then reads what comes; one sends.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import msgspec

from desktop.assistant.remotes.kept import Remote, find_remote
from desktop.assistant.remotes.link import Link, connect
from desktop.assistant.remotes.outbox import Outbox
from plugins.errors import KnownError, Problem, phrase
from runtime.messages import Event, MediumRead, Reading, TurnFailed
from runtime.process.frames import FrameCutError, FrameError, Source, read_frame
from runtime.process.pipes import ParentGone, ReportSender, begin_child
from runtime.worker.protocol import (
    Ask,
    Command,
    Embed,
    EmbedFailed,
    Lost,
    NotOpened,
    Open,
    Refused,
    Render,
    Report,
    TurnEvent,
    decode_command,
    encode,
    unbegun,
)
from runtime.worker.remote.files import Arrivals
from runtime.worker.remote.messages import Dropped, Hello, Piece, ToNear
from runtime.worker.remote.reports import put_together


def main(words: Sequence[str]) -> NoReturn:
    """Carry what comes until one side ends. Never returns."""
    commands, reports = begin_child()
    outlet = ReportSender[Report](reports, encode)
    try:
        connector = Connector(find_remote(words[0]), outlet)
        connector.obey(commands)
    except KnownError as error:
        _leave(outlet, error.problem)
    except (ParentGone, FrameError, msgspec.DecodeError):
        pass  # Whoever asked is gone, or says what nobody says who asks.
    # ssh, which is of this process's session, is ended by whoever started it.
    os._exit(0)


class Connector:
    """Between one parent and one other computer."""

    def __init__(self, remote: Remote, outlet: ReportSender[Report]) -> None:
        self._remote, self._outlet = remote, outlet
        self._outbox = Outbox(self._not_sent)
        self._arrivals: Arrivals | None = None

    def obey(self, commands: Source) -> None:
        """Take the parent's commands until there are no more.

        Raises:
            FrameError, msgspec.DecodeError: what came is none.
        """
        while (payload := read_frame(commands)) is not None:
            command = decode_command(payload)
            if isinstance(command, Open):
                self._arrivals = Arrivals(Path(command.folder))
                self._outbox.put(msgspec.structs.replace(command, folder=""))
                threading.Thread(target=self._carry, name="link", daemon=True).start()
            else:
                self._outbox.put(command)

    def _carry(self) -> None:
        """Connect, and take what comes until the connection ends."""
        try:
            link = connect(self._remote)
            self._outlet.send(link.offered)
            sending = threading.Thread(target=self._pump, args=(link,), name="up", daemon=True)
            sending.start()
            _leave(self._outlet, self._receive(link))
        except KnownError as error:
            _leave(self._outlet, error.problem)
        except ParentGone:
            os._exit(0)

    def _pump(self, link: Link) -> None:
        with contextlib.suppress(OSError):  # That it is cut shows where it is read.
            self._outbox.pump(link.send)

    def _receive(self, link: Link) -> Problem:
        """Take what comes; why no more does."""
        try:
            while (message := link.receive()) is not None:
                if isinstance(message, Lost):
                    return link.there(message.problem)
                if isinstance(message, Refused):
                    self._outlet.send(Refused(link.there(message.problem)))
                    os._exit(0)
                self._take(message, link)
        except (FrameError, msgspec.DecodeError, ValueError) as error:
            if not isinstance(error, FrameCutError):
                link.close()
                found = phrase(
                    "expected a report, found {error}. Ask again: it starts anew.", error=error
                )
                return link.there(found)
        return link.ended().problem

    def _take(self, message: ToNear, link: Link) -> None:
        assert self._arrivals is not None  # Nothing comes before `open` was sent.
        match message:
            case Hello():
                raise FrameError("a second `hello`")
            case Piece():
                self._arrivals.take(message)
            case Dropped():
                self._outbox.forget(message.name)
            case NotOpened():
                told = link.there(message.problem)
                self._outlet.send(msgspec.structs.replace(message, problem=told))
            case TurnEvent():
                self._happened(message, self._arrivals, link)
            case _:
                self._outlet.send(message)

    def _happened(self, report: TurnEvent, arrivals: Arrivals, link: Link) -> None:
        report = put_together(report, arrivals)
        event: Event = report.event
        match event:
            case Reading() | MediumRead():
                path = self._outbox.path(event.path)
                if path is None:
                    return  # Of a file that was never sent.
                event = msgspec.structs.replace(event, path=path)
            case TurnFailed() if event.problem.kind == "bundle":
                event = TurnFailed(link.there(event.problem))
        self._outlet.send(msgspec.structs.replace(report, event=event))

    def _not_sent(self, command: Command, problem: Problem | None) -> None:
        """The answer to a command that the other computer does not get."""
        if isinstance(command, Embed):
            stopped = phrase("it was stopped before it was finished.")
            self._outlet.send(EmbedFailed(command.id, problem or stopped))
        elif isinstance(command, Ask | Render):
            event = unbegun() if problem is None else TurnFailed(problem)
            self._outlet.send(TurnEvent(command.id, event))


def _leave(outlet: ReportSender[Report], problem: Problem) -> NoReturn:
    """Say why there is no worker any more, and end this process at once."""
    with contextlib.suppress(ParentGone):
        outlet.send(Lost(problem))
    sys.stderr.flush()
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
