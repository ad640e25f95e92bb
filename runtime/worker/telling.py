"""Calls back without being harmed by what is called. Knows nothing else."""

from __future__ import annotations

import logging
from collections.abc import Callable

_log = logging.getLogger(__name__)


def tell(callback: Callable[..., None], *what: object) -> None:
    """Call back; a fault of what is called is logged, and must not end the thread that calls."""
    try:
        callback(*what)
    except Exception:  # noqa: BLE001  all else depends on this thread
        _log.exception("an engine callback failed")
