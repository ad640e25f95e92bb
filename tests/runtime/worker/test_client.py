"""The window's end of the engine, on the real Pocket in a real process of its own."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from plugins.api import Recipe
from plugins.errors import KnownError
from runtime.bundle.bundle import Bundle, find_bundle
from runtime.engine import Engine
from runtime.messages import (
    ArtifactFailed,
    ArtifactReady,
    Event,
    MediaPart,
    Message,
    RenderProgress,
    TextDelta,
    TextPart,
    Turn,
    TurnDone,
    TurnFailed,
)
from runtime.worker.client import EngineClient, EngineState
from tests.runtime.worker.watching import WAIT_S, Watcher, client, drawing, only, saying


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[EngineClient, Watcher]]:
    watcher = Watcher()
    with client(watcher, tmp_path_factory.mktemp("private")) as made:
        yield made, watcher


@pytest.fixture
def engine(shared: tuple[EngineClient, Watcher]) -> EngineClient:
    """One client for all tests that leave it as it was."""
    shared[1].react = lambda turn, event: None
    return shared[0]


@pytest.fixture
def watcher(shared: tuple[EngineClient, Watcher]) -> Watcher:
    return shared[1]


@pytest.fixture(scope="module")
def in_process() -> Iterator[Engine]:
    """The same engine in this process."""
    threads = torch.get_num_threads()
    with Engine(Bundle.open(find_bundle("pocket")), device="cpu", threads=1) as opened:
        yield opened
    torch.set_num_threads(threads)


def test_the_answer_equals_that_of_the_engine_in_process_byte_for_byte(
    engine: EngineClient, watcher: Watcher, in_process: Engine
) -> None:
    turn = drawing(allowed=None)

    found = watcher.over(engine.ask(turn))

    wanted = list(in_process.answer(turn))
    assert "".join(e.text for e in only(TextDelta, found)) == "".join(
        e.text for e in only(TextDelta, wanted)
    )
    assert [e.data for e in only(ArtifactReady, found)] == [
        e.data for e in only(ArtifactReady, wanted)
    ]
    assert len(only(ArtifactReady, found)) == 1
    done, other = found[-1], wanted[-1]
    assert isinstance(done, TurnDone) and isinstance(other, TurnDone)
    assert (done.reply, done.usage, done.finish) == (other.reply, other.usage, "end")


def test_the_state_tells_starting_with_its_parts_then_busy_then_ready(
    engine: EngineClient, watcher: Watcher
) -> None:
    watcher.over(engine.ask(drawing()))
    watcher.until(lambda: watcher.phase == "ready")

    phases = [state.phase for state in watcher.states]
    assert list(dict.fromkeys(phases)) == ["starting", "busy", "ready"]
    loading = [state.loading for state in watcher.states if state.phase == "starting"]
    assert [(at.part, at.number, at.of) for at in dict.fromkeys(loading) if at] == [
        ("bundle", 1, 3),
        ("libraries", 2, 3),
        ("language model", 3, 3),
    ]
    now = engine.state
    assert (now.bundle, now.title, now.device) == ("pocket", "Pocket", "cpu")
    assert now.modalities == ("text", "image", "audio", "video")
    assert 0 < now.memory.used < now.memory.process
    assert now.memory.budget is not None and now.memory.used < now.memory.budget
    assert now.waiting == 0
    assert watcher.threads == {"engine-client"}


def test_stopping_while_words_come_ends_the_turn_at_once(
    engine: EngineClient, watcher: Watcher
) -> None:
    def stop(turn: int, event: Event) -> None:
        if isinstance(event, TextDelta):
            engine.stop(turn)

    watcher.react = stop

    events = watcher.over(engine.ask(saying(1500)))

    assert isinstance(events[-1], TurnDone) and events[-1].finish == "stopped"
    assert events[-1].usage.new_tokens < 1000
    assert only(TextDelta, events)


def test_stopping_while_a_picture_is_made_ends_at_the_next_step(
    engine: EngineClient, watcher: Watcher
) -> None:
    def stop(turn: int, event: Event) -> None:
        if isinstance(event, RenderProgress):
            engine.stop(turn)

    watcher.react = stop

    events = watcher.over(engine.ask(drawing(steps=500)))

    assert isinstance(events[-1], TurnDone) and events[-1].finish == "stopped"
    assert len(only(RenderProgress, events)) < 200
    assert [failed.index for failed in only(ArtifactFailed, events)] == [0]


def test_one_artifact_is_stopped_alone(engine: EngineClient, watcher: Watcher) -> None:
    def stop(turn: int, event: Event) -> None:
        if isinstance(event, RenderProgress):
            engine.stop_artifact(turn, 0)

    watcher.react = stop

    events = watcher.over(engine.ask(drawing(steps=500, allowed=("text", "image"))))

    assert "stopped" in str(only(ArtifactFailed, events)[0].problem)
    assert isinstance(events[-1], TurnDone) and events[-1].finish == "end"


def test_turns_wait_for_each_other_and_one_that_waits_is_stopped_without_a_word(
    engine: EngineClient, watcher: Watcher
) -> None:
    first, second, third = (engine.ask(drawing(steps)) for steps in (500, 2, 2))
    engine.stop(second)

    stopped = watcher.over(second)
    engine.stop(first)

    assert len(stopped) == 1
    assert isinstance(stopped[0], TurnDone) and stopped[0].finish == "stopped"
    assert isinstance(watcher.over(first)[-1], TurnDone)
    assert len(only(ArtifactReady, watcher.over(third))) == 1
    assert max(state.waiting for state in watcher.states) >= 1


def test_an_artifact_is_made_again_and_varied_without_the_language_model(
    engine: EngineClient, watcher: Watcher
) -> None:
    made = only(ArtifactReady, watcher.over(engine.ask(drawing())))[0]

    again = watcher.over(engine.render(made.recipe))
    varied = watcher.over(engine.render(made.recipe, seed=99, parameters={"steps": 6}))

    assert only(ArtifactReady, again)[0].data == made.data
    assert [event.step for event in only(RenderProgress, again)] == [0, 1, 2]
    assert any(event.preview for event in only(RenderProgress, varied))
    other = only(ArtifactReady, varied)[0]
    recipe = Recipe.from_json(other.recipe)
    assert other.data != made.data
    assert (other.seed, recipe.seed, recipe.parameters["steps"]) == (99, 99, 6)
    done = varied[-1]
    assert isinstance(done, TurnDone)
    assert (done.finish, done.seed, done.usage.new_tokens) == ("end", 99, 0)


def test_a_rendering_is_stopped_within_a_step(engine: EngineClient, watcher: Watcher) -> None:
    made = only(ArtifactReady, watcher.over(engine.ask(drawing())))[0]

    def stop(turn: int, event: Event) -> None:
        if isinstance(event, RenderProgress):
            engine.stop_artifact(turn, 0)

    watcher.react = stop

    events = watcher.over(engine.render(made.recipe, parameters={"steps": 500}))

    assert isinstance(events[-1], TurnDone) and events[-1].finish == "stopped"
    assert not only(ArtifactReady, events)


@pytest.mark.parametrize(
    ("recipe", "said"),
    [("{}", "expected the JSON that Medley writes"), ("foreign", "made with bundle pocket")],
)
def test_a_recipe_that_does_not_fit_fails_its_turn_only(
    engine: EngineClient, watcher: Watcher, recipe: str, said: str
) -> None:
    if recipe == "foreign":
        made = only(ArtifactReady, watcher.over(engine.ask(drawing())))[0].recipe
        recipe = made.replace('"bundle":"pocket"', '"bundle":"other"')

    events = watcher.over(engine.render(recipe))

    assert isinstance(events[-1], TurnFailed) and said in str(events[-1].problem)
    assert engine.state.phase != "down"


def test_words_and_media_lie_in_one_space(
    engine: EngineClient, in_process: Engine, media: dict[str, Path]
) -> None:
    contents = [TextPart("a red boat on the sea")]
    contents += [MediaPart(modality, str(media[modality])) for modality in media]

    found = [engine.embed(content).result(WAIT_S) for content in contents]

    vectors = [np.frombuffer(embedding.vector, "<f4") for embedding in found]
    assert found == [in_process.embed(content) for content in contents]
    assert len({embedding.space for embedding in found}) == 1
    assert {len(vector) for vector in vectors} == {128}
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(4), abs=1e-5)


@pytest.mark.parametrize("content", [TextPart(" "), MediaPart("image", "/nowhere.png")])
def test_what_cannot_be_placed_says_why(
    engine: EngineClient, content: TextPart | MediaPart
) -> None:
    with pytest.raises(KnownError, match=r"expected .* found"):
        engine.embed(content).result(WAIT_S)


def test_an_embedding_that_nobody_wants_any_more_is_not_made(
    engine: EngineClient, watcher: Watcher
) -> None:
    turn = engine.ask(drawing(steps=500))
    unwanted, wanted = engine.embed(TextPart("boat")), engine.embed(TextPart("boat"))

    assert unwanted.cancel()
    engine.stop(turn)

    assert wanted.result(WAIT_S).vector
    assert unwanted.cancelled()


def test_a_request_that_no_message_can_hold_is_refused_at_once(engine: EngineClient) -> None:
    with pytest.raises(KnownError, match=r"expected at most .* bytes, found"):
        engine.ask(Turn((Message("user", (TextPart("boat" * 2**22),)),)))


def test_a_callback_that_raises_stops_nothing(
    engine: EngineClient, watcher: Watcher, caplog: pytest.LogCaptureFixture
) -> None:
    def stumble(turn: int, event: Event) -> None:
        raise ValueError("no such card")

    watcher.react = stumble

    events = watcher.over(engine.ask(drawing()))

    assert isinstance(events[-1], TurnDone)
    assert "no such card" in caplog.text


def test_a_killed_worker_fails_its_turns_and_the_next_question_starts_another(
    engine: EngineClient, watcher: Watcher
) -> None:
    def kill(turn: int, event: Event) -> None:
        if isinstance(event, RenderProgress) and turn == first:
            os.kill(pid, signal.SIGKILL)

    watcher.over(engine.ask(drawing()))
    pid = engine.pid or 0
    watcher.react = kill
    first = engine.ask(drawing(steps=500))
    waiting, meaning = engine.ask(drawing()), engine.embed(TextPart("boat"))

    failed = watcher.over(first)[-1]

    assert isinstance(failed, TurnFailed)
    assert str(failed.problem).startswith("the engine's process was ended by signal 9 (SIGKILL)")
    assert watcher.over(waiting) == [failed]
    with pytest.raises(KnownError, match="SIGKILL"):
        meaning.result(WAIT_S)
    watcher.until(lambda: watcher.phase == "down")
    assert engine.state == EngineState("down", failed.problem)
    assert engine.pid is None
    assert isinstance(watcher.over(engine.ask(saying()))[-1], TurnDone)
    assert engine.pid not in (None, pid)
