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
from desktop.assistant.media_probe.protocol import PROBE_ARGUMENT
from desktop.assistant.own_models import OWN_MODELS_ARGUMENT
from desktop.assistant.sharing import CONNECTOR_ARGUMENT
from desktop.cli import arguments
from desktop.serve import SPEECH_ARGUMENT as SERVED_SPEECH_ARGUMENT
from desktop.speech import SPEECH_ARGUMENT
from desktop.window.transcript.colouring import COLOURING_ARGUMENT
from plugins.errors import KnownError
from runtime.catalogue import DOWNLOAD_ARGUMENT, PROGRAM_ARGUMENT
from runtime.components import TRIAL_ARGUMENT
from runtime.composition import TEMPLATE_ARGUMENT
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
    if list(words[:1]) == [TRIAL_ARGUMENT]:
        from runtime.components.mmproj_trial import main as try_mmproj

        return try_mmproj(words[1:])
    if list(words) == [OWN_MODELS_ARGUMENT]:
        from desktop.assistant.own_models.process import main as work_on_own_models

        work_on_own_models()
    if list(words) == [PROBE_ARGUMENT]:
        from desktop.assistant.media_probe.process import serve

        serve()
        return EXIT_OK
    if list(words) == [SPEECH_ARGUMENT]:
        from desktop.speech.process import main as be_a_speech_process

        be_a_speech_process()
    if list(words) == [SERVED_SPEECH_ARGUMENT]:
        from desktop.serve.speech.process import main as be_a_speech_helper

        be_a_speech_helper()
        return EXIT_OK
    if list(words[:1]) == [CONNECTOR_ARGUMENT]:
        from desktop.assistant.sharing.connector import main as be_a_connector

        be_a_connector(words[1:])
    if list(words) == [COLOURING_ARGUMENT]:
        from desktop.window.transcript.colouring import serve as colour

        colour()
        return EXIT_OK
    if list(words) == [TEMPLATE_ARGUMENT]:
        from runtime.composition.rendering import serve as render_template

        render_template()
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
    if options.command is None:
        from desktop.window.start import open_window

        return open_window(options.files)
    code: int = arguments.module(options.command).run(options)
    return code
