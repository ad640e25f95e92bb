"""The bus: registration, order, and trouble that stays where it began."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from plugins.api import (
    Artifact,
    Condition,
    Decoder,
    Float32,
    Parameter,
    ParameterValue,
    Recipe,
    Renderer,
    Stage,
)
from plugins.bus import Bus
from plugins.bus_jobs import RenderFailed
from plugins.errors import BugError, Cancelled, KnownError
from plugins.stage import RenderStage

SOON = 20.0
SHORT = 0.05
CAPTION = Condition(caption="a smell of rain")


class Scent(Renderer):
    """A renderer of a modality that nobody else has; `act` decides how it behaves."""

    id = "test.scent"
    version = "1"
    modality = "smell"
    parameters = (Parameter("strength", "int", 3, "How strong", 1, 9),)

    def __init__(self, act: Callable[[Stage], Any] | None = None) -> None:
        super().__init__(Decoder(Path(), "tiny"))
        self.act = act
        self.ready: Callable[[], None] = lambda: None

    def prepare(self, stage: Stage) -> None:
        self.ready()

    def render(
        self, condition: Condition, parameters: Mapping[str, ParameterValue], stage: Stage
    ) -> Artifact:
        if self.act is not None and (result := self.act(stage)) is not None:
            return result
        return artifact(condition, parameters, stage.seed)

    def condition_targets(self, captions: Sequence[str]) -> Float32:
        return np.zeros((len(captions), 2), np.float32)


def artifact(
    condition: Condition, parameters: Mapping[str, ParameterValue], seed: int, **changes: Any
) -> Artifact:
    recipe = Recipe("test.scent", "1", "smell", "tiny", condition, parameters, seed)
    given = {"modality": "smell", "mime": "x/smell", "data": b"fresh", "extension": ".smell"}
    return Artifact(**({"recipe": recipe} | given | changes))


@pytest.fixture
def bus() -> Iterator[Bus]:
    made = Bus()
    yield made
    made.close()


def submit(bus: Bus, stage: RenderStage | None = None, limit_s: float = SOON) -> Artifact:
    future = bus.submit("smell", CAPTION, {}, stage or RenderStage(1), limit_s=limit_s)
    return future.result(timeout=SOON)


def test_a_registered_renderer_renders_with_its_checked_defaults(bus: Bus) -> None:
    bus.register(Scent())

    made = submit(bus, RenderStage(7))

    assert (made.data, made.recipe.seed, made.recipe.parameters) == (b"fresh", 7, {"strength": 3})


def test_a_factory_is_called_on_the_worker_at_first_use_only(bus: Bus) -> None:
    threads: list[str] = []

    def factory() -> Renderer:
        threads.append(threading.current_thread().name)
        return Scent()

    bus.register(factory, modality="smell", renderer_id="test.scent")
    assert threads == []
    submit(bus)
    submit(bus)

    assert threads == ["renderer"]


def test_undo_takes_back_its_own_registration_only(bus: Bus) -> None:
    undo = bus.register(Scent())
    undo()
    bus.register(Scent())
    undo()

    assert bus.renderers() == {"smell": ("test.scent",)}


@pytest.mark.parametrize(("modality", "renderer_id"), [("smell", "other"), ("taste", "test.scent")])
def test_a_duplicate_names_what_is_registered(bus: Bus, modality: str, renderer_id: str) -> None:
    bus.register(Scent())

    with pytest.raises(KnownError, match=r"test\.scent is already registered for smell"):
        bus.register(Scent, modality=modality, renderer_id=renderer_id)


def test_an_unknown_modality_lists_the_known(bus: Bus) -> None:
    with pytest.raises(KnownError, match="known: none"):
        bus.submit("taste", CAPTION, {}, RenderStage(1))
    bus.register(Scent())
    with pytest.raises(KnownError, match="no renderer for 'taste'; known: smell"):
        bus.prepare("taste", RenderStage(1))


def test_a_factory_without_its_modality_is_a_bug(bus: Bus) -> None:
    with pytest.raises(BugError):
        bus.register(Scent)


def test_a_renderer_that_raises_fails_its_own_artifact_only(bus: Bus) -> None:
    def act(stage: Stage) -> None:
        if stage.seed == 1:
            raise ZeroDivisionError("oh")

    bus.register(Scent(act))

    with pytest.raises(RenderFailed) as failed:
        submit(bus, RenderStage(1))
    assert failed.value.modality == "smell"
    assert failed.value.renderer == "test.scent"
    assert failed.value.reason == "ZeroDivisionError: oh"
    assert submit(bus, RenderStage(2)).data == b"fresh"


def test_a_renderer_that_leaves_the_interpreter_fails_its_own_artifact_only(bus: Bus) -> None:
    def act(stage: Stage) -> None:
        if stage.seed == 1:
            raise SystemExit(3)

    bus.register(Scent(act))

    with pytest.raises(RenderFailed, match="SystemExit"):
        submit(bus, RenderStage(1))
    assert submit(bus, RenderStage(2)).data == b"fresh"


@pytest.mark.parametrize(
    ("rubbish", "named"),
    [
        ("a string", "a str"),
        (artifact(CAPTION, {}, 1, modality="image"), "an artifact of 'image'"),
        (artifact(CAPTION, {}, 1, data=b""), "without bytes"),
        (artifact(CAPTION, {}, 1, data="text"), "without bytes"),
        (artifact(CAPTION, {}, 1, extension="/../x"), "extension '/../x'"),
        (artifact(CAPTION, {}, 1, extension=5), "extension 5"),
        (artifact(CAPTION, {}, 1, mime=5), "mime type 5"),
        (artifact(CAPTION, {}, 1, mime="image/png\x1b[2J"), "mime type"),
        (artifact(CAPTION, {}, 1, width=2**70), "width without an end"),
        (artifact(CAPTION, {}, 1, height=-1), "height -1"),
        (artifact(CAPTION, {}, 1, width="wide"), "width 'wide'"),
        (artifact(CAPTION, {}, 1, duration_s=float("nan")), "duration without an end"),
        (artifact(CAPTION, {}, 1, duration_s=[1]), "duration list"),
        (artifact(CAPTION, {}, 1, recipe="none"), "without a recipe"),
        (artifact(CAPTION, {"x": object()}, 1), "a recipe that cannot be written"),
        (artifact(CAPTION, {"x": [1]}, 1), "a list of 1 as its x"),
        (artifact(CAPTION, {}, 2**70), "more than 64 bits as its seed"),
        (artifact(Condition(caption="half \ud83d"), {}, 1), "half a character in its caption"),
    ],
)
def test_rubbish_is_refused_and_named(bus: Bus, rubbish: object, named: str) -> None:
    bus.register(Scent(lambda _: rubbish))

    with pytest.raises(RenderFailed, match=named):
        submit(bus)


def test_a_factory_that_makes_rubbish_fails_the_artifact(bus: Bus) -> None:
    bus.register(lambda: "no renderer", modality="smell", renderer_id="x")  # type: ignore[arg-type,return-value]

    with pytest.raises(RenderFailed, match="expected a renderer of smell, found str"):
        submit(bus)


def test_a_wrong_parameter_fails_the_artifact_with_its_limits(bus: Bus) -> None:
    bus.register(Scent())

    future = bus.submit("smell", CAPTION, {"strength": 99}, RenderStage(1))

    with pytest.raises(RenderFailed, match="int from 1 to 9"):
        future.result(timeout=SOON)


def test_a_hung_renderer_is_left_behind_and_told_to_stop(bus: Bus) -> None:
    release, noticed = threading.Event(), threading.Event()

    def act(stage: Stage) -> None:
        if stage.seed == 1:
            release.wait()
            if stage.cancelled():
                noticed.set()

    bus.register(Scent(act))
    hung = RenderStage(1)

    with pytest.raises(RenderFailed, match=r"within 0\.05 s"):
        submit(bus, hung, limit_s=SHORT)
    assert hung.cancelled()
    assert submit(bus, RenderStage(2)).data == b"fresh"

    release.set()
    assert noticed.wait(SOON)


def test_a_renderer_that_advances_may_take_longer_than_the_limit(bus: Bus) -> None:
    pause = threading.Event()

    def act(stage: Stage) -> None:
        for step in range(8):
            pause.wait(0.15)
            stage.progress(step + 1, 8)

    bus.register(Scent(act))

    assert submit(bus, limit_s=0.6).data == b"fresh"


def test_a_person_who_cancels_gets_cancelled_and_not_a_failure(bus: Bus) -> None:
    started = threading.Event()

    def act(stage: Stage) -> None:
        started.set()
        for step in range(100_000):
            stage.progress(step, 100_000)
            threading.Event().wait(0.001)

    bus.register(Scent(act))
    stage = RenderStage(1)
    future = bus.submit("smell", CAPTION, {}, stage)
    assert started.wait(SOON)

    stage.cancel()

    with pytest.raises(Cancelled):
        future.result(timeout=SOON)


def test_what_is_cancelled_while_it_waits_is_never_begun(bus: Bus) -> None:
    begun: list[int] = []
    release = threading.Event()

    def act(stage: Stage) -> None:
        begun.append(stage.seed)
        release.wait(SOON)

    bus.register(Scent(act))
    first = bus.submit("smell", CAPTION, {}, RenderStage(1))
    stage = RenderStage(2)
    second = bus.submit("smell", CAPTION, {}, stage)
    stage.cancel()
    release.set()

    assert first.result(timeout=SOON).data == b"fresh"
    with pytest.raises(Cancelled):
        second.result(timeout=SOON)
    assert begun == [1]


def test_a_renderer_that_says_cancelled_unasked_has_failed(bus: Bus) -> None:
    def act(_: Stage) -> None:
        raise Cancelled("no reason")

    bus.register(Scent(act))

    with pytest.raises(RenderFailed, match="nobody asked"):
        submit(bus)


def test_prepare_runs_before_the_render_that_follows(bus: Bus) -> None:
    order: list[str] = []
    scent = Scent(lambda _: order.append("render"))
    scent.ready = lambda: order.append("prepare")
    bus.register(scent)

    bus.prepare("smell", RenderStage(1))
    submit(bus)

    assert order == ["prepare", "render"]


def test_a_failed_prepare_is_told_by_the_next_render_and_then_forgotten(bus: Bus) -> None:
    scent = Scent()

    def no_weights() -> None:
        raise OSError("no weights")

    scent.ready = no_weights
    bus.register(scent)

    bus.prepare("smell", RenderStage(1))

    with pytest.raises(RenderFailed, match="made ready: OSError: no weights"):
        submit(bus)
    assert submit(bus).data == b"fresh"


def test_a_prepare_that_hangs_is_told_too(bus: Bus) -> None:
    release = threading.Event()
    scent = Scent()
    scent.ready = lambda: release.wait() and None
    bus.register(scent)

    bus.prepare("smell", RenderStage(1), limit_s=SHORT)

    with pytest.raises(RenderFailed, match="made ready"):
        submit(bus)
    assert submit(bus).data == b"fresh"
    release.set()


def test_closing_cancels_what_runs_and_what_waits() -> None:
    bus = Bus()
    started = threading.Event()

    def act(stage: Stage) -> None:
        started.set()
        while True:
            stage.progress(1, 2)
            threading.Event().wait(0.001)

    bus.register(Scent(act))
    futures = [bus.submit("smell", CAPTION, {}, RenderStage(seed)) for seed in (1, 2)]
    assert started.wait(SOON)

    bus.close()
    bus.close()

    for future in futures:
        with pytest.raises(Cancelled):
            future.result(timeout=SOON)
    with pytest.raises(BugError, match="closed"):
        bus.submit("smell", CAPTION, {}, RenderStage(3))


class Perfume(Scent):
    """Stands in for captions that `Scent` does not know."""

    id = "test.perfume"
    parameters = ()

    def unknown_words(self, caption: str) -> tuple[str, ...]:
        return ("stone",) if "stone" in caption else ()


class Shy(Scent):
    """Knows the rain alone."""

    def unknown_words(self, caption: str) -> tuple[str, ...]:
        return tuple(word for word in caption.split() if word != "rain")


def test_the_first_renderer_that_knows_a_caption_is_chosen(bus: Bus) -> None:
    bus.register(Shy())
    bus.register(Perfume(), stands_in=True)

    def chosen(caption: str) -> tuple[str | None, tuple[str, ...]]:
        choice = bus.choose("smell", caption, RenderStage(1)).result(timeout=SOON)
        return choice.renderer_id, choice.unknown

    assert bus.renderers() == {"smell": ("test.scent", "test.perfume")}
    assert chosen("rain") == ("test.scent", ())
    assert chosen("roses") == ("test.perfume", ())
    assert chosen("old wet stone") == (None, ("stone",))


def test_one_that_stands_in_gets_the_parameters_that_it_declares(bus: Bus) -> None:
    bus.register(Shy())
    bus.register(Perfume(), stands_in=True)

    future = bus.submit(
        "smell", CAPTION, {"strength": 5}, RenderStage(1), renderer_id="test.perfume"
    )

    assert future.result(timeout=SOON).recipe.parameters == {}


def test_a_renderer_that_is_not_registered_for_the_modality_is_named(bus: Bus) -> None:
    bus.register(Scent())

    with pytest.raises(
        KnownError, match=r"no renderer 'test\.none' for 'smell'; known: test\.scent"
    ):
        bus.submit("smell", CAPTION, {}, RenderStage(1), renderer_id="test.none")


class Mute(Exception):  # noqa: N818
    """An error that cannot say what it is."""

    def __str__(self) -> str:
        raise RuntimeError


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ValueError("half \ud83d\x1b[2J of it"), "ValueError: half [2J of it"),
        (KnownError("it is \u202eturned"), "it is turned"),
        (ValueError("x" * 100_000), f"ValueError: {'x' * 1000}"),
        (Mute(), "Mute"),
    ],
)
def test_a_reason_is_one_line_that_can_be_sent_and_shown(
    bus: Bus, error: Exception, reason: str
) -> None:
    def act(stage: Stage) -> None:
        raise error

    bus.register(Scent(act))
    with pytest.raises(RenderFailed) as caught:
        submit(bus)
    assert caught.value.reason == reason
    msgspec.msgpack.encode(str(caught.value))


def test_steps_are_numbers_that_can_be_sent(bus: Bus) -> None:
    told: list[tuple[int, int, bytes | None]] = []

    def act(stage: Stage) -> None:
        stage.progress(np.int64(1), 2**70, preview="a picture")  # type: ignore[arg-type]
        stage.progress(-5, 2, b"preview")

    bus.register(Scent(act))
    submit(bus, RenderStage(1, on_progress=lambda *step: told.append(step)))
    assert told == [(1, 2**31, None), (0, 2, b"preview")]

    bus_with_words = Scent(lambda stage: stage.progress("one", 2))  # type: ignore[arg-type]
    other = Bus()
    other.register(bus_with_words)
    with pytest.raises(RenderFailed, match="ValueError"):
        submit(other)
    other.close()


class Confused(Scent):
    """Cannot even say what it does not know."""

    def unknown_words(self, caption: str) -> tuple[str, ...]:
        raise RuntimeError("confused")


def test_one_that_fails_when_asked_leaves_the_caption_to_the_next(bus: Bus) -> None:
    bus.register(Confused())
    bus.register(Perfume(), stands_in=True)

    assert bus.choose("smell", "rain", RenderStage(1)).result(timeout=SOON).renderer_id == (
        "test.perfume"
    )


class Odd(Scent):
    """Does not know things that are no words."""

    def unknown_words(self, caption: str) -> tuple[str, ...]:
        return (5, "half \ud83d", "x" * 500)  # type: ignore[return-value]


def test_unknown_words_are_words_that_can_be_sent_and_shown(bus: Bus) -> None:
    bus.register(Odd())

    choice = bus.choose("smell", "rain", RenderStage(1)).result(timeout=SOON)
    assert choice.unknown == ("5", "half ", "x" * 100)
