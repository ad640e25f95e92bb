"""The binding to Qt keeps count of what it borrows.

Before Python 3.12 None and True are counted like everything else; a binding that takes one too many
of them at every call ends the process after some thousand calls.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication

CALLS = 500


class Thing(QObject):
    """Something that tells."""

    told = Signal()
    said = Signal(bool)


def calls_of(thing: Thing) -> dict[str, Callable[[], object]]:
    """What the window does all the time."""
    timer = QTimer(thing)
    return {
        "a signal": thing.told.emit,
        "a signal with a value": lambda: thing.said.emit(True),
        "a property": lambda: thing.setProperty("name", True),
        "a timer": timer.stop,
        "a name": lambda: thing.setObjectName("name"),
    }


@pytest.mark.parametrize("what", list(calls_of(Thing())))
def test_calls_take_nothing_from_none_true_and_false(
    what: str, application: QGuiApplication
) -> None:
    thing = Thing()
    call = calls_of(thing)[what]
    call()
    before = [sys.getrefcount(value) for value in (None, True, False)]

    for _ in range(CALLS):
        call()

    after = [sys.getrefcount(value) for value in (None, True, False)]
    assert all(now > then - CALLS // 2 for now, then in zip(after, before, strict=True))
