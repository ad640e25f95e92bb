"""Captioned routing in which the model is asked what a request wants."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pytest

from plugins.api import Recipe
from runtime.bundle.bundle import Bundle, BundleError
from runtime.bundle.manifest import MediaChoiceSpec
from runtime.bundle.write import write_manifest
from runtime.engine import Engine
from runtime.messages import (
    ArtifactFailed,
    ArtifactReady,
    Event,
    Message,
    SignalPart,
    SignalStarted,
    TextDelta,
    TextPart,
    Turn,
    TurnDone,
)
from runtime.turn.artifacts import STOPPED, ArtifactStops

WORDS, PICTURE = " now", "a"
"""Of the scripted model: after the question comes `a red boat now`, so the first token of
`a` is likelier than that of any other word."""
CHOICE = MediaChoiceSpec(
    question="<assistant>",
    answers={"text": WORDS, "image": PICTURE, "audio": " bell", "video": " snow"},
    captions={"image": "<assistant>", "audio": "<assistant>", "video": "<assistant>"},
    lead={"en": "I'm making it.", "zh": "我这就做。"},
)


@pytest.fixture
def asked_bundle(captioned_bundle: Bundle, tmp_path: Path) -> Bundle:
    return with_choice(captioned_bundle, tmp_path / "asked", CHOICE)


def with_choice(bundle: Bundle, folder: Path, choice: MediaChoiceSpec) -> Bundle:
    shutil.copytree(bundle.folder, folder)
    write_manifest(folder, msgspec.structs.replace(bundle.manifest, media_choice=choice))
    return Bundle.open(folder)


def answered(bundle: Bundle, question: str, allowed: tuple[str, ...] | None = None) -> list[Event]:
    turn = Turn((Message("user", (TextPart(question),)),), seed=5, allowed=allowed)
    with Engine(bundle, device="cpu", threads=1) as engine:
        return list(engine.answer(turn))


def text(events: list[Event]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


def test_a_request_is_answered_with_the_medium_and_the_words_that_lead_it(
    asked_bundle: Bundle,
) -> None:
    events = answered(asked_bundle, "draw a boat")
    started = [event.modality for event in events if isinstance(event, SignalStarted)]
    assert started == ["image"]
    (ready,) = [event for event in events if isinstance(event, ArtifactReady)]
    caption = Recipe.from_json(ready.recipe).condition.caption
    assert caption == "a red boat now"
    done = events[-1]
    assert isinstance(done, TurnDone)
    assert done.reply.parts[:2] == (TextPart("I'm making it."), SignalPart("image", caption))


def test_the_words_that_lead_a_medium_come_before_it_is_rendered(asked_bundle: Bundle) -> None:
    for allowed in (None, ("text", "image")):
        events = answered(asked_bundle, "draw a boat", allowed)
        assert events[0] == TextDelta("I'm making it.")
        assert isinstance(events[1], SignalStarted)


def test_words_that_demand_something_to_see_and_to_hear_get_both(asked_bundle: Bundle) -> None:
    for question in ("draw a boat and let me hear it", "画一只小船，再让我听听它的声音"):
        events = answered(asked_bundle, question)
        started = [event.modality for event in events if isinstance(event, SignalStarted)]
        assert started == ["image", "audio"]
    events = answered(asked_bundle, "draw a boat and let me hear it", ("text", "image"))
    assert [event.modality for event in events if isinstance(event, SignalStarted)] == ["image"]


def test_stopping_one_medium_leaves_the_other(asked_bundle: Bundle) -> None:
    stops = ArtifactStops()
    stops.stop(0)
    turn = Turn((Message("user", (TextPart("draw a boat and let me hear it"),)),), seed=5)
    with Engine(asked_bundle, device="cpu", threads=1) as engine:
        events = list(engine.answer(turn, stops=stops))
    assert [e.problem for e in events if isinstance(e, ArtifactFailed)] == [STOPPED]
    assert [e.modality for e in events if isinstance(e, ArtifactReady)] == ["audio"]


def test_words_that_name_no_medium_get_words_alone(asked_bundle: Bundle) -> None:
    events = answered(asked_bundle, "what is a boat?")
    assert not [event for event in events if isinstance(event, SignalStarted)]
    assert text(events) == "a red boat now"


def test_what_the_model_does_not_take_for_a_request_gets_words(
    captioned_bundle: Bundle, tmp_path: Path
) -> None:
    answers = {**CHOICE.answers, "text": PICTURE, "image": WORDS}
    choice = msgspec.structs.replace(CHOICE, answers=answers)
    bundle = with_choice(captioned_bundle, tmp_path / "words", choice)
    events = answered(bundle, "draw a boat")
    assert not [event for event in events if isinstance(event, SignalStarted)]


def test_a_chinese_request_is_led_in_chinese(asked_bundle: Bundle) -> None:
    assert text(answered(asked_bundle, "画一只小船")).startswith("我这就做。")


def test_a_modality_that_is_not_allowed_is_never_made(asked_bundle: Bundle) -> None:
    events = answered(asked_bundle, "draw a boat", ("text", "audio"))
    assert not [event for event in events if isinstance(event, SignalStarted)]


def test_without_words_the_medium_is_made_and_nothing_is_said(asked_bundle: Bundle) -> None:
    events = answered(asked_bundle, "a boat", ("image",))
    assert [event.modality for event in events if isinstance(event, SignalStarted)] == ["image"]
    assert text(events) == ""


def test_a_conversation_with_a_caption_goes_on_from_it(asked_bundle: Bundle) -> None:
    turn = Turn(
        (
            Message("user", (TextPart("draw a boat"),)),
            Message("assistant", (TextPart("I'm making it."), SignalPart("image", "a red boat"))),
            Message("user", (TextPart("now make it blue"),)),
        ),
        seed=5,
    )
    with Engine(asked_bundle, device="cpu", threads=1) as engine:
        events = list(engine.answer(turn))
    assert [event.modality for event in events if isinstance(event, SignalStarted)] == ["image"]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"captions": {"smell": "?"}}, "media_choice.captions has no signals: smell"),
        ({"answers": {"text": "A"}}, "media_choice.answers lacks audio, image, video"),
        ({"least": 0.0}, "media_choice has least 0.0"),
    ],
)
def test_a_table_that_contradicts_the_bundle_is_refused(
    captioned_bundle: Bundle, tmp_path: Path, change: dict[str, object], problem: str
) -> None:
    choice = msgspec.structs.replace(CHOICE, **change)  # type: ignore[arg-type]
    with pytest.raises(BundleError, match=problem):
        with_choice(captioned_bundle, tmp_path / "wrong", choice)
