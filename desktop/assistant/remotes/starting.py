"""What has another computer answer: the command line of a connector, where that may be. Starts
nothing."""

from __future__ import annotations

import os

from desktop.assistant.remotes.kept import find_remote
from plugins.errors import KnownError
from runtime.process.own_program import process_command

OFFLINE_VARIABLE = "MEDLEY_OFFLINE"


def connector_command(name: str) -> list[str]:
    """The command line of a connector to a computer, from source and in a frozen app.

    Raises:
        KnownError: there is no computer of this name any more, or connections are forbidden.
    """
    refuse_if_offline()
    find_remote(name)
    return process_command("desktop.assistant.remotes.connector", name)


def refuse_if_offline() -> None:
    """Let no other computer be asked where every connection is forbidden.

    Raises:
        KnownError: MEDLEY_OFFLINE is set to anything but 0 or nothing.
    """
    value = os.environ.get(OFFLINE_VARIABLE, "")
    if value not in ("", "0"):
        raise KnownError(
            "expected to be allowed to connect to another computer, found {variable}={value}, "
            "which forbids it. Unset {variable}, or have answers made on this computer.",
            "network",
            variable=OFFLINE_VARIABLE,
            value=value,
        )
