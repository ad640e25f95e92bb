"""What a spoken conversation tells the model."""

from __future__ import annotations

from desktop.assistant.spoken.engine_answers import heard_parts
from runtime.bundle.bundle import Bundle
from runtime.engine import Engine
from runtime.messages import Message, SignalPart, TextPart, Turn, TurnDone


def said(text: str) -> Message:
    return Message("user", (TextPart(text),))


def answered(engine: Engine, *messages: Message) -> TurnDone:
    *_, done = engine.answer(Turn(messages, seed=1, allowed=("text",)))
    assert isinstance(done, TurnDone)
    return done


def test_after_an_interruption_only_the_new_words_are_read(captioned_bundle: Bundle) -> None:
    question, following = said("what is a boat?"), said("what is a bell?")
    with Engine(captioned_bundle, device="cpu", threads=1) as engine:
        reply = answered(engine, question).reply
        words = "".join(part.text for part in reply.parts if isinstance(part, TextPart))
        heard = Message("assistant", heard_parts(reply.parts, " ".join(words.split()[:2])))
        assert heard != reply
        engine.prepare(Turn((question, heard, said(""))))

        usage = answered(engine, question, heard, following).usage

        template = captioned_bundle.manifest.template
        model = engine._ready().model
        new = len(model.tokenize("what is a bell?"))
        new += len(model.tokenize(template.user_close, parse_special=True))
        assert usage.prompt_tokens - usage.reused_tokens <= new + 1


def test_what_was_shown_stays_of_an_answer_that_was_heard_in_part() -> None:
    parts = (TextPart("I'm making it."), SignalPart("image", "a boat"), TextPart("It is red."))
    assert heard_parts(parts, "I'm making") == (
        TextPart("I'm making"),
        SignalPart("image", "a boat"),
    )
