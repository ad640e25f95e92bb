"""Turns go in order, embeddings between them, and each can be stopped wherever it is."""

from __future__ import annotations

from runtime.messages import Message, TextPart, Turn
from runtime.worker.jobs import Jobs
from runtime.worker.protocol import Ask, Embed, Prepare, Render

TURN = Turn((Message("user", (TextPart("hello"),)),))


def test_turns_and_renderings_go_in_order_and_embeddings_wait_for_them() -> None:
    jobs = Jobs()
    jobs.put(Embed(1, TextPart("boat")))
    jobs.put(Ask(2, TURN))
    jobs.put(Render(3, "{}"))
    each = jobs.each()

    assert [next(each).command.id for _ in range(3)] == [2, 3, 1]


def test_a_running_job_is_told_to_stop_and_a_waiting_one_is_taken_out() -> None:
    jobs = Jobs()
    for turn in (1, 2, 3):
        jobs.put(Ask(turn, TURN))
    jobs.put(Embed(4, TextPart("boat")))
    each = jobs.each()
    running = next(each)
    assert jobs.begin(running)

    assert jobs.stop(1) is None
    waiting = [jobs.stop(2), jobs.stop(4)]

    assert running.cancelled.is_set()
    assert [job.command.id for job in waiting if job is not None] == [2, 4]
    last = next(each)
    assert last.command.id == 3
    assert not last.cancelled.is_set()


def test_what_is_over_or_unknown_cannot_be_stopped() -> None:
    jobs = Jobs()
    jobs.put(Ask(1, TURN))
    jobs.put(Ask(2, TURN))
    each = jobs.each()
    over, running = next(each), next(each)

    assert jobs.stop(1) is None
    assert jobs.stop(9) is None
    jobs.stop_artifact(1, 0)

    assert not over.cancelled.is_set()
    assert not running.cancelled.is_set()


def test_one_artifact_is_stopped_alone_and_a_rendering_is_all_of_its_own() -> None:
    jobs = Jobs()
    jobs.put(Ask(1, TURN))
    jobs.put(Render(2, "{}"))
    each = jobs.each()
    turn, told = next(each), list[int]()
    jobs.stop_artifact(1, 5)
    jobs.stop_artifact(2, 0)

    for index in (4, 5):
        turn.stops.watch(index, lambda index=index: told.append(index))

    assert told == [5]
    assert not turn.cancelled.is_set()
    assert next(each).cancelled.is_set()


def test_of_what_is_still_being_said_only_the_newest_is_read_and_a_question_stops_it() -> None:
    jobs = Jobs()
    jobs.put(Embed(1, TextPart("boat")))
    jobs.prepare(Prepare(2, TURN))
    jobs.prepare(Prepare(3, TURN))
    each = jobs.each()
    reading = next(each)
    assert reading.command.id == 3

    jobs.prepare(Prepare(4, TURN))
    jobs.put(Ask(5, TURN))

    assert reading.cancelled.is_set()
    assert [next(each).command.id for _ in range(2)] == [5, 1]


def test_a_job_whose_bundle_is_being_opened_is_stopped_as_one_that_waits() -> None:
    jobs = Jobs()
    jobs.put(Ask(1, TURN, "another"))
    opening = next(jobs.each())

    assert jobs.stop(1) is opening
    assert jobs.stop(1) is None

    assert not jobs.begin(opening)
