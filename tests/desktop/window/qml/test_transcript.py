"""The messages: only what is in sight exists, the end stays in sight, and everything answers."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Q_ARG, QMetaObject, QObject, Qt
from PySide6.QtQuick import QQuickItem

from tests.desktop.window.qml.conftest import Show
from tests.desktop.window.qml.filling import THOUGHT, block, fill_transcript, medium
from tests.desktop.window.qml.made import put
from tests.desktop.window.qml.states import (
    answering,
    down,
    elsewhere,
    empty,
    talking,
    thoughtful,
)
from tests.desktop.window.qml.view import View, middle, spoken
from tests.desktop.window.qml.world import blocks
from tests.desktop.window.type_names import type_name

LONG = "<p>" + "A rather long sentence about tides. " * 12 + "</p>"
NEVER = 10_000


def long_talk(messages: int) -> Any:
    """A conversation of many messages."""
    medley = empty()
    words = blocks(block("text", LONG))
    words.setParent(medley)
    fill_transcript(
        medley,
        *({"role": ("user", "assistant")[at % 2], "blocks": words} for at in range(messages)),
    )
    return medley


def messages(view: View) -> list[QQuickItem]:
    """The messages that exist at all."""
    content = view.find("transcriptList").childItems()[0].childItems()
    return [item for item in content if "MessageRow" in type_name(item)]


def at_end(view: View) -> bool:
    """Whether the end of the conversation is in sight."""
    return bool(view.find("transcriptList").property("atYEnd"))


def grow(view: View, words: str) -> None:
    """More of the last answer has come."""
    transcript = view.part("transcript")
    last = transcript.rows[-1]
    last.blocks = blocks(block("text", words))
    last.blocks.setParent(transcript)
    transcript.changed(len(transcript.rows) - 1, len(transcript.rows) - 1, ["blocks"])
    view.settle(60)


def test_a_conversation_opens_at_its_end_and_makes_only_what_is_in_sight(show: Show) -> None:
    view = show(long_talk(NEVER))
    view.until(lambda: at_end(view))

    assert 0 < len(messages(view)) < 40


def test_scrolling_far_does_not_collect_messages(show: Show) -> None:
    view = show(long_talk(400))
    transcript = view.find("transcriptList")

    for _ in range(12):
        view.wheel(transcript, 2400)

    assert len(messages(view)) < 60


def test_a_growing_answer_stays_in_sight(show: Show) -> None:
    view = show(long_talk(20))
    view.until(lambda: at_end(view))

    for length in range(2, 8):
        grow(view, LONG * length)
        view.until(lambda: at_end(view))


def test_who_scrolled_up_is_left_there_until_the_end_is_asked_for(show: Show) -> None:
    view = show(long_talk(20))
    view.until(lambda: at_end(view))
    view.wheel(view.find("transcriptList"), 600)
    place = view.find("transcriptList").property("contentY")

    grow(view, LONG * 6)
    view.settle(100)
    assert view.find("transcriptList").property("contentY") == pytest.approx(place, abs=2)
    assert not at_end(view)

    view.click(view.named("Go to the end"))
    view.until(lambda: at_end(view))
    grow(view, LONG * 9)
    view.until(lambda: at_end(view))


def test_a_hit_is_brought_into_sight(show: Show) -> None:
    view = show(long_talk(300))

    view.part("transcript").scrollTo.emit(120)
    view.settle(100)

    shown = [item.property("index") for item in messages(view) if view.window.contentItem()
             .boundingRect().contains(middle(item))]  # fmt: skip
    assert 120 in shown


def test_keys_move_from_message_to_message(show: Show) -> None:
    view = show(long_talk(30))

    view.press(Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    view.press(Qt.Key.Key_Up)
    assert view.focused.property("index") == 28
    view.press(Qt.Key.Key_Home)
    assert view.focused.property("index") == 0
    view.press(Qt.Key.Key_PageDown)
    view.press(Qt.Key.Key_End)

    view.until(lambda: at_end(view))


def test_every_action_of_an_answer_reaches_the_transcript(show: Show) -> None:
    view = show(talking())
    view.until(lambda: at_end(view))
    view.settle(100)
    view.click("regenerateButton")
    view.click("branchNext")
    view.click(view.named("Copy the words"))
    view.click(view.named("Vary: the same request with another seed"))
    view.click(view.named("Render again from its recipe"))

    assert view.calls("transcript") == [
        ("regenerate", "m1"), ("chooseBranch", "m1", 1), ("copyMessage", "m1"),
        ("vary", "m1", 0), ("renderAgain", "m1", 0),
    ]  # fmt: skip


def test_details_are_asked_for_and_shown(show: Show) -> None:
    medley = empty()
    fill_transcript(medley, {"blocks": [medium("image")]})
    view = show(medley)

    view.click(view.named("More"))
    view.settle(100)
    view.click(view.named("Details"))
    assert view.calls("transcript") == [("details", "m0", 0)]

    view.part("transcript").detailsReady.emit(
        {"bundle": "Pocket 1", "renderer": "medley.image", "seed": 17, "renderSeconds": 1.9}
    )
    view.settle(100)
    texts = [item.property("text") for item in view.items()]
    assert {"medley.image", "17", "1.9 s"} <= {text for text in texts if isinstance(text, str)}
    assert "Guidance" not in texts


def test_a_rendering_is_cancelled_alone(show: Show) -> None:
    view = show(answering())

    view.click(view.named("Cancel this one"))

    assert view.calls("transcript") == [("cancelArtifact", "m1", 1)]
    assert spoken(view.find("renderingCard")).startswith("Making a sound")


def test_a_rendering_says_its_step_and_the_time_left(show: Show) -> None:
    view = show(answering())

    said = [spoken(item) for item in view.items() if item.objectName() == "renderingCard"]

    assert said == [
        "Painting a picture. Step 6 of 16, 4 s left", "Making a sound. Getting ready …",
    ]  # fmt: skip


def test_an_error_offers_what_helps(show: Show) -> None:
    view = show(down(), 1120, 1400)

    view.click(view.named("Restart the engine"))
    view.click("retryButton")

    assert view.calls("engine") == [("restart",)]
    assert view.calls("transcript") == [("retry", "m1")]


def test_a_failed_clip_of_an_answer_is_made_again_and_the_answer_stays(show: Show) -> None:
    medley = empty()
    failed = block("error", "no voice", modality="video", artifactIndex=0, action="speak")
    fill_transcript(medley, {"blocks": [block("text", "Here."), failed]})
    view = show(medley)

    view.click("retryButton")

    assert view.calls("transcript") == [("sayAsVideo", "m0")]


def test_a_clip_of_an_answer_can_be_made_again(show: Show) -> None:
    medley = empty()
    clip = {**medium("video", made=False), "speaks": True}
    fill_transcript(medley, {"blocks": [block("text", "Here."), clip]})
    view = show(medley)

    view.click("speakAgain")

    assert view.calls("transcript") == [("sayAsVideo", "m0")]


def test_the_sudden_end_of_the_engine_is_told_in_the_persons_language(show: Show) -> None:
    medley = empty()
    reason = "the engine's process was ended by signal 9 (SIGKILL), perhaps because memory ran out."
    fill_transcript(medley, {"status": "failed", "blocks": [block("error", reason)]})
    view = show(medley)
    view.look(language="zh_CN")

    said = [spoken(item) for item in view.items()]

    assert any("引擎突然结束" in words and "9" in words for words in said)
    assert not any("SIGKILL" in words for words in said)


@pytest.mark.parametrize(
    ("language", "words"), [("en", "The plugin boom ended"), ("zh_CN", "插件 boom")]
)
def test_a_plugin_that_ended_the_engine_is_named_with_what_to_do(
    show: Show, language: str, words: str
) -> None:
    medley = empty()
    reason = (
        "the engine's process was ended by signal 11 (SIGSEGV) while boom.svg of the plugin boom "
        "was at work. boom is not used again until Medley is started anew; switch it off for good "
        "with `medley plugins disable boom`."
    )
    fill_transcript(medley, {"status": "failed", "blocks": [block("error", reason)]})
    view = show(medley)
    view.look(language=language)

    said = [spoken(item) for item in view.items()]

    assert any(words in one for one in said)
    assert not any("SIGSEGV" in one for one in said)


def test_a_message_is_edited_in_its_place_and_sent_again(show: Show) -> None:
    view = show(talking(), 1120, 1500)
    view.click(view.named("Edit and send again"))
    assert spoken(view.focused) == "Your message, to be sent again"

    view.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    view.type("Draw it")
    view.press(Qt.Key.Key_Return)

    assert view.calls("transcript") == [("editAndResend", "m0", "Draw it")]


def test_the_media_of_a_message_that_is_edited_stay_in_sight(show: Show) -> None:
    medley = empty()
    fill_transcript(
        medley,
        {"role": "user", "blocks": [medium("image", made=False), block("text", "<p>hm</p>")]},
    )
    view = show(medley)
    view.settle(100)

    view.click(view.named("Edit and send again"))

    assert spoken(view.focused) == "Your message, to be sent again"
    assert view.find("pictureCard").isVisible()


def test_an_edit_that_is_left_changes_nothing(show: Show) -> None:
    view = show(talking(), 1120, 1500)
    view.click(view.named("Edit and send again"))
    view.type("never")

    view.press(Qt.Key.Key_Escape)

    assert not view.calls("transcript")
    assert spoken(view.focused) != "Your message, to be sent again"


def test_a_link_is_opened_only_after_a_question(show: Show) -> None:
    view = show(talking())
    words = next(
        item
        for item in view.items()
        if "TextEdit" in type_name(item) and "https:" in item.property("text")
    )

    QMetaObject.invokeMethod(words, "linkActivated", Q_ARG("QString", "https://example.org"))
    view.settle(100)
    assert ("openLink", "https://example.org") not in view.medley.calls
    view.click(view.named("Open"))

    assert ("openLink", "https://example.org") in view.medley.calls


def test_a_picture_opens_zooms_and_closes_with_keys(show: Show) -> None:
    view = show(talking())
    view.find("pictureCard").forceActiveFocus(Qt.FocusReason.TabFocusReason)
    view.press(Qt.Key.Key_Return)
    view.until(lambda: [item for item in view.items() if spoken(item) == "Larger"])

    def zoom() -> str:
        return next(str(i.property("text")) for i in view.items()
                    if str(i.property("text")).endswith(" %"))  # fmt: skip

    fitting = zoom()
    view.press(Qt.Key.Key_Plus)
    assert zoom() != fitting
    view.press(Qt.Key.Key_0)
    assert zoom() == fitting
    view.press(Qt.Key.Key_Escape)

    view.until(lambda: not [item for item in view.items() if spoken(item) == "Larger"])


def test_what_is_being_said_is_announced(show: Show) -> None:
    view = show(answering())

    put(view.part("transcript"), announcement="Here it is.")

    assert not view.warnings


def test_opening_other_conversations_leaves_nothing_behind(show: Show) -> None:
    view = show(long_talk(50))

    for count in (3, 40, 0, 25, 1, 60):
        fill_transcript(
            view.medley, *({"blocks": [block("text", LONG), medium("image")]} for _ in range(count))
        )
        view.settle(60)

    assert len(view.window.findChildren(QObject, "transcriptList")) <= 1
    assert at_end(view)


def texts(view: View, name: str) -> list[str]:
    """What all items of a name say."""
    return sorted(str(i.property("text")) for i in view.items() if i.objectName() == name)


def test_a_line_says_how_long_was_thought(show: Show) -> None:
    view = show(thoughtful())
    assert texts(view, "thinkingButton") == [
        "Thinking …",
        "Thought for 12 s",
        "Thought for 40 s, then was asked to answer",
    ]
    view.look(language="zh_CN")
    assert "思考了 12 秒" in texts(view, "thinkingButton")


def test_what_was_thought_is_folded_until_somebody_asks(show: Show) -> None:
    medley = empty()
    thought = {**block("thinking", "thought", number=0), "plain": THOUGHT}
    fill_transcript(medley, {"blocks": [thought, block("text", "Twelve.")]})
    view = show(medley)
    button = view.find("thinkingButton")

    assert spoken(button) == "Thought for a moment. Show what was thought"
    assert texts(view, "thinkingWords") == []
    view.click("thinkingButton")
    assert texts(view, "thinkingWords") == [THOUGHT]
    assert spoken(button) == "Thought for a moment. Hide what was thought"
    view.click("thinkingButton")
    assert texts(view, "thinkingWords") == []


def test_an_answer_of_another_computer_bears_its_name(show: Show) -> None:
    view = show(elsewhere())

    badges = [item for item in view.items() if item.objectName() == "placeBadge"]

    assert [item.property("place") for item in badges] == ["box"]
    assert spoken(badges[0]) == "Made on box"
    assert view.find("engineChip").property("text") == "Starter on box"
    assert view.find("placeWords").property("text") == "Is answered on box"
