"""The stage: progress, cancelling and leases."""

from __future__ import annotations

import threading

import pytest

from plugins.errors import Cancelled
from plugins.stage import RenderStage, UnlimitedMemory


def test_progress_reaches_whoever_listens() -> None:
    seen: list[tuple[int, int, bytes | None]] = []
    stage = RenderStage(1, on_progress=lambda *step: seen.append(step))

    stage.progress(1, 2)
    stage.progress(2, 2, b"png")

    assert seen == [(1, 2, None), (2, 2, b"png")]


def test_progress_raises_once_the_stage_is_cancelled() -> None:
    stage = RenderStage(1)
    stage.cancel()

    with pytest.raises(Cancelled):
        stage.progress(1, 2)


def test_a_shared_event_cancels_all_its_stages_and_one_stage_only_itself() -> None:
    event = threading.Event()
    first, second = RenderStage(1, cancel=event), RenderStage(2, cancel=event)

    first.cancel()
    assert (first.cancelled(), second.cancelled(), event.is_set()) == (True, False, False)

    event.set()
    assert second.cancelled()


def test_only_a_further_step_counts_as_an_advance() -> None:
    stage = RenderStage(1)
    stage.progress(3, 9)
    then = stage.advanced_at

    stage.progress(3, 9)
    assert stage.advanced_at == then

    stage.progress(4, 9)
    assert stage.advanced_at >= then


def test_a_key_is_loaded_once_for_all_stages_that_share_a_memory() -> None:
    memory = UnlimitedMemory()
    loads: list[str] = []

    for seed in range(3):
        stage = RenderStage(seed, memory=memory)
        with stage.lease("model", lambda: loads.append("model") or len(loads), 10) as value:
            assert value == 1

    assert loads == ["model"]


def test_a_load_that_fails_is_tried_again_by_the_next_lease() -> None:
    memory = UnlimitedMemory()

    def broken() -> str:
        raise OSError("disk")

    with pytest.raises(OSError, match="disk"), memory.lease("model", broken, 1):
        pass
    with memory.lease("model", lambda: "loaded", 1) as value:
        assert value == "loaded"
