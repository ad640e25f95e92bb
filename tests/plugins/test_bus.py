"""The bus: registration, order, and trouble that stays where it began."""

from __future__ import annotations

import threading

import msgspec
import numpy as np
import pytest

from plugins.api import (
    Condition,
    Renderer,
    Stage,
)
from plugins.bus import Bus
from plugins.bus_jobs import RenderFailed
from plugins.errors import BugError, KnownError
from plugins.stage import RenderStage
from tests.plugins.scent import CAPTION, SOON, Scent, artifact, submit


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
    with pytest.raises(
        KnownError, match="can make 'taste', found no renderer for it; known: smell"
    ):
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
    assert str(failed.value.reason) == "ZeroDivisionError: oh"
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

    with pytest.raises(KnownError, match=r"found no 'test\.none'; known: test\.scent"):
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
    assert str(caught.value.reason) == reason
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
