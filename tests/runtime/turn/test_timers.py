"""Time spent loading, and the time that the model takes without what is done with its events."""

from __future__ import annotations

import time
from collections.abc import Iterator

from runtime.language_model.options import AnswerEvent, Finished, TextPiece
from runtime.turn.timers import DecodingTimer, LoadTimer


def test_what_is_loaded_is_announced_and_inner_blocks_count_once() -> None:
    said: list[str] = []
    timer = LoadTimer(said.append)

    with timer.loading("decoder"):
        with timer.loading("vae"):
            pass
        assert timer.seconds == 0.0

    assert said == ["decoder", "vae"]
    assert timer.seconds > 0.0


def test_a_failed_load_counts_too() -> None:
    timer = LoadTimer()
    try:
        with timer.loading("decoder"):
            raise OSError
    except OSError:
        pass

    assert timer.seconds > 0.0


def test_what_is_done_with_the_events_does_not_count() -> None:
    events: list[AnswerEvent] = [TextPiece("a"), TextPiece("b"), Finished("end", 2)]

    def written() -> Iterator[AnswerEvent]:
        for event in events:
            time.sleep(0.01)
            yield event

    timer, found = DecodingTimer(), []
    for event in timer.of(written()):
        time.sleep(0.02)
        found.append(event)

    assert found == events
    assert 0.03 <= timer.seconds <= timer.since_begin_s - 0.06
