"""Kills `medley models get` at random moments, and looks what it left behind.

    python -m tests.runtime.catalogue.kills [--count N] [--seed N] [--real NAME]

The command is the real one, with the real pip, against a package index and a hub on this machine;
with `--real` it fetches a model of Medley's own catalogue from where that says. The victim is the
command, the process that downloads, or both, at any moment of a download. After every kill no model
may be listed that is not whole, every program must have ended, and fetching again must bring the
model, with the right bytes, without fetching a finished package twice.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from runtime.catalogue import store
from runtime.catalogue.entry import named
from tests.runtime.catalogue.world import World

LIMIT_S = 300.0
"""For machines that are busy with something else; nothing here measures time."""
VICTIMS = ("command", "process", "both")
ROOT = Path(__file__).parents[3]
NAMES = ("wheels", "hub")


@dataclass
class Soak:
    """Many kills, and what was found."""

    names: tuple[str, ...]
    environment: dict[str, str]
    numbers: random.Random
    longest_s: float
    tell: bool = False
    wrong: list[str] = field(default_factory=list)
    killed: Counter[str] = field(default_factory=Counter)
    during: int = 0
    """Kills while something had come and was not yet installed."""
    finished: int = 0
    """Downloads that were over before they could be killed."""

    def run(self, count: int) -> None:
        """Kill so often; fetch to the end and remove after about every fourth time."""
        for number in range(1, count + 1):
            found = self._once()
            if number == count or self.numbers.random() < 0.25:
                found += self._to_the_end()
            self.wrong += [f"kill {number}: {line}" for line in found]
            if self.tell:
                print(f"{number}: {dict(self.killed)} {found}", flush=True)

    def _once(self) -> list[str]:
        command = self._start()
        self._wait_for_a_moment(command)
        self.finished += command.poll() is not None
        victim = self.numbers.choice(VICTIMS)
        family = _family(command.pid)
        self.during += self._on_its_way()
        self._kill(command, family, victim)
        self.killed[victim] += 1
        gone, alive = psutil.wait_procs(family, timeout=LIMIT_S)
        del gone
        wrong = [f"{process} lives on" for process in alive if _lives(process)]
        command.communicate()
        wrong += self._unsound()
        for one in store.installed():
            if one.name in self.names:
                store.remove(one.name)  # So that the next time there is something to kill.
        return wrong

    def _wait_for_a_moment(self, command: subprocess.Popen[str]) -> None:
        """Mostly some time after something is on its way, at times at once after the start."""
        deadline = time.monotonic() + LIMIT_S
        if self.numbers.random() < 0.9:
            while not self._on_its_way() and command.poll() is None:
                if time.monotonic() > deadline:
                    return
                time.sleep(0.01)
        with contextlib.suppress(subprocess.TimeoutExpired):
            command.wait(self.numbers.random() * self.longest_s)

    def _on_its_way(self) -> bool:
        return any(store.partial_folder(name).is_dir() for name in self.names)

    def _kill(self, command: subprocess.Popen[str], family: list[psutil.Process], who: str) -> None:
        process = next((child for child in family if child.pid != command.pid), None)
        if who != "command" and process is not None:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        if who != "process" or process is None:
            command.kill()

    def _to_the_end(self) -> list[str]:
        """What is wrong with a download that nobody kills; the models are removed after it."""
        command = self._start()
        _, said = command.communicate(timeout=LIMIT_S)
        wrong = [] if command.returncode == 0 else [f"fetching again: {said.strip()}"]
        for name in self.names:
            here = store.look(named(name))
            if here is None:
                wrong.append(f"{name} is not there at the end")
                continue
            wrong += [f"{name}: {c.path}: {c.problem}" for c in store.verify(name) if c.problem]
            store.remove(name)
        return wrong

    def _unsound(self) -> list[str]:
        """Of every listed model: what is wrong with it."""
        wrong = []
        for one in store.installed():
            if not one.packaged:
                checks = store.verify(one.name)
                wrong += [f"{one.name} is listed, but {c.problem}" for c in checks if c.problem]
        return wrong

    def _start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "desktop.cli", "models", "get", *self.names],
            cwd=ROOT, env={**os.environ, **self.environment},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip


def _family(pid: int) -> list[psutil.Process]:
    """The command and everything it started, the process that downloads second."""
    try:
        command = psutil.Process(pid)
        return [command, *command.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _lives(process: psutil.Process) -> bool:
    try:
        return process.status() not in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)
    except psutil.NoSuchProcess:
        return False


def soak(world: World, count: int, seed: int, *, tell: bool = False) -> Soak:
    """Kill so often in a small world of ours; what was found."""
    world.wheel_model("wheels", size=3_000_000, parts=8)
    world.hub_model("hub", size=1_500_000)
    world.internet.bytes_per_second = 1_500_000
    os.environ.update(world.environment())
    found = Soak(NAMES, {}, random.Random(seed), longest_s=4.0, tell=tell)
    found.run(count)
    return found


def soak_real(name: str, folder: Path, count: int, seed: int) -> Soak:
    """The same with a model of Medley's own catalogue, from where that says."""
    os.environ["XDG_DATA_HOME"] = str(folder)
    found = Soak((name,), {}, random.Random(seed), longest_s=6.0, tell=True)
    found.run(count)
    return found


def main() -> int:
    """Kill, and print what was found; 1 when anything was wrong."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--count", type=int, default=30)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--real", metavar="NAME", help="of Medley's own catalogue")
    args = parser.parse_args()
    begin = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        if args.real:
            found = soak_real(args.real, Path(folder), args.count, args.seed)
        else:
            world = World(Path(folder))
            try:
                found = soak(world, args.count, args.seed, tell=True)
            finally:
                world.close()
    for line in found.wrong:
        print(line)
    killed = ", ".join(f"{victim} {found.killed[victim]}" for victim in VICTIMS)
    print(
        f"killed {args.count} times ({killed}) in {time.monotonic() - begin:.0f} s, {found.during} "
        f"times with something on its way, {found.finished} too late: {len(found.wrong)} wrong"
    )
    return 1 if found.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
