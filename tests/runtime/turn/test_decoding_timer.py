"""The time that the model takes, without what is done with its events."""

from __future__ import annotations

import time
from collections.abc import Iterator

from runtime.language_model.options import AnswerEvent, Finished, TextPiece
from runtime.turn.decoding_timer import DecodingTimer


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
