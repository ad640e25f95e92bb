"""What the shipped Pocket answers without its model, and what its model gets to see."""

from __future__ import annotations

import pytest

from plugins.errors import KnownError
from runtime.bundle.bundle import Bundle, find_bundle
from runtime.bundle.manifest import SentencesSpec
from runtime.components import load as components
from runtime.familiarity.review import Reviewer
from runtime.messages import MediaPart, Message, SignalPart, TextPart

STRANGE = "strange.png"
GONE = "gone.png"


def knows(part: MediaPart) -> bool:
    if part.path == GONE:
        raise KnownError("gone")
    return part.path != STRANGE


@pytest.fixture(scope="module")
def reviewer() -> Reviewer:
    bundle = Bundle.open(find_bundle("pocket"), "size")
    spec, measures = bundle.manifest.familiarity, components.familiarity(bundle)
    assert spec is not None and measures is not None
    return Reviewer(spec, measures[1], knows)


@pytest.fixture(scope="module")
def said(reviewer: Reviewer) -> dict[str, SentencesSpec]:
    return reviewer.spec.sentences


def user(text: str = "", *media: MediaPart) -> Message:
    return Message("user", (*media, *((TextPart(text),) if text else ())))


def picture(path: str = "boat.png") -> MediaPart:
    return MediaPart("image", path)


MADE = (
    user("draw a red boat on the sea"),
    Message("assistant", (TextPart("Here is a red boat."), SignalPart("image"))),
)


OUTSIDE = [
    ("what is 17 + 26?", "en"),
    ("make me a song", "en"),
    ("summarise this text", "en"),
    ("draw a tree", "en"),
    ("show me a video of a horse running", "en"),
    ("write a poem about a cat", "en"),
    ("帮我写一篇作文", "zh"),
]


@pytest.mark.parametrize(
    ("text", "language", "before"),
    # Behind a picture a text to be summarised could be about its words: the model answers that.
    [(*one, ()) for one in OUTSIDE]
    + [(*one, MADE) for one in OUTSIDE if one[0] != "summarise this text"],
)
def test_what_has_no_word_in_its_world_is_refused(
    text: str, language: str, before: tuple[Message, ...], reviewer: Reviewer,
    said: dict[str, SentencesSpec],
) -> None:  # fmt: skip
    answer = reviewer.review((*before, user(text))).answer
    assert answer == said[language].unknown_words


@pytest.mark.parametrize("text", ["what time is it?", "现在几点？"])
def test_a_plain_question_is_never_given_to_the_model(text: str, reviewer: Reviewer) -> None:
    assert reviewer.review((user(text),)).answer is not None


@pytest.mark.parametrize(
    "text",
    [
        "draw a red boat on the sea at night", "play the sound of a dog in the rain",
        "show a clip of a yellow car moving left", "a small green frog", "hello", "thank you!",
        "what can you do?", "画一只猫", "播放狗的声音", "你好", "谢谢",
        "could you be so kind and sketch a bell for my grandmother's birthday card",
    ],
)  # fmt: skip
def test_what_it_knows_goes_to_the_model_as_it_is(text: str, reviewer: Reviewer) -> None:
    asked = user(text)
    review = reviewer.review((asked,))
    assert (review.answer, review.messages) == (None, (asked,))


@pytest.mark.parametrize(
    "text", ["now at night", "make it green", "let me hear it", "what colour is it?", "换成晚上"]
)
def test_a_follow_up_needs_something_to_follow(
    text: str, reviewer: Reviewer, said: dict[str, SentencesSpec]
) -> None:
    assert reviewer.review((*MADE, user(text))).answer is None
    assert reviewer.review((user("what is this?", picture()), user(text))).answer is None


def test_a_question_about_nothing_says_so(
    reviewer: Reviewer, said: dict[str, SentencesSpec]
) -> None:
    assert reviewer.review((user("what is in this picture?"),)).answer == said["en"].nothing_shown
    assert reviewer.review((user("这张图片里有什么？"),)).answer == said["zh"].nothing_shown


@pytest.mark.parametrize(
    ("text", "language"), [("what is this?", "en"), ("这是什么？", "zh"), ("", "en"), ("?!", "en")]
)
def test_a_strange_medium_is_not_described_in_the_language_that_was_used(
    text: str, language: str, reviewer: Reviewer, said: dict[str, SentencesSpec]
) -> None:
    review = reviewer.review((user(text, picture(STRANGE)),))
    assert review.answer == said[language].unknown_medium["image"]
    assert review.messages == ()


def test_a_document_is_not_pretended_to_be_read(
    reviewer: Reviewer, said: dict[str, SentencesSpec]
) -> None:
    asked = user("summarise this", MediaPart("document", "a.pdf"))
    assert reviewer.review((asked,)).answer == said["en"].unknown_medium["document"]


def test_a_later_question_about_a_strange_medium_is_not_answered_either(
    reviewer: Reviewer, said: dict[str, SentencesSpec]
) -> None:
    shown = user("what is this?", picture(STRANGE))
    refused = Message("assistant", (TextPart(said["en"].unknown_medium["image"]),))
    again = reviewer.review((shown, refused, user("what colour is it?")))
    assert again.answer == said["en"].unknown_medium["image"]
    other = user("draw a red boat")
    review = reviewer.review((*MADE, shown, refused, other))
    assert (review.answer, review.messages) == (None, (*MADE, other))


@pytest.mark.parametrize(
    ("before", "language"), [((), "en"), ((user("你好"),), "zh"), ((user("hello"),), "en")]
)
def test_a_medium_without_words_is_asked_about_in_the_language_that_was_used(
    before: tuple[Message, ...], language: str, reviewer: Reviewer, said: dict[str, SentencesSpec]
) -> None:
    review = reviewer.review((*before, user("", picture())))
    assert review.messages[-1] == user(said[language].ask["image"], picture())
    two = reviewer.review((user("", picture(), MediaPart("audio", "bell.wav")),))
    assert two.messages[-1].parts[-1] == TextPart(said["en"].ask["several"])
    as_it_is = reviewer.review((user("", picture()),), ask=False)
    assert as_it_is.messages == (user("", picture()),)


def test_an_old_medium_that_is_gone_is_left_to_the_prompt(reviewer: Reviewer) -> None:
    before = (user("what is this?", picture(GONE)), Message("assistant", (TextPart("A boat."),)))
    asked = user("make it green")
    assert reviewer.review((*before, asked)).messages == (*before, asked)
    with pytest.raises(KnownError, match="gone"):
        reviewer.review((user("what is this?", picture(GONE)),))
