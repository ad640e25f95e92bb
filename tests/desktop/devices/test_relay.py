"""Reports cross to a thread of their own, and silence is a loss."""

from __future__ import annotations

from desktop.devices.relay import SILENT, Relay
from plugins.errors import Problem
from tests.desktop.devices.listening import until

UNPLUGGED = Problem("unplugged")


def test_silence_is_told_once_after_all_reports() -> None:
    events: list[int | str] = []
    relay: Relay[int] = Relay(events.append, events.append)
    relay.start()
    for number in range(3):
        relay.put(number)
    until(lambda: len(events) == 4)
    assert events == [0, 1, 2, SILENT]
    relay.close()


def test_a_device_that_ends_says_why() -> None:
    lost: list[Problem] = []
    relay: Relay[int] = Relay(lambda _: None, lost.append)
    relay.start()
    relay.fail(UNPLUGGED)
    until(lambda: lost)
    assert lost == [UNPLUGGED]


def test_nothing_is_told_after_closing() -> None:
    events: list[int | str] = []
    relay: Relay[int] = Relay(events.append, events.append)
    relay.start()
    relay.close()
    relay.put(1)
    relay.close()
    assert events == []


def test_it_may_be_closed_before_it_runs() -> None:
    relay: Relay[int] = Relay(lambda _: None, lambda _: None)
    relay.close()
