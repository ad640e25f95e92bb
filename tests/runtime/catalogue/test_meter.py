"""The speed of a download, from the bytes that lie on the disk."""

from __future__ import annotations

from runtime.catalogue.meter import Meter


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_speed_and_time_left_follow_the_last_seconds() -> None:
    clock = Clock()
    meter = Meter(1000, clock)

    assert meter.see(0) == (0, 0.0, None)
    clock.now = 2.0
    assert meter.see(200) == (200, 100.0, 8.0)
    clock.now = 4.0
    assert meter.see(200)[1] == 50.0
    clock.now = 20.0
    assert meter.see(200)[1] < 13


def test_beginning_again_forgets_what_came_before() -> None:
    clock = Clock()
    meter = Meter(100, clock)
    meter.see(90)
    clock.now = 1.0

    assert meter.see(10) == (10, 0.0, None)


def test_never_more_than_all() -> None:
    assert Meter(100, Clock()).see(170)[0] == 100
