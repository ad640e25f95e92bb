"""The `medley` command: parses, hands over, and turns errors into one line and an exit code.

Exit codes: 0 an answer, 2 something the person can put right, 130 stopped by Ctrl-C. Imports
nothing heavy; each command imports what it needs when it runs.
"""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence

from desktop import streams
from desktop.cli import arguments
from desktop.program import hand_over, is_window_alone
from plugins.errors import KnownError
from runtime.offline import stay_offline
from runtime.process.own_program import PROCESS_ARGUMENT, be_process

EXIT_OK, EXIT_KNOWN, EXIT_INTERRUPTED = 0, 2, 128 + signal.SIGINT


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    words = sys.argv[1:] if argv is None else list(argv)
    if words[:1] == [PROCESS_ARGUMENT]:
        be_process(words[1:])
        return EXIT_OK
    printing = streams.make_safe()
    stay_offline()
    try:
        if is_window_alone() and not arguments.opens_window(words):
            return hand_over(words)
        options = arguments.parse(words)
        if options.command and not printing:
            raise KnownError("expected an output to print to, found it closed; leave it open.")
        code = _run(options)
        streams.finish()
        return code
    except KnownError as error:
        streams.complain(f"error: {error}")
        return EXIT_KNOWN
    except KeyboardInterrupt:
        streams.complain("stopped")
        return EXIT_INTERRUPTED
    except BrokenPipeError:  # Whoever read our output has gone.
        streams.give_up()
        return 128 + signal.SIGPIPE
    except OSError as error:
        streams.complain(f"error: {streams.what_the_system_said(error)}")
        streams.give_up()
        return EXIT_KNOWN


def _run(options: argparse.Namespace) -> int:
    if options.command is None:
        from desktop.window.opening.run import open_window

        return open_window(options.files)
    code: int = arguments.module(options.command).run(options)
    return code
