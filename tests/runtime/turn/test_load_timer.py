"""Time spent loading: a block inside another counts once."""

from __future__ import annotations

from runtime.turn.load_timer import LoadTimer


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
