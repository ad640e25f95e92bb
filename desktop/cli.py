"""The `medley` command: parses, hands over, and turns errors into one line and an exit code.

Exit codes: 0 an answer, 2 something the person can put right, 130 stopped by Ctrl-C. Imports
nothing heavy; each command imports what it needs when it runs.
"""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence

from desktop import arguments, streams
from desktop.assistant.looks import LOOKER_ARGUMENT
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
    printing = streams.make_safe()
    stay_offline()
    try:
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


if __name__ == "__main__":
    sys.exit(main())
