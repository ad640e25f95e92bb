"""Words that may ask for media, and words that cannot."""

from __future__ import annotations

import pytest

from runtime.turn.choice.cues import cues


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("draw a cat wearing a hat", "image"),
        ("a photo of two dogs, please", "image"),
        ("What does a whale look like? Show me a picture.", "image"),
        ("Write a poem and illustrate it", "image"),
        ("play the sound of rain", "audio"),
        ("how does an owl sound?", "audio"),
        ("make a gif of a spinning globe", "video"),
        ("画一只猫", "image"),
        ("请问你能画一座山吗？", "image"),
        ("我想听听下雨的声音", "audio"),
        ("帮我拍一段猫咪玩耍的视频", "video"),
    ],
)
def test_a_request_for_a_medium_has_its_cue(text: str, modality: str) -> None:
    assert modality in cues(text).modalities


@pytest.mark.parametrize(
    "text",
    [
        "what is 17 + 26?",
        "What time is it?",
        "remind me to call mum tomorrow",
        "How do I send a video by email?",
        "Which film won the Oscar for best picture in 1998?",
        "Rewrite this so that it sounds friendlier: send me the pictures by noon",
        "translate 'a picture is worth a thousand words' into Chinese",
        "画蛇添足是什么意思？",
        "我的照片怎么备份？",
        "怎样才能拍出好看的视频？",
        "推荐一部好看的电影",
    ],
)
def test_talk_about_media_asks_for_none(text: str) -> None:
    assert cues(text).modalities == frozenset()


def test_a_short_message_after_a_medium_may_ask_for_a_change_of_it() -> None:
    assert cues("now the same in blue", ["image"]).strength == "again"
    assert cues("换成蓝色的", ["image"]).strength == "again"
    assert cues("now the same in blue").modalities == frozenset()
    assert cues("What is my name?", ["image"]).modalities == frozenset()


def test_words_that_name_a_medium_of_their_own_ask_for_that_one_alone() -> None:
    assert cues("Now let it swim, in a clip.", ["image"]).modalities == {"video"}


def test_what_is_quoted_asks_for_nothing() -> None:
    assert cues('She said "draw me a picture" and left.').modalities == frozenset()


def test_a_plain_demand_is_told_from_a_mention_and_from_an_open_wish() -> None:
    assert cues("let me hear a bell").strength == "demanded"
    assert cues("画一只猫").strength == "demanded"
    assert cues("what a lovely picture of a dog").strength == "named"
    assert cues("some thunder, please").strength == "open"
    assert cues("给我来点鸟鸣").strength == "open"


@pytest.mark.parametrize(
    "text",
    [
        "I love watching movies on rainy days",
        "My neighbour's dog makes a lot of noise",
        "The sound of the sea always calms me",
        "我喜欢听音乐",
    ],
)
def test_what_a_person_tells_asks_for_nothing(text: str) -> None:
    assert cues(text).modalities == frozenset()


@pytest.mark.parametrize(
    "text",
    [
        "Please stop and tell me how many legs a spider has.",
        "请给我讲一个关于月亮的小故事。",
        "Give me a tip for spending less on groceries.",
        "Could you add up 19, 21 and 30 for me?",
        "给我讲个笑话吧。",
    ],
)
def test_a_wish_for_words_costs_no_question(text: str) -> None:
    assert not cues(text).modalities


@pytest.mark.parametrize("text", ["Can I have a dragon?", "Stop and draw a cat."])
def test_a_wish_for_a_thing_may_want_it_to_look_at(text: str) -> None:
    assert "image" in cues(text).modalities
