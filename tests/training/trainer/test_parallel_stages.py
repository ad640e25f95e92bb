"""Stages at the same time: real processes, and the order in which they begin."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import psutil
import pytest
import torch

from plugins.errors import KnownError
from training.trainer import devices, parallel_stages
from training.trainer.processes import Group
from training.trainer.stages import Stage

CHAIN = (
    Stage("short", "", minutes=1),
    Stage("first", "", minutes=2),
    Stage("second", "", ("first",), minutes=3),
)
DEADLINE_S = 120


def note(folder: Path, name: str) -> None:
    """What is there when a stage begins, and its threads; then it ends."""
    seen = sorted(path.name for path in folder.iterdir())
    (folder / name).write_text(f"{' '.join(seen)}; {torch.get_num_threads()} threads")


def meet(folder: Path, name: str) -> None:
    """End when another stage is there."""
    (folder / name).touch()
    deadline = time.monotonic() + DEADLINE_S
    while len(list(folder.iterdir())) < 2:
        if time.monotonic() > deadline:
            raise KnownError(f"{name} waited in vain.")
        time.sleep(0.02)


def fail(folder: Path, name: str) -> None:
    """One raises when the other is at work; that one would go on for long."""
    if name == "first":
        while not (folder / "short").exists():
            time.sleep(0.02)
        raise KnownError("expected an apple, found a pear.")
    (folder / name).touch()
    time.sleep(600)


def die(folder: Path, name: str) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def begun(work: Callable[[Path, str], None], folder: Path, name: str, beside: int) -> Group:
    return Group(1, work, folder, name, beside=beside, name=name)


@pytest.mark.slow
def test_a_stage_begins_when_what_it_needs_is_done(tmp_path: Path) -> None:
    parallel_stages.run(CHAIN, {"short"}, 2, partial(begun, note, tmp_path))
    every = torch.get_num_threads()
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {
        "first": f"; {every} threads", "second": f"first; {every} threads",
    }  # fmt: skip


@pytest.mark.slow
def test_two_stages_are_at_work_at_once(tmp_path: Path) -> None:
    parallel_stages.run(CHAIN[:2], set(), 2, partial(begun, meet, tmp_path))
    assert {path.name for path in tmp_path.iterdir()} == {"short", "first"}


@pytest.mark.slow
def test_a_stage_that_is_killed_is_told_by_name(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match=r"^first was ended from outside.*SIGKILL.*--resume"):
        parallel_stages.run(CHAIN, {"short"}, 2, partial(begun, die, tmp_path))


@pytest.mark.slow
def test_a_stage_that_fails_ends_the_others(tmp_path: Path) -> None:
    before = set(psutil.Process().children())
    with pytest.raises(KnownError, match=r"^expected an apple, found a pear\.$"):
        parallel_stages.run(CHAIN, set(), 2, partial(begun, fail, tmp_path))
    spawned = set(psutil.Process().children()) - before
    assert not [one for one in spawned if "spawn_main" in " ".join(one.cmdline())]
    assert not (tmp_path / "second").exists()


def test_two_stages_are_trained_at_once_where_there_are_cores_for_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(torch, "get_num_threads", lambda: 4)
    assert devices.stages_at_once("cpu", 1, None) == 2
    assert devices.stages_at_once("cpu", 1, 3) == 3
    assert devices.stages_at_once("cpu", 2, None) == 1
    monkeypatch.setattr(torch, "get_num_threads", lambda: 1)
    assert devices.stages_at_once("cpu", 1, None) == 1
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    assert devices.stages_at_once("auto", 1, None) == 1
    for setting in ({"processes": 2, "wanted": 2}, {"processes": 2, "wanted": 3}):
        with pytest.raises(KnownError, match="expected one of the two, found both"):
            devices.stages_at_once("cpu", **setting)
    monkeypatch.setenv("WORLD_SIZE", "2")
    assert devices.stages_at_once("cpu", 1, None) == 1
