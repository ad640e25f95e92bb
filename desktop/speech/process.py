"""The speech process: reads commands on the main thread; what hears and speaks has threads of its
own. The end of the command pipe, which is how a parent's death shows, ends it at once."""

from __future__ import annotations

import os
import sys
import threading
import traceback
from pathlib import Path
from typing import NoReturn

import msgspec

from desktop.devices.audio import devices
from desktop.devices.errors import DeviceError
from desktop.speech.listener import Listener
from desktop.speech.protocol import (
    Command,
    Configure,
    Device,
    Devices,
    EndSaying,
    EndTurn,
    Failed,
    Hush,
    ListDevices,
    Listen,
    Prepare,
    Report,
    Say,
    StopListening,
    decode_command,
    encode,
)
from desktop.speech.speaker import Speaker
from runtime.offline import stay_offline
from runtime.process.frames import FrameError, Source, read_frame
from runtime.process.pipes import ParentGone, ReportSender, begin_child

EXIT_FAULT = 70
"""A thread met a fault of its own; its traceback is on stderr."""


def main() -> NoReturn:
    """Be a speech process until the command pipe ends. Never returns."""
    stay_offline()
    threading.excepthook = _end_by_fault
    commands, reports = begin_child()
    server = Server(ReportSender(reports, encode))
    try:
        _obey_all(commands, server)
    except (ParentGone, FrameError, msgspec.DecodeError) as error:
        print(f"the speech process ends: {error}", file=sys.stderr)
    server.close()
    _exit(0)


def _obey_all(commands: Source, server: Server) -> None:
    while (payload := read_frame(commands)) is not None:
        server.obey(decode_command(payload))


class Server:
    """What obeys commands."""

    def __init__(self, outlet: ReportSender[Report]) -> None:
        self._outlet = outlet
        self._speaker = Speaker(outlet)
        self._listener = Listener(outlet, self._speaker)
        self._backend = ""

    def obey(self, command: Command) -> None:
        """Begin what is asked; none waits for a device or a model."""
        match command:
            case Configure():
                self._configure(command)
            case Prepare():
                if command.hearing:
                    self._listener.prepare()
                if command.voice:
                    self._speaker.prepare()
            case Listen():
                self._speaker.keep_open(True)
                self._listener.listen(command)
            case EndTurn():
                self._listener.end_turn()
            case StopListening():
                self._speaker.keep_open(False)
                self._listener.stop()
            case Say():
                self._speaker.say(command)
            case EndSaying():
                self._speaker.end(command)
            case Hush():
                self._speaker.hush("asked")
            case ListDevices():
                threading.Thread(target=self._list, name="devices", daemon=True).start()

    def close(self) -> None:
        """Give every device back."""
        self._listener.close()
        self._speaker.close()

    def _configure(self, command: Configure) -> None:
        self._listener.folder = Path(command.folder)
        self._listener.settings = self._speaker.settings = command.settings
        self._backend = command.settings.backend

    def _list(self) -> None:
        try:
            found = [
                tuple(Device(one.id, one.name, one.default) for one in devices(way, self._backend))
                for way in ("input", "output")
            ]
            self._outlet.send(Devices(found[0], found[1]))
        except DeviceError as error:
            self._outlet.send(Failed("microphone", error.kind, error.problem))


def _end_by_fault(fault: threading.ExceptHookArgs) -> None:
    """A thread that ends in a fault ends the process, which is started anew: half of it would only
    seem to hear."""
    if fault.exc_type is ParentGone:
        _exit(0)
    traceback.print_exception(fault.exc_type, fault.exc_value, fault.exc_traceback)
    _exit(EXIT_FAULT)


def _exit(code: int) -> NoReturn:
    """End at once: threads may be deep in a library and cannot be asked."""
    sys.stderr.flush()
    os._exit(code)
