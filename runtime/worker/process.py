"""The worker process: reads commands on the main thread, runs the engine on another.

So a command to stop is heard whatever the engine does, and the end of the command pipe, which is
how a parent's death shows, ends the process at once, even in the middle of a rendering.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from pathlib import Path
from typing import NoReturn

import msgspec

from plugins.errors import KnownError, Problem
from runtime.offline import stay_offline
from runtime.process.frames import FrameError, Source, read_frame
from runtime.process.pipes import ParentGone, begin_child
from runtime.worker.engines import Engines
from runtime.worker.jobs import Jobs
from runtime.worker.protocol import (
    Ask,
    Command,
    Embed,
    Open,
    Prepare,
    Refused,
    Render,
    Stop,
    StopArtifact,
    decode_command,
)
from runtime.worker.report_writer import ReportWriter
from runtime.worker.service import answer_unbegun, fault, serve
from runtime.worker.transfer import FileTransfer

EXIT_OK, EXIT_REFUSED = 0, 2


def main() -> NoReturn:
    """Be a worker until the command pipe ends. Never returns."""
    stay_offline()
    commands, reports = begin_child()
    outlet = ReportWriter(reports)
    try:
        _listen(commands, outlet)
    except ParentGone:
        _exit(EXIT_OK)
    except (FrameError, msgspec.DecodeError) as error:
        told = "expected a command, found {error}; this is a fault of Medley itself."
        _refuse(outlet, Problem(told, {"error": str(error)}, "fault"))
    _exit(EXIT_OK)


def _listen(commands: Source, outlet: ReportWriter) -> None:
    """Obey commands until there are no more."""
    jobs: Jobs | None = None
    while (payload := read_frame(commands)) is not None:
        command = decode_command(payload)
        if isinstance(command, Open):
            if jobs is not None:
                raise FrameError("a second `open`")
            outlet.use(FileTransfer(Path(command.folder)))
            jobs = _start_engine(command, outlet)
        elif jobs is None:
            raise FrameError(f"`{type(command).__name__}` before `open`")
        else:
            _obey(command, jobs, outlet)


def _obey(command: Command, jobs: Jobs, outlet: ReportWriter) -> None:
    match command:
        case Ask() | Render() | Embed():
            jobs.put(command)
        case Prepare():
            jobs.prepare(command)
        case StopArtifact():
            jobs.stop_artifact(command.id, command.index)
        case Stop():
            if (waiting := jobs.stop(command.id)) is not None:
                answer_unbegun(waiting, outlet)


def _start_engine(wish: Open, outlet: ReportWriter) -> Jobs:
    """Run the engine on a thread of its own; returns where it takes its jobs from."""
    jobs = Jobs()

    def run() -> None:
        try:
            serve(Engines(wish, outlet.send), jobs, outlet)
        except ParentGone:
            _exit(EXIT_OK)
        except KnownError as error:
            _refuse(outlet, error.problem)
        except Exception as error:  # noqa: BLE001  a thread must not end without a word
            _refuse(outlet, fault(error))

    threading.Thread(target=run, name="engine", daemon=True).start()
    return jobs


def _refuse(outlet: ReportWriter, problem: Problem) -> NoReturn:
    """Say why this process cannot go on, and end it."""
    with contextlib.suppress(ParentGone):
        outlet.send(Refused(problem))
    _exit(EXIT_REFUSED)


def _exit(code: int) -> NoReturn:
    """End at once: threads of the engine may be deep in a library and cannot be asked."""
    sys.stderr.flush()
    os._exit(code)
