"""Engines on another computer, over a real ssh and a slow line: what arrives, and what is cut."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from runtime.bundle.bundle import Bundle
from runtime.engine import Engine
from runtime.messages import (
    ArtifactReady,
    Event,
    MediaPart,
    MediumRead,
    Message,
    Reading,
    Sampling,
    TextDelta,
    TextPart,
    Turn,
    TurnDone,
    TurnFailed,
)
from runtime.worker.client import EngineClient
from tests.desktop.assistant.remotes.conftest import Loopback, client, far_workers
from tests.desktop.plugin_bundles import without_eyes
from tests.runtime.making_media import write_clip, write_picture, write_sound
from tests.runtime.worker.watching import Watcher, only, saying

pytestmark = pytest.mark.skipif(os.name != "posix", reason="ssh to this computer is set up for it")


FEW: dict[str, dict[str, int | float | bool | str]] = {
    modality: {"steps": 2} for modality in ("image", "audio", "video")
}


def everything(folder: Path) -> Turn:
    """A turn with a picture, a sound and a clip, answered with one of each."""
    given = {
        "image": write_picture(folder / "ramp.png"),
        "audio": write_sound(folder / "tone.wav"),
        "video": write_clip(folder / "clip.mp4"),
    }
    parts = [MediaPart(modality, str(path)) for modality, path in given.items()]
    return Turn((Message("user", (*parts, TextPart("a boat"))),), seed=5, think=False)


def kept(events: list[Event]) -> tuple[str, list[tuple[str, str, bytes]], object]:
    """What must not depend on the place: words, artifacts, and the reply."""
    assert isinstance(events[-1], TurnDone), events[-1]
    made = [(e.modality, e.recipe, e.data) for e in only(ArtifactReady, events)]
    return "".join(e.text for e in only(TextDelta, events)), made, events[-1].reply


@pytest.fixture(scope="module")
def shared(loopback: Loopback, tiny_bundle: Bundle) -> Iterator[tuple[EngineClient, Watcher]]:
    """One connection for all tests that leave an engine there that answers."""
    watcher = Watcher()
    with client(watcher, "one", tiny_bundle.folder) as made:
        yield made, watcher


@pytest.mark.soak
def test_what_is_made_there_is_made_here_byte_for_byte(
    shared: tuple[EngineClient, Watcher], tiny_bundle: Bundle, tmp_path: Path
) -> None:
    engine, watcher = shared
    turn, bundle = everything(tmp_path), str(tiny_bundle.folder)
    with Engine(tiny_bundle) as here:
        wanted = list(here.answer(turn))

    found = watcher.over(engine.ask(turn, bundle))

    assert [modality for modality, *_ in kept(wanted)[1]] == ["image", "audio", "video"]
    assert kept(found) == kept(wanted)
    offered = engine.state.offered
    assert offered is not None and offered.named("pocket") is not None
    # A recipe makes the same there, and the files are there already.
    again = watcher.over(engine.render(only(ArtifactReady, wanted)[0].recipe, bundle=bundle))
    assert only(ArtifactReady, again)[0].data == only(ArtifactReady, wanted)[0].data
    assert kept(watcher.over(engine.ask(turn, bundle)))[1] == kept(wanted)[1]


def test_a_document_is_read_there_and_told_by_the_path_it_has_here(
    shared: tuple[EngineClient, Watcher], captioned_bundle: Bundle, tmp_path: Path
) -> None:
    engine, watcher = shared
    document = tmp_path / "notes.txt"
    document.write_text("A boat lies on the sea.")
    asked = Message("user", (MediaPart("document", str(document)), TextPart("what is it?")))
    turn, bundle = (
        Turn((asked,), allowed=("text",)),
        str(without_eyes(captioned_bundle, tmp_path / "b")),
    )

    events = watcher.over(engine.ask(turn, bundle))

    told = only(Reading, events) + only(MediumRead, events)
    assert {event.path for event in told} == {str(document)}
    assert "boat" in only(MediumRead, events)[0].observations[0].text
    # A file that is gone fails its turn alone.
    document.unlink()
    failed = watcher.over(engine.ask(turn, bundle))[-1]
    assert isinstance(failed, TurnFailed)
    assert "expected a file that can be read" in str(failed.problem)
    assert watcher.phase in ("ready", "busy")


def begun(engine: EngineClient, watcher: Watcher, bundle: Path) -> int:
    """A turn in whose middle we are."""
    turn = engine.ask(Turn((Message("user", (TextPart("hello"),)),)), str(bundle))
    watcher.until(lambda: bool(only(TextDelta, watcher.events.get(turn, []))))
    return turn


def answers(engine: EngineClient, watcher: Watcher, bundle: Path) -> bool:
    """Whether a short question is answered."""
    asked = Turn((Message("user", (TextPart("hello"),)),), sampling=Sampling(max_new_tokens=3))
    return isinstance(watcher.over(engine.ask(asked, str(bundle)))[-1], TurnDone)


def test_a_cut_fails_the_turn_in_a_sentence_and_the_next_question_connects_anew(
    loopback: Loopback, shared: tuple[EngineClient, Watcher], endless_bundle: Path
) -> None:
    engine, watcher = shared
    turn = begun(engine, watcher, endless_bundle)
    there = far_workers()

    loopback.cut(engine)

    failed = watcher.over(turn)[-1]
    assert isinstance(failed, TurnFailed)
    assert str(failed.problem).startswith("the connection to one was cut (")
    assert str(failed.problem).endswith("). Ask again: it is made anew.")
    watcher.until(lambda: watcher.phase == "down")
    assert engine.state.not_opened is None
    assert answers(engine, watcher, endless_bundle)
    # The worker that was cut off ended by itself.
    assert there and not psutil.wait_procs(there, timeout=60)[1]


@pytest.mark.soak
def test_two_other_computers_answer_at_once_as_this_one(
    loopback: Loopback, tiny_bundle: Bundle, tmp_path: Path
) -> None:
    bundle, turn = tiny_bundle.folder, everything(tmp_path)
    here, one, two = Watcher(), Watcher(), Watcher()
    with (
        EngineClient(bundle, on_event=here.on_event, on_state=here.on_state) as local,
        client(one, "one", bundle) as first,
        client(two, "two", bundle) as second,
    ):
        turns = local.ask(turn), first.ask(turn), second.ask(turn)
        wanted, *found = (
            watcher.over(number) for watcher, number in zip((here, one, two), turns, strict=True)
        )
        assert len({local.pid, first.pid, second.pid}) == 3

    assert [kept(events) for events in found] == [kept(wanted)] * 2


@pytest.mark.soak
def test_pocket_makes_the_same_there_in_every_modality(loopback: Loopback) -> None:
    prompt = "show me a big green frog on the grass and let me hear it"
    here, there = Watcher(), Watcher()
    with (
        EngineClient("pocket", on_event=here.on_event, on_state=here.on_state) as local,
        client(there, "one", "pocket") as far,
    ):
        for words in (prompt, "show a clip of a yellow car moving left"):
            turn = Turn((Message("user", (TextPart(words),)),), seed=7, parameters=FEW)
            assert kept(there.over(far.ask(turn))) == kept(here.over(local.ask(turn)))


@pytest.mark.soak
def test_a_far_worker_that_is_killed_is_told_of_and_started_anew(
    loopback: Loopback, endless_bundle: Path
) -> None:
    before, watcher = {one.pid for one in far_workers()}, Watcher()
    with client(watcher, "one", endless_bundle) as engine:
        turn = begun(engine, watcher, endless_bundle)
        worker = next(one for one in far_workers() if one.pid not in before)

        worker.send_signal(signal.SIGKILL)

        failed = watcher.over(turn)[-1]
        assert isinstance(failed, TurnFailed)
        assert str(failed.problem) == (
            "one: the engine's process was ended by signal 9 (SIGKILL), perhaps because memory ran "
            "out. Ask again: it starts anew."
        )
        assert answers(engine, watcher, endless_bundle)


@pytest.mark.soak
def test_a_stopped_turn_ends_at_once_and_closing_leaves_nothing_behind(
    loopback: Loopback, endless_bundle: Path
) -> None:
    before, watcher = {one.pid for one in far_workers()}, Watcher()
    with client(watcher, "two", endless_bundle) as engine:
        turn = begun(engine, watcher, endless_bundle)

        engine.stop(turn)

        done = watcher.over(turn)[-1]
        assert isinstance(done, TurnDone) and done.finish == "stopped"
        there = [one for one in far_workers() if one.pid not in before]
    assert there and not psutil.wait_procs(there, timeout=60)[1]


def test_a_bundle_that_is_not_there_is_said_with_those_that_are(loopback: Loopback) -> None:
    watcher = Watcher()
    with client(watcher, "two", "my-own") as engine:
        failed = watcher.over(engine.ask(saying()))[-1]

    assert isinstance(failed, TurnFailed)
    assert str(failed.problem).startswith("two: no bundle 'my-own': known are pocket")
    refused = engine.state.not_opened
    assert refused is None or refused.bundle == "my-own"
