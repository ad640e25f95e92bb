"""The budget holds with real memory: several renderers that fit only by turns."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import psutil
import pytest
from numpy.typing import NDArray

from runtime.memory import DeviceMemory

MIB = 2**20
RENDERERS = ("image", "audio", "video")
SLACK = 48 * MIB
"""What the interpreter itself may take meanwhile."""


def anonymous() -> int:
    """Bytes of anonymous memory of this process."""
    said = Path("/proc/self/status").read_text("utf-8")
    line = next(line for line in said.splitlines() if line.startswith("RssAnon"))
    return int(line.split()[1]) * 1024


@contextmanager
def watched() -> Iterator[Callable[[], int]]:
    """The most anonymous memory beyond what there was at the start, looked at all the time."""
    before, over = anonymous(), threading.Event()
    peak = [0]

    def look() -> int:
        peak[0] = max(peak[0], anonymous() - before)
        return peak[0]

    def watch() -> None:
        while not over.wait(0.002):
            look()

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield look
    finally:
        over.set()
        thread.join()


def weights(size: int) -> NDArray[np.uint8]:
    """Memory that is really there."""
    return np.full(size, 1, np.uint8)


def answers(size: int, budget: int, rounds: int) -> tuple[list[int], int]:
    """The answers of all renderers, each of `size` bytes, which work at the same time; and the
    most that was taken."""
    memory, found = DeviceMemory(budget), list[int]()

    def render(name: str) -> None:
        for _ in range(rounds):
            with memory.lease(name, lambda: weights(size), size) as held:
                found.append(int(held[::4096].sum()))

    with watched() as peak:
        threads = [threading.Thread(target=render, args=(name,)) for name in RENDERERS]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        taken = peak()
    assert sum(resident.size for resident in memory.residents()) <= budget
    memory.clear()
    return found, taken


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="this is asked of Linux")
@pytest.mark.parametrize(
    ("size", "budget"),
    [
        (100 * MIB, 210 * MIB),
        pytest.param(3000 * MIB, 6100 * MIB, marks=pytest.mark.soak),
    ],
)
def test_three_renderers_of_which_two_fit_never_take_more_than_the_budget(
    size: int, budget: int
) -> None:
    if psutil.virtual_memory().available < budget + 1024 * MIB:
        pytest.skip("too little memory is free")

    found, taken = answers(size, budget, rounds=2)

    assert found == [-(-size // 4096)] * 6
    print(f"at most {taken / MIB:.0f} MiB of {budget / MIB:.0f}")
    assert size < taken <= budget + SLACK
