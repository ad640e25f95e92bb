"""An engine whose pictures are rendered elsewhere answers as one that does all itself."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.talker_host import TalkerHost, files_of
from plugins.errors import KnownError
from runtime.messages import (
    ArtifactReady,
    Event,
    MediaPart,
    Message,
    TextPart,
    Turn,
    TurnDone,
    TurnFailed,
)
from runtime.opening import EngineOptions, open_engine
from tests.deploy.hosting import LocalCalls, Loop
from training.pocketworld.picture import render_picture
from training.pocketworld.scene import random_scene

_STEPS: dict[str, dict[str, int | float | bool | str]] = {"image": {"steps": 2}}


@pytest.fixture(scope="module")
def host(loop: Loop, pictures: LocalCalls) -> Iterator[TalkerHost]:
    made = TalkerHost("pocket", {"image": pictures, "audio": pictures, "video": pictures}, "cpu")
    yield made
    made.close()


def _asked(*parts: TextPart | MediaPart) -> Turn:
    return Turn((Message("user", parts),), seed=4, parameters=_STEPS)


def _answered(loop: Loop, host: TalkerHost, turn: Turn) -> list[Event]:
    return list(loop.each(host.answer(turn, files_of(turn))))


def test_the_picture_is_that_of_an_engine_that_renders_itself(loop: Loop, host: TalkerHost) -> None:
    turn = _asked(TextPart("draw a red boat on the sea at night"))

    events = _answered(loop, host, turn)

    with open_engine(EngineOptions("pocket", "cpu")) as engine:
        own = list(engine.answer(turn))
    (there,) = [one for one in events if isinstance(one, ArtifactReady)]
    (here,) = [one for one in own if isinstance(one, ArtifactReady)]
    assert there.data == here.data
    assert isinstance(events[-1], TurnDone)


def test_a_picture_that_was_given_travels_with_the_turn(
    loop: Loop, host: TalkerHost, tmp_path: Path
) -> None:
    import numpy as np
    from PIL import Image

    path, rng = tmp_path / "given.png", np.random.default_rng(1)
    Image.fromarray(render_picture(random_scene(rng), rng)).save(path)
    turn = _asked(MediaPart("image", str(path)), TextPart("what is in this picture?"))
    files = files_of(turn)
    path.unlink()

    events = list(loop.each(host.answer(turn, files)))

    assert isinstance(events[-1], TurnDone), events[-1]
    assert "I see" in str(events[-1].reply)


def test_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    turn = _asked(MediaPart("image", str(tmp_path / "gone.png")))

    with pytest.raises(KnownError, match=r"gone\.png: expected a readable file"):
        files_of(turn)


def test_an_answer_that_nobody_reads_stops_and_the_next_comes(loop: Loop, host: TalkerHost) -> None:
    left = loop.each(host.answer(_asked(TextPart("draw a red boat")), {}))
    next(left)
    left.close()  # type: ignore[attr-defined]

    events = _answered(loop, host, _asked(TextPart("hello")))

    assert isinstance(events[-1], TurnDone)


def test_what_cannot_be_answered_is_the_last_event(loop: Loop, host: TalkerHost) -> None:
    turn = Turn((Message("user", (TextPart("hello"),)),), allowed=("smell",))

    (event,) = _answered(loop, host, turn)

    assert isinstance(event, TurnFailed)


def test_words_have_an_embedding(loop: Loop, host: TalkerHost) -> None:
    found = loop.run(host.embed(TextPart("a red boat"), {}))

    assert len(found.vector) % 4 == 0
    assert found.known


def test_asking_two_at_once_has_one_wait(loop: Loop, host: TalkerHost) -> None:
    async def both() -> list[Event]:
        async def one() -> Event:
            return [event async for event in host.answer(_asked(TextPart("hello")), {})][-1]

        return list(await asyncio.gather(one(), one()))

    assert [type(event) for event in loop.run(both())] == [TurnDone, TurnDone]
