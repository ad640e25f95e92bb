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

from desktop import arguments
from plugins.errors import KnownError

EXIT_OK, EXIT_KNOWN, EXIT_INTERRUPTED = 0, 2, 128 + signal.SIGINT


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    _make_streams_safe()
    _stay_offline()
    try:
        return _run(arguments.parse(sys.argv[1:] if argv is None else argv))
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
    match options.command:
        case "ask":
            from desktop.ask import ask

            return ask(options)
        case "chat":
            from desktop.chat import chat

            return chat(options)
        case "render":
            from desktop.render import render

            return render(options)
        case "models":
            from desktop.models import list_models, verify_model

            if options.action == "list":
                return list_models(options.json)
            return verify_model(options.name)
        case "doctor":
            from desktop.doctor import doctor

            return doctor(options.json)
        case "evaluate" | "train":
            from desktop.school import evaluate, train

            return evaluate(options) if options.command == "evaluate" else train(options)
    arguments.build()[0].print_help()
    return EXIT_OK


def _make_streams_safe() -> None:
    """What a terminal's encoding cannot show is shown as an escape instead of raising."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _stay_offline() -> None:
    """Libraries that could look for models on the network are told not to."""
    os.environ.update(HF_HUB_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1")


if __name__ == "__main__":
    sys.exit(main())
