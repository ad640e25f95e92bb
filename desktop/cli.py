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
from desktop.assistant.looks import LOOKER_ARGUMENT
from desktop.window.colouring import COLOURING_ARGUMENT
from plugins.errors import BugError, KnownError
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
        from desktop.assistant.looking import serve

        serve()
        return EXIT_OK
    if list(words) == [COLOURING_ARGUMENT]:
        from desktop.window.colouring import serve as colour

        colour()
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
    match options.command:
        case None:
            from desktop.window.start import open_window

            return open_window(options.files)
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
            return _models(options)
        case "plugins":
            from desktop.plugin_switch import list_plugins, switch_plugin

            if options.action == "list":
                return list_plugins(options.json)
            return switch_plugin(options.name, on=options.action == "enable")
        case "library":
            return _library(options)
        case "doctor":
            from desktop.doctor import doctor

            return doctor(options.json)
        case "evaluate":
            from desktop.evaluate import evaluate

            return evaluate(options)
        case "train":
            from desktop.school import train

            return train(options)
    raise BugError(f"no command {options.command!r}")


def _models(options: argparse.Namespace) -> int:
    from desktop import model_get, models

    match options.action:
        case "list":
            return models.list_models(options.json)
        case "get" if options.first_run:
            return model_get.get_on_first_run(tuple(options.names))
        case "get":
            return model_get.get_models(tuple(options.names), options.json)
        case "remove":
            return model_get.remove_models(tuple(options.names))
    return models.verify_model(options.name)


def _library(options: argparse.Namespace) -> int:
    from desktop import library

    match options.action:
        case "check":
            return library.check_library(options.library, options.repair, options.json)
        case "backup":
            return library.back_up_library(options.library, options.file)
        case "export":
            return library.export_library(options.library, options.target, options.conversation)
        case "import":
            return library.import_into_library(options.library, options.source)
    return library.search_library(
        options.library, " ".join(options.words), options.only or (), options.limit, options.json
    )


def _make_streams_safe() -> None:
    """What a terminal's encoding cannot show is shown as an escape instead of raising."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


if __name__ == "__main__":
    sys.exit(main())
