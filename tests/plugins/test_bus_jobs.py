"""Renders that hang, take long, are cancelled or wait; preparing; closing."""

from __future__ import annotations

import threading

import pytest

from plugins.api import (
    Stage,
)
from plugins.bus import Bus
from plugins.bus_jobs import RenderFailed
from plugins.errors import BugError, Cancelled
from plugins.stage import RenderStage
from tests.plugins.scent import CAPTION, SHORT, SOON, Scent, submit


def test_a_hung_renderer_is_left_behind_and_told_to_stop(bus: Bus) -> None:
    release, noticed = threading.Event(), threading.Event()

    def act(stage: Stage) -> None:
        if stage.seed == 1:
            release.wait()
            if stage.cancelled():
                noticed.set()

    bus.register(Scent(act))
    hung = RenderStage(1)

    with pytest.raises(RenderFailed, match=r"within 0\.05 s"):
        submit(bus, hung, limit_s=SHORT)
    assert hung.cancelled()
    assert submit(bus, RenderStage(2)).data == b"fresh"

    release.set()
    assert noticed.wait(SOON)


def test_a_renderer_that_advances_may_take_longer_than_the_limit(bus: Bus) -> None:
    pause = threading.Event()

    def act(stage: Stage) -> None:
        for step in range(8):
            pause.wait(0.15)
            stage.progress(step + 1, 8)

    bus.register(Scent(act))

    assert submit(bus, limit_s=0.6).data == b"fresh"


def test_a_person_who_cancels_gets_cancelled_and_not_a_failure(bus: Bus) -> None:
    started = threading.Event()

    def act(stage: Stage) -> None:
        started.set()
        for step in range(100_000):
            stage.progress(step, 100_000)
            threading.Event().wait(0.001)

    bus.register(Scent(act))
    stage = RenderStage(1)
    future = bus.submit("smell", CAPTION, {}, stage)
    assert started.wait(SOON)

    stage.cancel()

    with pytest.raises(Cancelled):
        future.result(timeout=SOON)


def test_what_is_cancelled_while_it_waits_is_never_begun(bus: Bus) -> None:
    begun: list[int] = []
    release = threading.Event()

    def act(stage: Stage) -> None:
        begun.append(stage.seed)
        release.wait(SOON)

    bus.register(Scent(act))
    first = bus.submit("smell", CAPTION, {}, RenderStage(1))
    stage = RenderStage(2)
    second = bus.submit("smell", CAPTION, {}, stage)
    stage.cancel()
    release.set()

    assert first.result(timeout=SOON).data == b"fresh"
    with pytest.raises(Cancelled):
        second.result(timeout=SOON)
    assert begun == [1]


def test_a_renderer_that_says_cancelled_unasked_has_failed(bus: Bus) -> None:
    def act(_: Stage) -> None:
        raise Cancelled("no reason")

    bus.register(Scent(act))

    with pytest.raises(RenderFailed, match="stopped by itself"):
        submit(bus)


def test_prepare_runs_before_the_render_that_follows(bus: Bus) -> None:
    order: list[str] = []
    scent = Scent(lambda _: order.append("render"))
    scent.ready = lambda: order.append("prepare")
    bus.register(scent)

    bus.prepare("smell", RenderStage(1))
    submit(bus)

    assert order == ["prepare", "render"]


def test_a_failed_prepare_is_told_by_the_next_render_and_then_forgotten(bus: Bus) -> None:
    scent = Scent()

    def no_weights() -> None:
        raise OSError("no weights")

    scent.ready = no_weights
    bus.register(scent)

    bus.prepare("smell", RenderStage(1))

    with pytest.raises(RenderFailed, match="made ready: OSError: no weights"):
        submit(bus)
    assert submit(bus).data == b"fresh"


def test_a_prepare_that_hangs_is_told_too(bus: Bus) -> None:
    release = threading.Event()
    scent = Scent()
    scent.ready = lambda: release.wait() and None
    bus.register(scent)

    bus.prepare("smell", RenderStage(1), limit_s=SHORT)

    with pytest.raises(RenderFailed, match="made ready"):
        submit(bus)
    assert submit(bus).data == b"fresh"
    release.set()


def test_closing_cancels_what_runs_and_what_waits() -> None:
    bus = Bus()
    started = threading.Event()

    def act(stage: Stage) -> None:
        started.set()
        while True:
            stage.progress(1, 2)
            threading.Event().wait(0.001)

    bus.register(Scent(act))
    futures = [bus.submit("smell", CAPTION, {}, RenderStage(seed)) for seed in (1, 2)]
    assert started.wait(SOON)

    bus.close()
    bus.close()

    for future in futures:
        with pytest.raises(Cancelled):
            future.result(timeout=SOON)
    with pytest.raises(BugError, match="closed"):
        bus.submit("smell", CAPTION, {}, RenderStage(3))
