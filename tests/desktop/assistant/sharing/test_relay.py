"""One engine for the window and for others: who is answered when, what becomes of their turns."""

from __future__ import annotations

import stat
from pathlib import Path

from desktop.assistant.choices import EngineChoice
from desktop.assistant.sharing.place import is_open
from runtime.messages import (
    ArtifactReady,
    RenderProgress,
    TextDelta,
    TextPart,
    TurnDone,
    TurnFailed,
)
from tests.desktop.assistant.sharing.conftest import Told, Window, asked, soon

DRAW = "draw a red boat on the sea at night"


def test_a_guest_is_answered_by_the_windows_engine(window: Window) -> None:
    told = Told()
    guest = window.guest(told)

    turn = guest.ask(asked(DRAW), "pocket")
    done = told.end(turn)

    assert isinstance(done, TurnDone) and done.bundle == "pocket"
    made = [e for e in told.events[turn] if isinstance(e, ArtifactReady)]
    assert made[0].data.startswith(b"\x89PNG")
    soon(lambda: guest.state.phase == "ready")
    assert guest.state.bundle == "pocket" and guest.state.n_ctx == window.engines.state.n_ctx > 0
    # The window hears nothing of it, and the guest nothing of the window.
    assert not window.told.events
    client = window.engines.client()
    assert isinstance(window.told.end(client.ask(asked(), "pocket")), TurnDone)
    assert list(told.events) == [turn]
    # It is rendered again, and an embedding is found, by the same worker.
    again = guest.render(made[0].recipe, bundle="pocket")
    assert isinstance(told.end(again), TurnDone)
    assert [e.data for e in told.events[again] if isinstance(e, ArtifactReady)] == [made[0].data]
    assert len(guest.embed(TextPart("a boat")).result().vector) > 100
    assert stat.S_IMODE(window.path.stat().st_mode) == 0o600


def test_the_window_goes_first_and_guests_take_turns(window: Window, endless_bundle: Path) -> None:
    bundle = str(endless_bundle)
    window.engines.use(EngineChoice(bundle, "cpu"))
    order: list[str] = []
    window.told.name, window.told.order = "window", order
    told = {name: Told(name, order) for name in ("a", "b")}
    a, b = (window.guest(told[name]) for name in told)
    client = window.engines.client()

    first = a.ask(asked(), bundle)
    told["a"].wait(lambda: any(isinstance(e, TextDelta) for e in told["a"].events[first]))
    # While one of the first guest runs, it asks for two more, the other for one, the window too.
    more = [a.ask(asked(most=3), bundle) for _ in range(2)]
    soon(lambda: window.visits[-1].waiting == 2)
    other = b.ask(asked(most=3), bundle)
    soon(lambda: window.visits[-1].waiting == 3)
    own = client.ask(asked(most=3), bundle)
    a.stop(first)

    assert isinstance(window.told.end(own), TurnDone)
    for these, turn in ((told["a"], more[0]), (told["a"], more[1]), (told["b"], other)):
        assert isinstance(these.end(turn), TurnDone)
    assert order == ["a", "window", "b", "a", "a"]
    stopped = told["a"].end(first)
    assert isinstance(stopped, TurnDone) and stopped.finish == "stopped"


def test_a_guest_waits_for_one_turn_of_the_window_not_for_all(
    window: Window, endless_bundle: Path
) -> None:
    bundle = str(endless_bundle)
    window.engines.use(EngineChoice(bundle, "cpu"))
    client, told = window.engines.client(), Told()
    first = client.ask(asked(), bundle)
    window.told.wait(lambda: any(isinstance(e, TextDelta) for e in window.told.events[first]))
    guest = window.guest(told)
    turn = guest.ask(asked(most=3), bundle)
    soon(lambda: bool(window.visits) and window.visits[-1].waiting == 1)
    second = client.ask(asked(), bundle)
    client.stop(first)
    window.told.wait(lambda: any(isinstance(e, TextDelta) for e in window.told.events[second]))
    third = client.ask(asked(most=3), bundle)
    client.stop(second)

    # It is in the engine's queue now, behind what waited there and before what comes later.
    last = client.ask(asked(most=3), bundle)
    assert isinstance(told.end(turn), TurnDone)
    assert isinstance(window.told.end(third), TurnDone)
    assert isinstance(window.told.end(last), TurnDone)


def test_what_waits_can_be_stopped(window: Window, endless_bundle: Path) -> None:
    bundle = str(endless_bundle)
    window.engines.use(EngineChoice(bundle, "cpu"))
    told = Told()
    guest = window.guest(told)
    first, second = guest.ask(asked(), bundle), guest.ask(asked(), bundle)
    told.wait(lambda: told.events[first])
    guest.stop(second)
    done = told.end(second)
    assert isinstance(done, TurnDone) and done.finish == "stopped"
    guest.stop(first)
    assert isinstance(told.end(first), TurnDone)


def test_a_guest_that_is_gone_leaves_the_engine_free(window: Window, endless_bundle: Path) -> None:
    bundle = str(endless_bundle)
    window.engines.use(EngineChoice(bundle, "cpu"))
    told = Told()
    guest = window.guest(told)
    turn = guest.ask(asked(), bundle)
    told.wait(lambda: any(isinstance(e, TextDelta) for e in told.events[turn]))
    guest.close()

    own = window.engines.client().ask(asked(most=3), bundle)

    assert isinstance(window.told.end(own), TurnDone)
    assert list(window.told.events) == [own]
    soon(lambda: window.visits[-1].guests == 0)


def test_guests_hear_of_the_windows_end(window: Window) -> None:
    told = Told()
    guest = window.guest(told)
    assert isinstance(told.end(guest.ask(asked(), "pocket")), TurnDone)
    turn = guest.ask(asked(DRAW), "pocket")
    told.wait(lambda: any(isinstance(e, RenderProgress | TextDelta) for e in told.events[turn]))

    window.relay.close()

    failed = told.end(turn)
    assert isinstance(failed, TurnFailed) and "the window was closed" in str(failed.problem)
    assert not window.path.exists()


def test_nobody_is_let_in_while_another_computer_answers(window: Window) -> None:
    assert is_open(window.path)

    window.engines.use(EngineChoice(remote="box"))

    assert not is_open(window.path) and not window.path.exists()
    window.engines.use(EngineChoice("pocket", "cpu"))
    soon(lambda: is_open(window.path))
