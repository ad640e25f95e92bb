"""A signal of the system ends the event loop, without a clock that looks for it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from desktop.window.opening.endings import NUMBERS, Endings

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kill sends a signal")


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    """Whoever hears signals hears them again."""
    before = {number: signal.getsignal(number) for number in NUMBERS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_signal_is_heard_by_the_event_loop(number: int, qtbot: QtBot) -> None:
    ended: list[bool] = []
    with Endings(lambda: ended.append(True)) as endings:
        os.kill(os.getpid(), number)  # Before the loop runs.
        assert ended == []
        qtbot.waitUntil(lambda: bool(ended))
        assert endings.asked == [number]
