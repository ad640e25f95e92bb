"""One worker answers with one bundle after the other: Pocket and a copy of it by another name."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.bundle.bundle import find_bundle
from runtime.messages import ArtifactReady, TextDelta, TurnDone, TurnFailed
from runtime.worker.client import EngineClient, EngineState
from tests.runtime.bundle_copies import copy_bundle
from tests.runtime.worker.watching import Watcher, client, drawing, only, saying


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another bundle."""
    return copy_bundle(tmp_path_factory.mktemp("bundles") / "other", title="The other")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[EngineClient, Watcher]]:
    watcher = Watcher()
    with client(watcher, tmp_path_factory.mktemp("private")) as made:
        yield made, watcher


@pytest.fixture
def engine(shared: tuple[EngineClient, Watcher]) -> EngineClient:
    """With Pocket open."""
    engine, watcher = shared
    watcher.react = lambda turn, event: None
    watcher.over(engine.ask(saying(), "pocket"))
    watcher.until(lambda: watcher.phase == "ready")
    watcher.states.clear()
    return engine


@pytest.fixture
def watcher(shared: tuple[EngineClient, Watcher]) -> Watcher:
    return shared[1]


def done(watcher: Watcher, turn: int) -> TurnDone:
    """The end of a turn that was answered."""
    end = watcher.over(turn)[-1]
    assert isinstance(end, TurnDone), end
    return end


def opened(states: list[EngineState]) -> list[str]:
    """Titles of the bundles that were opened, in order."""
    titles = [state.title for state in states if state.phase == "starting"]
    return list(dict.fromkeys(titles))


def test_the_bundle_that_is_asked_answers_and_nothing_is_opened_twice(
    engine: EngineClient, watcher: Watcher, other: Path
) -> None:
    pid = engine.pid
    turns = [engine.ask(saying(), bundle) for bundle in ("pocket", str(other), str(other), "")]

    answered = [done(watcher, turn) for turn in turns]

    assert [end.bundle for end in answered] == ["pocket", "other", "other", "other"]
    assert answered[1].title == "The other"
    assert opened(watcher.states) == ["The other"]
    assert [s.loading.part for s in watcher.states if s.phase == "starting" and s.loading] == [
        "bundle", "libraries", "language model",
    ]  # fmt: skip
    assert (engine.pid, engine.state.title) == (pid, "The other")


def test_both_bundles_answer_the_same_with_the_same_parts(
    engine: EngineClient, watcher: Watcher, other: Path
) -> None:
    first, second = (engine.ask(drawing(), bundle) for bundle in ("pocket", str(other)))

    (one,), (two,) = (only(ArtifactReady, watcher.over(turn)) for turn in (first, second))

    assert one.data != two.data  # Each tells its bundle in its recipe.
    assert one.recipe.replace('"pocket"', '"other"') == two.recipe


def test_an_artifact_is_made_again_by_the_bundle_of_its_recipe(
    engine: EngineClient, watcher: Watcher, other: Path
) -> None:
    made = only(ArtifactReady, watcher.over(engine.ask(drawing())))[0]
    watcher.over(engine.ask(saying(), str(other)))

    again = watcher.over(engine.render(made.recipe, bundle="pocket"))

    assert only(ArtifactReady, again)[0].data == made.data
    assert done(watcher, engine.ask(saying())).bundle == "pocket"


@pytest.mark.parametrize("fault", ["gone", "broken", "unloadable"])
def test_the_former_bundle_stays_where_another_cannot_be_opened(
    engine: EngineClient, watcher: Watcher, tmp_path: Path, fault: str
) -> None:
    folder = tmp_path / "bad"
    if fault != "gone":
        copy_bundle(folder, title="Bad")
    if fault == "broken":
        (folder / "llm.gguf").unlink()
    if fault == "unloadable":
        copy_bundle(folder, title="Bad", replaced={"llm.gguf": b"GGUF, or so it says"})

    failed = watcher.over(engine.ask(saying(), str(folder)))[-1]

    assert isinstance(failed, TurnFailed)
    watcher.until(lambda: engine.state.phase == "ready")
    state = engine.state
    assert (state.bundle, state.title, state.problem) == ("pocket", "Pocket", None)
    assert state.modalities == ("text", "image", "audio", "video")
    assert state.not_opened is not None
    assert (state.not_opened.bundle, state.not_opened.problem) == (str(folder), failed.problem)
    assert not any(state.phase == "down" for state in watcher.states)
    assert done(watcher, engine.ask(saying(), "pocket")).bundle == "pocket"


def test_a_bundle_is_opened_before_it_is_asked(
    engine: EngineClient, watcher: Watcher, other: Path
) -> None:
    engine.prepare(None, str(other))

    watcher.until(lambda: engine.state.title == "The other" and engine.state.phase == "ready")


def test_a_bundle_that_took_the_place_of_another_is_opened(
    engine: EngineClient, watcher: Watcher, tmp_path: Path
) -> None:
    folder = copy_bundle(tmp_path / "mine", title="Before")
    assert done(watcher, engine.ask(saying(), str(folder))).title == "Before"

    shutil.rmtree(folder)
    copy_bundle(folder, title="After")

    assert done(watcher, engine.ask(saying(), str(folder))).title == "After"


def test_a_bundle_that_was_removed_meanwhile_says_so(
    engine: EngineClient, watcher: Watcher, tmp_path: Path
) -> None:
    folder = copy_bundle(tmp_path / "mine", title="Mine")
    watcher.over(engine.ask(saying(), str(folder)))

    shutil.rmtree(folder)
    failed = watcher.over(engine.ask(saying(), str(folder)))[-1]

    assert isinstance(failed, TurnFailed)
    assert failed.problem.kind == "bundle"
    assert done(watcher, engine.ask(saying(), "pocket")).bundle == "pocket"


def test_an_answer_that_runs_is_not_ended_by_a_question_to_another_bundle(
    engine: EngineClient, watcher: Watcher, other: Path
) -> None:
    first, second = engine.ask(saying(200)), engine.ask(saying(), str(other))

    assert (done(watcher, first).bundle, done(watcher, second).bundle) == ("pocket", "other")
    assert only(TextDelta, watcher.events[first])


def test_a_question_is_stopped_while_its_bundle_is_opened(
    engine: EngineClient, watcher: Watcher, other: Path
) -> None:
    turn = engine.ask(saying(), str(other))
    watcher.until(lambda: any(state.phase == "starting" for state in watcher.states))

    engine.stop(turn)

    assert done(watcher, turn).finish in ("stopped", "end")
    assert done(watcher, engine.ask(saying(), "pocket")).bundle == "pocket"


def test_a_worker_that_is_killed_while_it_opens_a_bundle_is_started_with_the_next_one_asked(
    engine: EngineClient, watcher: Watcher, other: Path
) -> None:
    pid = engine.pid or 0
    turn = engine.ask(saying(), str(other))
    watcher.until(lambda: any(state.phase == "starting" for state in watcher.states))

    os.kill(pid, signal.SIGKILL)
    watcher.over(turn)
    watcher.until(lambda: watcher.phase == "down")
    watcher.states.clear()

    assert done(watcher, engine.ask(saying(), "pocket")).bundle == "pocket"
    assert opened(watcher.states) == [""]  # One opening, told by the one that is ready.


def test_a_fresh_worker_opens_what_is_asked_first(other: Path, tmp_path: Path) -> None:
    watcher = Watcher()
    with client(watcher, tmp_path, tmp_path / "nothing") as fresh:
        assert done(watcher, fresh.ask(saying(), str(other))).bundle == "other"
        assert done(watcher, fresh.ask(saying(), str(find_bundle("pocket")))).bundle == "pocket"


def test_a_fresh_worker_that_cannot_open_its_bundle_says_which(tmp_path: Path) -> None:
    watcher, bad = Watcher(), str(tmp_path / "nothing")
    with client(watcher, tmp_path) as fresh:
        failed = watcher.over(fresh.ask(saying(), bad))[-1]
        watcher.until(lambda: watcher.phase == "down")

        assert isinstance(failed, TurnFailed)
        refused = fresh.state.not_opened
        assert refused is not None
        assert (refused.bundle, refused.problem) == (bad, failed.problem)
        assert done(watcher, fresh.ask(saying(), "pocket")).bundle == "pocket"
        assert fresh.state.not_opened is None
