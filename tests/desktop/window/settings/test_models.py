"""The offer of the starter, its download and its removal, in a real window with a real process that
downloads from a small internet of our own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import tomli_w

from desktop.window.settings.models import Models
from runtime.bundle.bundle import STARTER, chosen_name
from tests import tiny_llama
from tests.desktop.window.conftest import Open
from tests.desktop.window.driver import Driver
from tests.runtime.catalogue.world import World, hub, one_file

SLOW = 60_000.0
"""Bytes a second."""


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A starter of two models, one of them to talk with, and places that have them."""
    made = World(tmp_path)
    for name, value in made.environment().items():
        monkeypatch.setenv(name, value)
    file = tmp_path / "made.gguf"
    model = tiny_llama.scripted_llama(tiny_llama.ids("a red boat now"))
    model.config.max_position_embeddings = 4096
    tiny_llama.write_gguf(model, file)
    data = file.read_bytes()
    made.internet.hub["lab/chatty/model.bin"] = data
    made.entry("chatty", [one_file("model.gguf", data, hub("chatty"))], purpose="talk")
    made.hub_model("sees", 200_000)
    group = {"name": "starter", "title": "Starter", "members": ["sees", "chatty"]}
    (made.catalogue / "groups" / "starter.toml").write_text(tomli_w.dumps(group))
    yield made
    made.close()


@pytest.fixture
def offered(world: World, opened: Driver) -> Driver:
    """A window that offers the starter."""
    opened.until(lambda: models(opened).property("offered"))
    return opened


def models(driver: Driver) -> Models:
    """The window's models."""
    return driver.medley.models_model


def state(driver: Driver) -> str:
    """Of the download."""
    return str(models(driver).property("state"))


def downloading() -> list[psutil.Process]:
    """Processes of ours that download."""
    children = psutil.Process().children(recursive=True)
    return [one for one in children if "runtime.catalogue.process" in " ".join(one.cmdline())]


def test_it_is_fetched_with_one_click_and_answers_without_a_restart(
    world: World, offered: Driver
) -> None:
    assert chosen_name("auto") == "pocket"

    offered.click("getStarter")
    offered.until(lambda: state(offered) == "done")

    assert world.listed() == ["chatty", "sees"]
    assert chosen_name("auto") == STARTER
    offered.until(lambda: offered.medley.engine_view.property("starter"))
    offered.until(lambda: offered.medley.engine_view.property("state") == "ready")
    assert offered.medley.engine_view.property("bundle") == "Starter"
    assert not models(offered).property("offered")
    offered.click("dismissStarter")
    offered.until(lambda: not offered.items("starterOffer"))


def test_another_bundle_that_was_chosen_goes_on_answering(world: World, offered: Driver) -> None:
    offered.medley.bundles_model.choose("pocket")
    offered.until(lambda: offered.medley.engine_view.property("state") == "ready")

    models(offered).getStarter()
    offered.until(lambda: state(offered) == "done")
    offered.settle()

    assert offered.medley.engine_view.property("pocket")


def test_it_tells_how_far_it_is_is_cancelled_and_goes_on_where_it_was(
    world: World, offered: Driver
) -> None:
    world.internet.bytes_per_second = SLOW
    offered.click("getStarter")
    offered.until(lambda: models(offered).property("bytesDone") > 0)
    assert models(offered).property("bytesTotal") > models(offered).property("bytesDone")
    assert models(offered).property("part") == "Sees"
    assert "lab/sees" in models(offered).property("source")

    offered.click("cancelStarter")
    offered.until(lambda: state(offered) == "cancelled")
    assert not downloading()
    assert world.listed() == []

    world.internet.bytes_per_second = 0.0
    offered.click("retryStarter")
    offered.until(lambda: state(offered) == "done")
    ranges = [wanted for path, wanted in world.internet.asked if "sees" in path and wanted]
    assert ranges


def test_a_window_that_is_closed_ends_it(world: World, offered: Driver) -> None:
    world.internet.bytes_per_second = SLOW
    models(offered).getStarter()
    offered.until(lambda: models(offered).property("bytesDone") > 0)
    assert downloading()

    offered.window.close()

    assert not downloading()
    # Whoever gave it a piece sees that when the next one is due.
    offered.until(lambda: not any("request" in one.name for one in threading.enumerate()))


def test_what_cannot_be_had_is_said_with_a_button_to_try_again(
    world: World, offered: Driver
) -> None:
    data = world.internet.hub.pop("lab/chatty/model.bin")
    offered.click("getStarter")
    offered.until(lambda: state(offered) == "failed")
    assert models(offered).property("problem").startswith("model chatty, model.gguf")
    assert world.listed() == ["sees"]

    world.internet.hub["lab/chatty/model.bin"] = data
    offered.click("retryStarter")
    offered.until(lambda: state(offered) == "done")


def test_a_person_who_forbids_connections_is_told_so(
    world: World, offered: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MEDLEY_OFFLINE", "1")

    offered.click("getStarter")
    offered.until(lambda: state(offered) == "failed")

    assert models(offered).property("reason") == "offline"
    assert not world.internet.asked


def test_a_model_is_fetched_alone_and_removed(world: World, offered: Driver) -> None:
    models(offered).get("sees")
    offered.until(lambda: any(row.installed for row in models(offered).rows))
    assert world.listed() == ["sees"]
    assert models(offered).property("offered")

    models(offered).remove("sees")
    offered.until(lambda: not any(row.installed for row in models(offered).rows))

    assert world.listed() == []


def test_where_the_model_is_removed_while_it_answers_pocket_answers_next_and_it_is_said(
    world: World, offered: Driver
) -> None:
    models(offered).getStarter()
    offered.until(lambda: state(offered) == "done")
    offered.until(lambda: offered.medley.engine_view.property("state") == "ready")
    offered.ask("hello")
    said: list[str] = []
    notices = offered.medley.notices_model
    notices.rowsInserted.connect(lambda: said.append(notices.rows[-1].key))

    models(offered).remove("chatty")

    offered.answered()
    assert offered.status() == "complete", offered.blocks()
    offered.until(lambda: offered.medley.engine_view.property("pocket"))
    offered.until(lambda: offered.medley.engine_view.property("state") == "ready")
    assert world.listed() == ["sees"]
    assert said == ["pocket"]
    offered.ask("hello")
    offered.answered()
    assert offered.status() == "complete"


def test_nothing_is_offered_where_there_is_a_model_to_talk_with(
    world: World, offered: Driver, open_window: Open, tmp_path: Path
) -> None:
    models(offered).get("chatty")
    offered.until(lambda: state(offered) == "done")
    offered.window.close()

    again = open_window(library=tmp_path / "another" / "library.db")
    again.until(lambda: models(again).rowCount() == 2)

    assert not models(again).property("offered")
    assert not again.items("starterOffer")


def test_who_chooses_the_starter_gets_what_there_is_without_a_choice(opened: Driver) -> None:
    opened.window.session.prefer(bundle="pocket")

    opened.medley.bundles_model.choose(STARTER)

    assert opened.window.session.preferences.bundle == "auto"
