"""A model that thinks before its answer: its thinking comes apart from its words, is no caption, is
not sent back, and can be left out."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from runtime.bundle.bundle import Bundle
from runtime.bundle.manifest import TemplateSpec
from runtime.bundle.write import write_manifest
from runtime.engine import Engine
from runtime.language_model.text.thinking import ThinkingMarkers
from runtime.messages import (
    ArtifactReady,
    Event,
    Message,
    Sampling,
    SignalPart,
    TextDelta,
    TextPart,
    ThinkingDelta,
    ThinkingDone,
    ThinkingPart,
    Turn,
    TurnDone,
    TurnFailed,
    decode_event,
    encode,
)

QUESTION = (Message("user", (TextPart("draw a boat"),)),)
OPEN, CLOSE = "a red", "now"
"""Marks among the words of the tiny bundle's only answer, `a red boat now`."""
Opened = Callable[..., Engine]


@pytest.fixture
def opened(captioned_bundle: Bundle, tmp_path: Path) -> Iterator[Opened]:
    """Opens the captioned bundle with another template and tags."""
    engines: list[Engine] = []

    def _opened(tags: tuple[str, str] | None = None, **template: str) -> Engine:
        folder = tmp_path / f"thinks{len(engines)}"
        shutil.copytree(captioned_bundle.folder, folder)
        manifest, signals = captioned_bundle.manifest, dict(captioned_bundle.manifest.signals)
        if tags is not None:
            signals["image"] = msgspec.structs.replace(
                signals["image"], caption_open=tags[0], caption_close=tags[1]
            )
        spec = msgspec.structs.replace(manifest.template, **template)
        write_manifest(folder, msgspec.structs.replace(manifest, template=spec, signals=signals))
        engines.append(Engine(Bundle.open(folder), device="cpu", threads=1))
        return engines[-1]

    yield _opened
    for engine in engines:
        engine.close()


def answered(engine: Engine, turn: Turn | None = None) -> list[Event]:
    return list(engine.answer(turn or Turn(QUESTION, seed=5)))


def thought(events: list[Event]) -> str:
    return "".join(event.text for event in events if isinstance(event, ThinkingDelta))


def words(events: list[Event]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


def done(events: list[Event]) -> TurnDone:
    assert isinstance(events[-1], TurnDone), events[-1]
    return events[-1]


def test_thinking_comes_apart_from_the_words(opened: Opened) -> None:
    events = answered(opened(thinking_open="a", thinking_close=" boat"))
    assert (thought(events), words(events)) == ("red", "now")
    (ended,) = [event for event in events if isinstance(event, ThinkingDone)]
    assert ended.seconds >= 0 and not ended.cut
    assert done(events).reply.parts == (ThinkingPart("red", ended.seconds), TextPart("now"))
    for event in events:
        assert decode_event(encode(event)) == event


def test_it_is_no_caption(opened: Opened) -> None:
    engine = opened((" red", " boat"), thinking_open="a", thinking_close="now")
    events = answered(engine)
    assert not any(isinstance(event, ArtifactReady) for event in events)
    assert thought(events) == "red boat"


def test_it_is_not_sent_back(opened: Opened) -> None:
    engine = opened(thinking_open="a", thinking_close=" boat")
    reply = done(answered(engine)).reply
    asked = (*QUESTION, reply, *QUESTION)
    without = (*QUESTION, Message("assistant", (TextPart("now"),)), *QUESTION)
    with_it, plain = (done(answered(engine, Turn(m, seed=1))).usage for m in (asked, without))
    assert with_it.prompt_tokens == plain.prompt_tokens


def test_what_begins_the_answer_stands_before_no_earlier_one(opened: Opened) -> None:
    engine = opened(answer_open="a", thinking_open="a", thinking_close=" boat")
    events = answered(engine)
    assert (thought(events), words(events)) == ("red", "now")
    longer = Turn((*QUESTION, done(events).reply, *QUESTION), seed=1)
    plain = opened(thinking_open="a", thinking_close=" boat")
    counts = [done(answered(e, longer)).usage.prompt_tokens for e in (engine, plain)]
    assert counts[0] == counts[1] + 1


def test_a_model_that_has_the_choice_thinks_when_it_is_asked_to(opened: Opened) -> None:
    engine = opened(
        answer_open="a boat boat",
        thinking_answer_open="a",
        thinking_open="a",
        thinking_close="red",
    )
    first = answered(engine)
    events = answered(engine, Turn(QUESTION, seed=5, think=True))
    assert thought(first) == ""
    assert words(events) == "boat now"
    assert done(events).usage.prompt_tokens < done(first).usage.prompt_tokens


def test_it_can_be_asked_to_answer_at_once(opened: Opened) -> None:
    engine = opened(answer_open="a", thinking_open="a", thinking_close=" boat")
    nothing = ThinkingMarkers("a", " boat").nothing
    usage = done(answered(engine, Turn(QUESTION, seed=1, think=False))).usage
    usual = done(answered(engine)).usage
    length = len(engine._ready().model.tokenize(nothing))
    assert usage.prompt_tokens == usual.prompt_tokens - 1 + length


def test_thinking_without_an_answer_says_that_there_is_none(opened: Opened) -> None:
    events = answered(opened(thinking_open="a", thinking_close="nothing of it"))
    assert thought(events) == "red boat now"
    assert isinstance(events[-1], TurnFailed)
    assert "holds nothing" in str(events[-1].problem)


def test_there_is_room_for_thinking_and_words(opened: Opened) -> None:
    engine = opened(thinking_open="a", thinking_close="nothing of it")
    model = engine._ready().model
    options = engine._ready().bundle.manifest.language_model
    sampling = Sampling(max_new_tokens=1)
    turn = Turn((Message("user", (TextPart("x" * model.n_ctx),)),), seed=1, sampling=sampling)
    (failed,) = answered(engine, turn)
    assert isinstance(failed, TurnFailed)
    assert options.max_thinking_tokens > model.n_ctx // 4
    kept = re.search(r"reads (\d+) at once, (\d+) of them", str(failed.problem))
    assert kept is not None
    assert int(kept[2]) > model.n_ctx // 4


def test_only_pictures_are_made_without_thinking(opened: Opened) -> None:
    engine = opened(answer_open="a", thinking_open="a", thinking_close=" boat")
    events = answered(engine, Turn(QUESTION, seed=5, allowed=("image",)))
    assert thought(events) == ""
    assert any(isinstance(part, SignalPart) for part in done(events).reply.parts)


def test_a_template_may_name_marks_of_its_own() -> None:
    template = TemplateSpec(thinking_open="<a>", thinking_close="</a>")
    assert (template.thinking_open, template.thinking_close) == ("<a>", "</a>")
