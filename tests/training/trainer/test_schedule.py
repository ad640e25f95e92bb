"""The order in which stages begin, and when the last ends."""

from __future__ import annotations

from training.pocket.recipe import STAGES
from training.trainer.schedule import by_urgency, ends_after
from training.trainer.stages import Stage

CHAIN = (
    Stage("short", "", minutes=1),
    Stage("first", "", minutes=2),
    Stage("second", "", ("first",), minutes=3),
)


def test_what_has_the_longest_way_before_it_begins_first() -> None:
    assert [one.name for one in by_urgency(CHAIN)] == ["first", "second", "short"]
    order = [one.name for one in by_urgency(STAGES)]
    assert order[0] == "data"
    assert order.index("picture-vae") < order.index("sound-vae") < order.index("export")
    assert order.index("stage3") < order.index("video-unet")


def test_stages_at_a_time_end_when_the_last_of_them_does() -> None:
    seconds = {stage.name: 0.0 for stage in STAGES} | {
        "data": 5.0, "language": 30.0, "picture-vae": 20.0, "image-unet": 20.0, "stage3": 40.0,
        "video-unet": 50.0,
    }  # fmt: skip
    assert ends_after(STAGES, seconds, 1) == sum(seconds.values())
    # Pictures need 45, their clips 50 more; the language model learns beside, stage 3 after both.
    assert ends_after(STAGES, seconds, 2) == 5 + 20 + 20 + 50
    assert ends_after(STAGES, seconds, 9) == 95
