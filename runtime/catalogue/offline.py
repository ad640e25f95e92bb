"""The switch that forbids every connection. Knows the switch only."""

from __future__ import annotations

from runtime.catalogue.errors import FetchError
from runtime.offline import OFFLINE_VARIABLE, forbidding


def refuse_if_forbidden() -> None:
    """Let nothing be fetched where it is forbidden.

    Raises:
        FetchError: MEDLEY_OFFLINE is set to anything but 0 or nothing.
    """
    if value := forbidding():
        raise FetchError(
            "offline",
            "expected to be allowed to connect, found {offline_variable}={value}, which "
            "forbids it. Unset {offline_variable}, then fetch it again.",
            offline_variable=OFFLINE_VARIABLE,
            value=value,
        )
