"""`medley models get`, `remove`, `list` and `verify` of models that are fetched."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from desktop.cli.model_get import progress_line
from runtime.catalogue import store
from runtime.catalogue.protocol import Progress
from tests.desktop.conftest import Run, error_line
from tests.runtime.catalogue.world import World

ROOT = Path(__file__).parents[3]


def test_a_model_is_fetched_listed_proved_and_removed(medley: Run, world: World) -> None:
    world.wheel_model("chatty")

    before = medley("models", "list")
    got = medley("models", "get", "chatty")
    after = medley("models", "list")
    proved = medley("models", "verify", "chatty")
    removed = medley("models", "remove", "chatty")

    assert "to see, en: can be fetched" in before.out
    assert got.code == 0, got.err
    assert "fetching chatty: 300 kB" in got.err
    assert "chatty: fetched, " in got.err
    assert "from Python package index, chatty_part1 and 1 more" in got.err
    assert "to see, en: here" in after.out
    assert str(world.models / "chatty") in after.out
    assert "1 checks passed" in proved.out
    assert "chatty: removed" in removed.out
    assert store.find("see") is None


def test_the_list_as_json_names_what_can_be_had(medley: Run, world: World) -> None:
    world.wheel_model("chatty")

    model = next(iter(json.loads(medley("models", "list", "--json").out)["models"]))

    assert model["name"] == "chatty"
    assert model["licences"] == ["MIT"]
    assert model["bytes"] == 300_000
    assert not model["installed"]


def test_get_as_json_says_what_came_from_where(medley: Run, world: World) -> None:
    world.wheel_model("chatty")
    world.hub_model("gone")
    world.internet.hub.clear()

    ran = medley("models", "get", "chatty", "gone", "--json")

    found = json.loads(ran.out)
    assert [model["name"] for model in found["models"]] == ["chatty"]
    assert found["models"][0]["folder"] == str(world.models / "chatty")
    assert [(one["name"], one["reason"]) for one in found["failed"]] == [("gone", "absent")]
    assert "could not be had: gone" in error_line(ran)


def test_what_could_not_be_had_is_named_and_the_rest_is_here(medley: Run, world: World) -> None:
    world.wheel_model("chatty")
    world.hub_model("gone")
    world.internet.hub.clear()

    ran = medley("models", "get", "gone", "chatty")

    assert ran.code == 2
    assert ran.err.splitlines()[-1].startswith("medley: error: could not be had: gone.")
    assert store.find("see") is not None


def test_a_flipped_byte_of_a_fetched_model_is_found(medley: Run, world: World) -> None:
    world.wheel_model("chatty")
    medley("models", "get", "chatty")
    path = world.models / "chatty" / "model.bin"
    data = bytearray(path.read_bytes())
    data[7] ^= 1
    path.write_bytes(data)

    ran = medley("models", "verify", "chatty")

    assert "model.bin" in error_line(ran)
    assert "WRONG model.bin" in ran.out


def test_unknown_names_are_answered_with_the_nearest(medley: Run, world: World) -> None:
    world.wheel_model("chatty")

    for action in ("get", "remove"):
        assert "Did you mean chatty?" in error_line(medley("models", action, "chaty"))


def test_medley_offline_forbids_it_in_one_sentence(
    medley: Run, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.wheel_model("chatty")
    monkeypatch.setenv("MEDLEY_OFFLINE", "1")

    assert "MEDLEY_OFFLINE=1, which forbids it" in error_line(medley("models", "get", "chatty"))
    assert world.internet.asked == []


def test_the_first_run_says_how_to_refuse_and_goes_on(medley: Run, world: World) -> None:
    world.hub_model("gone")
    world.internet.hub.clear()

    ran = medley("models", "get", "gone", "--first-run")

    first, *_, last = ran.err.splitlines()
    assert ran.code == 0
    assert "300 kB: gone; to refuse, type: STARTER=none make run" in first
    assert last.startswith("medley: going on without: could not be had: gone.")


def test_a_first_run_with_everything_here_says_nothing(medley: Run, world: World) -> None:
    world.wheel_model("chatty")
    medley("models", "get", "chatty")

    ran = medley("models", "get", "chatty", "--first-run")

    assert (ran.code, ran.out, ran.err) == (0, "", "")


def test_ctrl_c_stops_it_and_says_that_it_goes_on_later(world: World) -> None:
    world.wheel_model("slow", size=900_000, parts=9)
    world.internet.bytes_per_second = 200_000
    world.internet.held = set(sorted(world.internet.wheels)[-2:])
    screen, terminal = pty.openpty()
    ran = subprocess.Popen(
        [sys.executable, "-m", "desktop.cli", "models", "get", "slow"],
        cwd=ROOT, stderr=terminal, stdout=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    os.close(terminal)
    said: list[bytes] = []
    seen = threading.Event()
    reader = threading.Thread(target=_read, args=(screen, said, seen))
    reader.start()

    assert seen.wait(120)
    ran.send_signal(signal.SIGINT)
    code = ran.wait(120)
    reader.join()
    os.close(screen)

    words = b"".join(said).decode()
    assert code == 130, words
    assert "slow (1 of 1): " in words
    assert "medley: stopped; what came is kept, and `medley models get slow` goes on" in words
    assert store.find("see") is None


@pytest.mark.parametrize(
    ("done", "left", "words"),
    [
        (0, None, "talker (2 of 5): 0 kB of 1.04 GB, 0 %"),
        (520_000_000, 65.0, "520.0 MB of 1.04 GB, 50 %, 8.0 MB/s, 1 min 05 s left"),
        (1_040_000_000, 0.0, "1.04 GB of 1.04 GB, 100 %, unpacking and proving model.gguf"),
    ],
)
def test_the_line_about_progress_has_speed_and_time(
    done: int, left: float | None, words: str
) -> None:
    report = Progress(
        "talker", 2, 5, "fetching", "model.gguf", "index", done, 1_040_000_000, 8e6, left
    )

    assert progress_line(report).endswith(words)


def _read(screen: int, said: list[bytes], seen: threading.Event) -> None:
    """Take what a terminal shows until it is closed; `seen` when something has come."""
    while True:
        try:
            block = os.read(screen, 4096)
        except OSError:
            return
        if not block:
            return
        said.append(block)
        if b" left" in b"".join(said):
            seen.set()
