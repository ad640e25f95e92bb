"""`medley serve`: an OpenAI-compatible server for other programs on this computer."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

from desktop.cli import argument_values as values
from desktop.cli.options import Parser, add_bundle, add_device
from desktop.cli.printing.output import shown
from desktop.file_names import local


def add_arguments(parser: Parser) -> None:
    """The grammar of `medley serve`."""
    parser.add_argument(
        "--port",
        type=values.port,
        metavar="N",
        help="where it listens on 127.0.0.1 (default: that of the last start)",
    )
    parser.add_argument(
        "--token-file",
        type=Path,
        metavar="FILE",
        help="holds the token that clients show; made where it is not there",
    )
    parser.add_argument(
        "--end-with-input",
        action="store_true",
        help="end when the standard input ends, as a program that starts it wishes",
    )
    parser.add_argument(
        "--library",
        type=Path,
        metavar="FILE",
        help="whose window shares its engine while it is open (default: your own)",
    )
    add_bundle(parser)
    add_device(parser)


def run(options: argparse.Namespace) -> int:
    """Serve until Ctrl-C."""
    from desktop.assistant.sharing.place import socket_path
    from desktop.serve import settings
    from desktop.serve.server import run as serve
    from desktop.serve.service import Service
    from runtime.bundle.bundle import find_bundle
    from storage.library import default_path

    find_bundle(options.bundle)
    token = settings.token(options.token_file and local(options.token_file))
    listening = settings.open_socket(options.port)
    _say_where(listening.getsockname()[1], token)
    _show_log()
    window = socket_path(local(options.library) if options.library else default_path())
    serve(
        Service(options.bundle, {"device": options.device, "window": window}),
        listening,
        token.text,
        end_with_input=options.end_with_input,
    )
    return 0


def _say_where(port: int, token: object) -> None:
    from desktop.serve.settings import HOST, Token

    assert isinstance(token, Token)
    address = f"http://{HOST}:{port}"
    print(f"Medley serves {address}/v1 to programs on this computer.")
    if token.is_new:
        print(f"Token, shown this once: {token.text}")
    print(f"The token lies in {shown(token.path)}. {address}/ has examples. Ctrl-C ends it.")
    sys.stdout.flush()


def _show_log() -> None:
    """What the server does, a line each."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%H:%M:%S"))
    log = logging.getLogger("desktop.serve")
    log.addHandler(handler)
    log.setLevel(logging.INFO)
