"""The message that an answer becomes, part by part."""

from __future__ import annotations

from runtime.messages import SignalPart, TextPart
from runtime.turn.reply import Reply


def test_words_in_a_row_are_one_part_and_artifacts_stand_between() -> None:
    reply = Reply()
    reply.add_text("Here ")
    reply.add_text("it is: ")
    reply.add_signal("image")
    reply.add_text("Enjoy.")

    assert reply.message().parts == (
        TextPart("Here it is: "),
        SignalPart("image"),
        TextPart("Enjoy."),
    )


def test_a_caption_goes_to_the_latest_artifact() -> None:
    reply = Reply()
    reply.add_signal("image")
    reply.add_signal("audio")
    reply.caption("rain")

    assert reply.message().parts == (SignalPart("image"), SignalPart("audio", "rain"))


def test_blank_words_are_nothing_to_read() -> None:
    reply = Reply()
    reply.add_text(" \n")
    assert not reply.has_words
    reply.add_text("Yes.")
    assert reply.has_words
