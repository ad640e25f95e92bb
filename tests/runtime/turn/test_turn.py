"""Stopping an answer between its words and its artifacts, or one artifact alone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import TypeVar

import pytest

from plugins.errors import Cancelled
from runtime.bundle.bundle import Bundle
from runtime.engine import Engine
from runtime.messages import (
    ArtifactFailed,
    ArtifactReady,
    Event,
    Message,
    RenderProgress,
    SignalPart,
    SignalStarted,
    TextPart,
    Turn,
    TurnDone,
)
from runtime.turn.artifacts import ArtifactStops

T = TypeVar("T")
PICTURE = Turn(
    (Message("user", (TextPart("show me a boat"),)),),
    allowed=("image",),
    seed=7,
    parameters={"image": {"steps": 500}},
)


@pytest.fixture(scope="module")
def engine(tiny_bundle: Bundle) -> Iterator[Engine]:
    """Answers everything with words, a picture, a sound and a clip."""
    with Engine(tiny_bundle, device="cpu", threads=1) as engine:
        yield engine


def only(kind: type[T], events: list[Event]) -> list[T]:
    return [event for event in events if isinstance(event, kind)]


def test_stopping_after_the_text_and_before_the_first_artifact_is_no_failure(
    engine: Engine,
) -> None:
    cancelled, events = threading.Event(), list[Event]()
    for event in engine.answer(PICTURE, cancelled):
        events.append(event)
        if isinstance(event, RenderProgress):
            cancelled.set()

    done = events[-1]
    assert isinstance(done, TurnDone)
    assert done.finish == "stopped"
    assert SignalPart("image") in done.reply.parts
    assert not only(ArtifactReady, events)


def test_an_answer_whose_words_stand_is_still_said_to_be_stopped(engine: Engine) -> None:
    cancelled, events = threading.Event(), list[Event]()
    turn = Turn(PICTURE.messages, seed=7, parameters={"video": {"steps": 500}})
    for event in engine.answer(turn, cancelled):
        events.append(event)
        if isinstance(event, RenderProgress) and event.modality == "video":
            cancelled.set()

    done = events[-1]
    assert isinstance(done, TurnDone) and done.finish == "stopped"
    assert {event.modality for event in only(ArtifactReady, events)} == {"image", "audio"}


def test_one_artifact_is_stopped_and_the_rest_of_the_answer_goes_on(engine: Engine) -> None:
    stops, events = ArtifactStops(), list[Event]()
    turn = Turn(PICTURE.messages, seed=7, parameters={"audio": {"steps": 500}})
    for event in engine.answer(turn, stops=stops):
        events.append(event)
        if isinstance(event, RenderProgress) and event.modality == "audio":
            stops.stop(event.index)

    done = events[-1]
    assert isinstance(done, TurnDone) and done.finish == "end"
    assert [event.modality for event in only(ArtifactFailed, events)] == ["audio"]
    assert {event.modality for event in only(ArtifactReady, events)} == {"image", "video"}


def test_artifacts_are_stopped_before_they_are_asked_for(engine: Engine) -> None:
    stops = ArtifactStops()
    for index in range(10):
        stops.stop(index)

    events = list(engine.answer(PICTURE, stops=stops))

    done = events[-1]
    assert isinstance(done, TurnDone) and done.finish == "stopped"
    begun = [event.index for event in only(SignalStarted, events)]
    assert sorted(event.index for event in only(ArtifactFailed, events)) == begun
    assert not only(RenderProgress, events)


def test_a_rendering_from_a_recipe_is_stopped_at_the_next_step(engine: Engine) -> None:
    short = Turn(PICTURE.messages, allowed=("image",), seed=7)
    made = only(ArtifactReady, list(engine.answer(short)))[0]
    cancelled, steps = threading.Event(), list[int]()

    def progress(step: int, of: int, preview: bytes | None) -> None:
        steps.append(step)
        cancelled.set()

    with pytest.raises(Cancelled):
        engine.rerender(made.recipe, progress, parameters={"steps": 500}, cancelled=cancelled)

    assert steps == [0]


def test_a_recipe_with_another_seed_is_a_variation_with_a_recipe_of_its_own(
    engine: Engine,
) -> None:
    short = Turn(PICTURE.messages, allowed=("image",), seed=7)
    made = only(ArtifactReady, list(engine.answer(short)))[0]

    varied = engine.rerender(made.recipe, seed=5, parameters={"guidance": 2})

    assert varied.data != made.data
    assert varied.recipe.seed == 5
    assert varied.recipe.parameters["guidance"] == 2.0
    assert engine.rerender(varied.recipe).data == varied.data
