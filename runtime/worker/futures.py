"""What becomes of futures whose answers come from the worker. Knows no process."""

from __future__ import annotations

from concurrent.futures import Future
from typing import TypeVar

from plugins.errors import KnownError
from runtime.messages import Embedding
from runtime.worker.protocol import Embedded, EmbedFailed

T = TypeVar("T")


def outcome(report: Embedded | EmbedFailed) -> Embedding | KnownError:
    """The embedding that a report brings, or why it brings none."""
    return report.embedding if isinstance(report, Embedded) else KnownError(report.problem)


def settle(future: Future[T], found: T | KnownError) -> None:
    """Give a future its answer, or why there is none; nothing happens where it was cancelled."""
    if not future.set_running_or_notify_cancel():
        return
    if isinstance(found, KnownError):
        future.set_exception(found)
    else:
        future.set_result(found)
