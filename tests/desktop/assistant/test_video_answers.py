"""Requests to be answered by a talking face are told from those for a clip of something."""

from __future__ import annotations

import pytest

from desktop.assistant.video_answers import AGAIN, asks_for_video, without_request


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("Answer me as a video: why is the sky blue?", "why is the sky blue?"),
        ("Why is the sky blue? Answer me as a video.", "Why is the sky blue?"),
        ("Why is the sky blue? Please answer as a video clip!", "Why is the sky blue?"),
        ("Tell me as a video how bees fly.", "how bees fly."),
        ("Reply with a video. Who was Ada Lovelace?", "Who was Ada Lovelace?"),
        ("answer me as a video", AGAIN["en"]),
        ("Say it as a video, please.", AGAIN["en"]),
        ("回答我用视频", AGAIN["zh"]),
        ("用视频回答我：天空为什么是蓝色的？", "天空为什么是蓝色的？"),
        ("天空为什么是蓝色的？请用视频回答我。", "天空为什么是蓝色的？"),
        ("给我用视频回答，月亮有多远？", "月亮有多远？"),
    ],
)
def test_a_request_is_found_and_taken_out(said: str, asked: str) -> None:
    assert asks_for_video(said)
    assert without_request(said) == asked


@pytest.mark.parametrize(
    "said",
    [
        "Make a video of a boat.",
        "Show me a clip of the sea",
        "Tell me about video recorders.",
        "How do I answer a video call?",
        "Explain how videos are compressed",
        "拍一个海的视频",
        "视频是怎么压缩的？",
        "",
    ],
)
def test_what_asks_for_something_else_stays_as_it_is(said: str) -> None:
    assert not asks_for_video(said)
    assert without_request(said) == said
