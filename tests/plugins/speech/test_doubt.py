"""What a model of speech makes up is told from what it heard."""

from __future__ import annotations

import pytest

from plugins.speech.doubt import is_doubtful, without_repeats


@pytest.mark.parametrize(
    ("text", "confidence", "silence"),
    [
        ("Thank you.", 0.4, 0.1),
        ("Thanks for watching!", 0.8, 0.5),
        ("谢谢观看", 0.3, 0.0),
        ("the red boat", 0.1, 0.9),
        ("...", 0.9, 0.0),
        ("♪", 0.9, 0.0),
    ],
)
def test_what_is_made_up_is_doubtful(text: str, confidence: float, silence: float) -> None:
    assert is_doubtful(text, confidence, silence)


@pytest.mark.parametrize(
    ("text", "confidence", "silence"),
    [("Thank you.", 0.8, 0.1), ("the red boat", 0.3, 0.1), ("你好，世界。", 0.6, 0.2)],
)
def test_what_was_heard_is_not(text: str, confidence: float, silence: float) -> None:
    assert not is_doubtful(text, confidence, silence)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("I am here. I am here. I am here. I am here. Now.", "I am here. I am here. Now."),
        ("na na na na na na na na", "na na"),
        ("很好很好很好很好很好很好", "很好很好"),
        ("It was the best of times, it was the worst of times.", None),
        ("no no no", None),
        ("very, very good", None),
        ("", None),
    ],
)
def test_a_loop_is_cut_after_its_second_turn(said: str, kept: str | None) -> None:
    assert without_repeats(said) == (said if kept is None else kept)
