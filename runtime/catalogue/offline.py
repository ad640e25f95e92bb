"""The switch that forbids every connection. Knows the environment only."""

from __future__ import annotations

import os

from runtime.catalogue.errors import FetchError

OFFLINE_VARIABLE = "MEDLEY_OFFLINE"


def refuse_if_forbidden() -> None:
    """Let nothing be fetched where it is forbidden.

    Raises:
        FetchError: MEDLEY_OFFLINE is set to anything but 0 or nothing.
    """
    value = os.environ.get(OFFLINE_VARIABLE, "")
    if value not in ("", "0"):
        raise FetchError(
            "offline",
            "expected to be allowed to connect, found {offline_variable}={value}, which "
            "forbids it. Unset {offline_variable}, then fetch it again.",
            offline_variable=OFFLINE_VARIABLE,
            value=value,
        )
