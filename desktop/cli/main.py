"""The `medley` command: parses, hands over, and turns errors into one line and an exit code.

Exit codes: 0 an answer, 2 something the person can put right, 130 stopped by Ctrl-C. Imports
nothing heavy; each command imports what it needs when it runs.
"""

from __future__ import annotations

import argparse
import io
import os
import signal
import sys
from collections.abc import Sequence

from desktop.assistant.media_probe.protocol import LOOKER_ARGUMENT
from desktop.cli import arguments
from plugins.errors import KnownError
from runtime.catalogue import DOWNLOAD_ARGUMENT, PROGRAM_ARGUMENT
from runtime.offline import stay_offline
from runtime.worker import WORKER_ARGUMENT

EXIT_OK, EXIT_KNOWN, EXIT_INTERRUPTED = 0, 2, 128 + signal.SIGINT


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    words = sys.argv[1:] if argv is None else argv
    if list(words) == [WORKER_ARGUMENT]:
        from runtime.worker.process import main as be_a_worker

        be_a_worker()
    if list(words) == [DOWNLOAD_ARGUMENT]:
        from runtime.catalogue.process import main as be_a_download

        be_a_download()
    if list(words[:1]) == [PROGRAM_ARGUMENT]:
        from runtime.catalogue.bound import main as be_a_program

        be_a_program(words[1:])
        return EXIT_OK
    if list(words) == [LOOKER_ARGUMENT]:
        from desktop.assistant.media_probe.process import serve

        serve()
        return EXIT_OK
    _make_streams_safe()
    stay_offline()
    try:
        return _run(arguments.parse(words))
    except KnownError as error:
        print(f"medley: error: {' '.join(str(error).split())}", file=sys.stderr)
        return EXIT_KNOWN
    except KeyboardInterrupt:
        print("medley: stopped", file=sys.stderr)
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has gone. Keep Python from complaining about it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE


def _run(options: argparse.Namespace) -> int:
    if options.command is None:
        from desktop.window.start import open_window

        return open_window(options.files)
    code: int = arguments.module(options.command).run(options)
    return code


def _make_streams_safe() -> None:
    """What a terminal's encoding cannot show is shown as an escape instead of raising."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
