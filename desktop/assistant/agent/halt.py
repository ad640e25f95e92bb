"""A stop that wakes whatever waits. Knows threads alone."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, InvalidStateError
from contextlib import contextmanager
from typing import TypeVar

from plugins.errors import Cancelled

T = TypeVar("T")


class Halt:
    """Set once, for good. Thread contract: any thread; callbacks run on the thread that sets it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._set = False
        self._callbacks: list[Callable[[], None]] = []

    def set(self) -> None:
        """Stop; twice does no harm."""
        with self._lock:
            if self._set:
                return
            self._set = True
            callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            callback()

    def is_set(self) -> bool:
        """Whether it was stopped."""
        return self._set

    def check(self) -> None:
        """Raises:
        Cancelled: it was stopped.
        """
        if self._set:
            raise Cancelled

    @contextmanager
    def calling(self, callback: Callable[[], None]) -> Iterator[None]:
        """Within, a stop calls `callback`: at once where it came already."""
        with self._lock:
            due = self._set
            if not due:
                self._callbacks.append(callback)
        if due:
            callback()
        try:
            yield
        finally:
            with self._lock:
                if callback in self._callbacks:
                    self._callbacks.remove(callback)

    def wait(self, future: Future[T]) -> T:
        """What comes of a future, however long that takes.

        Raises:
            Cancelled: it was stopped before.
        """
        with self.calling(lambda: _give_up(future)):
            return future.result()


def _give_up(future: Future[T]) -> None:
    settle(future, Cancelled())


def settle(future: Future[T], outcome: T | BaseException) -> bool:
    """Settle a future unless that is done; whether it was done now."""
    try:
        if isinstance(outcome, BaseException):
            future.set_exception(outcome)
        else:
            future.set_result(outcome)
    except InvalidStateError:
        return False
    return True
