"""Queues do not wait for each other, and every result has an owner."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from pytestqt.qtbot import QtBot

from desktop.window.queues import BESIDE, PROMISED, QUEUES, Jobs, Queue


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[Jobs]:
    """Queues that are closed at the end."""
    made = Jobs()
    yield made
    made.stop()
    made.wait()


@pytest.mark.parametrize("queue", QUEUES)
def test_no_lane_waits_for_another(queue: Queue, jobs: Jobs, qtbot: QtBot) -> None:
    let_go = threading.Event()
    done: list[str] = []
    jobs.run(queue, let_go.wait)

    for other in set(QUEUES) - {queue}:
        jobs.run(other, partial(str, other), done.append)

    qtbot.waitUntil(lambda: len(done) == len(QUEUES) - 1)
    let_go.set()


def test_a_result_that_comes_after_the_end_goes_to_its_owner(jobs: Jobs) -> None:
    let_go = threading.Event()
    delivered: list[str] = []
    owned: list[str] = []

    def work() -> str:
        let_go.wait()
        return "what has to be closed"

    jobs.run("library", work, delivered.append, late=owned.append)
    jobs.stop()
    let_go.set()
    jobs.wait()

    assert (delivered, owned) == ([], ["what has to be closed"])


def test_a_result_that_nobody_fetched_before_the_end_goes_to_its_owner(jobs: Jobs) -> None:
    delivered: list[int] = []
    owned: list[int] = []
    future = jobs.run("library", lambda: 7, delivered.append, late=owned.append)
    assert future is not None
    assert future.result() == 7

    jobs.stop()
    jobs.wait()

    assert (delivered, owned) == ([], [7])


def test_a_result_that_was_delivered_has_no_other_owner(jobs: Jobs, qtbot: QtBot) -> None:
    delivered: list[int] = []
    owned: list[int] = []

    jobs.run("library", lambda: 7, delivered.append, late=owned.append)
    qtbot.waitUntil(lambda: bool(delivered))
    jobs.stop()
    jobs.wait()

    assert (delivered, owned) == ([7], [])


@pytest.mark.parametrize("queue", QUEUES)
def test_what_was_promised_is_done_at_the_end_and_the_rest_is_forgotten(
    queue: Queue, jobs: Jobs
) -> None:
    let_go = threading.Event()
    done: list[Queue] = []
    for _ in range(BESIDE.get(queue, 1)):
        jobs.run(queue, let_go.wait)
    jobs.run(queue, lambda: done.append(queue))

    jobs.stop()
    let_go.set()
    jobs.wait()

    assert done == ([queue] if queue in PROMISED else [])


def test_nothing_is_taken_after_the_end(jobs: Jobs) -> None:
    jobs.stop()

    work: Callable[[], int] = lambda: 7  # noqa: E731
    assert jobs.run("library", work) is None
